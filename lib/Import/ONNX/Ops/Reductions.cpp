//===- Reductions.cpp - Sums, means and extremes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Reduces the axes that the node names with `build`, which keeps them.
static LogicalResult importReduction(
    Node &node,
    function_ref<Value(TosaBuilder &, Value, ArrayRef<int64_t>)> build) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0);
  int64_t rank = TosaBuilder::getRank(value);
  FailureOr<SmallVector<int64_t>> given = node.getIntegers(1, "axes");
  if (failed(given))
    return failure();
  if (given->empty()) {
    if (node.getInt("noop_with_empty_axes", 0))
      return node.setResult(value);
    llvm::append_range(*given, llvm::seq(rank));
  }
  FailureOr<SmallVector<int64_t>> axes = node.getAxes(*given, rank);
  if (failed(axes))
    return failure();
  SmallVector<int64_t> shape(TosaBuilder::getShape(value));
  for (int64_t axis : *axes)
    if (ShapedType::isDynamic(shape[axis]))
      return node.emitError()
             << "expects to reduce extents that are known, but "
                "got axis "
             << axis << " of " << node.getType(0);
  Value result = build(b, value, *axes);
  SmallVector<int64_t> kept;
  bool keeps = node.getInt("keepdims", 1);
  for (auto [i, extent] : llvm::enumerate(shape)) {
    bool isReduced = llvm::is_contained(*axes, i);
    if (!isReduced || keeps)
      kept.push_back(isReduced ? 1 : extent);
  }
  return node.setResult(b.reshape(result, kept));
}

template <typename Op>
static Value reduce(TosaBuilder &b, Value value, ArrayRef<int64_t> axes) {
  for (int64_t axis : axes)
    value = b.reduce<Op>(value, axis);
  return value;
}

static Value sum(TosaBuilder &b, Value value, ArrayRef<int64_t> axes) {
  return reduce<tosa::ReduceSumOp>(b, value, axes);
}

template <typename Op> static LogicalResult importReduce(Node &node) {
  return importReduction(node, reduce<Op>);
}

static LogicalResult importReduceMean(Node &node) {
  if (!isa<FloatType>(node.getType(0).getElementType()))
    return node.emitError() << "expects floats, but got " << node.getType(0);
  return importReduction(
      node, [](TosaBuilder &b, Value value, ArrayRef<int64_t> axes) {
        return b.mean(value, axes);
      });
}

static LogicalResult importReduceL1(Node &node) {
  return importReduction(
      node, [](TosaBuilder &b, Value value, ArrayRef<int64_t> axes) {
        return sum(b, b.unary<tosa::AbsOp>(value), axes);
      });
}

static LogicalResult importReduceSumSquare(Node &node) {
  return importReduction(
      node, [](TosaBuilder &b, Value value, ArrayRef<int64_t> axes) {
        return sum(b, b.mul(value, value), axes);
      });
}

static LogicalResult importReduceL2(Node &node) {
  return importReduction(
      node, [](TosaBuilder &b, Value value, ArrayRef<int64_t> axes) {
        return b.reciprocal(
            b.unary<tosa::RsqrtOp>(sum(b, b.mul(value, value), axes)));
      });
}

static LogicalResult importReduceLogSum(Node &node) {
  return importReduction(
      node, [](TosaBuilder &b, Value value, ArrayRef<int64_t> axes) {
        return b.unary<tosa::LogOp>(sum(b, value, axes));
      });
}

static LogicalResult importReduceLogSumExp(Node &node) {
  return importReduction(
      node, [](TosaBuilder &b, Value value, ArrayRef<int64_t> axes) {
        Value greatest = reduce<tosa::ReduceMaxOp>(b, value, axes);
        Value powers = b.unary<tosa::ExpOp>(b.sub(value, greatest));
        return b.add(b.unary<tosa::LogOp>(sum(b, powers, axes)), greatest);
      });
}

/// The position of the greatest element, or of the least.
template <bool isGreatest> static LogicalResult importArgMax(Node &node) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0);
  FailureOr<int64_t> axis =
      node.getAxis(node.getInt("axis", 0), TosaBuilder::getRank(value));
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(TosaBuilder::getShape(value));
  if (ShapedType::isDynamic(shape[*axis]))
    return node.emitError() << "expects an axis of known extent, but got axis "
                            << *axis << " of " << node.getType(0);
  if (!isGreatest)
    value = b.negate(value);
  // TOSA finds the first of equal elements.
  bool findsLast = node.getInt("select_last_index", 0);
  if (findsLast)
    value = b.infer<tosa::ReverseOp>(TosaBuilder::getElement(value), value,
                                     b.getI32IntegerAttr(*axis));
  Value result = b.infer<tosa::ArgMaxOp>(b.getI32Type(), value,
                                         b.getI32IntegerAttr(*axis));
  if (findsLast)
    result = b.sub(b.getNumber(result, static_cast<double>(shape[*axis] - 1)),
                   result);
  shape[*axis] = 1;
  if (node.getInt("keepdims", 1))
    result = b.reshape(result, shape);
  return node.setResult(b.cast(result, b.getI64Type()));
}

void cgmq::addReductions(OpTable &table) {
  table["ReduceSum"] = importReduce<tosa::ReduceSumOp>;
  table["ReduceMax"] = importReduce<tosa::ReduceMaxOp>;
  table["ReduceMin"] = importReduce<tosa::ReduceMinOp>;
  table["ReduceProd"] = importReduce<tosa::ReduceProductOp>;
  table["ReduceMean"] = importReduceMean;
  table["ReduceL1"] = importReduceL1;
  table["ReduceL2"] = importReduceL2;
  table["ReduceSumSquare"] = importReduceSumSquare;
  table["ReduceLogSum"] = importReduceLogSum;
  table["ReduceLogSumExp"] = importReduceLogSumExp;
  table["ArgMax"] = importArgMax<true>;
  table["ArgMin"] = importArgMax<false>;
}
