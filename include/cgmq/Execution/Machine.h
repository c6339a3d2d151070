//===- Machine.h - What the lowering knows of the machine ------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_MACHINE_H
#define CGMQ_EXECUTION_MACHINE_H

#include "mlir/IR/Operation.h"

namespace mlir::cgmq {

/// Bytes of a group, of which one instruction of VNNI adds up the products.
constexpr int64_t kDotBytes = 4;

/// Parts of a reduction that threads divide, and the most results that it may
/// have for that. They do not depend on the number of threads, so that results
/// do not either.
constexpr int64_t kReductionParts = 16;
constexpr int64_t kMostPartialResults = 1024;

/// What the lowering has to know about the machine.
struct Machine {
  /// Width of a vector register in bits.
  int64_t vectorBits;
  /// Number of vector registers.
  int64_t vectorRegisters;
  /// Threads that loops are divided among.
  int64_t threads;
  /// Whether one instruction adds up four products of an unsigned and a signed
  /// byte in each lane of 32 bits (VNNI's vpdpbusd).
  bool vnni = false;

  static constexpr int64_t kMostThreads = 1024;

  explicit Machine(int64_t vectorBits, int64_t threads = 1, bool vnni = false)
      : vectorBits(vectorBits), vectorRegisters(vectorBits >= 512 ? 32 : 16),
        threads(threads), vnni(vnni) {}

  /// The machine that options of a pass describe. Fails, with an error at `op`,
  /// unless `vectorBits` is a power of two from 128, and with `vnni` to 512,
  /// and `threads` is from 1 to kMostThreads.
  static FailureOr<Machine> get(Operation *op, int64_t vectorBits,
                                int64_t threads = 1, bool vnni = false);
};

} // namespace mlir::cgmq

#endif // CGMQ_EXECUTION_MACHINE_H
