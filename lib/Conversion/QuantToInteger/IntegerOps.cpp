//===- IntegerOps.cpp - Building operations on integer tensors -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerOps.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cgmq;

using utils::IteratorType;

IntegerType cgmq::getStorageType(MLIRContext *context, int64_t width) {
  return IntegerType::get(context, width <= 8 ? 8 : 16);
}

IntegerType cgmq::getAccumulatorType(MLIRContext *context, int64_t min,
                                     int64_t max) {
  bool fits = llvm::isInt<32>(min) && llvm::isInt<32>(max);
  return IntegerType::get(context, fits ? 32 : 64);
}

Value cgmq::buildExtension(OpBuilder &builder, Location loc, Value input,
                           Type type, bool isSigned) {
  if (input.getType() == type)
    return input;
  if (isSigned)
    return arith::ExtSIOp::create(builder, loc, type, input);
  return arith::ExtUIOp::create(builder, loc, type, input);
}

static Value buildConstant(OpBuilder &builder, Location loc, Type type,
                           int64_t value) {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getIntegerAttr(type, value));
}

/// The extents of a tensor of the type `type`, dynamic ones taken from `source`
/// at `sourceDim`.
static Value buildEmpty(OpBuilder &builder, Location loc,
                        ArrayRef<int64_t> shape, Type elementType, Value source,
                        int64_t sourceDim) {
  SmallVector<OpFoldResult> sizes;
  for (int64_t extent : shape)
    sizes.push_back(ShapedType::isDynamic(extent)
                        ? tensor::getMixedSize(builder, loc, source, sourceDim)
                        : OpFoldResult(builder.getIndexAttr(extent)));
  return tensor::EmptyOp::create(builder, loc, sizes, elementType);
}

/// Zeros in `out`.
static Value buildZeros(OpBuilder &builder, Location loc, Value out) {
  Value zero = arith::ConstantOp::create(
      builder, loc, builder.getZeroAttr(getElementTypeOrSelf(out)));
  return linalg::FillOp::create(builder, loc, zero, out).getResult(0);
}

/// lhs * rhs accumulated onto `init`, with the widths of the factors; `init`
/// has floats if the codes are floats.
static Value buildContraction(OpBuilder &builder, Location loc, CodeOperand lhs,
                              CodeOperand rhs, Value init,
                              ArrayRef<AffineMap> maps,
                              ArrayRef<IteratorType> iterators) {
  auto type = cast<RankedTensorType>(init.getType());
  auto generic = linalg::GenericOp::create(
      builder, loc, type, ValueRange{lhs.codes, rhs.codes}, init, maps,
      iterators, [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
        Type accumulator = type.getElementType();
        Value a = buildExtension(nested, nestedLoc, args[0], accumulator,
                                 lhs.isSigned);
        Value b = buildExtension(nested, nestedLoc, args[1], accumulator,
                                 rhs.isSigned);
        Value sum;
        if (isa<FloatType>(accumulator)) {
          Value product = arith::MulFOp::create(nested, nestedLoc, a, b);
          sum = arith::AddFOp::create(nested, nestedLoc, args[2], product);
        } else {
          Value product = arith::MulIOp::create(nested, nestedLoc, a, b);
          sum = arith::AddIOp::create(nested, nestedLoc, args[2], product);
        }
        linalg::YieldOp::create(nested, nestedLoc, sum);
      });
  if (type.getElementType().isInteger())
    generic->setAttr(CGMQDialect::kWidthsAttrName,
                     builder.getDenseI64ArrayAttr({lhs.width, rhs.width}));
  return generic.getResult(0);
}

/// Pads the two middle dimensions of `input` by top, bottom, left, right.
static Value buildPad(OpBuilder &builder, Location loc, Value input,
                      ArrayRef<int64_t> pad, int64_t fill) {
  if (llvm::all_of(pad, [](int64_t extent) { return extent == 0; }))
    return input;
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[1] += pad[0] + pad[1];
  shape[2] += pad[2] + pad[3];
  SmallVector<OpFoldResult> low, high;
  for (int64_t extent : {int64_t(0), pad[0], pad[2], int64_t(0)})
    low.push_back(builder.getIndexAttr(extent));
  for (int64_t extent : {int64_t(0), pad[1], pad[3], int64_t(0)})
    high.push_back(builder.getIndexAttr(extent));
  Value value = arith::ConstantOp::create(
      builder, loc,
      isa<FloatType>(type.getElementType())
          ? TypedAttr(builder.getFloatAttr(type.getElementType(), fill))
          : builder.getIntegerAttr(type.getElementType(), fill));
  return tensor::PadOp::create(builder, loc, type.clone(shape), input, low,
                               high, value, /*nofold=*/false);
}

Value cgmq::buildConv2DResult(OpBuilder &builder, tosa::Conv2DOp conv,
                              Value input, Type elementType) {
  return buildEmpty(builder, conv.getLoc(),
                    cast<RankedTensorType>(conv.getType()).getShape(),
                    elementType, input, /*dim=*/0);
}

