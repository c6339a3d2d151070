//===- ByteSample.h - What a byte of a sample stands for -------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_SUPPORT_BYTESAMPLE_H
#define CGMQ_SUPPORT_BYTESAMPLE_H

#include <cstdint>

namespace mlir::cgmq {

/// The number that a network sees for a byte of a sample, in training, in
/// evaluation and in a compiled program alike.
inline float scaleByte(uint8_t byte) {
  return static_cast<float>(byte) / 255.0f;
}

} // namespace mlir::cgmq

#endif // CGMQ_SUPPORT_BYTESAMPLE_H
