//===- ElementFunctions.h - Functions of single elements -------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TRANSFORMS_ELEMENTFUNCTIONS_H
#define CGMQ_LIB_TRANSFORMS_ELEMENTFUNCTIONS_H

#include "cgmq/Transforms/FloatParts.h"

namespace mlir::cgmq {

/// Finds what a float function computes element by element from one activation
/// and single numbers, and others than such functions take: an activation
/// function in whatever operations it is written. In order.
SmallVector<ElementFunction> findElementFunctions(func::FuncOp function);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TRANSFORMS_ELEMENTFUNCTIONS_H
