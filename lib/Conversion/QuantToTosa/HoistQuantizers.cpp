//===- HoistQuantizers.cpp - Quantizers before poolings -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HoistQuantizers.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Whether elements at all positions of an image have the same grid.
static bool isSharedByPositions(QuantizeUnitsOp op) {
  ArrayRef<int64_t> units =
      cast<RankedTensorType>(op.getWidths().getType()).getShape();
  return units.size() == 4 && units[1] == 1 && units[2] == 1;
}

/// Whether `quantizer` may change places with `op`, which preserves codes.
static bool commutes(Operation *quantizer, Operation *op) {
  auto units = dyn_cast<QuantizeUnitsOp>(quantizer);
  if (!units)
    return true;
  return isa<tosa::ClampOp, tosa::MaxPool2dOp>(op) &&
         isSharedByPositions(units);
}

/// The first of the poolings that `quantizer` may go above, or null.
static tosa::MaxPool2dOp findPool(Operation *quantizer) {
  tosa::MaxPool2dOp first;
  Value value = quantizer->getOperand(0);
  while (Operation *op = value.getDefiningOp()) {
    // Codes may be pooled as they are.
    if (isa<quant::DequantizeCastOp>(op))
      return {};
    auto cost = dyn_cast<BopCostOpInterface>(op);
    if (!cost || !cost.preservesCodes() || !op->hasOneUse() ||
        !commutes(quantizer, op))
      break;
    if (auto pool = dyn_cast<tosa::MaxPool2dOp>(op))
      first = pool;
    value = op->getOperand(0);
  }
  return first;
}

static void hoist(Operation *quantizer, tosa::MaxPool2dOp pool) {
  OpBuilder builder(pool);
  IRMapping mapping;
  mapping.map(quantizer->getOperand(0), pool.getInput());
  for (Value operand : quantizer->getOperands().drop_front())
    if (Operation *source = operand.getDefiningOp())
      builder.clone(*source, mapping);
  Operation *hoisted = builder.clone(*quantizer, mapping);
  auto type = cast<RankedTensorType>(pool.getInput().getType());
  hoisted->getResult(0).setType(
      type.clone(getElementTypeOrSelf(quantizer->getResult(0))));
  pool.getInputMutable().assign(quant::DequantizeCastOp::create(
      builder, quantizer->getLoc(), type, hoisted->getResult(0)));
  for (Operation *dequantize :
       llvm::make_early_inc_range(quantizer->getUsers())) {
    dequantize->getResult(0).replaceAllUsesWith(quantizer->getOperand(0));
    dequantize->erase();
  }
  quantizer->erase();
}

void cgmq::hoistQuantizers(func::FuncOp function) {
  SmallVector<Operation *> quantizers;
  function.walk([&](Operation *op) {
    if (isa<quant::QuantizeCastOp, QuantizeUnitsOp>(op) &&
        llvm::all_of(op->getUsers(), llvm::IsaPred<quant::DequantizeCastOp>))
      quantizers.push_back(op);
  });
  for (Operation *quantizer : quantizers)
    if (tosa::MaxPool2dOp pool = findPool(quantizer))
      hoist(quantizer, pool);
}
