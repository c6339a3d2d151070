//===- FrozenFunctions.h - Functions of fixed widths -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_FROZENFUNCTIONS_H
#define CGMQ_LIB_CONVERSION_FROZENFUNCTIONS_H

#include "CodeConstants.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::cgmq {

/// Calls `lower` with each function that holds quantized tensors of fixed
/// width, and makes the replacements of globals that come of it. Fails, with an
/// error at `module`, where there is no such function.
LogicalResult lowerFrozenFunctions(
    ModuleOp module,
    function_ref<LogicalResult(func::FuncOp, SymbolTableCollection &,
                               GlobalReplacements &)>
        lower);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_FROZENFUNCTIONS_H
