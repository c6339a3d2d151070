//===- Module.cpp - A module with its context -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Module.h"

#include "Diagnostics.h"
#include "Types.h"
#include "cgmq/Analysis/CostReport.h"
#include "cgmq/Transforms/ModelFunction.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::python;
namespace py = pybind11;

//===----------------------------------------------------------------------===//
// In and out
//===----------------------------------------------------------------------===//

std::unique_ptr<Module> Module::parse(py::bytes data, const std::string &name) {
  std::unique_ptr<Module> module(new Module());
  auto text = static_cast<std::string_view>(data);
  module->context->run([&]() -> LogicalResult {
    ParserConfig config(module->context->get());
    module->op = parseSourceString<ModuleOp>(text, config, name);
    return success(bool(module->op));
  });
  return module;
}

py::bytes Module::getBytecode() {
  std::string bytes;
  context->run([&]() -> LogicalResult {
    llvm::raw_string_ostream os(bytes);
    return writeBytecodeToFile(*op, os);
  });
  return bytes;
}

//===----------------------------------------------------------------------===//
// Changing them
//===----------------------------------------------------------------------===//

void Module::change(function_ref<LogicalResult(ModuleOp)> work) {
  context->run([&]() -> LogicalResult {
    OwningOpRef<ModuleOp> copy = op->clone();
    if (failed(work(*copy)))
      return failure();
    op = std::move(copy);
    return success();
  });
}

void Module::runPipeline(const std::string &pipeline) {
  std::string error;
  llvm::raw_string_ostream os(error);
  PassManager manager(context->get(), ModuleOp::getOperationName());
  auto parse = [&](StringRef passes) -> LogicalResult {
    // As mlir-opt wants it, or without what it runs on.
    if (!passes.starts_with("builtin.module("))
      return parsePassPipeline(passes, manager, os);
    FailureOr<OpPassManager> parsed = parsePassPipeline(passes, os);
    if (failed(parsed))
      return failure();
    static_cast<OpPassManager &>(manager) = std::move(*parsed);
    return success();
  };
  if (failed(parse(StringRef(pipeline).trim())))
    throwError(
        {DiagnosticRecord("expects a pipeline of passes, but got '" + pipeline +
                          "': " + StringRef(error).trim().str())});
  change([&](ModuleOp module) { return manager.run(module); });
}

//===----------------------------------------------------------------------===//
// Reading them
//===----------------------------------------------------------------------===//

std::string Module::print() {
  std::string text;
  context->run([&]() -> LogicalResult {
    llvm::raw_string_ostream os(text);
    op->print(os);
    return success();
  });
  return text;
}

py::list Module::getFunctions() {
  struct Info {
    std::string name;
    bool isPublic;
    std::vector<TensorInfo> arguments, results;
  };
  std::vector<Info> functions;
  context->run([&]() -> LogicalResult {
    for (auto function : op->getOps<func::FuncOp>())
      if (!function.isDeclaration())
        functions.push_back({function.getSymName().str(), function.isPublic(),
                             getInfos(function.getArgumentTypes()),
                             getInfos(function.getResultTypes())});
    return success();
  });
  py::list list;
  for (const Info &info : functions)
    list.append(py::make_tuple(info.name, info.isPublic,
                               toPython(info.arguments),
                               toPython(info.results)));
  return list;
}

py::tuple Module::getCost(const std::string &name) {
  std::string json, table;
  context->run([&]() -> LogicalResult {
    FailureOr<func::FuncOp> function = getBoundedFunction(*op, name);
    if (failed(function))
      return failure();
    FailureOr<CostAnalysis> analysis = CostAnalysis::create(*function);
    if (failed(analysis))
      return failure();
    FailureOr<CostBounds> bounds =
        CostBounds::create(*analysis, getBudgets(*function));
    if (failed(bounds))
      return failure();
    json = llvm::formatv("{0}", llvm::json::Value(buildCostReport(
                                    *function, *analysis, *bounds)));
    llvm::raw_string_ostream os(table);
    printCostTable(os, *function, *analysis, *bounds);
    return success();
  });
  return py::make_tuple(json, table);
}

//===----------------------------------------------------------------------===//
// The extension
//===----------------------------------------------------------------------===//

void cgmq::python::addModule(py::module_ &extension) {
  py::class_<Module>(extension, "Module")
      .def_static("parse", &Module::parse)
      .def_static("import_onnx", &Module::importOnnx)
      .def("bytecode", &Module::getBytecode)
      .def("run", &Module::runPipeline)
      .def("print", &Module::print)
      .def("write", &Module::write)
      .def("functions", &Module::getFunctions)
      .def("cost", &Module::getCost)
      .def("parameters", &Module::getParameters)
      .def("parameter", &Module::getParameter)
      .def("set_parameter", &Module::setParameter);
}
