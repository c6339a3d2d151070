//===- ChannelSources.cpp - What makes the channels of an activation ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChannelSources.h"

#include "cgmq/Interfaces/BopCostOpInterface.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;
using namespace mlir::cgmq;

static int64_t getLastExtent(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.getRank() > 0 ? type.getShape().back() : 1;
}

/// The quantizer of the parameter that reaches an operand, and nothing else;
/// null where there is none.
static QuantizeOp getParameterQuantizer(Value operand) {
  while (Operation *op = operand.getDefiningOp()) {
    if (auto quantize = dyn_cast<QuantizeOp>(op)) {
      // Those that align a bias take no more than its step.
      auto isDequantize = [](Operation *user) {
        return isa<DequantizeOp>(user);
      };
      bool isRead = llvm::count_if(quantize->getUsers(), isDequantize) == 1;
      return isRead && getLoadedGlobal(quantize.getInput()) ? quantize
                                                            : QuantizeOp();
    }
    if (!operand.hasOneUse() ||
        !isa<AlignOp, DequantizeOp, tosa::ReshapeOp, tosa::TransposeOp>(op))
      break;
    operand = op->getOperand(0);
  }
  return {};
}

/// Whether each channel of the last dimension of the result is made of that of
/// the first operand.
static bool keepsChannels(Operation *op) {
  if (auto transpose = dyn_cast<tosa::TransposeOp>(op)) {
    ArrayRef<int32_t> perms = transpose.getPerms();
    return perms.back() + 1 == static_cast<int32_t>(perms.size());
  }
  return isa<tosa::AddOp, tosa::ClampOp, tosa::MaxPool2dOp, tosa::ReshapeOp>(
      op);
}

SmallVector<QuantizeOp> cgmq::findChannelSources(QuantizeOp quantize) {
  int64_t numChannels = getLastExtent(quantize.getInput());
  auto hasChannels = [&](QuantizeOp candidate) {
    return candidate.getGate().getType().getNumElements() == numChannels;
  };
  if (numChannels < 2 || !hasChannels(quantize) ||
      getLastExtent(quantize.getGate()) != numChannels)
    return {};
  SmallVector<QuantizeOp> sources;
  Value value = quantize.getInput();
  while (value.hasOneUse() && getLastExtent(value) == numChannels) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return {};
    auto cost = dyn_cast<BopCostOpInterface>(op);
    bool isContraction = cost && cost.getFactors().first;
    if (!isContraction && !keepsChannels(op))
      return {};
    if (isContraction || isa<tosa::AddOp>(op)) {
      // Of an addition the second addend has to be a parameter.
      bool hasParameter = false;
      for (Value operand : op->getOperands().drop_front())
        if (QuantizeOp source = getParameterQuantizer(operand)) {
          hasParameter = true;
          if (hasChannels(source))
            sources.push_back(source);
        }
      if (!hasParameter)
        return {};
    }
    if (isContraction)
      return sources;
    value = op->getOperand(0);
  }
  return {};
}
