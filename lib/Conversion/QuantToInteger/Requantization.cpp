//===- Requantization.cpp - From accumulators to codes in integers ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/QuantToInteger/Requantization.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>
#include <map>

using namespace mlir;
using namespace mlir::cgmq;

using Wide = __int128;

/// Bits of the multiplier, where the accumulator leaves room for them.
static constexpr int64_t kMultiplierBits = 31;

int64_t SimulatedRequantization::quantize(float x) const {
  HostArithmetic arith;
  return static_cast<int64_t>(getCode(
      arith, x,
      GridValues<HostArithmetic>{codeStep, getInverseStep(arith, codeStep),
                                 static_cast<float>(minCode),
                                 static_cast<float>(maxCode), false}));
}

int64_t SimulatedRequantization::apply(int64_t accumulator) const {
  HostArithmetic arith;
  float x = arith.mul(static_cast<float>(accumulator), accumulatorStep);
  return quantize(cgmq::clamp(arith, x, lower, upper));
}

int64_t Requantization::apply(int64_t accumulator) const {
  int64_t half = int64_t(1) << (shift - 1);
  int64_t code = (accumulator * multiplier + half) >> shift;
  for (const Correction &correction : corrections)
    if (correction.accumulator == accumulator)
      code += correction.delta;
  return std::clamp(code, minCode, maxCode);
}

static Wide floorDiv(Wide a, Wide b) {
  Wide quotient = a / b;
  return quotient * b != a && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}
static Wide ceilDiv(Wide a, Wide b) { return -floorDiv(-a, b); }

namespace {

/// The least accumulator that reaches a code.
struct Threshold {
  int64_t code, accumulator;
};

/// The multipliers, of those in [min, max], that put a threshold in its place.
struct Interval {
  Wide min, max;
  bool contains(Wide multiplier) const {
    return min <= multiplier && multiplier <= max;
  }
  void raiseMin(Wide bound) { min = std::max(min, bound); }
  void lowerMax(Wide bound) { max = std::min(max, bound); }
};

} // namespace

/// The thresholds of the codes that accumulators in [min, max] cross.
static SmallVector<Threshold, 0>
findThresholds(const SimulatedRequantization &simulated, int64_t min,
               int64_t max) {
  SmallVector<Threshold, 0> thresholds;
  int64_t below = min;
  for (int64_t code = simulated.apply(min) + 1, last = simulated.apply(max);
       code <= last; ++code) {
    // The rule never falls, so bisection finds the first accumulator.
    int64_t low = below, high = max;
    while (low < high) {
      int64_t middle = low + (high - low) / 2;
      if (simulated.apply(middle) >= code)
        high = middle;
      else
        low = middle + 1;
    }
    thresholds.push_back({code, low});
    below = low;
  }
  return thresholds;
}

/// The right-hand side of `acc * multiplier >= bound`, which is what it takes
/// for the shifted sum to reach a code.
static Wide getBound(int64_t code, int64_t shift) {
  return (2 * Wide(code) - 1) * (Wide(1) << (shift - 1));
}

/// The multipliers m with  t * m >= bound  and  (t - 1) * m < bound.
static Interval getInterval(Threshold threshold, int64_t shift,
                            Interval interval) {
  Wide bound = getBound(threshold.code, shift);
  Wide reaches = threshold.accumulator, misses = reaches - 1;
  if (reaches > 0)
    interval.raiseMin(ceilDiv(bound, reaches));
  else if (reaches < 0)
    interval.lowerMax(floorDiv(bound, reaches));
  else if (bound > 0)
    interval.lowerMax(0);
  if (misses > 0)
    interval.lowerMax(ceilDiv(bound, misses) - 1);
  else if (misses < 0)
    interval.raiseMin(floorDiv(bound, misses) + 1);
  else if (bound <= 0)
    interval.lowerMax(0);
  return interval;
}

