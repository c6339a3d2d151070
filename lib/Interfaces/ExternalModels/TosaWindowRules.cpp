//===- TosaWindowRules.cpp - Rules of contractions and pooling -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The adjoint of a contraction is the same contraction with its maps permuted:
// no transposed copy is made. The gradient of what a window slides over is in
// scatter form: each output element adds to the places that its window covers.
//
//===----------------------------------------------------------------------===//

#include "TosaWindowRules.h"
#include "AdjointUtils.h"
#include "cgmq/Support/AveragePool.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

#include <limits>

using namespace mlir;
using namespace mlir::cgmq;
using utils::IteratorType;

static constexpr IteratorType kParallel = IteratorType::parallel;
static constexpr IteratorType kReduction = IteratorType::reduction;

static RankedTensorType getType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Fails unless the two operands and the result of a contraction have one
/// element type.
static LogicalResult verifyOneElementType(Operation *op) {
  Type expected = getElementTypeOrSelf(op->getResult(0).getType());
  for (Value operand : op->getOperands().take_front(2))
    if (getElementTypeOrSelf(operand.getType()) != expected)
      return op->emitOpError()
             << "expects operands with the element type of the result to have "
                "a gradient, but got "
             << operand.getType() << " and " << op->getResult(0).getType();
  return success();
}

namespace {

/// The padding of an NHWC tensor, in the order of TOSA's attribute: top,
/// bottom, left, right.
class Padding {
public:
  Padding(ImplicitLocOpBuilder &b, ArrayRef<int64_t> pad)
      : b(b), low({0, pad[0], pad[2], 0}), high({0, pad[1], pad[3], 0}) {}

  bool isZero() const {
    auto isZeroPad = [](int64_t extent) { return extent == 0; };
    return llvm::all_of(low, isZeroPad) && llvm::all_of(high, isZeroPad);
  }

  /// `input` with `number` around it.
  Value pad(Value input, double number) const {
    if (isZero())
      return input;
    Value padValue = arith::ConstantOp::create(
        b, b.getFloatAttr(getType(input).getElementType(), number));
    return tensor::PadOp::create(
        b, Type(), input, getAsIndexOpFoldResult(b.getContext(), low),
        getAsIndexOpFoldResult(b.getContext(), high), padValue);
  }

  /// Zeros of the shape of the padded `input`.
  Value buildZeros(Value input) const {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(b, b.getLoc(), input);
    for (auto [size, lo, hi] : llvm::zip_equal(sizes, low, high)) {
      if (std::optional<int64_t> extent = getConstantIntValue(size)) {
        size = b.getIndexAttr(*extent + lo + hi);
      } else if (lo + hi != 0) {
        Value amount = arith::ConstantIndexOp::create(b, lo + hi);
        size = arith::AddIOp::create(b, cast<Value>(size), amount).getResult();
      }
    }
    return cgmq::buildZeros(b, sizes, getType(input).getElementType());
  }

  /// The part of `padded` where `input` lies.
  Value unpad(Value padded, Value input) const {
    if (isZero())
      return padded;
    SmallVector<OpFoldResult> strides(4, b.getIndexAttr(1));
    return tensor::ExtractSliceOp::create(
        b, padded, getAsIndexOpFoldResult(b.getContext(), low),
        tensor::getMixedSizes(b, b.getLoc(), input), strides);
  }

private:
  ImplicitLocOpBuilder &b;
  SmallVector<int64_t> low, high;
};

/// The loops over windows of an NHWC tensor: n, h, w place the window, p, q are
/// the position in it, c is the channel of the input and f, if there is one, a
/// further channel of the result.
struct WindowLoops {
  WindowLoops(MLIRContext *context, ArrayRef<int64_t> stride,
              ArrayRef<int64_t> dilation, bool hasFilters = true)
      : context(context) {
    if (hasFilters)
      bindDims(context, n, h, w, f, p, q, c);
    else
      bindDims(context, n, h, w, p, q, c);
    row = h * stride[0] + p * dilation[0];
    column = w * stride[1] + q * dilation[1];
  }
  AffineMap getMap(ArrayRef<AffineExpr> exprs) const {
    SmallVector<AffineExpr> indices(exprs);
    llvm::erase(indices, AffineExpr());
    return AffineMap::get(f ? 7 : 6, 0, indices, context);
  }
  AffineMap getInputMap() const { return getMap({n, row, column, c}); }
  /// The kinds of the loops: of n, h, w, of f, of p, q, and of c.
  SmallVector<IteratorType> getIterators(IteratorType places,
                                         IteratorType filters,
                                         IteratorType windows) const {
    SmallVector<IteratorType> iterators(3, places);
    if (f)
      iterators.push_back(filters);
    iterators.append({windows, windows, kParallel});
    return iterators;
  }

