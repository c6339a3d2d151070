//===- AveragePool.h - Average pools as sums -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_SUPPORT_AVERAGEPOOL_H
#define CGMQ_SUPPORT_AVERAGEPOOL_H

#include "mlir/Dialect/Tosa/IR/TosaOps.h"

namespace mlir::cgmq {

/// The averages of a pool as multiples of sums, which integers can be:
///   average = sum * ratio / divisor.
/// What is padded does not count, so that windows at a border have fewer
/// elements; the divisor is the least common multiple of the numbers.
struct AveragePool {
  int64_t divisor;
  /// Of each position of the result; all of them one where nothing is padded.
  SmallVector<int64_t> ratios;

  bool hasRatios() const {
    return llvm::any_of(ratios, [](int64_t ratio) { return ratio != 1; });
  }
  /// What an element of the sum is worth where one of the input is worth one.
  float getFactor() const { return 1.0f / static_cast<float>(divisor); }
  /// The ratios as a tensor [1, height, width, 1] of floats or integers.
  DenseElementsAttr getRatios(tosa::AvgPool2dOp pool, Type elementType) const;
};

/// Reads an average pool off. Fails where its extents are dynamic, where it has
/// zero points, or where the divisor is no integer that f32 has.
FailureOr<AveragePool> getAveragePool(tosa::AvgPool2dOp pool);

} // namespace mlir::cgmq

#endif // CGMQ_SUPPORT_AVERAGEPOOL_H
