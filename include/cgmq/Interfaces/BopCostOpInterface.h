//===- BopCostOpInterface.h - Operation interface -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_INTERFACES_BOPCOSTOPINTERFACE_H
#define CGMQ_INTERFACES_BOPCOSTOPINTERFACE_H

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/SmallBitVector.h"

namespace mlir::cgmq {

/// The multiply-accumulates of a contraction as a loop nest: its extents, and
/// the element of each factor and of the result that an iteration takes. What
/// lies outside of a factor is padding.
struct ContractionSpace {
  SmallVector<int64_t> extents;
  AffineMap lhs, rhs, result;
};

} // namespace mlir::cgmq

#include "cgmq/Interfaces/BopCostOpInterface.h.inc"

#endif // CGMQ_INTERFACES_BOPCOSTOPINTERFACE_H