  MLIRContext *context;
  AffineExpr n, h, w, f, p, q, c, row, column;
};

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

/// conv2d and depthwise_conv2d, whose maps of weight and result differ.
/// `weight` and `resultCotangent` have a dimension for each result of their
/// maps.
template <typename OpTy>
LogicalResult buildConvolutionAdjoint(
    OpTy op, ImplicitLocOpBuilder &b, const WindowLoops &loops,
    AffineMap weightMap, Value weight, AffineMap resultMap,
    Value resultCotangent, const llvm::SmallBitVector &active,
    MutableArrayRef<Value> operandCotangents) {
  if (failed(verifyOneElementType(op)))
    return failure();
  Value input = op.getInput();
  Padding padding(b, op.getPad());
  // The input's gradient overlaps where windows do; h and w count as parallel
  // since the sum over p and q is what accumulates.
  if (active[0]) {
    Value sum = contract(b, resultCotangent, weight, padding.buildZeros(input),
                         {resultMap, weightMap, loops.getInputMap()},
                         loops.getIterators(kParallel, kReduction, kReduction));
    operandCotangents[0] = padding.unpad(sum, input);
  }
  if (active[1])
    operandCotangents[1] = contract(
        b, padding.pad(input, 0.0), resultCotangent, buildZeros(b, weight),
        {loops.getInputMap(), resultMap, weightMap},
        loops.getIterators(kReduction, kParallel, kParallel));
  return success();
}

struct Conv2DRule : GradientRule<Conv2DRule, tosa::Conv2DOp> {
  static LogicalResult build(tosa::Conv2DOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    WindowLoops l(b.getContext(), op.getStride(), op.getDilation());
    if (active[2])
      operandCotangents[2] = sumTo(b, cotangent, op.getBias());
    return buildConvolutionAdjoint(
        op, b, l, l.getMap({l.f, l.p, l.q, l.c}), op.getWeight(),
        l.getMap({l.n, l.h, l.w, l.f}), cotangent, active, operandCotangents);
  }
};

struct DepthwiseConv2DRule
    : GradientRule<DepthwiseConv2DRule, tosa::DepthwiseConv2DOp> {
  static LogicalResult build(tosa::DepthwiseConv2DOp op,
                             ImplicitLocOpBuilder &b, Value cotangent,
                             Active active,
                             MutableArrayRef<Value> operandCotangents) {
    if (active[2])
      operandCotangents[2] = sumTo(b, cotangent, op.getBias());
    RankedTensorType weightType = getType(op.getWeight());
    if (!weightType.hasStaticShape())
      return op.emitOpError() << "expects a weight of static shape to have a "
                                 "gradient, but got "
                              << weightType;

    // The channels of the result are those of the input times the multiplier,
    // which is no dimension where it is one: vectors run along the last.
    bool hasMultiplier = weightType.getDimSize(3) != 1;
    WindowLoops l(b.getContext(), op.getStride(), op.getDilation(),
                  hasMultiplier);
    Value weight = op.getWeight();
    ReassociationIndices groups[] = {{0}, {1}, {2, 3}};
    if (hasMultiplier) {
      RankedTensorType type = getType(cotangent);
      SmallVector<int64_t> shape(type.getShape().drop_back());
      llvm::append_range(shape, weightType.getShape().drop_front(2));
      cotangent = tensor::ExpandShapeOp::create(
          b, type.clone(shape), cotangent,
          ArrayRef<ReassociationIndices>{{0}, {1}, {2}, {3, 4}});
    } else {
      weight = tensor::CollapseShapeOp::create(b, weight, groups);
    }
    if (failed(buildConvolutionAdjoint(op, b, l, l.getMap({l.p, l.q, l.c, l.f}),
                                       weight,
                                       l.getMap({l.n, l.h, l.w, l.c, l.f}),
                                       cotangent, active, operandCotangents)))
      return failure();
    if (active[1] && !hasMultiplier)
      operandCotangents[1] = tensor::ExpandShapeOp::create(
          b, weightType, operandCotangents[1], groups);
    return success();
  }
};

struct MatMulRule : GradientRule<MatMulRule, tosa::MatMulOp> {
  static LogicalResult build(tosa::MatMulOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    if (failed(verifyOneElementType(op)))
      return failure();
    MLIRContext *context = b.getContext();
    // Loops: the matrix of the batch, row and column of the sum, the rest.
    AffineExpr n, i, j, k;
    bindDims(context, n, i, j, k);
    SmallVector<IteratorType> iterators = {kParallel, kParallel, kParallel,
                                           kReduction};
    auto getMap = [&](AffineExpr row, AffineExpr column) {
      return AffineMap::get(4, 0, {n, row, column}, context);
    };
    // dA = dY * B^T and dB = A^T * dY.
    if (active[0])
      operandCotangents[0] =
          contract(b, cotangent, op.getB(), buildZeros(b, op.getA()),
                   {getMap(i, k), getMap(j, k), getMap(i, j)}, iterators);
    if (active[1])
      operandCotangents[1] =
          contract(b, op.getA(), cotangent, buildZeros(b, op.getB()),
                   {getMap(k, i), getMap(k, j), getMap(i, j)}, iterators);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// True where the windows of a pooling tile its input.
template <typename OpTy> bool isTiling(OpTy op) {
  ArrayRef<int64_t> kernel = op.getKernel();
  RankedTensorType input = getType(op.getInput());
  RankedTensorType output = getType(op.getOutput());
  if (kernel != op.getStride() ||
      llvm::any_of(op.getPad(), [](int64_t pad) { return pad != 0; }))
    return false;
  for (int i : {0, 1})
    if (output.isDynamicDim(i + 1) ||
        input.getDimSize(i + 1) != output.getDimSize(i + 1) * kernel[i])
      return false;
  return true;
}

/// The view n, h, p, w, q, c of a tensor n, h * p, w * q, c.
Value splitWindows(ImplicitLocOpBuilder &b, Value value, int64_t p, int64_t q) {
  RankedTensorType type = getType(value);
  ArrayRef<int64_t> shape = type.getShape();
  auto split =
      type.clone({shape[0], shape[1] / p, p, shape[2] / q, q, shape[3]});
  return tensor::ExpandShapeOp::create(
      b, split, value,
      ArrayRef<ReassociationIndices>{{0}, {1, 2}, {3, 4}, {5}});
}

Value joinWindows(ImplicitLocOpBuilder &b, Value value, Type type) {
  return tensor::CollapseShapeOp::create(
      b, type, value, ArrayRef<ReassociationIndices>{{0}, {1, 2}, {3, 4}, {5}});
}

/// Sums over overlapping windows: loops n, h, w, p, q, c, with a tensor that
/// has nothing but the extents of p and q.
struct PoolLoops {
  template <typename OpTy> PoolLoops(ImplicitLocOpBuilder &b, OpTy op) {
    MLIRContext *context = b.getContext();
    AffineExpr n, h, w, p, q, c;
    bindDims(context, n, h, w, p, q, c);
    ArrayRef<int64_t> stride = op.getStride();
    inputMap = AffineMap::get(
        6, 0, {n, h * stride[0] + p, w * stride[1] + q, c}, context);
    viewMap = AffineMap::get(6, 0, {n, h, p, w, q, c}, context);
    outputMap = AffineMap::get(6, 0, {n, h, w, c}, context);
    windowMap = AffineMap::get(6, 0, {p, q}, context);
    window = tensor::EmptyOp::create(b, op.getKernel(),
                                     getType(op.getInput()).getElementType());
  }
  /// Of the input, of what splitWindows makes of it, of the result and of the
  /// window.
  AffineMap inputMap, viewMap, outputMap, windowMap;
  SmallVector<IteratorType> iterators = {kParallel,  kParallel,  kParallel,
                                         kReduction, kReduction, kParallel};
  Value window;
};

struct MaxPool2dRule : GradientRule<MaxPool2dRule, tosa::MaxPool2dOp> {
  static LogicalResult build(tosa::MaxPool2dOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    Value input = op.getInput(), max = op.getOutput();
    ArrayRef<int64_t> kernel = op.getKernel();
    // As buildMaxAdjoint, over windows. Those that tile the input are two
    // dimensions of a view of it, and their gradient needs no sum.
    bool tiles = isTiling(op);
    Padding padding(b, op.getPad());
    PoolLoops loops(b, op);
    Value padded =
        tiles ? splitWindows(b, input, kernel[0], kernel[1])
              : padding.pad(input, -std::numeric_limits<double>::infinity());
    if (tiles)
      loops.inputMap = loops.viewMap;
    Value count = buildGeneric(
        b, {padded, max, loops.window}, buildZeros(b, max),
        {loops.inputMap, loops.outputMap, loops.windowMap, loops.outputMap},
        loops.iterators, [](ArrayRef<Scalar> args) {
          Scalar one = args[0].constant(1.0);
          return args[3] + (args[0] == args[1]).gate(one);
        });
    Value share =
        mapReduce(b, {cotangent, count}, max,
                  [](ArrayRef<Scalar> args) { return args[0] / args[1]; });
    if (tiles) {
      Value empty = tensor::EmptyOp::create(
          b, tensor::getMixedSizes(b, b.getLoc(), padded),
          getType(padded).getElementType());
      Value adjoint = buildGeneric(
          b, {padded, max, share}, empty,
          {loops.inputMap, loops.outputMap, loops.outputMap, loops.inputMap},
          SmallVector<IteratorType>(6, kParallel), [](ArrayRef<Scalar> args) {
            return (args[0] == args[1]).gate(args[2]);
          });
      operandCotangents[0] = joinWindows(b, adjoint, input.getType());
      return success();
    }
    Value sum = buildGeneric(
        b, {padded, max, share, loops.window}, padding.buildZeros(input),
        {loops.inputMap, loops.outputMap, loops.outputMap, loops.windowMap,
         loops.inputMap},
        loops.iterators, [](ArrayRef<Scalar> args) {
          return args[4] + (args[0] == args[1]).gate(args[2]);
        });
    operandCotangents[0] = padding.unpad(sum, input);
    return success();
  }
};

struct AvgPool2dRule : GradientRule<AvgPool2dRule, tosa::AvgPool2dOp> {
  static LogicalResult build(tosa::AvgPool2dOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    Value input = op.getInput();
    ArrayRef<int64_t> kernel = op.getKernel();
    double weight = 1.0 / static_cast<double>(kernel[0] * kernel[1]);
    if (isTiling(op)) {
      Value adjoint =
          mapReduce(b, splitWindows(b, cotangent, 1, 1),
                    splitWindows(b, input, kernel[0], kernel[1]),
                    [&](ArrayRef<Scalar> args) { return weight * args[0]; });
      operandCotangents[0] = joinWindows(b, adjoint, input.getType());
      return success();
    }
    Padding padding(b, op.getPad());
    if (!padding.isZero()) {
      // What is padded does not count, so that the divisor varies.
      FailureOr<AveragePool> average = getAveragePool(op);
      if (failed(average)) {
        InFlightDiagnostic diag =
            op.emitOpError() << "expects static extents, except for the batch, "
                                "and few sizes of windows to have a gradient "
                                "where it pads, but got "
                             << input.getType();
        diag.attachNote() << "pad the input by zeros instead";
        return diag;
      }
      weight = average->getFactor();
      Value ratios = arith::ConstantOp::create(
          b, average->getRatios(op, getType(input).getElementType()));
      cotangent =
          mapReduce(b, {cotangent, ratios}, cotangent,
                    [](ArrayRef<Scalar> args) { return args[0] * args[1]; });
    }
    PoolLoops loops(b, op);
    Value sum = buildGeneric(
        b, {cotangent, loops.window}, padding.buildZeros(input),
        {loops.outputMap, loops.windowMap, loops.inputMap}, loops.iterators,
        [&](ArrayRef<Scalar> args) { return args[2] + weight * args[0]; });
    operandCotangents[0] = padding.unpad(sum, input);
    return success();
  }
};

/// Its gradient is that of the convolution that it is made.
struct TransposeConv2DRule
    : GradientRule<TransposeConv2DRule, tosa::TransposeConv2DOp> {
  static LogicalResult build(tosa::TransposeConv2DOp op,
                             ImplicitLocOpBuilder &b, Value cotangent,
                             Active active,
                             MutableArrayRef<Value> operandCotangents) {
    InFlightDiagnostic diag =
        op.emitOpError()
        << "expects to be an ordinary convolution to have a gradient";
    diag.attachNote() << "cgmq-decompose-transpose-conv makes it one";
    return diag;
  }
};

} // namespace

void cgmq::attachTosaWindowRules(MLIRContext *context) {
  tosa::Conv2DOp::attachInterface<Conv2DRule>(*context);
  tosa::DepthwiseConv2DOp::attachInterface<DepthwiseConv2DRule>(*context);
  tosa::TransposeConv2DOp::attachInterface<TransposeConv2DRule>(*context);
  tosa::MatMulOp::attachInterface<MatMulRule>(*context);
  tosa::MaxPool2dOp::attachInterface<MaxPool2dRule>(*context);
  tosa::AvgPool2dOp::attachInterface<AvgPool2dRule>(*context);
}
