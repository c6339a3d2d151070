//===- MacCounts.h - Multiply-accumulates by their widths -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_ANALYSIS_MACCOUNTS_H
#define CGMQ_ANALYSIS_MACCOUNTS_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"

#include <vector>

namespace mlir::cgmq {

/// The kind of a contraction, told from its loops, so that it is the same
/// whichever operation stands for it: a convolution has a window, an index that
/// two loops of several iterations move; a depthwise one has in addition a loop
/// that both factors and the result share. All others are matrix products.
ContractionKind getContractionKind(const ContractionSpace &space);

/// How many multiply-accumulates of a contraction meet at each pair of widths.
/// These are whole numbers, and what a contraction costs is linear in them
/// whatever the cost model. So costs are exact, up to one rounding for each
/// pair, and do not depend on the order in which units were counted.
struct MacCounts {
  /// Of the widths that are in any of the lists, which may be long.
  MacCounts(ArrayRef<ArrayRef<uint8_t>> lists, double scale);

  size_t getNumWidths() const { return widths.size(); }
  /// The position of a width, which has to be one of them.
  size_t find(uint8_t width) const {
    return llvm::find(widths, width) - widths.begin();
  }
  double &at(size_t lhs, size_t rhs) {
    return counts[lhs * getNumWidths() + rhs];
  }
  /// Counts those where, in each slot, there are so many multiplicands of each
  /// width, at [slot * number of widths + position of the width].
  void countSlots(ArrayRef<int32_t> lhs, ArrayRef<int32_t> rhs);
  /// The sum of the counts times the costs of one, given in the same order.
  double getCost(ArrayRef<double> macCosts) const;

  /// Ascending, each once.
  SmallVector<uint8_t, 6> widths;
  /// By the width of the lhs, then of the rhs.
  SmallVector<double, 36> counts;
  /// Multiply-accumulates of a sample for each one that is counted. Units are
  /// those of a sample, so products with it are whole numbers.
  double scale;
};

} // namespace mlir::cgmq

#endif // CGMQ_ANALYSIS_MACCOUNTS_H
