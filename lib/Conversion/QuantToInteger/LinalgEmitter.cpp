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
                    moveFiltersLast(*weight.codes, numFilters));
  auto biasType = RankedTensorType::get(
      {numFilters}, cgmq::getAccumulatorType(context, sum.min, sum.max));
  Value biasValue =
      biasParameter
          ? buildConstant(builder, loc, biasParameter->global, biasType, bias)
          : arith::ConstantOp::create(builder, loc,
                                      getCodesAttr(biasType, bias));
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

FailureOr<Value> LinalgEmitter::buildAdd(OpBuilder &builder, Operation *op,
                                         const IntegerTensor &lhs,
                                         const IntegerTensor &rhs,
                                         IntegerType type) {
  return buildElementwise(
      builder, op->getLoc(), {lhs.value, rhs.value}, type,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value left = buildExtension(nested, loc, args[0], type, lhs.isSigned);
        Value right = buildExtension(nested, loc, args[1], type, rhs.isSigned);
        return arith::AddIOp::create(nested, loc, left, right);
      });
}

FailureOr<Value> LinalgEmitter::buildMaxPool2D(OpBuilder &builder,
                                               tosa::MaxPool2dOp op,
                                               const IntegerTensor &input) {
  return cgmq::buildMaxPool2D(builder, op, input.value, input.isSigned);
}

FailureOr<Value> LinalgEmitter::buildRelu(OpBuilder &builder, Operation *op,
                                          const IntegerTensor &input) {
  return cgmq::buildRelu(builder, op->getLoc(), input.value);
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
