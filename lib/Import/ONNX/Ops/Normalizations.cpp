//===- Normalizations.cpp - Batches, layers and instances -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

using namespace mlir;
using namespace mlir::cgmq;

/// (x - mean) / sqrt(variance + epsilon) * scale + offset, in the form that
/// `cgmq-fold-batch-norm` knows, with channels last.
static LogicalResult importBatchNormalization(Node &node) {
  TosaBuilder &b = node.b;
  bool isTraining = node.getOpset() >= 14 ? node.getInt("training_mode", 0)
                    : node.getOpset() < 7 ? !node.getInt("is_test", 0)
                                          : false;
  if (isTraining)
    return node.emitError() << "expects inference, but got a node that trains "
                               "its statistics; export the model for inference";
  if (node.getOpset() < 9 && node.getInt("spatial", 1) == 0)
    return node.emitError() << "expects statistics for each channel, but got "
                               "attribute 'spatial' of 0";
  if (failed(node.expectResults(1)))
    return failure();
  int64_t rank = node.getRank(0);
  if (rank < 2)
    return node.emitError()
           << "expects an input with channels, but got " << node.getType(0);
  SmallVector<int64_t> shape(rank, 1);
  shape.back() = node.getShape(0)[1];
  auto load = [&](unsigned i, ParameterKind kind) {
    Value value = node.getParameter(
        i, [&](const Constant &constant) { return constant.reshape(shape); },
        kind);
    return b.reshape(value, shape);
  };
  for (unsigned i : {1, 2, 3, 4})
    if (node.getType(i).getNumElements() != shape.back())
      return node.emitError()
             << "expects " << shape.back()
             << " numbers for the channels, but got " << node.getType(i);
  Value input = b.toChannelsLast(node.getOperand(0));
  Value scale = load(1, ParameterKind::Trained);
  Value offset = load(2, ParameterKind::Trained);
  Value mean = load(3, ParameterKind::Fixed);
  Value variance = load(4, ParameterKind::Fixed);
  Value root =
      b.unary<tosa::RsqrtOp>(b.add(variance, node.getFloat("epsilon", 1e-5)));
  Value result = b.mul(b.mul(b.sub(input, mean), root), scale);
  return node.setResult(b.toChannelsFirst(b.add(result, offset)));
}

namespace {
struct Normalized {
  Value result, mean, inverseRoot;
};
} // namespace

/// To mean zero and variance one over `axes`.
static Normalized normalize(TosaBuilder &b, Value value, ArrayRef<int64_t> axes,
                            double epsilon) {
  Value mean = b.mean(value, axes);
  Value centered = b.sub(value, mean);
  Value variance = b.mean(b.mul(centered, centered), axes);
  Value root = b.unary<tosa::RsqrtOp>(b.add(variance, epsilon));
  return {b.mul(centered, root), mean, root};
}

static LogicalResult verifyKnown(Node &node, ArrayRef<int64_t> axes) {
  for (int64_t axis : axes)
    if (ShapedType::isDynamic(node.getShape(0)[axis]))
      return node.emitError()
             << "expects extents that are known where it averages, but got "
             << node.getType(0);
  return success();
}

static LogicalResult importLayerNormalization(Node &node) {
  TosaBuilder &b = node.b;
  int64_t rank = node.getRank(0);
  FailureOr<int64_t> axis = node.getAxis(node.getInt("axis", -1), rank);
  if (failed(axis))
    return failure();
  auto axes = llvm::to_vector(llvm::seq(*axis, rank));
  if (failed(verifyKnown(node, axes)))
    return failure();
  Normalized normalized =
      normalize(b, node.getOperand(0), axes, node.getFloat("epsilon", 1e-5));
  Value result = b.mul(normalized.result, node.getOperand(1));
  if (node.hasOperand(2))
    result = b.add(result, node.getOperand(2));
  if (failed(node.setResult(0, result)) ||
      failed(node.setResult(1, normalized.mean)))
    return failure();
  return node.setResult(2, normalized.inverseRoot);
}

static LogicalResult importInstanceNormalization(Node &node) {
  TosaBuilder &b = node.b;
  int64_t rank = node.getRank(0);
  auto axes = llvm::to_vector(llvm::seq<int64_t>(2, rank));
  if (failed(verifyKnown(node, axes)))
    return failure();
  SmallVector<int64_t> shape(rank, 1);
  shape[1] = node.getShape(0)[1];
  Normalized normalized =
      normalize(b, node.getOperand(0), axes, node.getFloat("epsilon", 1e-5));
  Value scale = b.reshape(node.getParameter(1), shape);
  Value offset = b.reshape(node.getParameter(2), shape);
  return node.setResult(b.add(b.mul(normalized.result, scale), offset));
}

void cgmq::addNormalizations(OpTable &table) {
  table["BatchNormalization"] = importBatchNormalization;
  table["LayerNormalization"] = importLayerNormalization;
  table["InstanceNormalization"] = importInstanceNormalization;
}
