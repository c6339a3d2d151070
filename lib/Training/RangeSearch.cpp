//===- RangeSearch.cpp - Ranges of least error -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/RangeSearch.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Support/Random.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::cgmq;

/// Candidates, and the factor from one to the next: 2^(-1/8).
static constexpr int kNumCandidates = 40;
static constexpr float kCandidateFactor = 0.917004043f;

bool ValueSample::add(ArrayRef<float> values, int64_t numDrawn) {
  for (float value : values) {
    if (!std::isfinite(value))
      return false;
    maxMagnitude = std::max(maxMagnitude, std::fabs(value));
    minimum = std::min(minimum, value);
  }
  if (static_cast<int64_t>(values.size()) <= numDrawn) {
    drawn.insert(drawn.end(), values.begin(), values.end());
    return true;
  }
  // At random and not at a stride, which could meet one channel only.
  for (int64_t i = 0; i < numDrawn; ++i)
    drawn.push_back(values[splitmix64(seed, numDraws++) % values.size()]);
  return true;
}

ValueSample::Fit ValueSample::findRange(int64_t width, bool isSigned) const {
  if (width >= kFloatWidth)
    return {maxMagnitude, 0.0f};
  float best = maxMagnitude, candidate = maxMagnitude;
  double leastError = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kNumCandidates; ++i, candidate *= kCandidateFactor) {
    Grid grid(candidate, width, isSigned);
    double error = 0.0;
    for (float value : drawn) {
      double difference = value - grid.dequantize(grid.quantize(value));
      error += difference * difference;
    }
    if (error < leastError) {
      leastError = error;
      best = candidate;
    }
  }
  double meanError = leastError / std::max<size_t>(1, drawn.size());
  return {best, static_cast<float>(meanError)};
}

float ValueSample::getMeanSquare() const {
  double sum = 0.0;
  for (float value : drawn)
    sum += double(value) * value;
  return static_cast<float>(sum / std::max<size_t>(1, drawn.size()));
}

float cgmq::getMeanRange(ArrayRef<float> ranges, ArrayRef<int64_t> allowed,
                         ArrayRef<uint8_t> widths) {
  int64_t counts[kFloatWidth + 1] = {};
  for (uint8_t width : widths)
    ++counts[width];
  double sum = 0.0;
  for (auto [range, width] : llvm::zip_equal(ranges, allowed)) {
    if (counts[width] == static_cast<int64_t>(widths.size()))
      return range;
    sum += static_cast<double>(counts[width]) * std::log(range);
  }
  return static_cast<float>(std::exp(sum / static_cast<double>(widths.size())));
}
