//===- LowerToInteger.cpp - Quantized functions to integer programs ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "../FrozenFunctions.h"
#include "../HoistQuantizers.h"
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
    hoistQuantizersToArguments(function);
    LinalgEmitter emitter(symbolTables.getSymbolTable(getOperation()),
                          replacements);
    IntegerFunction integer(function, symbolTables, replacements, emitter);
    if (failed(integer.build()))
      return failure();
    buildFloatBorder(function, integer);
    return success();
  }

  void runOnOperation() override {
    LogicalResult lowered = lowerFrozenFunctions(
        getOperation(),
        [&](func::FuncOp function, SymbolTableCollection &symbolTables,
            GlobalReplacements &replacements) {
          return lower(function, symbolTables, replacements);
        });
    if (failed(lowered))
      signalPassFailure();
  }
};
} // namespace
