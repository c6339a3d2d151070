//===- BatchNormChain.h - Affine chains behind contractions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TRANSFORMS_BATCHNORMCHAIN_H
#define CGMQ_LIB_TRANSFORMS_BATCHNORMCHAIN_H

#include "mlir/Dialect/Tosa/IR/TosaOps.h"

namespace mlir::cgmq {

/// The operands by which a contraction takes weight and bias. Its channels are
/// the last dimension of its result, and either the first of its weight or its
/// last ones.
struct ChannelLayer {
  OpOperand *weight;
  /// Null where the contraction has none.
  OpOperand *bias;
  bool isChannelFirst;
};

/// An addition, subtraction or multiplication of what a contraction gives with
/// something that does not depend on the input.
struct ChainStep {
  enum class Kind { Scalar, Channel, Other };

  Operation *op;
  OpOperand *data, *constant;
  Kind kind;

  bool isFactor() const {
    return isa<tosa::MulOp>(op) && kind == Kind::Channel;
  }
};

/// Nothing for what is no contraction.
std::optional<ChannelLayer> getChannelLayer(Operation *op);

/// The steps from `use` on, as long as nothing else sees what is between them.
/// The channels are dimension `dim` of the value that is used.
SmallVector<ChainStep> collectSteps(OpOperand *use, int64_t dim);

/// A batch norm multiplies each channel by a factor of its own; other chains
/// are none.
bool isBatchNorm(ArrayRef<ChainStep> steps);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TRANSFORMS_BATCHNORMCHAIN_H
