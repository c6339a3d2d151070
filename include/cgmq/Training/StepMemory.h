//===- StepMemory.h - What a training step has to keep -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_STEPMEMORY_H
#define CGMQ_TRAINING_STEPMEMORY_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::cgmq {

/// Bytes that a training step cannot do without, whoever compiles it: what its
/// temporaries are measured against.
struct StepMemory {
  /// Values that the loss computes from the samples and that its gradient
  /// reads, each once.
  int64_t activations = 0;
  /// Globals that the loss reads, their gradients where the step writes them,
  /// and the other globals of the step: the moments of Adam.
  int64_t parameters = 0, gradients = 0, moments = 0;

  int64_t getTotal() const {
    return activations + parameters + gradients + moments;
  }

  /// Reads it off a function as `cgmq-build-training-step` leaves it, the
  /// result of which is the loss.
  static StepMemory compute(func::FuncOp step);
};

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_STEPMEMORY_H
