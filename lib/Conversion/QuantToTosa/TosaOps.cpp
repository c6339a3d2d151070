//===- TosaOps.cpp - Building TOSA's integer operations -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaOps.h"

#include "../CodeConstants.h"

#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The greatest shift of `tosa.rescale`.
static constexpr int64_t kMaxShift = 62;

Value cgmq::buildTosaConstant(ImplicitLocOpBuilder &builder,
                              RankedTensorType type,
                              ArrayRef<int64_t> integers) {
  return tosa::ConstOp::create(builder, type, getCodesAttr(type, integers));
}

Value cgmq::buildTosaScalar(ImplicitLocOpBuilder &builder, Type elementType,
                            int64_t rank, int64_t number) {
  SmallVector<int64_t> shape(rank, 1);
  return buildTosaConstant(builder, RankedTensorType::get(shape, elementType),
                           number);
}

Value cgmq::buildTosaMask(ImplicitLocOpBuilder &builder,
                          ml_program::GlobalOp widths, int64_t width) {
  auto type = cast<RankedTensorType>(widths.getType());
  SmallVector<int64_t> mask =
      *getCodes(widths.getValueAttr(), /*isSigned=*/false);
  for (int64_t &unit : mask)
    unit = unit == width;
  return buildTosaConstant(builder, type.clone(builder.getI1Type()), mask);
}

Value cgmq::buildTosaReshape(ImplicitLocOpBuilder &builder, Value input,
                             ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(input.getType());
  return tosa::ReshapeOp::create(builder, type.clone(shape), input,
                                 tosa::getTosaConstShape(builder, shape));
}

Value cgmq::buildTosaPad(ImplicitLocOpBuilder &builder, Value input,
                         ArrayRef<int64_t> padding, int64_t fill) {
  // Level 8K has no tosa.pad of four dimensions: its extents are eight.
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  for (int64_t dim = 0; dim < rank; ++dim) {
    auto type = cast<RankedTensorType>(input.getType());
    SmallVector<int64_t> shape(type.getShape());
    SmallVector<Value> parts = {input};
    auto buildMargin = [&](int64_t extent) -> Value {
      SmallVector<int64_t> margin(type.getShape());
      margin[dim] = extent;
      shape[dim] += extent;
      return tosa::ConstOp::create(
          builder, type.clone(margin),
          DenseElementsAttr::get(
              type.clone(margin),
              Attribute(builder.getIntegerAttr(type.getElementType(), fill))));
    };
    if (padding[2 * dim] > 0)
      parts.insert(parts.begin(), buildMargin(padding[2 * dim]));
    if (padding[2 * dim + 1] > 0)
      parts.push_back(buildMargin(padding[2 * dim + 1]));
    if (parts.size() > 1)
      input = tosa::ConcatOp::create(builder, type.clone(shape), parts, dim);
  }
  return input;
}

Value cgmq::buildTosaRescale(ImplicitLocOpBuilder &builder, Value input,
                             int64_t inputZeroPoint, int64_t multiplier,
                             int64_t shift, IntegerType type,
                             int64_t zeroPoint) {
  auto inputType = cast<RankedTensorType>(input.getType());
  Type element = inputType.getElementType();
  // 48 bits leave room for 16 of the multiplier in the product.
  bool scale32 = !element.isInteger(48);
  Value multiplierValue = buildTosaScalar(
      builder, builder.getIntegerType(scale32 ? 32 : 16), 1, multiplier);
  Value shiftValue = buildTosaScalar(builder, builder.getI8Type(), 1, shift);
  Value inputZp = buildTosaScalar(builder, element, 1, inputZeroPoint);
  Value outputZp = buildTosaScalar(builder, type, 1, zeroPoint);
  return tosa::RescaleOp::create(
      builder, inputType.clone(type), input, multiplierValue, shiftValue,
      inputZp, outputZp, scale32, tosa::RoundingMode::SINGLE_ROUND,
      /*per_channel=*/false, /*input_unsigned=*/false,
      /*output_unsigned=*/false);
}

/// `input + addend`, of i32.
static Value buildOffset(ImplicitLocOpBuilder &builder, Value input,
                         int64_t addend) {
  if (addend == 0)
    return input;
  auto type = cast<RankedTensorType>(input.getType());
  Value constant =
      buildTosaScalar(builder, type.getElementType(), type.getRank(), addend);
  return tosa::AddOp::create(builder, type, input, constant);
}

Value cgmq::buildTosaIntegers(ImplicitLocOpBuilder &builder, Value input,
                              int64_t inputZeroPoint, IntegerType type,
                              int64_t zeroPoint) {
  auto element = cast<IntegerType>(getElementTypeOrSelf(input));
  if (element == type && inputZeroPoint == zeroPoint)
    return input;
  // Codes of 8 bits alone have zero points in TOSA.
  IntegerType i32 = builder.getI32Type();
  if (inputZeroPoint != 0 && element.getWidth() > 8) {
    Value wide = buildTosaIntegers(builder, input, 0, i32, 0);
    input = buildOffset(builder, wide, -inputZeroPoint);
    return buildTosaIntegers(builder, input, 0, type, zeroPoint);
  }
  if (zeroPoint != 0 && type.getWidth() > 8) {
    Value wide = buildTosaIntegers(builder, input, inputZeroPoint, i32, 0);
    return buildTosaIntegers(builder, buildOffset(builder, wide, zeroPoint), 0,
                             type, 0);
  }
  // One, by a shift for which all codes, and sums of 48 bits, are defined.
  int64_t shift = element.isInteger(48) ? 14 : 30;
  return buildTosaRescale(builder, input, inputZeroPoint, int64_t(1) << shift,
                          shift, type, zeroPoint);
}

int64_t cgmq::getTosaShift(const Requantization &rule) {
  return rule.multiplier == 0 ? kMaxShift : rule.shift;
}

bool cgmq::canRescale(int64_t shift, int64_t magnitude) {
  return shift >= 2 && shift <= kMaxShift &&
         magnitude < (int64_t(1) << (shift - 1));
}

Value cgmq::buildTosaRule(ImplicitLocOpBuilder &builder, Value accumulators,
                          const Requantization &rule, int64_t magnitude) {
  auto type = cast<RankedTensorType>(accumulators.getType());
  auto i32 = cast<IntegerType>(type.getElementType());
  auto scalar = [&](int64_t number) {
    return buildTosaScalar(builder, i32, type.getRank(), number);
  };
  auto clamp = [&](Value value, int64_t min, int64_t max) {
    Value raised = tosa::MaximumOp::create(builder, type, value, scalar(min));
    return tosa::MinimumOp::create(builder, type, raised, scalar(max));
  };

  int64_t shift = getTosaShift(rule);
  Value input = accumulators;
  if (!canRescale(shift, magnitude)) {
    // The multiplier has its 31 bits, so that beyond these bounds any code that
    // there is has been passed.
    int64_t bound = (int64_t(1) << (shift - 1)) - 1;
    input = clamp(input, -bound, bound);
  }
  Value code = buildTosaRescale(builder, input, /*inputZeroPoint=*/0,
                                rule.multiplier, shift, i32, /*zeroPoint=*/0);
  for (const Requantization::Correction &correction : rule.corrections) {
    Value isHere =
        tosa::EqualOp::create(builder, type.clone(builder.getI1Type()),
                              accumulators, scalar(correction.accumulator));
    Value delta = tosa::SelectOp::create(builder, type, isHere,
                                         scalar(correction.delta), scalar(0));
    code = tosa::AddOp::create(builder, type, code, delta);
  }
  return clamp(code, rule.minCode, rule.maxCode);
}
