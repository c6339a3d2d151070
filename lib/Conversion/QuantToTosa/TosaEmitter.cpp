//===- TosaEmitter.cpp - Integer functions in TOSA -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaEmitter.h"

#include "TosaOps.h"

using namespace mlir;
using namespace mlir::cgmq;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// The least number that a type stores, and the greatest.
static int64_t getLowest(IntegerType type) {
  return llvm::minIntN(type.getWidth());
}
static int64_t getHighest(IntegerType type) {
  return llvm::maxIntN(type.getWidth());
}

static LogicalResult emitInt16Error(Operation *op) {
  InFlightDiagnostic diag = op->emitOpError()
                            << "expects codes of at most 8 bits without the "
                               "int16 extension";
  diag.attachNote() << "option 'int16' allows the extension, option 'widths' "
                       "of cgmq-insert-gates leaves 16 out";
  return diag;
}

FailureOr<IntegerType> TosaEmitter::getCodeType(Operation *op,
                                                IntegerTensor &codes) {
  MLIRContext *context = op->getContext();
  if (codes.width > 16)
    return IntegerType::get(context, 32);
  int64_t storage = codes.width <= 8 ? 8 : 16;
  if (storage == 16 && !extensions.int16)
    return emitInt16Error(op);
  if (!codes.isSigned && codes.width == storage)
    codes.zeroPoint = llvm::minIntN(storage);
  return IntegerType::get(context, storage);
}

FailureOr<IntegerType>
TosaEmitter::getAccumulatorType(Operation *op, int64_t min, int64_t max) {
  if (llvm::isInt<32>(min) && llvm::isInt<32>(max))
    return IntegerType::get(op->getContext(), 32);
  InFlightDiagnostic diag =
      op->emitOpError() << "expects sums that 32 bits hold, but got some from "
                        << min << " to " << max;
  diag.attachNote() << "TOSA rescales longer ones by 15 bits alone; option "
                       "'widths' of cgmq-insert-gates leaves 16 out";
  return diag;
}

