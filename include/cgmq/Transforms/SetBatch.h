//===- SetBatch.h - From any batch to one -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_SETBATCH_H
#define CGMQ_TRANSFORMS_SETBATCH_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::cgmq {

/// Sets the dynamic leading extent of the arguments of `function` to `batch`
/// and makes every shape in it, and in the functions that it calls, static.
/// Fails, with an error at the operation, where a shape does not follow. The
/// IR may be half changed then.
LogicalResult setBatch(func::FuncOp function, int64_t batch);

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_SETBATCH_H
