//===- RandomTest.cpp - Tests of Random.h -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Support/Random.h"

#include <gtest/gtest.h>

using namespace mlir::cgmq;

// The published first outputs of SplitMix64 for seed 1234567.
TEST(Random, IsSplitMix64) {
  EXPECT_EQ(splitmix64(1234567, 0), 6457827717110365317u);
  EXPECT_EQ(splitmix64(1234567, 1), 3203168211198807973u);
  EXPECT_EQ(splitmix64(1234567, 2), 9817491932198370423u);
}

// uniform01 stays in [0, 1) and has the mean of a uniform distribution.
TEST(Random, Uniform) {
  double sum = 0;
  constexpr int count = 10000;
  for (int i = 0; i < count; ++i) {
    double value = uniform01(7, i);
    EXPECT_GE(value, 0.0);
    EXPECT_LT(value, 1.0);
    sum += value;
  }
  EXPECT_NEAR(sum / count, 0.5, 0.01);
}
