//===- HoistQuantizers.cpp - Quantizers before what moves codes -*- C++ -*-===//
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
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Whether elements at all positions of an image have the same grid.
static bool isSharedByPositions(QuantizeUnitsOp op) {
  ArrayRef<int64_t> units =
      cast<RankedTensorType>(op.getWidths().getType()).getShape();
  return units.size() == 4 && units[1] == 1 && units[2] == 1;
}

static bool keepsChannels(tosa::SliceOp op) {
  auto from = dyn_cast<RankedTensorType>(op.getInput1().getType());
  auto to = dyn_cast<RankedTensorType>(op.getType());
  return from && to && from.getShape().back() == to.getShape().back() &&
         !from.isDynamicDim(from.getRank() - 1);
}

/// Whether `quantizer` may change places with `op`.
static bool commutes(Operation *quantizer, Operation *op) {
  auto cost = dyn_cast<BopCostOpInterface>(op);
  auto pad = dyn_cast<tosa::PadOp>(op);
  if (!(cost && cost.preservesCodes()) &&
      !(pad && matchPattern(pad.getPadConst(), m_AnyZeroFloat())))
    return false;
  auto units = dyn_cast<QuantizeUnitsOp>(quantizer);
  if (!units)
    return true;
  auto slice = dyn_cast<tosa::SliceOp>(op);
  return isSharedByPositions(units) &&
         (isa<tosa::ClampOp, tosa::MaxPool2dOp>(op) ||
          (slice && keepsChannels(slice)));
}

/// The first operation that `quantizer` is to go above, or null.
static Operation *findFirst(Operation *quantizer, bool abovePools) {
  Operation *firstPool = nullptr, *last = nullptr;
  Value value = quantizer->getOperand(0);
  while (Operation *op = value.getDefiningOp()) {
    // Codes may be pooled as they are.
    if (isa<quant::DequantizeCastOp>(op))
      return nullptr;
    if (!op->hasOneUse() || !commutes(quantizer, op))
      return firstPool;
    if (abovePools && isa<tosa::MaxPool2dOp>(op))
      firstPool = op;
    last = op;
    value = op->getOperand(0);
  }
  return last;
}

static void hoist(Operation *quantizer, Operation *first) {
  OpBuilder builder(first);
  Value source = first->getOperand(0);
  IRMapping mapping;
  mapping.map(quantizer->getOperand(0), source);
  for (Value operand : quantizer->getOperands().drop_front())
    if (Operation *definition = operand.getDefiningOp())
      builder.clone(*definition, mapping);
  Operation *hoisted = builder.clone(*quantizer, mapping);
  auto type = cast<RankedTensorType>(source.getType());
  hoisted->getResult(0).setType(
      type.clone(getElementTypeOrSelf(quantizer->getResult(0))));
  first->setOperand(
      0, quant::DequantizeCastOp::create(builder, quantizer->getLoc(), type,
                                         hoisted->getResult(0)));
  for (Operation *dequantize :
       llvm::make_early_inc_range(quantizer->getUsers())) {
    dequantize->getResult(0).replaceAllUsesWith(quantizer->getOperand(0));
    dequantize->erase();
  }
  quantizer->erase();
}

static void hoistQuantizers(func::FuncOp function, bool abovePools) {
  SmallVector<Operation *> quantizers;
  function.walk([&](Operation *op) {
    if (isa<quant::QuantizeCastOp, QuantizeUnitsOp>(op) &&
        llvm::all_of(op->getUsers(), llvm::IsaPred<quant::DequantizeCastOp>))
      quantizers.push_back(op);
  });
  for (Operation *quantizer : quantizers)
    if (Operation *first = findFirst(quantizer, abovePools))
      hoist(quantizer, first);
}

void cgmq::hoistQuantizersToArguments(func::FuncOp function) {
  hoistQuantizers(function, /*abovePools=*/false);
}

void cgmq::hoistQuantizersAbovePools(func::FuncOp function) {
  hoistQuantizers(function, /*abovePools=*/true);
}
