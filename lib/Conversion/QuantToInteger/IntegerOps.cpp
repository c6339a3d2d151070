//===- IntegerOps.cpp - Building operations on integer tensors -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerOps.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/EmittedArithmetic.h"
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

Value cgmq::buildInteger(OpBuilder &builder, Location loc, Type type,
                         int64_t value) {
  unsigned width = type.getIntOrFloatBitWidth();
  return arith::ConstantOp::create(
      builder, loc,
      IntegerAttr::get(type, APInt(width, static_cast<uint64_t>(value),
                                   /*isSigned=*/true, /*implicitTrunc=*/true)));
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

/// Accumulators in `out` that start at a bias, which has the last dimensions of
/// it, or at zero. What fills them stands right before what adds to them.
static Value buildStart(OpBuilder &builder, Location loc, Value bias,
                        Value out) {
  if (!bias)
    return buildZeros(builder, loc, out);
  int64_t rank = cast<RankedTensorType>(out.getType()).getRank() -
                 cast<RankedTensorType>(bias.getType()).getRank();
  return linalg::BroadcastOp::create(
             builder, loc, bias, out,
             llvm::to_vector(llvm::seq<int64_t>(0, rank)))
      .getResults()
      .front();
}

/// The elements of the first input, extended, added up in `out`.
static Value buildReduction(OpBuilder &builder, Location loc, ValueRange inputs,
                            Value out, ArrayRef<AffineMap> maps,
                            ArrayRef<IteratorType> iterators, bool isSigned) {
  Value init = buildZeros(builder, loc, out);
  auto generic = linalg::GenericOp::create(
      builder, loc, init.getType(), inputs, init, maps, iterators,
      [&](OpBuilder &nested, Location loc, ValueRange args) {
        Type type = args.back().getType();
        Value term = buildExtension(nested, loc, args[0], type, isSigned), sum;
        if (isa<FloatType>(type))
          sum = arith::AddFOp::create(nested, loc, args.back(), term,
                                      arith::FastMathFlags::reassoc);
        else
          sum = arith::AddIOp::create(nested, loc, args.back(), term);
        linalg::YieldOp::create(nested, loc, sum);
      });
  return generic.getResult(0);
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
  Value init = buildStart(builder, loc, bias, out);
  return buildContraction(builder, loc, input, weight, init,
                          {inputMap, weightMap, resultMap},
                          {parallel, parallel, parallel, parallel, reduction,
                           reduction, reduction});
}

Value cgmq::buildDepthwiseConv2D(OpBuilder &builder,
                                 tosa::DepthwiseConv2DOp conv,
                                 CodeOperand input, CodeOperand weight,
                                 Value bias, Type elementType) {
  Location loc = conv.getLoc();
  MLIRContext *context = builder.getContext();
  auto type = cast<RankedTensorType>(conv.getType());
  bool hasMultiplier = cast<RankedTensorType>(bias.getType()).getRank() == 2;
  // Windows innermost; m counts the results of each channel, if there are more
  // than one.
  int64_t numLoops = hasMultiplier ? 7 : 6;
  auto loop = [&](int64_t number) { return getAffineDimExpr(number, context); };
  AffineExpr n = loop(0), h = loop(1), w = loop(2), c = loop(3);
  AffineExpr p = loop(numLoops - 2), q = loop(numLoops - 1);
  ArrayRef<int64_t> stride = conv.getStride(), dilation = conv.getDilation();
  SmallVector<AffineExpr> inputs = {n, h * stride[0] + p * dilation[0],
                                    w * stride[1] + q * dilation[1], c};
  SmallVector<AffineExpr> weights = {p, q, c}, results = {n, h, w, c};
  SmallVector<int64_t> shape(type.getShape());
  if (hasMultiplier) {
    weights.push_back(loop(4));
    results.push_back(loop(4));
    shape.pop_back();
    llvm::append_range(shape,
                       cast<RankedTensorType>(bias.getType()).getShape());
  }
  SmallVector<AffineMap> maps = AffineMap::inferFromExprList(
      ArrayRef<ArrayRef<AffineExpr>>{inputs, weights, results}, context);
  SmallVector<IteratorType> iterators(numLoops, IteratorType::parallel);
  iterators[numLoops - 2] = iterators[numLoops - 1] = IteratorType::reduction;

  Value out =
      buildEmpty(builder, loc, shape, elementType, input.codes, /*dim=*/0);
  input.codes = buildPad(builder, loc, input.codes, conv.getPad(), /*fill=*/0);
  Value sum =
      buildContraction(builder, loc, input, weight,
                       buildStart(builder, loc, bias, out), maps, iterators);
  if (!hasMultiplier)
    return sum;
  return tensor::CollapseShapeOp::create(
      builder, loc, type.clone(elementType), sum,
      ArrayRef<ReassociationIndices>{{0}, {1}, {2}, {3, 4}});
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
  Value low = buildInteger(builder, loc, elementType, lowest);
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

Value cgmq::buildSumPool2D(OpBuilder &builder, tosa::AvgPool2dOp pool,
                           Value input, Type elementType, bool isSigned) {
  Location loc = pool.getLoc();
  AffineExpr n, h, w, c, p, q;
  bindDims(builder.getContext(), n, h, w, c, p, q);
  ArrayRef<int64_t> stride = pool.getStride();
  SmallVector<AffineMap> maps = AffineMap::inferFromExprList(
      ArrayRef<ArrayRef<AffineExpr>>{
          {n, h * stride[0] + p, w * stride[1] + q, c}, {p, q}, {n, h, w, c}},
      builder.getContext());
  SmallVector<IteratorType> iterators(6, IteratorType::parallel);
  iterators[4] = iterators[5] = IteratorType::reduction;
  Value out = buildEmpty(builder, loc,
                         cast<RankedTensorType>(pool.getType()).getShape(),
                         elementType, input, /*dim=*/0);
  // A tensor that is but the shape of the window.
  Value window =
      tensor::EmptyOp::create(builder, loc, pool.getKernel(), elementType);
  Value inputs[] = {buildPad(builder, loc, input, pool.getPad(), /*fill=*/0),
                    window};
  return buildReduction(builder, loc, inputs, out, maps, iterators, isSigned);
}

Value cgmq::buildReduceSum(OpBuilder &builder, tosa::ReduceSumOp op,
                           Value input, Type elementType, bool isSigned) {
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(input.getType());
  int64_t axis = op.getAxis();
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  sizes.erase(sizes.begin() + axis);
  SmallVector<IteratorType> iterators(type.getRank(), IteratorType::parallel);
  iterators[axis] = IteratorType::reduction;
  Value out = tensor::EmptyOp::create(builder, loc, sizes, elementType);
  Value sum = buildReduction(builder, loc, input, out,
                             {identity, identity.dropResult(axis)}, iterators,
                             isSigned);
  // The extent of one again, beside a neighbour.
  SmallVector<ReassociationIndices> groups;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    bool joinsPrevious = dim == axis ? dim > 0 : axis == 0 && dim == 1;
    if (!joinsPrevious)
      groups.emplace_back();
    groups.back().push_back(dim);
  }
  if (type.getRank() == 1)
    groups.clear();
  return tensor::ExpandShapeOp::create(
      builder, loc, cast<RankedTensorType>(op.getType()).clone(elementType),
      sum, groups);
}

Value cgmq::buildOffset(OpBuilder &builder, Location loc, Value integers,
                        int64_t addend) {
  if (addend == 0)
    return integers;
  Type type = getElementTypeOrSelf(integers);
  return buildElementwise(
      builder, loc, integers, type,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value constant = arith::ConstantOp::create(
            nested, loc, nested.getIntegerAttr(type, addend));
        return arith::AddIOp::create(nested, loc, args[0], constant);
      });
}

Value cgmq::buildFloats(OpBuilder &builder, Location loc, Value integers,
                        const IntegerTensor &meaning) {
  return buildElementwise(
      builder, loc, integers, builder.getF32Type(),
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        EmittedArithmetic arith(nested, loc, nested.getF32Type());
        Type type = nested.getF32Type();
        Value integer =
            meaning.isSigned
                ? Value(arith::SIToFPOp::create(nested, loc, type, args[0]))
                : Value(arith::UIToFPOp::create(nested, loc, type, args[0]));
        return arith.mul(integer, arith.constant(meaning.step));
      });
}
