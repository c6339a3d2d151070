//===- Joins.cpp - Operations that need a common grid -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Joins.h"

#include "QuantizedValues.h"

#include "cgmq/Analysis/GateUnits.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cgmq;

bool cgmq::isJoin(Operation *op) {
  return isa<tosa::AddOp, tosa::SubOp, tosa::ConcatOp, tosa::AvgPool2dOp,
             tosa::ReduceSumOp>(op);
}

bool Join::isPool() const { return isa<tosa::AvgPool2dOp>(op); }

/// The gate is for what takes part, not for extents of one.
static SmallVector<int64_t> dropSingle(SmallVector<int64_t> shape) {
  if (llvm::all_of(shape, [](int64_t extent) { return extent == 1; }))
    shape.clear();
  return shape;
}

SmallVector<int64_t> cgmq::getActivationGateShape(RankedTensorType type,
                                                  Granularity granularity) {
  if (granularity == Granularity::Layer || type.getRank() == 0)
    return {};
  SmallVector<int64_t> shape = getSampleShape(type);
  if (granularity == Granularity::Channel)
    std::fill(shape.begin(), std::prev(shape.end()), 1);
  else if (type.hasStaticShape())
    // No dynamic extent is the batch, whose samples share gates.
    shape.front() = 1;
  return dropSingle(std::move(shape));
}

static LogicalResult verifyJoined(Operation *op, Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.getElementType().isF32())
    return op->emitOpError()
           << "expects operands that are ranked tensors of f32, but got "
           << value.getType();
  Value source = getSource(value);
  if (!isIndependentOfArguments(source) ||
      matchPattern(value, m_Constant<DenseFPElementsAttr>(nullptr)))
    return success();
  ml_program::GlobalOp global = getLoadedGlobal(source);
  if (global && global.getIsMutable())
    return success();
  InFlightDiagnostic diag =
      op->emitOpError() << "expects operands that are activations, parameters "
                           "or constants, but got ";
  if (global)
    diag << "a load of a global that is not mutable";
  else
    diag << "the result of '" << source.getDefiningOp()->getName() << "'";
  diag.attachNote(source.getLoc())
      << "make the operand a mutable ml_program.global and load it here";
  return diag;
}

/// Whether no element of an operand can be below zero.
static bool isNonnegativeOperand(Value value) {
  DenseFPElementsAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return llvm::none_of(constant.getValues<APFloat>(),
                         [](const APFloat &x) { return x.isNegative(); });
  return isNonnegative(value);
}

FailureOr<Join> cgmq::analyzeJoin(Operation *op, Granularity granularity) {
  Join join{op, Signedness::Unsigned, {}};
  std::optional<SmallVector<int64_t>> shape;
  for (OpOperand &operand : join.getOperands()) {
    Value value = operand.get();
    if (failed(verifyJoined(op, value)))
      return failure();
    if (!isNonnegativeOperand(value))
      join.signedness = Signedness::Signed;
    SmallVector<int64_t> own = getActivationGateShape(
        cast<RankedTensorType>(value.getType()), granularity);
    if (!shape)
      shape = own;
    // A gate for each unit that all operands have.
    if (shape->size() != own.size())
      shape->clear();
    for (auto [common, extent] : llvm::zip(*shape, own))
      if (common != extent)
        common = 1;
  }
  join.gateShape = dropSingle(std::move(*shape));
  return join;
}
