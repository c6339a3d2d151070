//===- QuantizerTest.cpp - Theorems about the quantizer's grids -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

#include "cgmq/Support/Random.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace mlir::cgmq;

namespace {

/// Ranges over twelve octaves, and numbers up to a little beyond them.
class Draws {
public:
  explicit Draws(uint64_t seed) : seed(seed) {}
  float drawRange() {
    return static_cast<float>(std::exp2(12 * uniform01(seed, counter++) - 6));
  }
  float drawNumber(float range) {
    return static_cast<float>(range * (2.4 * uniform01(seed, counter++) - 1.2));
  }

private:
  uint64_t seed, counter = 0;
};

/// The grid of a width in exact enough arithmetic.
double getExactStep(double range, int64_t width, bool isSigned) {
  return (isSigned ? 2.0 : 1.0) * range / getNumSteps(width);
}

} // namespace

// The grids nest: s_4 = s_2 / 5, s_8 = s_4 / 17, s_16 = s_8 / 257, up to the
// rounding of f32, and a code of one is 2^b + 1 times as large on the next.
TEST(Quantizer, GridsNest) {
  Draws draws(/*seed=*/1);
  for (int i = 0; i < 10000; ++i) {
    float range = draws.drawRange();
    bool isSigned = i % 2;
    for (int64_t width : {2, 4, 8}) {
      double ratio = std::ldexp(1.0, static_cast<int>(width)) + 1.0;
      float coarse = Grid(range, width, isSigned).step;
      float fine = Grid(range, 2 * width, isSigned).step;
      EXPECT_NEAR(coarse / (fine * ratio), 1.0, 0x1p-22);
      EXPECT_EQ(getNumSteps(2 * width), getNumSteps(width) * ratio);
    }
  }
}

// The gated residual form of the method,
//   x_q = x_2 + G4 (e_4 + G8 (e_8 + G16 e_16)),
//   e_2b = s_2b round((x - x_b) / s_2b),
// with x clipped to [alpha, beta], is direct rounding at the selected width:
// the grids nest, so that each residual starts on a point of the finer grid.
// They part only at ties, and where signed codes at +-beta, half a step beyond
// the last one, are clamped.
TEST(Quantizer, ResidualFormIsDirectRounding) {
  Draws draws(/*seed=*/2);
  int64_t compared = 0;
  for (int i = 0; i < 200000; ++i) {
    float range = draws.drawRange();
    float number = draws.drawNumber(range);
    bool isSigned = i % 2;
    double alpha = isSigned ? -range : 0.0;
    double x = std::min<double>(std::max<double>(number, alpha), range);
    double residual = 0.0;
    for (int64_t width : {2, 4, 8, 16}) {
      double step = getExactStep(range, width, isSigned);
      double position = (x - residual) / step;
      residual += step * std::floor(position + 0.5);
      // A tie, on this grid or on what f32 makes of it.
      double distance = std::fabs(x / step - std::floor(x / step) - 0.5);
      bool isClamped = std::fabs(residual / step) >
                       static_cast<double>(getMaxCode(width, isSigned)) + 0.5;
      if (distance < std::ldexp(1.0, static_cast<int>(width)) * 0x1p-20 ||
          isClamped)
        continue;
      ++compared;
      EXPECT_EQ(Grid(range, width, isSigned).quantize(number),
                std::llround(residual / step))
          << number << " in a range of " << range << " at " << width;
    }
  }
  EXPECT_GT(compared, 600000);
}

// Rounding what lies on the grid gives the code it came from, at every code of
// every width, so that quantizing twice is quantizing once.
TEST(Quantizer, KeepsItsOwnValues) {
  Draws draws(/*seed=*/3);
  for (int i = 0; i < 20; ++i) {
    float range = draws.drawRange();
    for (bool isSigned : {false, true})
      for (int64_t width : {2, 4, 8, 16}) {
        Grid grid(range, width, isSigned);
        for (int64_t code = getMinCode(width, isSigned);
             code <= getMaxCode(width, isSigned); ++code)
          ASSERT_EQ(grid.quantize(grid.dequantize(code)), code);
      }
  }
}

