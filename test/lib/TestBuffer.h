//===- TestBuffer.h - Data for functions that tests run -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TEST_LIB_TESTBUFFER_H
#define CGMQ_TEST_LIB_TESTBUFFER_H

#include "cgmq/Support/Random.h"

#include "mlir/IR/BuiltinTypes.h"

#include <algorithm>
#include <vector>

namespace mlir::cgmq::test {

/// Storage of a tensor argument or result.
class Buffer {
public:
  explicit Buffer(Type type) : type(cast<RankedTensorType>(type)) {
    storage.resize(size() + 8);
  }

  int64_t size() const { return type.getNumElements(); }
  bool isFloat() const { return type.getElementType().isF32(); }
  /// The elements of an f32 tensor.
  MutableArrayRef<float> floats() {
    return {reinterpret_cast<float *>(storage.data()),
            static_cast<size_t>(size())};
  }
  void *data() { return storage.data(); }

  /// An integer tensor of i1, i8, i16 or i32 gets draws of 0 and 1.
  void fillBits(uint64_t seed) {
    int64_t width = std::max(type.getElementTypeBitWidth(), 8u) / 8;
    auto *bytes = static_cast<char *>(data());
    for (int64_t i = 0; i < size(); ++i)
      bytes[i * width] = splitmix64(seed, i) & 1;
  }

private:
  RankedTensorType type;
  std::vector<uint64_t> storage;
};

/// Evenly spaced numbers in (low, high), in random order: no two are equal, so
/// that maxima stay where they are under a small step.
inline void fillDistinct(MutableArrayRef<float> values, double low, double high,
                         uint64_t seed) {
  size_t size = values.size();
  for (size_t i = 0; i < size; ++i)
    values[i] = low + (high - low) * (i + 0.5) / size;
  for (size_t i = size; i > 1; --i)
    std::swap(values[i - 1], values[splitmix64(seed, i) % i]);
}

} // namespace mlir::cgmq::test

#endif // CGMQ_TEST_LIB_TESTBUFFER_H
