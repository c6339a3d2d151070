//===- IntegerContractions.cpp - Contractions on codes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
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

/// [filter, height, width, channel] -> [height, width, channel, filter].
static RankedTensorType moveFiltersLast(RankedTensorType type) {
  SmallVector<int64_t> shape(type.getShape().drop_front());
  shape.push_back(type.getDimSize(0));
  return type.clone(shape);
}
static SmallVector<int64_t> moveFiltersLast(ArrayRef<int64_t> elements,
                                            int64_t numFilters) {
  int64_t size = static_cast<int64_t>(elements.size()) / numFilters;
  SmallVector<int64_t> moved(elements.size());
  for (int64_t f = 0; f < numFilters; ++f)
    for (int64_t i = 0; i < size; ++i)
      moved[i * numFilters + f] = elements[f * size + i];
  return moved;
}

/// Says, for its cost, which widths the units of a factor have.
static void recordWidths(Value sum, StringRef name,
                         ml_program::GlobalOp widths) {
  if (widths)
    sum.getDefiningOp()->setAttr(name, FlatSymbolRefAttr::get(widths));
}

FailureOr<SmallVector<int64_t>>
IntegerFunction::getFilterBias(Operation *user, Value value, float step,
                               int64_t numFilters) {
  FailureOr<SmallVector<int64_t>> bias = getBias(user, value, step);
  if (succeeded(bias) && bias->size() == 1)
    bias->resize(numFilters, bias->front());
  return bias;
}

Value IntegerFunction::buildBias(Location loc, Value value,
                                 RankedTensorType type,
                                 ArrayRef<int64_t> integers) {
  if (Parameter *parameter = lookupParameter(value))
    return buildConstant(loc, parameter->global, type, integers);
  return arith::ConstantOp::create(builder, loc, getCodesAttr(type, integers));
}

template <typename ConvOp> static LogicalResult verifyConvolution(ConvOp op) {
  auto result = cast<RankedTensorType>(op.getType());
  if (llvm::any_of(result.getShape().drop_front(), ShapedType::isDynamic))
    return op.emitOpError()
           << "expects static extents, except for the batch, but got "
           << result;
  return verifyZeroPoints(op, {op.getInputZp(), op.getWeightZp()});
}

LogicalResult IntegerFunction::lower(tosa::Conv2DOp op) {
  FailureOr<IntegerTensor> input = lookupCodes(op, op.getInput());
  if (failed(input) || failed(verifyConvolution(op)))
    return failure();
  Parameter *weight = lookupParameter(op.getWeight());
  if (!weight || !weight->codes)
    return emitFloatError(op, op.getWeight());

  IntegerTensor sum;
  sum.step = input->step * weight->getStep();
  int64_t numFilters = weight->getShape()[0];
  FailureOr<SmallVector<int64_t>> bias =
      getFilterBias(op, op.getBias(), sum.step, numFilters);
  if (failed(bias))
    return failure();

  ArrayRef<int64_t> codes = *weight->codes;
  int64_t size = static_cast<int64_t>(codes.size()) / numFilters;
  SmallVector<SumBounds> bounds;
  for (int64_t f = 0; f < numFilters; ++f) {
    SumBounds bound{(*bias)[f], (*bias)[f]};
    for (int64_t code : codes.slice(f * size, size))
      bound.add(code, *input);
    bounds.push_back(bound);
  }
  setBounds(sum, bounds);

  Location loc = op.getLoc();
  MLIRContext *context = builder.getContext();
  int64_t width = weight->type.getStorageTypeIntegralWidth();
  CodeOperand weightOperand{
      buildConstant(loc, weight->global,
                    moveFiltersLast(RankedTensorType::get(
                        weight->getShape(), getStorageType(context, width))),
                    moveFiltersLast(codes, numFilters)),
      weight->type.isSigned(), width};
  auto biasType = RankedTensorType::get(
      {numFilters}, getAccumulatorType(context, sum.min, sum.max));
  sum.value = buildConv2D(
      builder, op, {input->value, input->isSigned, input->width}, weightOperand,
      buildBias(loc, op.getBias(), biasType, *bias),
      buildConv2DResult(builder, op, input->value, biasType.getElementType()));
  tensors[op.getResult()] = sum;
  recordWidths(sum.value, CGMQDialect::kLhsWidthsAttrName, input->widths);
  if (ml_program::GlobalOp widths = weight->widths) {
    auto type = cast<RankedTensorType>(widths.getType());
    ml_program::GlobalOp moved =
        buildConstantGlobal(symbols, widths, moveFiltersLast(type));
    moved.setValueAttr(getCodesAttr(
        moveFiltersLast(type),
        moveFiltersLast(*getCodes(widths.getValueAttr(), /*isSigned=*/false),
                        type.getDimSize(0))));
    replacements.add(widths, moved);
    recordWidths(sum.value, CGMQDialect::kRhsWidthsAttrName, moved);
  }
  return success();
}