Value cgmq::buildConv2D(OpBuilder &builder, tosa::Conv2DOp conv,
                        CodeOperand input, CodeOperand weight, Value bias,
                        Value out, bool filtersFirst) {
  Location loc = conv.getLoc();
  MLIRContext *context = builder.getContext();
  // Loops in the order of upstream's convolutions, with the filter innermost
  // in weight and result.
  AffineExpr n, h, w, f, p, q, c;
  bindDims(context, n, h, w, f, p, q, c);
  ArrayRef<int64_t> stride = conv.getStride(), dilation = conv.getDilation();
  AffineMap inputMap = AffineMap::get(
      7, 0,
      {n, h * stride[0] + p * dilation[0], w * stride[1] + q * dilation[1], c},
      context);
  AffineMap weightMap = filtersFirst
                            ? AffineMap::get(7, 0, {f, p, q, c}, context)
                            : AffineMap::get(7, 0, {p, q, c, f}, context);
  AffineMap resultMap = AffineMap::get(7, 0, {n, h, w, f}, context);
  IteratorType parallel = IteratorType::parallel;
  IteratorType reduction = IteratorType::reduction;

  input.codes = buildPad(builder, loc, input.codes, conv.getPad(), /*fill=*/0);
  // The accumulators start at the bias; what fills them stands right before.
  Value init = bias ? linalg::BroadcastOp::create(builder, loc, bias, out,
                                                  ArrayRef<int64_t>{0, 1, 2})
                          .getResults()
                          .front()
                    : buildZeros(builder, loc, out);
  return buildContraction(builder, loc, input, weight, init,
                          {inputMap, weightMap, resultMap},
                          {parallel, parallel, parallel, parallel, reduction,
                           reduction, reduction});
}

Value cgmq::buildMatMulResult(OpBuilder &builder, Location loc, Value lhs,
                              Value rhs, Type elementType) {
  auto mixedSize = [&](Value value, int64_t dim) {
    return tensor::getMixedSize(builder, loc, value, dim);
  };
  int64_t row = cast<RankedTensorType>(lhs.getType()).getRank() - 2;
  SmallVector<OpFoldResult> sizes = {mixedSize(lhs, row),
                                     mixedSize(rhs, row + 1)};
  if (row == 1)
    sizes.insert(sizes.begin(), mixedSize(lhs, 0));
  return tensor::EmptyOp::create(builder, loc, sizes, elementType);
}

Value cgmq::buildMatMul(OpBuilder &builder, Location loc, CodeOperand lhs,
                        CodeOperand rhs, Value out) {
  MLIRContext *context = builder.getContext();
  bool isBatched = cast<RankedTensorType>(out.getType()).getRank() == 3;
  SmallVector<IteratorType> iterators(isBatched + 2, IteratorType::parallel);
  iterators.push_back(IteratorType::reduction);
  AffineExpr m = getAffineDimExpr(isBatched, context);
  AffineExpr n = getAffineDimExpr(isBatched + 1, context);
  AffineExpr k = getAffineDimExpr(isBatched + 2, context);
  auto map = [&](AffineExpr row, AffineExpr column) {
    SmallVector<AffineExpr> indices = {row, column};
    if (isBatched)
      indices.insert(indices.begin(), getAffineDimExpr(0, context));
    return AffineMap::get(iterators.size(), 0, indices, context);
  };
  Value init = buildZeros(builder, loc, out);
  return buildContraction(builder, loc, lhs, rhs, init,
                          {map(m, k), map(k, n), map(m, n)}, iterators);
}

Value cgmq::buildMaxPool2D(OpBuilder &builder, tosa::MaxPool2dOp pool,
                           Value input, bool isSigned) {
  Location loc = pool.getLoc();
  auto type = cast<RankedTensorType>(input.getType());
  Type elementType = type.getElementType();
  unsigned width = elementType.getIntOrFloatBitWidth();
  int64_t lowest = isSigned ? llvm::minIntN(width) : 0;

  ArrayRef<int64_t> shape = cast<RankedTensorType>(pool.getType()).getShape();
  Value empty = buildEmpty(builder, loc, shape, elementType, input, /*dim=*/0);
  Value low = buildConstant(builder, loc, elementType, lowest);
  Value init = linalg::FillOp::create(builder, loc, low, empty).getResult(0);
  Value window =
      tensor::EmptyOp::create(builder, loc, pool.getKernel(), elementType);
  Value padded = buildPad(builder, loc, input, pool.getPad(), lowest);
  auto stride = builder.getI64TensorAttr(pool.getStride());
  auto dilation = builder.getI64TensorAttr({1, 1});
  Value inputs[] = {padded, window};
  if (isSigned)
    return linalg::PoolingNhwcMaxOp::create(builder, loc, init.getType(),
                                            inputs, init, stride, dilation)
        .getResult(0);
  return linalg::PoolingNhwcMaxUnsignedOp::create(
             builder, loc, init.getType(), inputs, init, stride, dilation)
      .getResult(0);
}