Value TosaEmitter::buildConstant(OpBuilder &builder, Location loc,
                                 ml_program::GlobalOp original,
                                 RankedTensorType type,
                                 ArrayRef<int64_t> integers) {
  replacements.addDead(original);
  ImplicitLocOpBuilder b(loc, builder);
  return buildTosaConstant(b, type, integers);
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

/// The zero point of 16 bits that TOSA has not, in the bias: the sum of
/// (stored - zeroPoint) * weight is that of stored * weight, less a constant.
static void foldZeroPoint(SmallVectorImpl<int64_t> &bias, int64_t zeroPoint,
                          ArrayRef<int64_t> filters, int64_t numFilters) {
  bias.resize(numFilters, bias.front());
  int64_t size = static_cast<int64_t>(filters.size()) / numFilters;
  for (int64_t f = 0; f < numFilters; ++f)
    for (int64_t code : filters.slice(f * size, size))
      bias[f] -= zeroPoint * code;
}

FailureOr<Value> TosaEmitter::buildConvolution(
    ImplicitLocOpBuilder &builder, Operation *op, RankedTensorType resultType,
    const IntegerTensor &input, Value image, Parameter &weight,
    ArrayRef<int64_t> filterShape, ArrayRef<int64_t> filters,
    ArrayRef<int64_t> bias, ArrayRef<int64_t> pad, ArrayRef<int64_t> stride,
    ArrayRef<int64_t> dilation) {
  int64_t width = weight.getWidth();
  bool isSigned = weight.type.isSigned();
  if (width > 8) {
    InFlightDiagnostic diag = op->emitOpError()
                              << "expects weights of at most 8 bits in TOSA, "
                                 "but got "
                              << width;
    diag.attachNote() << "pin cgmq.width = 8 on the parameter";
    return diag;
  }

  bool isWide = input.width > 8;
  // Weights of 4 bits go with inputs of 8 alone, and TOSA's i4 has no -8.
  bool isNarrow = extensions.int4 && !isWide &&
                  (isSigned ? width <= 4 : width <= 2) &&
                  !llvm::is_contained(filters, -8);
  IntegerType weightType = builder.getIntegerType(isNarrow ? 4 : 8);
  IntegerType accumulator = builder.getIntegerType(isWide ? 48 : 32);
  int64_t weightZeroPoint = !isSigned && width == 8 ? -128 : 0;
  int64_t zeroPoint = input.zeroPoint;
  SmallVector<int64_t> start(bias), margin(pad);
  if (isWide && zeroPoint != 0) {
    image = buildTosaPad(builder, image, pad, /*fill=*/zeroPoint);
    margin.assign(pad.size(), 0);
    foldZeroPoint(start, zeroPoint, filters, filterShape[0]);
    zeroPoint = 0;
  }

  Value weightValue =
      buildConstant(builder, op->getLoc(), weight.global,
                    RankedTensorType::get(filterShape, weightType),
                    llvm::map_to_vector(filters, [=](int64_t code) {
                      return code + weightZeroPoint;
                    }));
  auto startType =
      RankedTensorType::get(static_cast<int64_t>(start.size()), accumulator);
  Value startValue = buildTosaConstant(builder, startType, start);
  Value zp =
      buildTosaScalar(builder, getElementTypeOrSelf(image), 1, zeroPoint);
  Value weightZp = buildTosaScalar(builder, weightType, 1, weightZeroPoint);
  Value sum = tosa::Conv2DOp::create(
      builder, resultType.clone(accumulator), image, weightValue, startValue,
      zp, weightZp, margin, stride, dilation, accumulator);
  return buildTosaIntegers(builder, sum, /*inputZeroPoint=*/0,
                           builder.getI32Type(), /*zeroPoint=*/0);
}

FailureOr<Value> TosaEmitter::buildConv2D(OpBuilder &builder, tosa::Conv2DOp op,
                                          const IntegerTensor &input,
                                          Parameter &weight,
                                          ArrayRef<int64_t> bias,
                                          Parameter *biasParameter,
                                          const IntegerTensor &sum) {
  if (failed(getAccumulatorType(op, sum.min, sum.max)))
    return failure();
  if (biasParameter)
    replacements.addDead(biasParameter->global);
  ImplicitLocOpBuilder b(op.getLoc(), builder);
  return buildConvolution(b, op, cast<RankedTensorType>(op.getType()), input,
                          input.value, weight, weight.getShape(), *weight.codes,
                          bias, op.getPad(), op.getStride(), op.getDilation());
}

FailureOr<Value> TosaEmitter::buildPointwise(OpBuilder &builder,
                                             tosa::MatMulOp op,
                                             const IntegerTensor &lhs,
                                             Parameter &weight) {
  int64_t depth = weight.getShape()[1], columns = weight.getShape()[2];
  // [1, depth, column] -> [column, 1, 1, depth]
  SmallVector<int64_t> filters(weight.codes->size());
  for (int64_t k = 0; k < depth; ++k)
    for (int64_t n = 0; n < columns; ++n)
      filters[n * depth + k] = (*weight.codes)[k * columns + n];
  ImplicitLocOpBuilder b(op.getLoc(), builder);
  auto type = cast<RankedTensorType>(op.getType());
  int64_t rows = type.getDimSize(1);
  Value image = buildTosaReshape(b, lhs.value, {rows, 1, 1, depth});
  FailureOr<Value> result = buildConvolution(
      b, op, type.clone({rows, 1, 1, columns}), lhs, image, weight,
      {columns, 1, 1, depth}, filters, /*bias=*/0, /*pad=*/{0, 0, 0, 0},
      /*stride=*/{1, 1}, /*dilation=*/{1, 1});
  if (failed(result))
    return failure();
  return buildTosaReshape(b, *result, type.getShape());
}

FailureOr<Value> TosaEmitter::buildMatMul(OpBuilder &builder, tosa::MatMulOp op,
                                          const IntegerTensor &lhs,
                                          const IntegerTensor &rhs,
                                          Parameter *weight,
                                          const IntegerTensor &sum) {
  if (failed(getAccumulatorType(op, sum.min, sum.max)))
    return failure();
  auto type = cast<RankedTensorType>(op.getType());
  // A product takes factors of one type, and none of 4 bits.
  bool isMixed = (lhs.width > 8) != (rhs.width > 8);
  bool isNarrow = extensions.int4 && lhs.width <= 8 && rhs.width <= 4;
  if (weight && type.getDimSize(0) == 1 && rhs.width <= 8 &&
      (isNarrow || isMixed)) {
    if (rhs.value.use_empty())
      rhs.value.getDefiningOp()->erase();
    return buildPointwise(builder, op, lhs, *weight);
  }
  for (const IntegerTensor &factor : {lhs, rhs}) {
    if (factor.zeroPoint == 0 || factor.width <= 8)
      continue;
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects factors of at most 8 bits where they "
                                 "are unsigned and the other is no constant of "
                                 "8 bits, but got "
                              << factor.width;
    diag.attachNote() << "i16 has no zero point in TOSA; option 'widths' of "
                         "cgmq-insert-gates leaves 16 out";
    return diag;
  }

  ImplicitLocOpBuilder b(op.getLoc(), builder);
  bool isWide = lhs.width > 8 || rhs.width > 8;
  IntegerType codeType = b.getIntegerType(isWide ? 16 : 8);
  auto convert = [&](const IntegerTensor &factor, int64_t &zeroPoint) {
    zeroPoint = isWide ? 0 : factor.zeroPoint;
    return buildTosaIntegers(b, factor.value, factor.zeroPoint, codeType,
                             zeroPoint);
  };
  int64_t lhsZeroPoint, rhsZeroPoint;
  Value a = convert(lhs, lhsZeroPoint);
  Value c = convert(rhs, rhsZeroPoint);
  Value aZp = buildTosaScalar(b, codeType, 1, lhsZeroPoint);
  Value cZp = buildTosaScalar(b, codeType, 1, rhsZeroPoint);
  Value result = tosa::MatMulOp::create(
      b, type.clone(b.getIntegerType(isWide ? 48 : 32)), a, c, aZp, cZp);
  return buildTosaIntegers(b, result, /*inputZeroPoint=*/0, b.getI32Type(),
                           /*zeroPoint=*/0);
}

//===----------------------------------------------------------------------===//
// Between contractions
//===----------------------------------------------------------------------===//

FailureOr<Value> TosaEmitter::buildAdd(OpBuilder &builder, Operation *op,
                                       const IntegerTensor &lhs,
                                       const IntegerTensor &rhs,
                                       IntegerType type) {
  ImplicitLocOpBuilder b(op->getLoc(), builder);
  Value left = buildTosaIntegers(b, lhs.value, lhs.zeroPoint, type,
                                 /*zeroPoint=*/0);
  Value right = buildTosaIntegers(b, rhs.value, rhs.zeroPoint, type,
                                  /*zeroPoint=*/0);
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  return tosa::AddOp::create(b, result.clone(type), left, right).getResult();
}

FailureOr<Value> TosaEmitter::buildMaxPool2D(OpBuilder &builder,
                                             tosa::MaxPool2dOp op,
                                             const IntegerTensor &input) {
  Type element = getElementTypeOrSelf(input.value);
  if (element.isInteger(32)) {
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects codes to pool in TOSA, but got "
                                 "accumulators";
    diag.attachNote() << "quantize the result, and use it nowhere else, with "
                         "one width for all or one for each channel";
    return diag;
  }
  auto type = cast<RankedTensorType>(op.getType());
  return tosa::MaxPool2dOp::create(builder, op.getLoc(), type.clone(element),
                                   input.value, op.getKernel(), op.getStride(),
                                   op.getPad())
      .getResult();
}

FailureOr<Value> TosaEmitter::buildRelu(OpBuilder &builder, Operation *op,
                                        const IntegerTensor &input) {
  ImplicitLocOpBuilder b(op->getLoc(), builder);
  auto type = cast<RankedTensorType>(input.value.getType());
  auto element = cast<IntegerType>(type.getElementType());
  if (element.isInteger(32)) {
    Value zero = buildTosaScalar(b, element, type.getRank(), 0);
    return tosa::MaximumOp::create(b, type, input.value, zero).getResult();
  }
  return tosa::ClampOp::create(b, type, input.value,
                               b.getIntegerAttr(element, input.zeroPoint),
                               b.getIntegerAttr(element, getHighest(element)))
      .getResult();
}

/// A mask of the units that have a width, in the shape of `widths`.
static Value buildMask(ImplicitLocOpBuilder &builder,
                       ml_program::GlobalOp widths, int64_t width) {
  auto type = cast<RankedTensorType>(widths.getType());
  SmallVector<int64_t> mask =
      *getCodes(widths.getValueAttr(), /*isSigned=*/false);
  for (int64_t &unit : mask)
    unit = unit == width;
  return buildTosaConstant(builder, type.clone(builder.getI1Type()), mask);
}

FailureOr<Value> TosaEmitter::buildRequantization(
    OpBuilder &builder, Operation *op, const IntegerTensor &source,
    IntegerTensor &result, ArrayRef<UnitRequantization> rules) {
  FailureOr<IntegerType> type = getCodeType(op, result);
  if (failed(type))
    return failure();
  for (const UnitRequantization &unit : rules)
    if (getTosaShift(unit.rule) < 2)
      return op->emitOpError()
             << "expects a step of codes that is not that much finer than its "
                "accumulators', but got "
             << result.step << " for " << source.step;

  ImplicitLocOpBuilder b(op->getLoc(), builder);
  int64_t magnitude = std::max(std::abs(source.min), std::abs(source.max));
  const Requantization &first = rules.front().rule;
  int64_t shift = getTosaShift(first);
  if (rules.size() == 1 && rules.front().ratio == 1 &&
      first.corrections.empty() && canRescale(shift, magnitude) &&
      source.zeroPoint >= -128 && result.zeroPoint >= -128) {
    Value codes =
        buildTosaRescale(b, source.value, source.zeroPoint, first.multiplier,
                         shift, *type, result.zeroPoint);
    int64_t min = first.minCode + result.zeroPoint;
    int64_t max = first.maxCode + result.zeroPoint;
    if (min == getLowest(*type) && max == getHighest(*type))
      return codes;
    return tosa::ClampOp::create(b, codes.getType(), codes,
                                 b.getIntegerAttr(*type, min),
                                 b.getIntegerAttr(*type, max))
        .getResult();
  }

  Value accumulators = buildTosaIntegers(b, source.value, source.zeroPoint,
                                         b.getI32Type(), /*zeroPoint=*/0);
  auto wide = cast<RankedTensorType>(accumulators.getType());
  Value codes;
  for (const UnitRequantization &unit : rules) {
    Value own = buildTosaRule(b, accumulators, unit.rule, magnitude);
    if (unit.ratio != 1) {
      Value ratio =
          buildTosaScalar(b, b.getI32Type(), wide.getRank(), unit.ratio);
      Value noShift = buildTosaScalar(b, b.getI8Type(), 1, 0);
      own = tosa::MulOp::create(b, wide, own, ratio, noShift);
    }
    codes = codes ? tosa::SelectOp::create(
                        b, wide, buildMask(b, result.widths, unit.width), own,
                        codes)
                        .getResult()
                  : own;
  }
  return buildTosaIntegers(b, codes, /*inputZeroPoint=*/0, *type,
                           result.zeroPoint);
}
