//===- FrozenFunctions.cpp - Functions of fixed widths -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FrozenFunctions.h"

#include "mlir/Dialect/Quant/IR/Quant.h"

using namespace mlir;
using namespace mlir::cgmq;

static bool isFrozen(func::FuncOp function) {
  return function
      .walk([](Operation *op) {
        return isa<quant::DequantizeCastOp>(op) ? WalkResult::interrupt()
                                                : WalkResult::advance();
      })
      .wasInterrupted();
}

LogicalResult cgmq::lowerFrozenFunctions(
    ModuleOp module,
    function_ref<LogicalResult(func::FuncOp, SymbolTableCollection &,
                               GlobalReplacements &)>
        lower) {
  auto functions =
      llvm::filter_to_vector(module.getOps<func::FuncOp>(), isFrozen);
  if (functions.empty()) {
    InFlightDiagnostic diag =
        emitError(module.getLoc())
        << "expects a function with quantized tensors, but got none";
    diag.attachNote() << "cgmq-freeze makes them";
    return diag;
  }
  SymbolTableCollection symbolTables;
  GlobalReplacements replacements(symbolTables.getSymbolTable(module));
  for (func::FuncOp function : functions)
    if (failed(lower(function, symbolTables, replacements)))
      return failure();
  return replacements.finish();
}
