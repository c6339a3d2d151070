//===- LowerToInteger.cpp - Quantized functions to integer programs ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "../FrozenFunctions.h"
#include "FloatBorder.h"
#include "LinalgEmitter.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERTOINTEGERPASS
#include "cgmq/Conversion/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {
struct LowerToInteger : cgmq::impl::LowerToIntegerPassBase<LowerToInteger> {
  LogicalResult lower(func::FuncOp function,
                      SymbolTableCollection &symbolTables,
                      GlobalReplacements &replacements) {
    LinalgEmitter emitter(symbolTables.getSymbolTable(getOperation()),
                          replacements);
    IntegerFunction integer(function, symbolTables, replacements, emitter);
    if (failed(integer.build()))
      return failure();
    buildFloatBorder(function, integer);
    return success();
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTableCollection symbolTables;
    GlobalReplacements replacements(symbolTables.getSymbolTable(module));
    FailureOr<SmallVector<func::FuncOp>> functions = getFrozenFunctions(module);
    if (failed(functions))
      return signalPassFailure();
    for (func::FuncOp function : *functions)
      if (failed(lower(function, symbolTables, replacements)))
        return signalPassFailure();
    if (failed(replacements.finish()))
      return signalPassFailure();
  }
};
} // namespace
