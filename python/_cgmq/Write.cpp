//===- Write.cpp - Modules as files -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Module.h"

#include "Diagnostics.h"
#include "cgmq/Export/ONNX.h"
#include "cgmq/Support/AtomicFile.h"
#include "cgmq/Target/IntegerProgram.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::python;
namespace py = pybind11;

static IntegerProgramOptions getOptions(const py::dict &dict) {
  IntegerProgramOptions options;
  options.function = py::cast<std::string>(dict["function"]);
  options.batch = py::cast<int64_t>(dict["batch"]);
  options.border =
      llvm::StringSwitch<Border>(py::cast<std::string>(dict["border"]))
          .Case("codes", Border::Codes)
          .Case("floats", Border::Floats)
          .Default(Border::Bytes);
  options.target = {py::cast<std::string>(dict["target_triple"]),
                    py::cast<std::string>(dict["target_cpu"]),
                    py::cast<std::string>(dict["target_features"])};
  return options;
}

/// Writes `module`, which is lowered on the way where the format is no MLIR.
static LogicalResult emit(ModuleOp module, StringRef format,
                          const IntegerProgramOptions &options,
                          OnnxQuantizers quantizers, raw_ostream &os) {
  if (format == "c")
    return translateToC(module, options, os);
  if (format == "header")
    return translateToHeader(module, options, os);
  if (format == "object")
    return translateToObject(module, options, os);
  if (format == "onnx")
    return exportOnnx(module, {options.function, quantizers}, os);
  if (format == "bytecode")
    return writeBytecodeToFile(module, os);
  module.print(os);
  os << '\n';
  return success();
}

void Module::write(const std::string &path, const std::string &format,
                   const py::dict &dict) {
  IntegerProgramOptions options = getOptions(dict);
  OnnxQuantizers quantizers =
      py::cast<std::string>(dict["quantizers"]) == "arithmetic"
          ? OnnxQuantizers::Arithmetic
          : OnnxQuantizers::Nodes;
  std::string error;
  context->run([&]() -> LogicalResult {
    std::string content;
    llvm::raw_string_ostream os(content);
    OwningOpRef<ModuleOp> copy = op->clone();
    if (failed(emit(*copy, format, options, quantizers, os)))
      return failure();
    // Whether the file can be written is for the caller to tell from this.
    (void)writeFileAtomically(
        path, [&](raw_ostream &file) { file << content; }, error);
    return success();
  });
  if (!error.empty()) {
    PyErr_SetString(PyExc_OSError, error.c_str());
    throw py::error_already_set();
  }
}
