//===- Context.cpp - Work on a context, from Python -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Context.h"

#include "Diagnostics.h"
#include "cgmq/InitAll.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"

using namespace mlir;
using namespace mlir::cgmq::python;
namespace py = pybind11;

static const DialectRegistry &getRegistry() {
  static const DialectRegistry *registry = [] {
    auto *result = new DialectRegistry();
    mlir::registerAllDialects(*result);
    mlir::registerAllExtensions(*result);
    cgmq::registerAllDialects(*result);
    return result;
  }();
  return *registry;
}

void cgmq::python::registerPasses() {
  [[maybe_unused]] static const bool registered = [] {
    mlir::registerAllPasses();
    cgmq::registerAllPasses();
    return true;
  }();
}

Context::Context() : context(getRegistry(), MLIRContext::Threading::DISABLED) {
  // Errors about a function would print all of it; the place in the file says
  // as much.
  context.printOpOnDiagnostic(false);
}

void Context::run(function_ref<LogicalResult()> work) {
  std::vector<DiagnosticRecord> records;
  bool failed;
  {
    py::gil_scoped_release release;
    std::lock_guard<std::mutex> lock(mutex);
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      records.emplace_back(diagnostic);
      return success();
    });
    failed = work().failed();
  }
  if (failed)
    throwError(records);
  warn(records);
}
