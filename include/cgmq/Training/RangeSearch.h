//===- RangeSearch.h - Ranges of least error -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_RANGESEARCH_H
#define CGMQ_TRAINING_RANGESEARCH_H

#include "mlir/Support/LLVM.h"

#include <vector>

namespace mlir::cgmq {

/// What a quantizer sees: the greatest magnitude and the minimum (at most zero)
/// of all values, and some of the values, drawn by a seed.
class ValueSample {
public:
  ValueSample(uint64_t seed) : seed(seed) {}

  /// Adds values, of which at most `numDrawn` are kept. False if one of them is
  /// not finite.
  bool add(ArrayRef<float> values, int64_t numDrawn);

  float getMaxMagnitude() const { return maxMagnitude; }
  float getMinimum() const { return minimum; }

  /// A range and the mean squared error that its grid leaves.
  struct Fit {
    float range;
    float error;
  };
  /// The range whose grid of `width` bits leaves the least mean squared error;
  /// at 32 bits the greatest magnitude, which leaves none.
  Fit findRange(int64_t width, bool isSigned) const;
  /// What is lost of values that are pruned.
  float getMeanSquare() const;

private:
  uint64_t seed;
  uint64_t numDraws = 0;
  float maxMagnitude = 0.0f, minimum = 0.0f;
  std::vector<float> drawn;
};

/// The range of a tensor whose units have `widths`: the geometric mean of the
/// ranges that suit them, of which there is one for each allowed width.
float getMeanRange(ArrayRef<float> ranges, ArrayRef<int64_t> allowed,
                   ArrayRef<uint8_t> widths);

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_RANGESEARCH_H
