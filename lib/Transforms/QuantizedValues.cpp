//===- QuantizedValues.cpp - What of a float network is quantized ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QuantizedValues.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"
#include "cgmq/Support/Scaling.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::cgmq;

Value cgmq::getSource(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tosa::ReshapeOp, tosa::TransposeOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

/// Visits `value` and, again and again, the values that `visit` asks for, each
/// once. False as soon as it answers nothing.
static bool walkBackward(Value value,
                         function_ref<std::optional<ValueRange>(Value)> visit) {
  llvm::SetVector<Value> values;
  values.insert(value);
  for (size_t i = 0; i < values.size(); ++i) {
    std::optional<ValueRange> next = visit(values[i]);
    if (!next)
      return false;
    values.insert(next->begin(), next->end());
  }
  return true;
}

bool cgmq::isNonnegative(Value value) {
  return walkBackward(value, [](Value value) -> std::optional<ValueRange> {
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      auto function =
          dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
      if (function && function.getArgAttr(argument.getArgNumber(),
                                          CGMQDialect::kNonnegativeAttrName))
        return ValueRange();
      return std::nullopt;
    }
    Operation *op = value.getDefiningOp();
    if (auto clamp = dyn_cast<tosa::ClampOp>(op)) {
      auto minimum = dyn_cast<FloatAttr>(clamp.getMinValAttr());
      if (minimum && !minimum.getValue().isNegative())
        return ValueRange();
    }
    if (isa<tosa::SigmoidOp, tosa::ExpOp, tosa::AbsOp>(op))
      return ValueRange();
    if (isa<tosa::AddOp, tosa::ConcatOp>(op))
      return op->getOperands();
    if (auto mul = dyn_cast<tosa::MulOp>(op)) {
      FailureOr<Scaling> scaling = getScaling(mul);
      if (failed(scaling))
        return std::nullopt;
      bool isFirst = scaling->input == op->getOperand(0);
      return op->getOperands().slice(isFirst ? 0 : 1, 1);
    }
    auto cost = dyn_cast<BopCostOpInterface>(op);
    if (isa<tosa::AvgPool2dOp, tosa::ReduceSumOp>(op) ||
        (cost && cost.preservesCodes()))
      return op->getOperands().take_front();
    return std::nullopt;
  });
}

bool cgmq::isIndependentOfArguments(Value value) {
  return walkBackward(value, [](Value value) -> std::optional<ValueRange> {
    if (isa<BlockArgument>(value))
      return std::nullopt;
    return value.getDefiningOp()->getOperands();
  });
}

bool cgmq::isLoad(Value value) {
  return value.getDefiningOp<ml_program::GlobalLoadOp>() != nullptr;
}

int64_t cgmq::getPinnedWidth(Value source) {
  constexpr StringRef name = CGMQDialect::kWidthAttrName;
  if (auto argument = dyn_cast<BlockArgument>(source)) {
    auto function = cast<func::FuncOp>(argument.getOwner()->getParentOp());
    auto width =
        function.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), name);
    return width ? width.getInt() : 0;
  }
  if (auto width = source.getDefiningOp()->getAttrOfType<IntegerAttr>(name))
    return width.getInt();
  if (ml_program::GlobalOp global = getLoadedGlobal(source))
    if (auto width = global->getAttrOfType<IntegerAttr>(name))
      return width.getInt();
  return 0;
}

OpOperand *cgmq::getAddedBias(Value result) {
  while (result.hasOneUse()) {
    Operation *user = *result.user_begin();
    if (isa<tosa::AddOp>(user)) {
      OpOperand &other =
          user->getOpOperand(1 - result.use_begin()->getOperandNumber());
      return isLoad(getSource(other.get())) ? &other : nullptr;
    }
    if (!isa<tosa::ReshapeOp, tosa::TransposeOp>(user))
      return nullptr;
    result = user->getResult(0);
  }
  return nullptr;
}
