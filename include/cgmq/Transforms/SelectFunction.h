//===- SelectFunction.h - The function that a pass works on -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_SELECTFUNCTION_H
#define CGMQ_TRANSFORMS_SELECTFUNCTION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::cgmq {

/// The function that the option `function` of a pass names or, if it is empty,
/// the only one of the module that has a body. Fails, with an error, if there
/// is none, if it is a declaration, or if it has more than one block.
FailureOr<func::FuncOp> selectFunction(ModuleOp module, StringRef name);

/// Copies `function` under its name with `suffix`, after it. Fails, with an
/// error, if the name is taken.
FailureOr<func::FuncOp> cloneFunction(func::FuncOp function, StringRef suffix);

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_SELECTFUNCTION_H
