//===- MacCounts.cpp - Multiply-accumulates by their widths ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Analysis/MacCounts.h"

#include <bitset>
#include <cmath>

using namespace mlir;
using namespace mlir::cgmq;

/// Whether some index of a factor is moved by two loops that run.
static bool hasWindow(const ContractionSpace &space, AffineMap factor) {
  return llvm::any_of(factor.getResults(), [&](AffineExpr index) {
    int numMoving = 0;
    for (auto [loop, extent] : llvm::enumerate(space.extents))
      numMoving += extent > 1 && index.isFunctionOfDim(loop);
    return numMoving > 1;
  });
}

ContractionKind cgmq::getContractionKind(const ContractionSpace &space) {
  if (!space.lhs || !space.rhs || !space.result ||
      (!hasWindow(space, space.lhs) && !hasWindow(space, space.rhs)))
    return ContractionKind::MatMul;
  for (auto [loop, extent] : llvm::enumerate(space.extents))
    if (extent > 1 && space.lhs.isFunctionOfDim(loop) &&
        space.rhs.isFunctionOfDim(loop) && space.result.isFunctionOfDim(loop))
      return ContractionKind::DepthwiseConv2D;
  return ContractionKind::Conv2D;
}

MacCounts::MacCounts(ArrayRef<ArrayRef<uint8_t>> lists, double scale)
    : scale(scale) {
  std::bitset<256> isListed;
  for (ArrayRef<uint8_t> list : lists)
    for (uint8_t width : list)
      isListed.set(width);
  for (size_t width = 0; width < isListed.size(); ++width)
    if (isListed[width])
      widths.push_back(static_cast<uint8_t>(width));
  counts.assign(widths.size() * widths.size(), 0.0);
}

void MacCounts::countSlots(ArrayRef<int32_t> lhs, ArrayRef<int32_t> rhs) {
  size_t numWidths = getNumWidths();
  llvm::fill(counts, 0.0);
  for (size_t slot = 0; slot < lhs.size(); slot += numWidths)
    for (size_t l = 0; l < numWidths; ++l)
      for (size_t r = 0; r < numWidths; ++r)
        at(l, r) += double(lhs[slot + l]) * rhs[slot + r];
}

double MacCounts::getCost(ArrayRef<double> macCosts) const {
  // Row by row, so that what has no count leaves no trace in how sums round.
  auto sum = [&](auto getMacs) {
    double cost = 0.0;
    for (size_t row = 0; row < counts.size(); row += getNumWidths()) {
      double rowCost = 0.0;
      for (size_t i = row; i < row + getNumWidths(); ++i)
        rowCost += getMacs(counts[i]) * macCosts[i];
      cost += rowCost;
    }
    return cost;
  };
  if (scale == 1.0)
    return sum([](double count) { return count; });
  return sum([&](double count) { return std::nearbyint(count * scale); });
}
