//===- MatrixProducts.cpp - MatMul and Gemm -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Matrices of `value`, of rank at least two, repeated where `batch` has more.
static FailureOr<Value> broadcastBatch(Node &node, Value value,
                                       ArrayRef<int64_t> batch) {
  TosaBuilder &b = node.b;
  ArrayRef<int64_t> shape = TosaBuilder::getShape(value);
  SmallVector<int64_t> aligned(batch.size() + 2 - shape.size(), 1);
  llvm::append_range(aligned, shape);
  value = b.reshape(value, aligned);
  SmallVector<int64_t> multiples(aligned.size(), 1);
  for (auto [i, extent] : llvm::enumerate(batch)) {
    if (aligned[i] == extent)
      continue;
    if (aligned[i] != 1 || ShapedType::isDynamic(extent))
      return node.emitError()
             << "expects batches that are equal, or of one element beside an "
                "extent that is known, but got "
             << node.getType(0) << " and " << node.getType(1);
    multiples[i] = extent;
  }
  value = b.tile(value, multiples);
  ArrayRef<int64_t> matrix = ArrayRef(aligned).take_back(2);
  return b.reshape(value, {b.multiply(batch), matrix[0], matrix[1]});
}

static LogicalResult importMatMul(Node &node) {
  TosaBuilder &b = node.b;
  int64_t rank = node.getRank(0), weightRank = node.getRank(1);
  if (rank == 0 || weightRank == 0)
    return node.emitError() << "expects factors of rank at least one";
  Value lhs = node.getOperand(0);
  SmallVector<int64_t> left(node.getShape(0)), right(node.getShape(1));
  if (rank == 1)
    left.insert(left.begin(), 1);
  if (weightRank == 1)
    right.push_back(1);
  lhs = b.reshape(lhs, left);
  int64_t rows = left[left.size() - 2], inner = left.back(),
          columns = right.back();
  ArrayRef<int64_t> leftBatch = ArrayRef(left).drop_back(2);
  ArrayRef<int64_t> rightBatch = ArrayRef(right).drop_back(2);

  Value product;
  SmallVector<int64_t> shape;
  bool hasOneMatrix =
      llvm::all_of(rightBatch, [](int64_t extent) { return extent == 1; });
  if (hasOneMatrix && rightBatch.size() <= leftBatch.size()) {
    // All rows of the batch by the same weight.
    SmallVector<int64_t> weightShape{1, right[right.size() - 2], columns};
    Value weight = node.getParameter(1, [&](const Constant &constant) {
      return constant.reshape(weightShape);
    });
    weight = b.reshape(weight, weightShape);
    int64_t all = b.multiply(ArrayRef(left).drop_back());
    product = b.matmul(b.reshape(lhs, {1, all, inner}), weight);
    shape.append(leftBatch.begin(), leftBatch.end());
  } else {
    size_t numDims = std::max(leftBatch.size(), rightBatch.size());
    for (size_t i = 0; i < numDims; ++i) {
      auto getExtent = [&](ArrayRef<int64_t> batch) -> int64_t {
        size_t missing = numDims - batch.size();
        return i < missing ? 1 : batch[i - missing];
      };
      int64_t first = getExtent(leftBatch), second = getExtent(rightBatch);
      shape.push_back(first == 1 ? second : first);
    }
    Value rhs = b.reshape(node.getParameter(1), right);
    FailureOr<Value> first = broadcastBatch(node, lhs, shape);
    FailureOr<Value> second = broadcastBatch(node, rhs, shape);
    if (failed(first) || failed(second))
      return failure();
    product = b.matmul(*first, *second);
  }
  if (!isa<RankedTensorType>(product.getType()))
    return node.setResult(product);
  if (rank > 1)
    shape.push_back(rows);
  if (weightRank > 1)
    shape.push_back(columns);
  return node.setResult(b.reshape(product, shape));
}

/// alpha * A * B + beta * C
static LogicalResult importGemm(Node &node) {
  TosaBuilder &b = node.b;
  if (node.getRank(0) != 2 || node.getRank(1) != 2)
    return node.emitError() << "expects two matrices, but got "
                            << node.getType(0) << " and " << node.getType(1);
  if (!isa<FloatType>(node.getType(0).getElementType()))
    return node.emitError() << "expects floats, but got " << node.getType(0);
  Value lhs = node.getOperand(0);
  if (node.getInt("transA", 0))
    lhs = b.transpose(lhs, {1, 0});
  bool isTransposed = node.getInt("transB", 0);
  bool isKnown = node.getConstant(1) != nullptr;
  Value rhs = node.getParameter(1, [&](const Constant &constant) {
    Constant weight =
        isTransposed ? constant.transpose({1, 0}) : Constant(constant);
    ArrayRef<int64_t> shape = weight.getShape();
    return weight.reshape({1, shape[0], shape[1]});
  });
  if (!isKnown) {
    rhs = isTransposed ? b.transpose(rhs, {1, 0}) : rhs;
    ArrayRef<int64_t> shape = TosaBuilder::getShape(rhs);
    rhs = b.reshape(rhs, {1, shape[0], shape[1]});
  }
  ArrayRef<int64_t> left = TosaBuilder::getShape(lhs);
  SmallVector<int64_t> shape{left[0], TosaBuilder::getShape(rhs)[2]};
  Value product = b.matmul(b.reshape(lhs, {1, left[0], left[1]}), rhs);
  if (!isa<RankedTensorType>(product.getType()))
    return node.setResult(product);
  Value result = b.reshape(product, shape);
  if (double alpha = node.getFloat("alpha", 1); alpha != 1)
    result = b.mul(result, alpha);
  double beta = node.getFloat("beta", 1);
  if (!node.hasOperand(2) || beta == 0)
    return node.setResult(result);
  Value bias = node.getParameter(2, [](const Constant &constant) {
    SmallVector<int64_t> shape(2 - std::min<int64_t>(constant.getRank(), 2), 1);
    llvm::append_range(shape, constant.getShape());
    return constant.reshape(shape);
  });
  return node.setResult(b.add(result, beta == 1 ? bias : b.mul(bias, beta)));
}

void cgmq::addMatrixProducts(OpTable &table) {
  table["MatMul"] = importMatMul;
  table["Gemm"] = importGemm;
}
