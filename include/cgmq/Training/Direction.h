//===- Direction.h - How gates move -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_DIRECTION_H
#define CGMQ_TRAINING_DIRECTION_H

#include "mlir/IR/Builders.h"

namespace mlir::cgmq {

/// The least direction while the budget is violated, relative to the greatest:
/// it bounds the number of steps that any gate needs to reach any width.
inline constexpr double kLeastDirection = 0.1;

/// The directions of the method; see `cgmq-build-training-step`.
enum class Direction { Gradient, Magnitude };

/// The means of |dL/dx| and |x| over some elements.
struct GateStatistics {
  Value meanAbsGradient;
  Value meanAbsValue;
};

/// What a direction sees of the gates of one tensor.
struct GateGroup {
  /// Tensor of the gates.
  Value gate;
  /// Tensors of the gates' shape: over what each of them governs.
  GateStatistics units;
  /// Scalars: over the whole tensor.
  GateStatistics tensor;
};

/// Emits the directions of the gates of several tensors, of the shapes of the
/// gates: within [0.1, 1] where `violated` (i1) is true and within [-1, 0]
/// where it is false. A magnitude of one stands for the greatest that a whole
/// tensor has; single units that would exceed it are held there, so that a few
/// of them, which matter to nothing, do not slow down all others.
SmallVector<Value> buildDirections(OpBuilder &builder, Location loc,
                                   Direction direction,
                                   ArrayRef<GateGroup> groups, Value violated);

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_DIRECTION_H