LogicalResult IntegerFunction::lower(tosa::DepthwiseConv2DOp op) {
  FailureOr<IntegerTensor> input = lookupCodes(op, op.getInput());
  if (failed(input) || failed(verifyConvolution(op)))
    return failure();
  Parameter *weight = lookupParameter(op.getWeight());
  if (!weight || !weight->codes)
    return emitFloatError(op, op.getWeight());

  // [height, width, channel, multiple]: a filter for each of the last two.
  SmallVector<int64_t> shape(weight->getShape());
  int64_t numFilters = shape[2] * shape[3];
  IntegerTensor sum;
  sum.step = input->step * weight->getStep();
  FailureOr<SmallVector<int64_t>> bias =
      getFilterBias(op, op.getBias(), sum.step, numFilters);
  if (failed(bias))
    return failure();
  SmallVector<SumBounds> bounds;
  for (int64_t start : *bias)
    bounds.push_back({start, start});
  for (auto [index, code] : llvm::enumerate(*weight->codes))
    bounds[index % numFilters].add(code, *input);
  setBounds(sum, bounds);

  // Without extents of one at the end, vectors run along the channels.
  bool hasMultiplier = shape[3] != 1;
  if (!hasMultiplier)
    shape.pop_back();
  Location loc = op.getLoc();
  MLIRContext *context = builder.getContext();
  int64_t width = weight->type.getStorageTypeIntegralWidth();
  CodeOperand weightOperand{
      buildConstant(
          loc, weight->global,
          RankedTensorType::get(shape, getStorageType(context, width)),
          *weight->codes),
      weight->type.isSigned(), width};
  IntegerType accumulator = getAccumulatorType(context, sum.min, sum.max);
  auto biasType =
      RankedTensorType::get(ArrayRef(shape).drop_front(2), accumulator);
  sum.value = buildDepthwiseConv2D(
      builder, op, {input->value, input->isSigned, input->width}, weightOperand,
      buildBias(loc, op.getBias(), biasType, *bias), accumulator);
  tensors[op.getResult()] = sum;
  Value contraction = sum.value;
  if (auto collapse = contraction.getDefiningOp<tensor::CollapseShapeOp>())
    contraction = collapse.getSrc();
  recordWidths(contraction, CGMQDialect::kLhsWidthsAttrName, input->widths);
  ml_program::GlobalOp widths = weight->widths;
  if (widths && !hasMultiplier) {
    auto type = cast<RankedTensorType>(widths.getType());
    auto dropped = type.clone(type.getShape().drop_back());
    ml_program::GlobalOp moved = buildConstantGlobal(symbols, widths, dropped);
    moved.setValueAttr(getCodesAttr(
        dropped, *getCodes(widths.getValueAttr(), /*isSigned=*/false)));
    replacements.add(widths, moved);
    widths = moved;
  }
  recordWidths(contraction, CGMQDialect::kRhsWidthsAttrName, widths);
  return success();
}

LogicalResult IntegerFunction::lower(tosa::MatMulOp op) {
  FailureOr<IntegerTensor> lhs = lookupCodes(op, op.getA());
  if (failed(lhs))
    return failure();
  FailureOr<IntegerTensor> rhs = lookupCodes(op, op.getB());
  if (failed(rhs) || failed(verifyZeroPoints(op, {op.getAZp(), op.getBZp()})))
    return failure();
  int64_t depth = cast<RankedTensorType>(op.getA().getType()).getDimSize(2);
  if (ShapedType::isDynamic(depth))
    depth = cast<RankedTensorType>(op.getB().getType()).getDimSize(1);
  if (ShapedType::isDynamic(depth))
    return op.emitOpError() << "expects a static extent to sum over";

  IntegerTensor sum;
  sum.step = lhs->step * rhs->step;
  if (Parameter *weight = lookupParameter(op.getB())) {
    // One bound for each column.
    int64_t columns = weight->getShape().back();
    SmallVector<SumBounds> bounds(weight->codes->size() / depth);
    for (auto [index, code] : llvm::enumerate(*weight->codes)) {
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
  sum.value = buildMatMul(
      builder, op.getLoc(), {lhs->value, lhs->isSigned, lhs->width},
      {rhs->value, rhs->isSigned, rhs->width},
      buildMatMulResult(
          builder, op.getLoc(), lhs->value, rhs->value,
          getAccumulatorType(builder.getContext(), sum.min, sum.max)));
  tensors[op.getResult()] = sum;
  recordWidths(sum.value, CGMQDialect::kLhsWidthsAttrName, lhs->widths);
  recordWidths(sum.value, CGMQDialect::kRhsWidthsAttrName, rhs->widths);
  return success();
}
