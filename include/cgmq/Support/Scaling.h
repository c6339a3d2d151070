//===- Scaling.h - Products with one number -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_SUPPORT_SCALING_H
#define CGMQ_SUPPORT_SCALING_H

#include "mlir/Dialect/Tosa/IR/TosaOps.h"

namespace mlir::cgmq {

/// A product of a tensor with one number above zero, as a mean is made of a
/// sum: integers stay what they are, and count other steps.
struct Scaling {
  Value input;
  float factor;
};

/// Reads a scaling of f32 off a product; fails where it is another one.
FailureOr<Scaling> getScaling(tosa::MulOp op);

} // namespace mlir::cgmq

#endif // CGMQ_SUPPORT_SCALING_H
