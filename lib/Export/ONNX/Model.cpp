//===- Model.cpp - ONNX files as libonnx writes them -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"

#include "onnx/checker.h"
#include "onnx/defs/schema.h"
#include "onnx/shape_inference/implementation.h"

#include <limits>

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::to_onnx;

LogicalResult
to_onnx::writeModel(const onnx::ModelProto &model, raw_ostream &os,
                    function_ref<InFlightDiagnostic()> emitError) {
  if (model.ByteSizeLong() > std::numeric_limits<int>::max())
    return emitError() << "expects a model of less than the 2 GB that protobuf "
                          "holds, but got "
                       << model.ByteSizeLong() << " bytes";
  try {
    onnx::checker::check_model(model);
    onnx::ModelProto inferred = model;
    onnx::shape_inference::InferShapes(
        inferred, onnx::OpSchemaRegistry::Instance(),
        onnx::ShapeInferenceOptions(/*check_type_val=*/true,
                                    /*strict_mode_val=*/1,
                                    /*data_prop_val=*/true));
  } catch (const std::exception &exception) {
    return emitError() << "expects a function that is a valid ONNX model, but "
                          "libonnx says: "
                       << StringRef(exception.what()).trim();
  }
  os << model.SerializeAsString();
  return success();
}
