//===- Onnx.cpp - Modules from ONNX files -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Module.h"

#include "cgmq/Import/ONNX.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::python;
namespace py = pybind11;

static OnnxImportOptions getOptions(const py::dict &dict) {
  OnnxImportOptions options;
  if (py::cast<std::string>(dict["layout"]) == "nhwc")
    options.layout = ImageLayout::NHWC;
  options.nonnegative = py::cast<bool>(dict["nonnegative"]);
  for (auto [name, extent] : py::cast<py::dict>(dict["dims"]))
    options.extents[py::cast<std::string>(name)] = py::cast<int64_t>(extent);
  return options;
}

std::unique_ptr<Module> Module::importOnnx(py::bytes data,
                                           const std::string &path,
                                           const py::dict &dict) {
  std::unique_ptr<Module> module(new Module());
  OnnxImportOptions options = getOptions(dict);
  auto contents = static_cast<std::string_view>(data);
  module->context->run([&]() -> LogicalResult {
    module->op =
        cgmq::importOnnx(contents, path, options, module->context->get());
    return success(bool(module->op));
  });
  return module;
}
