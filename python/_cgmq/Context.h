//===- Context.h - Work on a context, from Python -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_PYTHON_CONTEXT_H
#define CGMQ_PYTHON_CONTEXT_H

#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LLVM.h"

#include <mutex>

namespace mlir::cgmq::python {

/// The context of one module and of what is compiled from it, which keep it
/// alive together. Attributes live as long as their context, so that each
/// module has its own: what it holds goes with it. Contexts start no threads;
/// programs that want several run several modules.
class Context {
public:
  Context();

  MLIRContext *get() { return &context; }

  /// Runs `work` with the context for itself and without Python's lock.
  /// Warnings become Python's; throws a cgmq.Error with all that was said where
  /// `work` fails.
  void run(function_ref<LogicalResult()> work);

private:
  MLIRContext context;
  std::mutex mutex;
};

/// Makes all passes known, once.
void registerPasses();

} // namespace mlir::cgmq::python

#endif // CGMQ_PYTHON_CONTEXT_H
