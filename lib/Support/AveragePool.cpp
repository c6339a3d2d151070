//===- AveragePool.cpp - Average pools as sums -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Support/AveragePool.h"

#include "mlir/IR/Matchers.h"

#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

/// Integers up to this one are floats too.
static constexpr int64_t kMostExact = int64_t(1) << 24;

/// The elements in each window along one dimension.
static SmallVector<int64_t> countInWindows(int64_t extent, int64_t numWindows,
                                           int64_t kernel, int64_t stride,
                                           int64_t before) {
  SmallVector<int64_t> counts;
  for (int64_t window = 0; window < numWindows; ++window) {
    int64_t begin = window * stride - before;
    counts.push_back(std::min(begin + kernel, extent) -
                     std::max<int64_t>(begin, 0));
  }
  return counts;
}

FailureOr<AveragePool> cgmq::getAveragePool(tosa::AvgPool2dOp pool) {
  auto input = dyn_cast<RankedTensorType>(pool.getInput().getType());
  auto result = dyn_cast<RankedTensorType>(pool.getType());
  auto isStatic = [](RankedTensorType type) {
    return type &&
           llvm::none_of(type.getShape().drop_front(), ShapedType::isDynamic);
  };
  if (!isStatic(input) || !isStatic(result) ||
      !matchPattern(pool.getInputZp(), m_AnyZeroFloat()) ||
      !matchPattern(pool.getOutputZp(), m_AnyZeroFloat()))
    return failure();
  ArrayRef<int64_t> kernel = pool.getKernel(), stride = pool.getStride(),
                    pad = pool.getPad();
  auto count = [&](unsigned dim) {
    return countInWindows(input.getDimSize(dim + 1), result.getDimSize(dim + 1),
                          kernel[dim], stride[dim], pad[2 * dim]);
  };
  AveragePool average{1, {}};
  SmallVector<int64_t> rows = count(0), columns = count(1);
  for (int64_t row : rows)
    for (int64_t column : columns) {
      average.divisor = std::lcm(average.divisor, row * column);
      if (row <= 0 || column <= 0 || average.divisor > kMostExact)
        return failure();
    }
  for (int64_t row : rows)
    for (int64_t column : columns)
      average.ratios.push_back(average.divisor / (row * column));
  return average;
}

DenseElementsAttr AveragePool::getRatios(tosa::AvgPool2dOp pool,
                                         Type elementType) const {
  auto result = cast<RankedTensorType>(pool.getType());
  auto type = RankedTensorType::get(
      {1, result.getDimSize(1), result.getDimSize(2), 1}, elementType);
  Builder builder(elementType.getContext());
  return DenseElementsAttr::get(
      type, llvm::map_to_vector(ratios, [&](int64_t ratio) -> Attribute {
        if (isa<FloatType>(elementType))
          return builder.getFloatAttr(elementType, double(ratio));
        return builder.getIntegerAttr(elementType, ratio);
      }));
}
