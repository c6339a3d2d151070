//===- Requantization.h - From accumulators to codes in integers ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Simulation computes the next layer's code from an accumulator in f32; this is
// a step function of the accumulator. An integer program computes another one,
// (acc * multiplier + half) >> shift. Both are known by their thresholds, the
// least accumulators that reach each code, so that the multiplier can be chosen
// to give the same thresholds, and parity is a matter of construction.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_CONVERSION_QUANTTOINTEGER_REQUANTIZATION_H
#define CGMQ_CONVERSION_QUANTTOINTEGER_REQUANTIZATION_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"

#include <array>
#include <cstdint>
#include <limits>

namespace mlir::cgmq {

/// How simulation gets a code from an accumulator, in f32.
struct SimulatedRequantization {
  /// What a unit of the accumulator stands for, and the step of the code.
  float accumulatorStep, codeStep;
  int64_t minCode, maxCode;
  /// What real numbers are clamped to before they become codes.
  float lower = -std::numeric_limits<float>::infinity();
  float upper = std::numeric_limits<float>::infinity();

  int64_t quantize(float x) const;
  int64_t apply(int64_t accumulator) const;
};

/// How the integer program gets it: clamp((acc * multiplier + 2^(shift-1)) >>
/// shift), in 64 bits, with the few accumulators added where that is off.
struct Requantization {
  /// An accumulator whose code differs by `delta` from what the product gives.
  struct Correction {
    int64_t accumulator, delta;
  };

  int64_t multiplier = 0;
  int64_t shift = 1;
  int64_t minCode = 0, maxCode = 0;
  SmallVector<Correction, 0> corrections;
  /// The factors that simulation multiplies by, one after the other.
  std::array<float, 2> factors = {};
  /// Accumulators in reach whose codes still differ from simulation, each by
  /// one for each threshold that it is on the wrong side of.
  int64_t numMismatches = 0;

  int64_t apply(int64_t accumulator) const;

  /// True if the code is the accumulator, but for clamping.
  bool isIdentity() const {
    return multiplier == int64_t(1) << shift && corrections.empty();
  }
};

/// One of the rules of a tensor whose units have several widths: their codes
/// times `ratio` are those of the finest width.
struct UnitRequantization {
  int64_t width, ratio;
  Requantization rule;
};

/// More corrections than this are left out, and counted as mismatches.
inline constexpr int64_t kMaxCorrections = 16;

/// The integer form of `simulated` for accumulators in [min, max], both at
/// most 2^60 in magnitude.
Requantization findRequantization(const SimulatedRequantization &simulated,
                                  int64_t min, int64_t max);

} // namespace mlir::cgmq

#endif // CGMQ_CONVERSION_QUANTTOINTEGER_REQUANTIZATION_H
