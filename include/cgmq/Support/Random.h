//===- Random.h - Numbers from a seed and a counter -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_SUPPORT_RANDOM_H
#define CGMQ_SUPPORT_RANDOM_H

#include <cstdint>

namespace mlir::cgmq {

/// Element `counter` of the SplitMix64 sequence that starts at `seed`. A
/// function of its arguments alone, so that every value of a stream can be
/// had in any order, on any thread and platform.
inline uint64_t splitmix64(uint64_t seed, uint64_t counter) {
  uint64_t z = seed + (counter + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// Element `counter` of the same sequence as a double in [0, 1), 53 bits.
inline double uniform01(uint64_t seed, uint64_t counter) {
  return static_cast<double>(splitmix64(seed, counter) >> 11) * 0x1.0p-53;
}

} // namespace mlir::cgmq

#endif // CGMQ_SUPPORT_RANDOM_H
