//===- TabulateFloats.cpp - Floats between codes as tables -----*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "../CodeTable.h"
#include "CodeFunction.h"
#include "cgmq/Execution/JitSession.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_TABULATEFLOATSPASS
#include "cgmq/Conversion/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {
struct TabulateFloats : cgmq::impl::TabulateFloatsPassBase<TabulateFloats> {
  using TabulateFloatsPassBase::TabulateFloatsPassBase;

  void getDependentDialects(DialectRegistry &registry) const override {
    TabulateFloatsPassBase::getDependentDialects(registry);
    JitSession::getDependentDialects(registry);
  }

  LogicalResult tabulate(func::FuncOp function, SymbolTable &symbols) {
    std::string name = (function.getSymName() + ".table").str();
    return tabulateFloats(
        function, indexBits, [&](const CodeFunction &code) -> Value {
          linalg::GenericOp quantizer = code.quantizer;
          SmallVector<Value> inputs(quantizer.getInputs());
          inputs.front() = code.source;
          return buildLookup(quantizer, symbols, name, code.entries,
                             code.widths, inputs);
        });
  }

  void runOnOperation() override {
    if (indexBits != 8 && indexBits != 16) {
      emitError(getOperation().getLoc())
          << "expects option 'index-bits' to be 8 or 16, but got "
          << indexBits.getValue();
      return signalPassFailure();
    }
    SymbolTable symbols(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal() && function.getBody().hasOneBlock() &&
          failed(tabulate(function, symbols)))
        return signalPassFailure();
  }
};
} // namespace
