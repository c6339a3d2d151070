//===- Function.h - Compiled functions on arrays -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_PYTHON_FUNCTION_H
#define CGMQ_PYTHON_FUNCTION_H

#include "Context.h"
#include "Types.h"
#include "cgmq/Training/CompiledFunction.h"

#include <pybind11/numpy.h>

#include <memory>
#include <mutex>

namespace mlir::cgmq::python {
class Module;

/// A function of a module, compiled for one batch, that takes any number of
/// samples. What the module becomes later means nothing to it. Calls take
/// turns.
class Function {
public:
  static std::unique_ptr<Function> compile(Module &module,
                                           const std::string &name,
                                           int64_t batch, int64_t threads,
                                           const std::string &cache);

  std::string getName() const { return function.getName().str(); }
  /// The types of the function before the batch was set; see TensorInfo.
  pybind11::tuple getArgumentTypes() const { return toPython(arguments); }
  pybind11::tuple getResultTypes() const { return toPython(results); }

  /// Arrays have the types of the arguments, with `numSamples` for what is
  /// dynamic; so have the results. They are dense and row-major, and are read
  /// and written in place but for the last samples that make no whole batch.
  pybind11::tuple call(const std::vector<pybind11::array> &arrays,
                       int64_t numSamples);

private:
  Function(std::shared_ptr<Context> context, CompiledFunction function)
      : context(std::move(context)), function(std::move(function)) {}
  bool isBatched() const;
  LogicalResult run(ArrayRef<const char *> inputs, ArrayRef<char *> outputs,
                    int64_t numSamples);
  LogicalResult runRest(ArrayRef<const char *> inputs, ArrayRef<char *> outputs,
                        int64_t numSamples);

  /// Outlives the locations of the function.
  std::shared_ptr<Context> context;
  CompiledFunction function;
  std::vector<TensorInfo> arguments, results;
  int64_t batch = 0;
  std::mutex mutex;
};

/// Adds the class to the extension.
void addFunction(pybind11::module_ &extension);

} // namespace mlir::cgmq::python

#endif // CGMQ_PYTHON_FUNCTION_H
