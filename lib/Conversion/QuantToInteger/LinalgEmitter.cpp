//===- LinalgEmitter.cpp - Integer functions in linalg -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinalgEmitter.h"

#include "IntegerOps.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<IntegerType> LinalgEmitter::getCodeType(Operation *op,
                                                  IntegerTensor &codes) {
  // Codes of more than 16 bits are those of a bias.
  if (codes.width > 16)
    return IntegerType::get(op->getContext(), codes.width);
  return getStorageType(op->getContext(), codes.width);
}

FailureOr<IntegerType>
LinalgEmitter::getAccumulatorType(Operation *op, int64_t min, int64_t max) {
  return cgmq::getAccumulatorType(op->getContext(), min, max);
}

Value LinalgEmitter::buildConstant(OpBuilder &builder, Location loc,
                                   ml_program::GlobalOp original,
                                   RankedTensorType type,
                                   ArrayRef<int64_t> integers) {
  if (!original)
    return arith::ConstantOp::create(builder, loc,
                                     getCodesAttr(type, integers));
  ml_program::GlobalOp global = buildConstantGlobal(symbols, original, type);
  global.setValueAttr(getCodesAttr(type, integers));
  replacements.add(original, global);
  return ml_program::GlobalLoadConstOp::create(builder, loc, type,
                                               FlatSymbolRefAttr::get(global));
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

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

FailureOr<Value>
LinalgEmitter::buildConv2D(OpBuilder &builder, tosa::Conv2DOp op,
                           const IntegerTensor &input, Parameter &weight,
                           ArrayRef<int64_t> bias, Parameter *biasParameter,
                           const IntegerTensor &sum) {
  Location loc = op.getLoc();
  MLIRContext *context = builder.getContext();
  int64_t numFilters = weight.getShape()[0], width = weight.getWidth();
  Value weightValue =
      buildConstant(builder, loc, weight.global,
                    moveFiltersLast(RankedTensorType::get(
                        weight.getShape(), getStorageType(context, width))),
                    moveFiltersLast(weight.getCodes(), numFilters));
  auto biasType = RankedTensorType::get(
      {numFilters}, cgmq::getAccumulatorType(context, sum.min, sum.max));
  Value biasValue = buildConstant(builder, loc,
                                  biasParameter ? biasParameter->global
                                                : ml_program::GlobalOp(),
                                  biasType, bias);
  Value out =
      buildConv2DResult(builder, op, input.value, biasType.getElementType());
  Value result = cgmq::buildConv2D(
      builder, op, {input.value, input.isSigned, input.width},
      {weightValue, weight.type.isSigned(), width}, biasValue, out);
  recordWidths(result, CGMQDialect::kLhsWidthsAttrName, input.widths);
  if (ml_program::GlobalOp widths = weight.widths) {
    auto type = cast<RankedTensorType>(widths.getType());
    ml_program::GlobalOp moved =
        buildConstantGlobal(symbols, widths, moveFiltersLast(type));
    moved.setValueAttr(getCodesAttr(
        moveFiltersLast(type),
        moveFiltersLast(*getCodes(widths.getValueAttr(), /*isSigned=*/false),
                        type.getDimSize(0))));
    replacements.add(widths, moved);
    recordWidths(result, CGMQDialect::kRhsWidthsAttrName, moved);
  }
  return result;
}

FailureOr<Value> LinalgEmitter::buildDepthwiseConv2D(
    OpBuilder &builder, tosa::DepthwiseConv2DOp op, const IntegerTensor &input,
    Parameter &weight, ArrayRef<int64_t> bias, Parameter *biasParameter,
    const IntegerTensor &sum) {
  Location loc = op.getLoc();
  MLIRContext *context = builder.getContext();
  int64_t width = weight.getWidth();
  // Without extents of one at the end, vectors run along the channels.
  ArrayRef<int64_t> shape = weight.getShape();
  bool hasMultiplier = shape.back() != 1;
  if (!hasMultiplier)
    shape = shape.drop_back();
  Value weightValue = buildConstant(
      builder, loc, weight.global,
      RankedTensorType::get(shape, getStorageType(context, width)),
      weight.getCodes());
  IntegerType accumulator = cgmq::getAccumulatorType(context, sum.min, sum.max);
  Value biasValue = buildConstant(
      builder, loc,
      biasParameter ? biasParameter->global : ml_program::GlobalOp(),
      RankedTensorType::get(shape.drop_front(2), accumulator), bias);
  Value result = cgmq::buildDepthwiseConv2D(
      builder, op, {input.value, input.isSigned, input.width},
      {weightValue, weight.type.isSigned(), width}, biasValue, accumulator);

  Value contraction = result;
  if (auto collapse = result.getDefiningOp<tensor::CollapseShapeOp>())
    contraction = collapse.getSrc();
  recordWidths(contraction, CGMQDialect::kLhsWidthsAttrName, input.widths);
  ml_program::GlobalOp widths = weight.widths;
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
  return result;
}

FailureOr<Value>
LinalgEmitter::buildMatMul(OpBuilder &builder, tosa::MatMulOp op,
                           const IntegerTensor &lhs, const IntegerTensor &rhs,
                           Parameter *, const IntegerTensor &sum) {
  Value out = buildMatMulResult(
      builder, op.getLoc(), lhs.value, rhs.value,
      cgmq::getAccumulatorType(builder.getContext(), sum.min, sum.max));
  Value result = cgmq::buildMatMul(builder, op.getLoc(),
                                   {lhs.value, lhs.isSigned, lhs.width},
                                   {rhs.value, rhs.isSigned, rhs.width}, out);
  recordWidths(result, CGMQDialect::kLhsWidthsAttrName, lhs.widths);
  recordWidths(result, CGMQDialect::kRhsWidthsAttrName, rhs.widths);
  return result;
}

//===----------------------------------------------------------------------===//
// Between contractions
//===----------------------------------------------------------------------===//

static ArrayRef<int64_t> getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

FailureOr<Value> LinalgEmitter::buildSum(OpBuilder &builder, Operation *op,
                                         const IntegerTensor &lhs,
                                         const IntegerTensor &rhs,
                                         bool isDifference, IntegerType type) {
  // Operands broadcast to the result, which one of them mostly has the shape
  // of.
  Location loc = op->getLoc();
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<Value> inputs = {lhs.value, rhs.value};
  bool isSwapped = getShape(lhs.value) != result.getShape();
  if (isSwapped)
    std::swap(inputs[0], inputs[1]);
  if (getShape(inputs[0]) != result.getShape()) {
    if (!result.hasStaticShape() &&
        getShape(inputs[0]).front() != result.getDimSize(0) &&
        getShape(inputs[1]).front() != result.getDimSize(0)) {
      InFlightDiagnostic diag = op->emitOpError()
                                << "expects an operand with the batch of the "
                                   "result, but got "
                                << op->getOperand(0).getType() << " and "
                                << op->getOperand(1).getType();
      diag.attachNote() << "give the model a static batch";
      return diag;
    }
    SmallVector<OpFoldResult> sizes;
    for (auto [dim, extent] : llvm::enumerate(result.getShape())) {
      Value source = getShape(inputs[0])[dim] == extent ? inputs[0] : inputs[1];
      sizes.push_back(tensor::getMixedSize(builder, loc, source, dim));
    }
    inputs.insert(inputs.begin(),
                  tensor::EmptyOp::create(builder, loc, sizes, type));
  }
  return buildElementwise(
      builder, loc, inputs, type,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value left = args[args.size() - 2], right = args.back();
        if (isSwapped)
          std::swap(left, right);
        left = buildExtension(nested, loc, left, type, lhs.isSigned);
        right = buildExtension(nested, loc, right, type, rhs.isSigned);
        if (isDifference)
          return arith::SubIOp::create(nested, loc, left, right);
        return arith::AddIOp::create(nested, loc, left, right);
      });
}

