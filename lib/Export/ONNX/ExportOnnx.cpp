//===- ExportOnnx.cpp - Frozen networks as ONNX files -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Export/ONNX.h"

#include "GraphExporter.h"
#include "Model.h"

#include "cgmq/Transforms/ModelFunction.h"

#include "mlir/Dialect/Quant/IR/Quant.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::to_onnx;

/// The oldest set that has scales for each index of a dimension, and the
/// version of files that came with it: what is not needed is not asked of
/// readers.
static constexpr int64_t kOpset = 13;
static constexpr int64_t kIrVersion = 7;

LogicalResult cgmq::exportOnnx(ModuleOp module,
                               const OnnxExportOptions &options,
                               raw_ostream &os) {
  FailureOr<func::FuncOp> function =
      getBoundedFunction(module, options.function);
  if (failed(function))
    return failure();
  bool isFrozen = function
                      ->walk([](quant::DequantizeCastOp) {
                        return WalkResult::interrupt();
                      })
                      .wasInterrupted();
  if (!isFrozen) {
    InFlightDiagnostic diag = function->emitOpError()
                              << "expects quantized tensors, but got none";
    diag.attachNote() << "cgmq-freeze makes them; integer programs do not have "
                         "them any more";
    return diag;
  }

  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.add_opset_import()->set_version(kOpset);
  model.set_producer_name("cgmq");
  model.mutable_graph()->set_name(function->getSymName().str());
  if (failed(
          GraphExporter(*model.mutable_graph(), *function, options.quantizers)
              .run()))
    return failure();
  return writeModel(model, os, [&] { return function->emitError(); });
}
