//===- Differentiate.h - Losses and gradients of functions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_DIFFERENTIATE_H
#define CGMQ_TRANSFORMS_DIFFERENTIATE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/CommandLine.h"

namespace mlir::cgmq {

/// What a network's result is compared by with what it should have been.
enum class Loss { CrossEntropy, MeanSquaredError, Distillation };

/// The words of the option `loss`.
inline llvm::cl::ValuesClass getLossValues(bool withDistillation) {
  auto crossEntropy =
      clEnumValN(Loss::CrossEntropy, "cross-entropy",
                 "softmax and negative log-likelihood of a label");
  auto squaredError = clEnumValN(Loss::MeanSquaredError, "mse",
                                 "mean of squared differences to a target");
  if (!withDistillation)
    return llvm::cl::values(crossEntropy, squaredError);
  return llvm::cl::values(
      crossEntropy, squaredError,
      clEnumValN(
          Loss::Distillation, "distill",
          "divergence of the softmax from that of a teacher: for a gated "
          "network, itself without quantizers"));
}

/// Adds `@<function>_loss` after `function`, as `cgmq-build-loss` describes.
FailureOr<func::FuncOp> buildLoss(func::FuncOp function, Loss loss);

/// With respect to what a function is differentiated.
enum class DifferentiateWrt { Parameters, Arguments, All };

/// Adds `@<function>_vjp` after `function`, as `cgmq-differentiate` describes.
FailureOr<func::FuncOp> buildVectorJacobianProduct(func::FuncOp function,
                                                   DifferentiateWrt wrt);

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_DIFFERENTIATE_H
