//===- Random.h - Counter-based random numbers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Draws that depend on a seed and a counter alone, so that every machine, order
// and number of threads sees the same bits.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_SUPPORT_RANDOM_H
#define CGMQ_SUPPORT_RANDOM_H

#include <cstdint>

namespace mlir::cgmq {

/// The output number `counter` (from zero) of SplitMix64 started at `seed`.
inline uint64_t splitmix64(uint64_t seed, uint64_t counter) {
  uint64_t z = seed + (counter + 1) * UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/// A draw from the uniform distribution on [0, 1), of 53 bits.
inline double uniform01(uint64_t seed, uint64_t counter) {
  return static_cast<double>(splitmix64(seed, counter) >> 11) * 0x1.0p-53;
}

} // namespace mlir::cgmq

#endif // CGMQ_SUPPORT_RANDOM_H
