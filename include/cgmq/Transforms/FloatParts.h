//===- FloatParts.h - What of a network has no integer form ----*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_FLOATPARTS_H
#define CGMQ_TRANSFORMS_FLOATPARTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace mlir::cgmq {

/// The operations of a function that compute floats between quantizers: those
/// without an integer form (a softmax, a layer norm), whatever takes their
/// results before a quantizer or contraction does, and sums that nothing but
/// those read. In a frozen function also contractions of which a factor is not
/// quantized.
class FloatParts {
public:
  FloatParts(func::FuncOp function, bool isFrozen);

  bool contains(Operation *op) const { return ops.contains(op); }

private:
  bool isFloat(Operation *op) const;

  bool isFrozen;
  llvm::SmallPtrSet<Operation *, 16> ops;
  /// What is read by nothing but floats in the end.
  llvm::SmallPtrSet<Operation *, 16> leadingToFloats;
};

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_FLOATPARTS_H
