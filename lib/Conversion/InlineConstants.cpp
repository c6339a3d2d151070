//===- InlineConstants.cpp - Constants where they are used -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InlineConstants.h"

#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::cgmq;

static FailureOr<DenseElementsAttr> getDenseValue(ml_program::GlobalOp global) {
  if (auto dense =
          dyn_cast_if_present<DenseElementsAttr>(global.getValueAttr()))
    return dense;
  FailureOr<SmallVector<float>> values = getFloatValues(global);
  if (failed(values))
    return failure();
  return DenseElementsAttr::get(cast<RankedTensorType>(global.getType()),
                                ArrayRef<float>(*values));
}

LogicalResult cgmq::inlineConstants(func::FuncOp function,
                                    SymbolTableCollection &symbolTables,
                                    GlobalReplacements &replacements) {
  SmallVector<ml_program::GlobalLoadConstOp> loads;
  function.walk(
      [&](ml_program::GlobalLoadConstOp load) { loads.push_back(load); });
  for (ml_program::GlobalLoadConstOp load : loads) {
    ml_program::GlobalOp global = load.getGlobalOp(symbolTables);
    FailureOr<DenseElementsAttr> value = getDenseValue(global);
    if (failed(value))
      return failure();
    OpBuilder builder(load);
    load.replaceAllUsesWith(
        arith::ConstantOp::create(builder, load.getLoc(), *value).getResult());
    load.erase();
    replacements.addDead(global);
  }
  return success();
}