FailureOr<Value> LinalgEmitter::buildConcat(OpBuilder &builder,
                                            tosa::ConcatOp op,
                                            ArrayRef<IntegerTensor> parts,
                                            const IntegerTensor &joined,
                                            IntegerType type) {
  SmallVector<Value> values;
  for (const IntegerTensor &part : parts) {
    if (getElementTypeOrSelf(part.value) == type) {
      values.push_back(part.value);
      continue;
    }
    values.push_back(buildElementwise(
        builder, op.getLoc(), part.value, type,
        [&](OpBuilder &nested, Location loc, ValueRange args) {
          return buildExtension(nested, loc, args[0], type, part.isSigned);
        }));
  }
  return tosa::ConcatOp::create(
             builder, op.getLoc(),
             cast<RankedTensorType>(op.getType()).clone(type), values,
             op.getAxisAttr())
      .getResult();
}

FailureOr<Value> LinalgEmitter::buildSumPool2D(OpBuilder &builder,
                                               tosa::AvgPool2dOp op,
                                               const IntegerTensor &input,
                                               const AveragePool &average,
                                               IntegerType type) {
  Value sum =
      cgmq::buildSumPool2D(builder, op, input.value, type, input.isSigned);
  if (!average.hasRatios())
    return sum;
  Value ratios = arith::ConstantOp::create(builder, op.getLoc(),
                                           average.getRatios(op, type));
  return buildElementwise(
      builder, op.getLoc(), {sum, ratios}, type,
      [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        return arith::MulIOp::create(nested, loc, args[0], args[1]);
      });
}

