//===- TosaContractions.cpp - Contractions of codes in TOSA -*- C++ -*-===//
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
// Convolutions
//===----------------------------------------------------------------------===//

/// The zero point of 16 bits that TOSA has not, in the bias: the sum of
/// (stored - zeroPoint) * weight is that of stored * weight, less a constant.
void TosaEmitter::Filters::foldZeroPoint(SmallVectorImpl<int64_t> &bias,
                                         int64_t zeroPoint) const {
  int64_t numFilters = getNumFilters();
  int64_t size = static_cast<int64_t>(codes.size()) / numFilters;
  bias.resize(numFilters, bias.front());
  for (auto [index, code] : llvm::enumerate(codes))
    bias[isDepthwise ? index % numFilters : index / size] -= zeroPoint * code;
}

FailureOr<Value> TosaEmitter::buildConvolution(
    ImplicitLocOpBuilder &builder, Operation *op, RankedTensorType resultType,
    const IntegerTensor &input, Value image, const Filters &filters,
    ArrayRef<int64_t> bias, const Windows &windows) {
  if (filters.width > 8) {
    InFlightDiagnostic diag = op->emitOpError()
                              << "expects weights of at most 8 bits in TOSA, "
                                 "but got "
                              << filters.width;
    diag.attachNote() << "pin cgmq.width = 8 on the parameter";
    return diag;
  }

  Type element = getElementTypeOrSelf(image);
  bool isWide = element.getIntOrFloatBitWidth() > 8;
  // Weights of 4 bits go with inputs of 8 alone, and TOSA's i4 has no -8.
  bool isNarrow = extensions.int4 && !isWide &&
                  filters.width <= (filters.isSigned ? 4 : 2) &&
                  !llvm::is_contained(filters.codes, -8);
  IntegerType weightType = builder.getIntegerType(isNarrow ? 4 : 8);
  IntegerType accumulator = builder.getIntegerType(isWide ? 48 : 32);
  int64_t weightZeroPoint = !filters.isSigned && filters.width == 8 ? -128 : 0;
  int64_t zeroPoint = input.zeroPoint;
  SmallVector<int64_t> start(bias), pad(windows.pad);
  if (isWide && zeroPoint != 0) {
    image = buildTosaPad(builder, image,
                         {0, 0, pad[0], pad[1], pad[2], pad[3], 0, 0},
                         /*fill=*/zeroPoint);
    pad.assign(pad.size(), 0);
    filters.foldZeroPoint(start, zeroPoint);
    zeroPoint = 0;
  }

  Value weight =
      buildConstant(builder, op->getLoc(), filters.global,
                    RankedTensorType::get(filters.shape, weightType),
                    llvm::map_to_vector(filters.codes, [=](int64_t code) {
                      return code + weightZeroPoint;
                    }));
  auto startType =
      RankedTensorType::get(static_cast<int64_t>(start.size()), accumulator);
  Value startValue = buildTosaConstant(builder, startType, start);
  Value zp = buildTosaScalar(builder, element, 1, zeroPoint);
  Value weightZp = buildTosaScalar(builder, weightType, 1, weightZeroPoint);
  auto sumType = resultType.clone(accumulator);
  Value sum;
  if (filters.isDepthwise)
    sum = tosa::DepthwiseConv2DOp::create(
        builder, sumType, image, weight, startValue, zp, weightZp, pad,
        windows.stride, windows.dilation, accumulator);
  else
    sum = tosa::Conv2DOp::create(builder, sumType, image, weight, startValue,
                                 zp, weightZp, pad, windows.stride,
                                 windows.dilation, accumulator);
  return buildTosaIntegers(builder, sum, /*inputZeroPoint=*/0,
                           builder.getI32Type(), /*zeroPoint=*/0);
}

template <typename ConvOp>
FailureOr<Value> TosaEmitter::buildWithParameter(OpBuilder &builder, ConvOp op,
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
  Filters filters = {llvm::to_vector(weight.getShape()),
                     weight.getCodes(),
                     std::is_same_v<ConvOp, tosa::DepthwiseConv2DOp>,
                     weight.getWidth(),
                     weight.type.isSigned(),
                     weight.global};
  return buildConvolution(b, op, cast<RankedTensorType>(op.getType()), input,
                          input.value, filters, bias,
                          {llvm::to_vector(op.getPad()),
                           llvm::to_vector(op.getStride()),
                           llvm::to_vector(op.getDilation())});
}

FailureOr<Value> TosaEmitter::buildConv2D(OpBuilder &builder, tosa::Conv2DOp op,
                                          const IntegerTensor &input,
                                          Parameter &weight,
                                          ArrayRef<int64_t> bias,
                                          Parameter *biasParameter,
                                          const IntegerTensor &sum) {
  return buildWithParameter(builder, op, input, weight, bias, biasParameter,
                            sum);
}

FailureOr<Value> TosaEmitter::buildDepthwiseConv2D(
    OpBuilder &builder, tosa::DepthwiseConv2DOp op, const IntegerTensor &input,
    Parameter &weight, ArrayRef<int64_t> bias, Parameter *biasParameter,
    const IntegerTensor &sum) {
  return buildWithParameter(builder, op, input, weight, bias, biasParameter,
                            sum);
}

FailureOr<Value> TosaEmitter::buildWindowSums(ImplicitLocOpBuilder &builder,
                                              tosa::AvgPool2dOp op,
                                              const IntegerTensor &input) {
  auto type = cast<RankedTensorType>(op.getType());
  ArrayRef<int64_t> kernel = op.getKernel();
  int64_t numChannels = type.getDimSize(3);
  Filters ones = {{kernel[0], kernel[1], numChannels, 1},
                  SmallVector<int64_t>(kernel[0] * kernel[1] * numChannels, 1),
                  /*isDepthwise=*/true,
                  /*width=*/2,
                  /*isSigned=*/true,
                  /*global=*/{}};
  return buildConvolution(builder, op, type, input, input.value, ones,
                          SmallVector<int64_t>(numChannels, 0),
                          {llvm::to_vector(op.getPad()),
                           llvm::to_vector(op.getStride()),
                           /*dilation=*/{1, 1}});
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

FailureOr<Value> TosaEmitter::buildPointwise(OpBuilder &builder,
                                             tosa::MatMulOp op,
                                             const IntegerTensor &lhs,
                                             Parameter &weight) {
  int64_t depth = weight.getShape()[1], columns = weight.getShape()[2];
  // [1, depth, column] -> [column, 1, 1, depth]
  SmallVector<int64_t> original = weight.getCodes(), codes(original.size());
  for (int64_t k = 0; k < depth; ++k)
    for (int64_t n = 0; n < columns; ++n)
      codes[n * depth + k] = original[k * columns + n];
  ImplicitLocOpBuilder b(op.getLoc(), builder);
  auto type = cast<RankedTensorType>(op.getType());
  int64_t rows = type.getDimSize(1);
  Value image = buildTosaReshape(b, lhs.value, {rows, 1, 1, depth});
  FailureOr<Value> result = buildConvolution(
      b, op, type.clone({rows, 1, 1, columns}), lhs, image,
      {{columns, 1, 1, depth},
       std::move(codes),
       /*isDepthwise=*/false,
       weight.getWidth(),
       weight.type.isSigned(),
       weight.global},
      /*bias=*/0,
      {/*pad=*/{0, 0, 0, 0}, /*stride=*/{1, 1}, /*dilation=*/{1, 1}});
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
      (isNarrow || isMixed))
    return buildPointwise(builder, op, lhs, *weight);
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
