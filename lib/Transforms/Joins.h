//===- Joins.h - Operations that need a common grid -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TRANSFORMS_JOINS_H
#define CGMQ_LIB_TRANSFORMS_JOINS_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Transforms/Passes.h"

namespace mlir::cgmq {

/// An operation that adds up activations or puts them side by side: a residual
/// addition, a concatenation, an average. It has an integer form where its
/// operands count the same steps.
struct Join {
  Operation *op;
  /// Signed where any operand may be negative.
  Signedness signedness;
  /// The shape of the gate that the operands share.
  SmallVector<int64_t> gateShape;

  /// Whether any grid will do, as there is one operand only.
  bool isUnary() const { return op->getNumOperands() == 1 || isPool(); }
  /// The operands that are joined.
  MutableArrayRef<OpOperand> getOperands() const {
    return isPool() ? op->getOpOperands().take_front() : op->getOpOperands();
  }

private:
  bool isPool() const;
};

/// Whether `op` joins its operands, unless it adds a bias.
bool isJoin(Operation *op);

/// What `op` joins. Fails, with an error at `op`, for an operand that no
/// quantizer can take.
FailureOr<Join> analyzeJoin(Operation *op, Granularity granularity);

/// The shape of the gate of an activation.
SmallVector<int64_t> getActivationGateShape(RankedTensorType type,
                                            Granularity granularity);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TRANSFORMS_JOINS_H
