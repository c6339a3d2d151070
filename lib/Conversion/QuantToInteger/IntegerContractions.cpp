//===- IntegerContractions.cpp - Contractions on codes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerFunction.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// Bounds of sums of products, of which any part may be summed up yet.
struct SumBounds {
  int64_t min = 0, max = 0;
  void add(int64_t weight, const IntegerTensor &input) {
    min += std::min(weight * input.min, weight * input.max);
    max += std::max(weight * input.min, weight * input.max);
  }
};

} // namespace

static LogicalResult verifyZeroPoints(Operation *op, ValueRange zeroPoints) {
  for (Value zeroPoint : zeroPoints)
    if (!matchPattern(zeroPoint, m_AnyZeroFloat()))
      return op->emitOpError() << "expects zero points of zero";
  return success();
}

/// The least bounds that hold all of `bounds`, and zero.
static void setBounds(IntegerTensor &tensor, ArrayRef<SumBounds> bounds) {
  for (SumBounds bound : bounds) {
    tensor.min = std::min(tensor.min, bound.min);
    tensor.max = std::max(tensor.max, bound.max);
  }
}

FailureOr<SmallVector<int64_t>>
IntegerFunction::getFilterBias(Operation *user, Value value, float step,
                               int64_t numFilters) {
  FailureOr<SmallVector<int64_t>> bias = getBias(user, value, step);
  if (succeeded(bias) && bias->size() == 1)
    bias->resize(numFilters, bias->front());
  return bias;
}

template <typename ConvOp> static LogicalResult verifyConvolution(ConvOp op) {
  auto result = cast<RankedTensorType>(op.getType());
  if (llvm::any_of(result.getShape().drop_front(), ShapedType::isDynamic))
    return op.emitOpError()
           << "expects static extents, except for the batch, but got "
           << result;
  return verifyZeroPoints(op, {op.getInputZp(), op.getWeightZp()});
}

template <typename ConvOp>
LogicalResult
IntegerFunction::lowerConvolution(ConvOp op, unsigned firstDim,
                                  unsigned numDims,
                                  BuildConvolution<ConvOp> build) {
  FailureOr<IntegerTensor> input = lookup(op, op.getInput());
  if (failed(input) || failed(verifyConvolution(op)))
    return failure();
  Parameter *weight = lookupParameter(op.getWeight());
  if (!weight)
    return op.emitOpError() << "expects a weight that is a parameter";
  ArrayRef<int64_t> shape = weight->getShape();
  int64_t numFilters =
      ShapedType::getNumElements(shape.slice(firstDim, numDims));
  int64_t inner =
      ShapedType::getNumElements(shape.drop_front(firstDim + numDims));

  IntegerTensor sum;
  sum.step = input->step * weight->getStep();
  FailureOr<SmallVector<int64_t>> bias =
      getFilterBias(op, op.getBias(), sum.step, numFilters);
  if (failed(bias))
    return failure();
  SmallVector<SumBounds> bounds;
  for (int64_t start : *bias)
    bounds.push_back({start, start});
  for (auto [index, code] : llvm::enumerate(weight->getCodes()))
    bounds[static_cast<int64_t>(index) / inner % numFilters].add(code, *input);
  setBounds(sum, bounds);

  FailureOr<Value> value = (emitter.*build)(builder, op, *input, *weight, *bias,
                                            lookupParameter(op.getBias()), sum);
  if (failed(value))
    return failure();
  sum.value = *value;
  tensors[op.getResult()] = sum;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::Conv2DOp op) {
  // [filter, height, width, channel]
  return lowerConvolution(op, /*firstDim=*/0, /*numDims=*/1,
                          &IntegerEmitter::buildConv2D);
}

LogicalResult IntegerFunction::lower(tosa::DepthwiseConv2DOp op) {
  // [height, width, channel, multiple]: a filter for each of the last two.
  return lowerConvolution(op, /*firstDim=*/2, /*numDims=*/2,
                          &IntegerEmitter::buildDepthwiseConv2D);
}

LogicalResult IntegerFunction::lower(tosa::MatMulOp op) {
  FailureOr<IntegerTensor> lhs = lookup(op, op.getA());
  if (failed(lhs))
    return failure();
  FailureOr<IntegerTensor> rhs = lookup(op, op.getB());
  if (failed(rhs) || failed(verifyZeroPoints(op, {op.getAZp(), op.getBZp()})))
    return failure();
  int64_t depth = cast<RankedTensorType>(op.getA().getType()).getDimSize(2);
  if (ShapedType::isDynamic(depth))
    depth = cast<RankedTensorType>(op.getB().getType()).getDimSize(1);
  if (ShapedType::isDynamic(depth))
    return op.emitOpError() << "expects a static extent to sum over";

  IntegerTensor sum;
  sum.step = lhs->step * rhs->step;
  Parameter *weight = lookupParameter(op.getB());
  if (weight) {
    // One bound for each column.
    int64_t columns = weight->getShape().back();
    SmallVector<SumBounds> bounds(weight->codes.size() / depth);
    for (auto [index, code] : llvm::enumerate(weight->getCodes())) {
      int64_t batch = index / (depth * columns);
      bounds[batch * columns + index % columns].add(code, *lhs);
    }
    setBounds(sum, bounds);
  } else {
    int64_t largest = std::max(std::abs(lhs->min), std::abs(lhs->max)) *
                      std::max(std::abs(rhs->min), std::abs(rhs->max)) * depth;
    sum.min = -largest;
    sum.max = largest;
  }
  FailureOr<Value> value =
      emitter.buildMatMul(builder, op, *lhs, *rhs, weight, sum);
  if (failed(value))
    return failure();
  sum.value = *value;
  tensors[op.getResult()] = sum;
  return success();
}
