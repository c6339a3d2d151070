//===- RequantizationTest.cpp - Parity of the integer requantization ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/QuantToInteger/Requantization.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Support/Random.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace mlir::cgmq;

namespace {

/// Draws layers: widths, signedness, ranges over some octaves, and a scale of
/// the output that puts the accumulators somewhere on its grid.
class Layers {
public:
  explicit Layers(uint64_t seed) : seed(seed) {}

  double draw() { return uniform01(seed, counter++); }
  int64_t drawWidth(int64_t count) {
    return kGateWidths[static_cast<int>(draw() * count)];
  }
  float drawRange() { return static_cast<float>(std::exp2(8 * draw() - 4)); }

  /// A layer whose codes have at most 2, 4, .. `count` widths' bits and whose
  /// accumulators go up to `reach`.
  SimulatedRequantization drawLayer(int64_t count, int64_t reach) {
    Grid input(drawRange(), drawWidth(count), draw() < 0.5);
    Grid weight(drawRange(), drawWidth(count), /*isSigned=*/true);
    float accumulatorStep = input.step * weight.step;
    int64_t width = drawWidth(count);
    bool isSigned = draw() < 0.5;
    // The range covers from a hundredth to all that can be reached.
    float range = static_cast<float>(accumulatorStep * reach *
                                     std::pow(10.0, -2.0 * draw()));
    Grid output(range, width, isSigned);
    return {accumulatorStep, output.step, getMinCode(width, isSigned),
            getMaxCode(width, isSigned)};
  }

private:
  uint64_t seed, counter = 0;
};

/// f(acc) == g(acc) for every accumulator in reach.
void expectParity(const SimulatedRequantization &simulated, int64_t reach) {
  Requantization integer = findRequantization(simulated, -reach, reach);
  EXPECT_EQ(integer.numMismatches, 0);
  EXPECT_GE(integer.multiplier, 0);
  EXPECT_LT(integer.multiplier, int64_t(1) << 31);
  for (int64_t acc = -reach; acc <= reach; ++acc)
    ASSERT_EQ(integer.apply(acc), simulated.apply(acc))
        << "accumulator " << acc << " of steps " << simulated.accumulatorStep
        << " and " << simulated.codeStep << ", codes " << simulated.minCode
        << " to " << simulated.maxCode;
}

} // namespace

// Widths up to 8 bits, all accumulators below 2^20.
TEST(Requantization, EqualsSimulationWhereverExhaustible) {
  Layers layers(/*seed=*/1);
  for (int i = 0; i < 40; ++i)
    expectParity(layers.drawLayer(/*count=*/3, int64_t(1) << 20), int64_t(1)
                                                                      << 20);
}

// Many small layers, so that rare combinations of thresholds come up.
TEST(Requantization, EqualsSimulationForManyLayers) {
  Layers layers(/*seed=*/2);
  for (int i = 0; i < 3000; ++i) {
    int64_t reach = int64_t(1) << static_cast<int>(4 + 9 * layers.draw());
    expectParity(layers.drawLayer(/*count=*/3, reach), reach);
  }
}

// Exact halves: 0.5 goes up to 1 and -0.5 to 0, in simulation and integers.
TEST(Requantization, RoundsTiesUp) {
  SimulatedRequantization halves{1.0f, 2.0f, -7, 7};
  EXPECT_EQ(halves.apply(1), 1);
  EXPECT_EQ(halves.apply(-1), 0);
  expectParity(halves, 64);
}

// A step of the codes below that of the accumulators: codes are skipped.
TEST(Requantization, CoversRatiosAboveOne) {
  for (float codeStep : {0.3f, 0.01f, 1e-6f})
    expectParity({1.0f, codeStep, -127, 127}, 1 << 10);
}

// Nothing in reach leaves the first code.
TEST(Requantization, IsConstantWhereNothingIsReached) {
  expectParity({1e-6f, 1.0f, 0, 15}, 1 << 10);
  expectParity({0.0f, 1.0f, -7, 7}, 1 << 10);
}

// Accumulators beyond the mantissa of f32 still fit 64 bits, and what differs
// is counted.
TEST(Requantization, CountsWhatItCannotMatch) {
  Grid output(1.0f, 16, /*isSigned=*/false);
  SimulatedRequantization wide{1.7e-12f, output.step, 0, 65535};
  int64_t reach = int64_t(1) << 41;
  Requantization integer = findRequantization(wide, -reach, reach);
  EXPECT_GT(integer.numMismatches, 0);
  for (int64_t acc = -reach; acc <= reach; acc += reach / 1001)
    EXPECT_LE(std::abs(integer.apply(acc) - wide.apply(acc)), 1);
}
