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

/// What a direction sees of one gate: a tensor of the gate and tensors of its
/// shape with the means of |dL/dx| and |x| over the elements that each of its
/// units governs.
struct GateStatistics {
  Value gate;
  Value meanAbsGradient;
  Value meanAbsValue;
};

/// Emits the direction of each gate of a group, of the shape of the gate:
/// within [0.1, 1] where `violated` (i1) is true and within [-1, 0] where it is
/// false, the greatest magnitude in the group being one.
SmallVector<Value> buildDirections(OpBuilder &builder, Location loc,
                                   Direction direction,
                                   ArrayRef<GateStatistics> group,
                                   Value violated);

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_DIRECTION_H
