//===- Module.h - A module with its context -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_PYTHON_MODULE_H
#define CGMQ_PYTHON_MODULE_H

#include "Context.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <memory>
#include <string>

namespace mlir::cgmq::python {

/// A module, in a context of its own.
class Module {
public:
  /// Reads text or bytecode; errors call it `name`.
  static std::unique_ptr<Module> parse(pybind11::bytes data,
                                       const std::string &name);
  /// Makes a module of an ONNX file, which `path` names in errors; its files of
  /// weights are beside it. `options` are those of OnnxImportOptions.
  static std::unique_ptr<Module> importOnnx(pybind11::bytes data,
                                            const std::string &path,
                                            const pybind11::dict &options);
  /// The module as `parse` takes it, in another context too.
  pybind11::bytes getBytecode();

  /// Runs `work` on a copy that takes the place of the module if it succeeds.
  void change(function_ref<LogicalResult(ModuleOp)> work);
  void runPipeline(const std::string &pipeline);

  std::string print();
  /// Writes text, bytecode, C, a header, an object file or ONNX, by `format`.
  void write(const std::string &path, const std::string &format,
             const pybind11::dict &options);

  /// (name, is public, argument types, result types) of each function; for
  /// types see TensorInfo.
  pybind11::list getFunctions();
  /// The cost of a function as JSON and as a table.
  pybind11::tuple getCost(const std::string &function);

  /// Globals of numbers: (name, type).
  pybind11::list getParameters();
  pybind11::array getParameter(const std::string &name);
  void setParameter(const std::string &name,
                    pybind11::array_t<float, pybind11::array::c_style> values);

  const std::shared_ptr<Context> &getContext() const { return context; }
  ModuleOp get() { return *op; }

private:
  Module() : context(std::make_shared<Context>()) {}
  LogicalResult translate(const std::string &format,
                          const pybind11::dict &options, raw_ostream &os);

  /// Outlives the operation.
  std::shared_ptr<Context> context;
  OwningOpRef<ModuleOp> op;
};

/// Adds the class to the extension.
void addModule(pybind11::module_ &extension);

} // namespace mlir::cgmq::python

#endif // CGMQ_PYTHON_MODULE_H
