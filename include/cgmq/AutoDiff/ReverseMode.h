//===- ReverseMode.h - Reverse-mode differentiation -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_AUTODIFF_REVERSEMODE_H
#define CGMQ_AUTODIFF_REVERSEMODE_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"

#include <utility>

namespace mlir::cgmq {

/// True where a value of the type can carry a derivative: its elements are
/// neither integers nor indices. The expressed numbers of quantized types are
/// real, so these can.
bool isDifferentiable(Type type);

/// Reverse-mode differentiation of a straight-line block, by
/// DifferentiableOpInterface. A value is active where it depends on a `wrt`
/// value through differentiable values; cotangents flow along active values
/// only, so that what does not lead from `wrt` to a seed costs nothing and
/// needs no rule.
class ReverseMode {
public:
  /// `wrt`: the values whose cotangents are wanted (activity starts there).
  /// The operations that `block` holds now are those that `run` differentiates.
  ReverseMode(Block &block, ArrayRef<Value> wrt);

  /// Emits at `builder` (after the ops it differentiates) the reverse sweep
  /// from (value, cotangent) seeds. Error at an active op without a rule, with
  /// a note at what made it active and a note with the remedy.
  LogicalResult run(OpBuilder &builder,
                    ArrayRef<std::pair<Value, Value>> seeds);

  /// Cotangent of a value, null where it is zero / inactive. Gated tensors: an
  /// f32 tensor of the same shape.
  Value getCotangent(Value value) const { return cotangents.lookup(value); }

private:
  LogicalResult differentiate(OpBuilder &builder, Operation *op);
  void accumulate(OpBuilder &builder, Location loc, Value value,
                  Value cotangent);

  /// Operations with an active operand, in the order of the block.
  SmallVector<Operation *> activeOps;
  /// For each active value the `wrt` value that made it so.
  DenseMap<Value, Value> origins;
  DenseMap<Value, Value> cotangents;
};

} // namespace mlir::cgmq

#endif // CGMQ_AUTODIFF_REVERSEMODE_H
