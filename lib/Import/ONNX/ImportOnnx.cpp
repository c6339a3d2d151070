//===- ImportOnnx.cpp - ONNX files as modules -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Import/ONNX.h"

#include "ExternalData.h"
#include "GraphImporter.h"
#include "Model.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

#include "onnx/onnx_pb.h"

using namespace mlir;
using namespace mlir::cgmq;

void cgmq::getOnnxImportDialects(DialectRegistry &registry) {
  registry.insert<CGMQDialect, func::FuncDialect, ml_program::MLProgramDialect,
                  tosa::TosaDialect>();
}

OwningOpRef<ModuleOp> cgmq::importOnnx(onnx::ModelProto &model, StringRef path,
                                       const OnnxImportOptions &options,
                                       MLIRContext *context) {
  DialectRegistry registry;
  getOnnxImportDialects(registry);
  context->appendDialectRegistry(registry);
  context->loadAllAvailableDialects();
  Location loc = NameLoc::get(StringAttr::get(context, path));
  for (onnx::TensorProto &tensor :
       *model.mutable_graph()->mutable_initializer()) {
    auto fail = [&] {
      return emitError(loc) << "initializer '" << tensor.name() << "': ";
    };
    if (failed(readExternalData(tensor, path, fail)))
      return nullptr;
  }
  if (failed(
          checkModel(model, options.extents, [&] { return emitError(loc); })))
    return nullptr;
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  if (failed(GraphImporter(model, options, *module).run()) ||
      failed(verify(*module)))
    return nullptr;
  PassManager passes(context);
  passes.addPass(createSinkTransposesPass());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  if (failed(passes.run(*module)))
    return nullptr;
  return module;
}

OwningOpRef<ModuleOp> cgmq::importOnnx(StringRef contents, StringRef path,
                                       const OnnxImportOptions &options,
                                       MLIRContext *context) {
  onnx::ModelProto model;
  Location loc = NameLoc::get(StringAttr::get(context, path));
  if (failed(parseModel(contents, model, [&] { return emitError(loc); })))
    return nullptr;
  return importOnnx(model, path, options, context);
}
