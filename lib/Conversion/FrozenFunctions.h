//===- FrozenFunctions.h - Functions of fixed widths -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_FROZENFUNCTIONS_H
#define CGMQ_LIB_CONVERSION_FROZENFUNCTIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::cgmq {

/// The functions that hold quantized tensors of fixed width, or an error at
/// `module` where there are none.
FailureOr<SmallVector<func::FuncOp>> getFrozenFunctions(ModuleOp module);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_FROZENFUNCTIONS_H
