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
  if (original)
    replacements.addDead(original);
  ImplicitLocOpBuilder b(loc, builder);
  return buildTosaConstant(b, type, integers);
}

//===----------------------------------------------------------------------===//
// Between contractions
//===----------------------------------------------------------------------===//

/// Codes or accumulators as accumulators of i32.
static Value buildAccumulators(ImplicitLocOpBuilder &builder,
                               const IntegerTensor &input) {
  return buildTosaIntegers(builder, input.value, input.zeroPoint,
                           builder.getI32Type(), /*zeroPoint=*/0);
}

FailureOr<Value> TosaEmitter::buildSum(OpBuilder &builder, Operation *op,
                                       const IntegerTensor &lhs,
                                       const IntegerTensor &rhs,
                                       bool isDifference, IntegerType type) {
  ImplicitLocOpBuilder b(op->getLoc(), builder);
  Value left = buildAccumulators(b, lhs), right = buildAccumulators(b, rhs);
  auto result = cast<RankedTensorType>(op->getResult(0).getType()).clone(type);
  if (isDifference)
    return tosa::SubOp::create(b, result, left, right).getResult();
  return tosa::AddOp::create(b, result, left, right).getResult();
}

FailureOr<Value> TosaEmitter::buildConcat(OpBuilder &builder, tosa::ConcatOp op,
                                          ArrayRef<IntegerTensor> parts,
                                          const IntegerTensor &joined,
                                          IntegerType type) {
  ImplicitLocOpBuilder b(op.getLoc(), builder);
  SmallVector<Value> values;
  for (const IntegerTensor &part : parts)
    values.push_back(buildTosaIntegers(b, part.value, part.zeroPoint, type,
                                       joined.zeroPoint));
  auto result = cast<RankedTensorType>(op.getType()).clone(type);
  return tosa::ConcatOp::create(b, result, values, op.getAxis()).getResult();
}

static Value buildTosaReduceSum(ImplicitLocOpBuilder &builder, Value input,
                                int64_t axis) {
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[axis] = 1;
  return tosa::ReduceSumOp::create(builder, type.clone(shape), input, axis);
}

FailureOr<Value> TosaEmitter::buildReduceSum(OpBuilder &builder,
                                             tosa::ReduceSumOp op,
                                             const IntegerTensor &input,
                                             IntegerType) {
  ImplicitLocOpBuilder b(op.getLoc(), builder);
  return buildTosaReduceSum(b, buildAccumulators(b, input), op.getAxis());
}

FailureOr<Value> TosaEmitter::buildSumPool2D(OpBuilder &builder,
                                             tosa::AvgPool2dOp op,
                                             const IntegerTensor &input,
                                             const AveragePool &average,
                                             IntegerType type) {
  ImplicitLocOpBuilder b(op.getLoc(), builder);
  auto image = cast<RankedTensorType>(input.value.getType());
  auto isZero = [](int64_t extent) { return extent == 0; };
  if (image.getShape().slice(1, 2) == op.getKernel() &&
      llvm::all_of(op.getPad(), isZero))
    return buildTosaReduceSum(
        b, buildTosaReduceSum(b, buildAccumulators(b, input), 1), 2);
  if (image.getElementType().isInteger(32)) {
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects codes to average over windows in "
                                 "TOSA, but got accumulators";
    diag.attachNote() << "quantize the input, or average over whole images";
    return diag;
  }
  FailureOr<Value> sum = buildWindowSums(b, op, input);
  if (failed(sum) || !average.hasRatios())
    return sum;
  Value ratios = tosa::ConstOp::create(
      b, cast<RankedTensorType>(average.getRatios(op, type).getType()),
      average.getRatios(op, type));
  Value noShift = buildTosaScalar(b, b.getI8Type(), 1, 0);
  return tosa::MulOp::create(b, sum->getType(), *sum, ratios, noShift)
      .getResult();
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

FailureOr<Value> TosaEmitter::buildPad(OpBuilder &builder, tosa::PadOp op,
                                       const IntegerTensor &input,
                                       ArrayRef<int64_t> padding) {
  ImplicitLocOpBuilder b(op.getLoc(), builder);
  return buildTosaPad(b, input.value, padding, /*fill=*/input.zeroPoint);
}

FailureOr<Value> TosaEmitter::buildClamp(OpBuilder &builder, Operation *op,
                                         const IntegerTensor &input,
                                         std::optional<int64_t> min,
                                         std::optional<int64_t> max) {
  ImplicitLocOpBuilder b(op->getLoc(), builder);
  auto type = cast<RankedTensorType>(input.value.getType());
  auto element = cast<IntegerType>(type.getElementType());
  if (element.isInteger(32)) {
    auto scalar = [&](int64_t number) {
      return buildTosaScalar(b, element, type.getRank(), number);
    };
    Value result = input.value;
    if (min)
      result = tosa::MaximumOp::create(b, type, result, scalar(*min));
    if (max)
      result = tosa::MinimumOp::create(b, type, result, scalar(*max));
    return result;
  }
  int64_t low = min ? *min + input.zeroPoint : getLowest(element);
  int64_t high = max ? *max + input.zeroPoint : getHighest(element);
  return tosa::ClampOp::create(b, type, input.value,
                               b.getIntegerAttr(element, low),
                               b.getIntegerAttr(element, high))
      .getResult();
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

  Value accumulators = buildAccumulators(b, source);
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
                        b, wide, buildTosaMask(b, result.widths, unit.width),
                        own, codes)
                        .getResult()
                  : own;
  }
  return buildTosaIntegers(b, codes, /*inputZeroPoint=*/0, *type,
                           result.zeroPoint);
}