FailureOr<Value> LinalgEmitter::buildReduceSum(OpBuilder &builder,
                                               tosa::ReduceSumOp op,
                                               const IntegerTensor &input,
                                               IntegerType type) {
  return cgmq::buildReduceSum(builder, op, input.value, type, input.isSigned);
}

FailureOr<Value> LinalgEmitter::buildMaxPool2D(OpBuilder &builder,
                                               tosa::MaxPool2dOp op,
                                               const IntegerTensor &input) {
  return cgmq::buildMaxPool2D(builder, op, input.value, input.isSigned);
}

FailureOr<Value> LinalgEmitter::buildPad(OpBuilder &builder, tosa::PadOp op,
                                         const IntegerTensor &input,
                                         ArrayRef<int64_t> padding) {
  SmallVector<OpFoldResult> low, high;
  for (auto [index, extent] : llvm::enumerate(padding))
    (index % 2 == 0 ? low : high).push_back(builder.getIndexAttr(extent));
  Type type = getElementTypeOrSelf(input.value);
  return tensor::PadOp::create(builder, op.getLoc(),
                               cast<RankedTensorType>(op.getType()).clone(type),
                               input.value, low, high,
                               buildInteger(builder, op.getLoc(), type, 0),
                               /*nofold=*/false)
      .getResult();
}

FailureOr<Value> LinalgEmitter::buildClamp(OpBuilder &builder, Operation *op,
                                           const IntegerTensor &input,
                                           std::optional<int64_t> min,
                                           std::optional<int64_t> max) {
  return cgmq::buildClamp(builder, op->getLoc(), input.value, min, max,
                          input.isSigned);
}

FailureOr<Value> LinalgEmitter::buildRequantization(
    OpBuilder &builder, Operation *op, const IntegerTensor &source,
    IntegerTensor &result, ArrayRef<UnitRequantization> rules) {
  Value widths;
  if (result.widths)
    widths = ml_program::GlobalLoadConstOp::create(
        builder, op->getLoc(), result.widths.getType(),
        FlatSymbolRefAttr::get(result.widths));
  return cgmq::buildRequantization(
      builder, op->getLoc(), source.value, widths, rules, source.isSigned,
      getStorageType(builder.getContext(), result.width));
}
