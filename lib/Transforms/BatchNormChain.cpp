//===- BatchNormChain.cpp - Affine chains behind contractions ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BatchNormChain.h"

#include "ConstantEvaluator.h"
#include "QuantizedValues.h"

using namespace mlir;
using namespace mlir::cgmq;

std::optional<ChannelLayer> cgmq::getChannelLayer(Operation *op) {
  if (auto conv = dyn_cast<tosa::Conv2DOp>(op))
    return ChannelLayer{&conv.getWeightMutable(), &conv.getBiasMutable(), true};
  if (auto conv = dyn_cast<tosa::TransposeConv2DOp>(op))
    return ChannelLayer{&conv.getWeightMutable(), &conv.getBiasMutable(), true};
  if (auto conv = dyn_cast<tosa::DepthwiseConv2DOp>(op))
    return ChannelLayer{&conv.getWeightMutable(), &conv.getBiasMutable(),
                        false};
  if (auto matmul = dyn_cast<tosa::MatMulOp>(op))
    return ChannelLayer{&matmul.getBMutable(), nullptr, false};
  return std::nullopt;
}

static RankedTensorType getType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Where dimension `dim` of the operand of a reshape or transpose is in its
/// result; none where it is split or merged.
static std::optional<int64_t> followDim(Operation *op, int64_t dim) {
  if (!isa<RankedTensorType>(op->getResult(0).getType()))
    return std::nullopt;
  if (auto transpose = dyn_cast<tosa::TransposeOp>(op))
    return llvm::find(transpose.getPerms(), dim) - transpose.getPerms().begin();
  // It stays whole where as many elements are behind it as before.
  auto countBehind = [](ArrayRef<int64_t> shape, int64_t dim) -> int64_t {
    ArrayRef<int64_t> behind = shape.drop_front(dim + 1);
    return ShapedType::isDynamicShape(behind)
               ? -1
               : ShapedType::getNumElements(behind);
  };
  ArrayRef<int64_t> from = getType(op->getOperand(0)).getShape();
  ArrayRef<int64_t> to = getType(op->getResult(0)).getShape();
  int64_t behind = countBehind(from, dim);
  for (int64_t i : llvm::seq<int64_t>(to.size()))
    if (behind > 0 && to[i] == from[dim] && countBehind(to, i) == behind)
      return i;
  return std::nullopt;
}

/// What the operand beside a tensor says, the channels of which are dimension
/// `dim`.
static ChainStep::Kind getKind(Value constant, RankedTensorType tensor,
                               int64_t dim) {
  if (!isConstantExpression(constant))
    return ChainStep::Kind::Other;
  for (auto [i, extent] : llvm::enumerate(getType(constant).getShape()))
    if (extent != 1 && static_cast<int64_t>(i) != dim)
      return ChainStep::Kind::Other;
  return getType(constant).getDimSize(dim) == tensor.getDimSize(dim)
             ? ChainStep::Kind::Channel
             : ChainStep::Kind::Scalar;
}

SmallVector<ChainStep> cgmq::collectSteps(OpOperand *use, int64_t dim) {
  SmallVector<ChainStep> steps;
  while (true) {
    Operation *op = use->getOwner();
    auto type = getType(use->get());
    if (isa<tosa::ReshapeOp, tosa::TransposeOp>(op)) {
      std::optional<int64_t> moved = followDim(op, dim);
      if (!moved)
        break;
      dim = *moved;
    } else {
      if (!isa<tosa::AddOp, tosa::SubOp, tosa::MulOp>(op) ||
          op->getResult(0).getType() != type)
        break;
      OpOperand &constant = op->getOpOperand(1 - use->getOperandNumber());
      if (!isIndependentOfArguments(constant.get()))
        break;
      steps.push_back({op, use, &constant, getKind(constant.get(), type, dim)});
    }
    if (!op->getResult(0).hasOneUse())
      break;
    use = &*op->getResult(0).use_begin();
  }
  return steps;
}

bool cgmq::isBatchNorm(ArrayRef<ChainStep> steps) {
  return llvm::any_of(steps,
                      [](const ChainStep &step) { return step.isFactor(); });
}
