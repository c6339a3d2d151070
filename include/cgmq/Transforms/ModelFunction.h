//===- ModelFunction.h - The function that a pass works on -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_MODELFUNCTION_H
#define CGMQ_TRANSFORMS_MODELFUNCTION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::cgmq {

/// The function that the option `function=` of a pass names; if `name` is
/// empty, the one function of the module, or of several the one that no other
/// calls. The function has a body of one block. Fails, with an error at the
/// module or the function.
FailureOr<func::FuncOp> getModelFunction(ModuleOp module, StringRef name);

/// The same for what reads costs: if `name` is empty, the one function that
/// carries a budget comes first.
FailureOr<func::FuncOp> getBoundedFunction(ModuleOp module, StringRef name);

/// Copies `function`, after it, under its name with `suffix`. Fails, with an
/// error at the function, if the name is taken.
FailureOr<func::FuncOp> cloneFunction(func::FuncOp function, StringRef suffix);

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_MODELFUNCTION_H
