//===- Differentiable.h - Gradient rules by dialect -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_INTERFACES_EXTERNALMODELS_DIFFERENTIABLE_H
#define CGMQ_INTERFACES_EXTERNALMODELS_DIFFERENTIABLE_H

namespace mlir {
class DialectRegistry;
namespace cgmq {

/// Gives DifferentiableOpInterface to the operations of a dialect. The rules
/// build arith, linalg, math, tensor and tosa operations: a pass that applies
/// them depends on these dialects.
void registerTosaDifferentiableModels(DialectRegistry &registry);
void registerCGMQDifferentiableModels(DialectRegistry &registry);

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_INTERFACES_EXTERNALMODELS_DIFFERENTIABLE_H