/// The number nearest to `ideal` that the most intervals contain.
static Wide findMostCovered(ArrayRef<Interval> intervals, Wide ideal) {
  // Where the number of intervals changes, by how much.
  std::map<Wide, int64_t> changes;
  for (const Interval &interval : intervals) {
    if (interval.min > interval.max)
      continue;
    ++changes[interval.min];
    --changes[interval.max + 1];
  }
  Wide best = ideal;
  int64_t covered = 0, mostCovered = 0;
  auto distance = [&](Wide x) { return x < ideal ? ideal - x : x - ideal; };
  for (auto it = changes.begin(); it != changes.end(); ++it) {
    covered += it->second;
    auto next = std::next(it);
    if (next == changes.end())
      break;
    Wide nearest = std::clamp(ideal, it->first, next->first - 1);
    if (covered > mostCovered ||
        (covered == mostCovered && distance(nearest) < distance(best))) {
      mostCovered = covered;
      best = nearest;
    }
  }
  return best;
}

Requantization
cgmq::findRequantization(const SimulatedRequantization &simulated, int64_t min,
                         int64_t max) {
  Requantization result;
  HostArithmetic arith;
  result.factors = {simulated.accumulatorStep,
                    getInverseStep(arith, simulated.codeStep)};
  result.minCode = std::isfinite(simulated.lower)
                       ? simulated.quantize(simulated.lower)
                       : simulated.minCode;
  result.maxCode = std::isfinite(simulated.upper)
                       ? simulated.quantize(simulated.upper)
                       : simulated.maxCode;
  SmallVector<Threshold, 0> thresholds = findThresholds(simulated, min, max);
  if (thresholds.empty()) {
    // One code for all.
    result.minCode = result.maxCode = simulated.apply(min);
    return result;
  }

  // The largest shift for which the multiplier keeps its bits, and its product
  // with the accumulator those of an int64.
  int64_t magnitude = std::max(std::abs(min), std::abs(max));
  int64_t bits = std::min<int64_t>(kMultiplierBits,
                                   62 - (llvm::Log2_64_Ceil(magnitude + 1)));
  double largest = std::ldexp(1.0, static_cast<int>(bits)) - 1.0;
  double ratio = static_cast<double>(simulated.accumulatorStep) /
                 static_cast<double>(simulated.codeStep);
  result.shift = 1;
  while (result.shift < 62 && std::ldexp(ratio, result.shift + 1) <= largest)
    ++result.shift;
  double ideal = std::min(std::ldexp(ratio, result.shift), largest);

  Interval all{1, static_cast<Wide>(largest)};
  SmallVector<Interval, 0> intervals;
  for (Threshold threshold : thresholds)
    intervals.push_back(getInterval(threshold, result.shift, all));
  Wide multiplier =
      findMostCovered(intervals, std::max<Wide>(1, std::llround(ideal)));
  result.multiplier = static_cast<int64_t>(multiplier);

  // What the thresholds that are left get wrong.
  std::map<int64_t, int64_t> deltas;
  for (auto [threshold, interval] : llvm::zip_equal(thresholds, intervals)) {
    if (interval.contains(multiplier))
      continue;
    Wide reached = ceilDiv(getBound(threshold.code, result.shift), multiplier);
    int64_t actual = static_cast<int64_t>(
        std::clamp<Wide>(reached, Wide(min), Wide(max) + 1));
    int64_t delta = threshold.accumulator < actual ? 1 : -1;
    auto [first, last] = std::minmax(threshold.accumulator, actual);
    result.numMismatches += last - first;
    for (int64_t acc = first;
         acc < last && deltas.size() <= static_cast<size_t>(kMaxCorrections);
         ++acc)
      deltas[acc] += delta;
  }
  if (deltas.size() <= static_cast<size_t>(kMaxCorrections)) {
    for (auto [accumulator, delta] : deltas)
      result.corrections.push_back({accumulator, delta});
    result.numMismatches = 0;
  }
  return result;
}
