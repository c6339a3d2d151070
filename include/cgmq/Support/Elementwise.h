//===- Elementwise.h - Building element-wise linalg operations -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_SUPPORT_ELEMENTWISE_H
#define CGMQ_SUPPORT_ELEMENTWISE_H

#include "mlir/IR/Builders.h"

namespace mlir::cgmq {

/// Whether an operation of TOSA computes each element from those of its
/// operands at the same position, or from one that all share.
bool isTosaElementwise(Operation *op);

/// Builds `result[i...] = body(inputs[i...])` as a linalg.generic. The first
/// input is a ranked tensor that gives the shape; each other is a tensor of the
/// same rank, whose extents of one are broadcast, a rank-0 tensor, or a scalar.
Value buildElementwise(
    OpBuilder &builder, Location loc, ValueRange inputs, Type elementType,
    function_ref<Value(OpBuilder &, Location, ValueRange)> body);

/// Builds the sum of `body(inputs[i...])` over the elements of the first input
/// that each element of a tensor of `shape` stands for: a scalar (empty shape)
/// for all of them, else each extent of one in `shape` for all along that
/// dimension. The additions may be reassociated.
Value buildSum(OpBuilder &builder, Location loc, ValueRange inputs,
               ArrayRef<int64_t> shape,
               function_ref<Value(OpBuilder &, Location, ValueRange)> body);

/// Builds the greatest element of an f32 tensor, as a scalar.
Value buildMaximum(OpBuilder &builder, Location loc, Value tensor);

} // namespace mlir::cgmq

#endif // CGMQ_SUPPORT_ELEMENTWISE_H
