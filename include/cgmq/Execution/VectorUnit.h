//===- VectorUnit.h - The machine's vectors -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_VECTORUNIT_H
#define CGMQ_EXECUTION_VECTORUNIT_H

#include "mlir/IR/Operation.h"

namespace mlir::cgmq {

/// What the lowering has to know about the machine.
struct VectorUnit {
  /// Width of a vector register in bits.
  int64_t bits;
  /// Number of vector registers.
  int64_t registers;

  explicit VectorUnit(int64_t bits)
      : bits(bits), registers(bits >= 512 ? 32 : 16) {}

  /// The unit that the option `vector-bits` of a pass describes. Fails, with an
  /// error at `op`, unless it is a power of two from 128.
  static FailureOr<VectorUnit> get(Operation *op, int64_t bits);
};

} // namespace mlir::cgmq

#endif // CGMQ_EXECUTION_VECTORUNIT_H