namespace {

/// Emits a rule whose numbers are selected by the width of the element.
class RequantizationBuilder {
public:
  RequantizationBuilder(OpBuilder &builder, Location loc, Value width,
                        ArrayRef<UnitRequantization> rules)
      : b(builder), loc(loc), wide(builder.getI64Type()), rules(rules) {
    for (const UnitRequantization &unit : rules.drop_front())
      isOfRule.push_back(isEqual(width, unit.width));
  }

  Value build(Value accumulator);

private:
  Value constant(int64_t value) { return buildConstant(b, loc, wide, value); }
  Value isEqual(Value value, int64_t number) {
    Value constant = buildConstant(b, loc, value.getType(), number);
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, value,
                                 constant);
  }
  /// The number of the element's rule, without a choice where all agree.
  Value select(function_ref<int64_t(const UnitRequantization &)> getNumber);
  /// What the corrections of the element's rule add for an accumulator.
  Value addCorrections(Value code, Value accumulator);

  OpBuilder &b;
  Location loc;
  Type wide;
  ArrayRef<UnitRequantization> rules;
  /// Whether the element has the width of each rule but the first.
  SmallVector<Value> isOfRule;
};

} // namespace

Value RequantizationBuilder::select(
    function_ref<int64_t(const UnitRequantization &)> getNumber) {
  auto numbers = llvm::map_to_vector(rules, getNumber);
  Value result = constant(numbers.front());
  if (llvm::all_equal(numbers))
    return result;
  for (auto [isHere, number] :
       llvm::zip_equal(isOfRule, ArrayRef(numbers).drop_front()))
    result = arith::SelectOp::create(b, loc, isHere, constant(number), result);
  return result;
}

Value RequantizationBuilder::addCorrections(Value code, Value accumulator) {
  for (auto [index, unit] : llvm::enumerate(rules))
    for (const Requantization::Correction &correction : unit.rule.corrections) {
      Value isHere = isEqual(accumulator, correction.accumulator);
      Value delta = arith::SelectOp::create(
          b, loc, isHere, constant(correction.delta), constant(0));
      // The first rule is that of the elements that none of the others has.
      if (index > 0)
        delta = arith::SelectOp::create(b, loc, isOfRule[index - 1], delta,
                                        constant(0));
      else
        for (Value isOther : isOfRule)
          delta = arith::SelectOp::create(b, loc, isOther, constant(0), delta);
      code = arith::AddIOp::create(b, loc, code, delta);
    }
  return code;
}

Value RequantizationBuilder::build(Value accumulator) {
  using Unit = const UnitRequantization &;
  Value multiplier = select([](Unit unit) { return unit.rule.multiplier; });
  Value product = arith::MulIOp::create(b, loc, accumulator, multiplier);
  Value half =
      select([](Unit unit) { return int64_t(1) << (unit.rule.shift - 1); });
  Value sum = arith::AddIOp::create(b, loc, product, half);
  Value shift = select([](Unit unit) { return unit.rule.shift; });
  Value code = arith::ShRSIOp::create(b, loc, sum, shift);
  code = addCorrections(code, accumulator);
  Value minCode = select([](Unit unit) { return unit.rule.minCode; });
  code = arith::MaxSIOp::create(b, loc, code, minCode);
  Value maxCode = select([](Unit unit) { return unit.rule.maxCode; });
  code = arith::MinSIOp::create(b, loc, code, maxCode);
  if (llvm::all_of(rules, [](Unit unit) { return unit.ratio == 1; }))
    return code;
  Value ratio = select([](Unit unit) { return unit.ratio; });
  return arith::MulIOp::create(b, loc, code, ratio);
}

Value cgmq::buildRequantization(OpBuilder &builder, Location loc,
                                Value accumulators, Value widths,
                                ArrayRef<UnitRequantization> rules,
                                bool isSigned, IntegerType storageType) {
  SmallVector<Value> inputs = {accumulators};
  if (widths)
    inputs.push_back(widths);
  return buildElementwise(
      builder, loc, inputs, storageType,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value accumulator =
            buildExtension(nested, loc, args[0], nested.getI64Type(), isSigned);
        RequantizationBuilder rule(nested, loc, args.back(), rules);
        Value code = rule.build(accumulator);
        return arith::TruncIOp::create(nested, loc, storageType, code);
      });
}

Value cgmq::buildRelu(OpBuilder &builder, Location loc, Value input) {
  Type type = getElementTypeOrSelf(input.getType());
  return buildElementwise(
      builder, loc, input, type,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value zero = buildConstant(nested, loc, type, 0);
        return arith::MaxSIOp::create(nested, loc, args[0], zero);
      });
}
