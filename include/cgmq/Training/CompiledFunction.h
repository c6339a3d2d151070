//===- CompiledFunction.h - A function at any stage, compiled -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_COMPILEDFUNCTION_H
#define CGMQ_TRAINING_COMPILEDFUNCTION_H

#include "cgmq/Execution/JitSession.h"

#include "mlir/IR/BuiltinOps.h"

#include <memory>
#include <string>

namespace mlir {
class DialectRegistry;

namespace cgmq {

/// One function of a module, compiled for one batch. The module may be at any
/// stage: float, gated, frozen or integer.
class CompiledFunction {
public:
  /// Adds what create() loads into its context. A pass that compiles a function
  /// calls this from getDependentDialects.
  static void getDependentDialects(DialectRegistry &registry);

  /// Compiles a copy of the function, as the parameters' values are now.
  /// Diagnostics at module or operation locations.
  static FailureOr<CompiledFunction> create(ModuleOp module, StringRef function,
                                            int64_t batch,
                                            const JitOptions &options = {});

  StringRef getName() const { return name; }
  /// Static tensors.
  ArrayRef<RankedTensorType> getArgumentTypes() const { return argumentTypes; }
  ArrayRef<RankedTensorType> getResultTypes() const { return resultTypes; }

  /// Runs it: one pointer to dense row-major data for each argument and each
  /// result. Not twice at once.
  LogicalResult run(ArrayRef<const void *> arguments,
                    ArrayRef<void *> results) {
    return session->invoke(name, arguments, results);
  }

private:
  CompiledFunction() = default;

  std::string name;
  SmallVector<RankedTensorType> argumentTypes, resultTypes;
  std::unique_ptr<JitSession> session;
};

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_TRAINING_COMPILEDFUNCTION_H