// T(g) at its bounds, and the least allowed width that is not below it.
TEST(Quantizer, GateSelectsWidth) {
  EXPECT_EQ(getWidth(0.5f, kGateWidths), 2);
  EXPECT_EQ(getWidth(1.0f, kGateWidths), 2);
  EXPECT_EQ(getWidth(std::nextafter(1.0f, 2.0f), kGateWidths), 4);
  EXPECT_EQ(getWidth(2.0f, kGateWidths), 4);
  EXPECT_EQ(getWidth(3.0f, kGateWidths), 8);
  EXPECT_EQ(getWidth(4.0f, kGateWidths), 16);
  EXPECT_EQ(getWidth(5.5f, kGateWidths), 32);
  EXPECT_EQ(getWidth(0.5f, {4, 8}), 4);
  EXPECT_EQ(getWidth(5.5f, {4, 8}), 8);
  for (int64_t width : kGateWidths)
    EXPECT_EQ(getWidth(getGateOfWidth(width), kGateWidths), width);
}

// Where pruning is allowed a gate of at most zero selects no bits; else it
// selects the least width, as ever.
TEST(Quantizer, GatePrunes) {
  int64_t pruning[] = {0, 2, 4, 8}, coarse[] = {0, 8};
  EXPECT_EQ(getWidth(kLowestPrunedGate, pruning), 0);
  EXPECT_EQ(getWidth(0.0f, pruning), 0);
  EXPECT_EQ(getWidth(std::nextafter(0.0f, 1.0f), pruning), 2);
  EXPECT_EQ(getWidth(1.0f, pruning), 2);
  EXPECT_EQ(getWidth(std::nextafter(1.0f, 2.0f), pruning), 4);
  EXPECT_EQ(getWidth(5.5f, pruning), 8);
  EXPECT_EQ(getWidth(0.0f, coarse), 0);
  EXPECT_EQ(getWidth(0.5f, coarse), 8);
  EXPECT_EQ(getWidth(-0.5f, kGateWidths), 2);
  for (int64_t width : pruning)
    EXPECT_EQ(getWidth(getGateOfWidth(width), pruning), width);
  EXPECT_EQ(getLowestGate(pruning), kLowestPrunedGate);
  EXPECT_EQ(getLowestGate(kGateWidths), kLowestGate);

  float gates[] = {-0.5f, 0.0f, 0.25f, 1.5f, 5.5f};
  uint8_t widths[5];
  getWidths(gates, pruning, widths);
  EXPECT_EQ(llvm::ArrayRef<uint8_t>(widths),
            llvm::ArrayRef<uint8_t>({0, 0, 2, 4, 8}));
}

// What is pruned is zero on every grid, whatever it was, and has but that code.
TEST(Quantizer, PrunedIsZero) {
  for (bool isSigned : {false, true}) {
    EXPECT_EQ(getMinCode(0, isSigned), 0);
    EXPECT_EQ(getMaxCode(0, isSigned), 0);
    for (int64_t finest : {2, 4, 8, 16, 32}) {
      NestedGrids nested(/*range=*/1.5f, finest, isSigned);
      for (float x : {-2.0f, -0.25f, 0.0f, 0.75f, 9.0f})
        EXPECT_EQ(nested.quantize(x, 0), 0.0f);
    }
  }
}

// A tensor of several widths is on its finest grid: the codes are those of each
// width times a ratio that is an integer.
TEST(Quantizer, NestedCodesAreMultiples) {
  Draws draws(/*seed=*/4);
  for (int i = 0; i < 20; ++i) {
    float range = draws.drawRange();
    for (bool isSigned : {false, true})
      for (int64_t finest : {2, 4, 8, 16}) {
        NestedGrids nested(range, finest, isSigned);
        EXPECT_EQ(nested.step, Grid(range, finest, isSigned).step);
        for (int64_t width = 2; width <= finest; width *= 2) {
          Grid grid(range, width, isSigned);
          int64_t ratio = getNestedRatio(width, finest);
          EXPECT_EQ(ratio * (int64_t(getNumSteps(width))),
                    int64_t(getNumSteps(finest)));
          for (float share = -1.25f; share <= 1.25f; share += 0.001f) {
            float x = share * range;
            ASSERT_EQ(static_cast<int64_t>(nested.quantize(x, width)),
                      ratio * grid.quantize(x));
          }
        }
      }
  }
}

// A range that is not positive makes every code zero.
TEST(Quantizer, DegenerateRangeIsZero) {
  for (float range : {0.0f, -1.0f})
    for (float x : {-2.0f, 0.0f, 3.0f})
      EXPECT_EQ(Grid(range, 8, /*isSigned=*/true).quantize(x), 0);
}
