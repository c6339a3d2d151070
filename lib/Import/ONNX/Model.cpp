//===- Model.cpp - ONNX files as libonnx reads them -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"

#include "onnx/checker.h"
#include "onnx/defs/parser.h"
#include "onnx/defs/schema.h"
#include "onnx/shape_inference/implementation.h"

#include <limits>

using namespace mlir;
using namespace mlir::cgmq;

/// The oldest set whose broadcasting is that of today.
static constexpr int64_t kOldestOpset = 6;

LogicalResult cgmq::parseModel(StringRef contents, onnx::ModelProto &model,
                               EmitError emitError) {
  try {
    if (contents.starts_with("<")) {
      std::string text = contents.str();
      onnx::OnnxParser parser(text.c_str());
      onnx::Common::Status status = parser.Parse(model);
      if (status.IsOK())
        return success();
      // Between place and reason there is the line, with all its weights.
      StringRef message = status.ErrorMessage();
      return emitError() << "expects a model in ONNX's textual syntax, but got "
                         << message.split('\n').first << ' '
                         << message.rtrim().rsplit('\n').second;
    }
    // libprotobuf would say the same on its own, and not where.
    google::protobuf::SetLogHandler(nullptr);
    if (contents.size() <= std::numeric_limits<int>::max() &&
        model.ParseFromArray(contents.data(),
                             static_cast<int>(contents.size())) &&
        model.has_graph())
      return success();
  } catch (const std::exception &exception) {
    return emitError() << "expects an ONNX model, but got " << exception.what();
  }
  InFlightDiagnostic diag = emitError()
                            << "expects an ONNX model, but got a file of "
                            << contents.size() << " bytes that is none";
  diag.attachNote() << "it may be truncated, of another format, or above the "
                       "2 GB that protobuf reads; weights can lie in files of "
                       "their own";
  return diag;
}

/// Refuses versions that libonnx does not read.
static LogicalResult checkVersions(const onnx::ModelProto &model,
                                   EmitError emitError) {
  if (model.ir_version() > onnx::Version::IR_VERSION)
    return emitError() << "expects an ONNX file of IR version at most "
                       << static_cast<int64_t>(onnx::Version::IR_VERSION)
                       << ", which the installed libonnx reads, but got "
                       << model.ir_version();
  int64_t newest = onnx::OpSchemaRegistry::DomainToVersionRange::Instance()
                       .Map()
                       .at(onnx::ONNX_DOMAIN)
                       .second;
  for (const onnx::OperatorSetIdProto &opset : model.opset_import()) {
    if (!opset.domain().empty() && opset.domain() != "ai.onnx")
      continue;
    if (opset.version() >= kOldestOpset && opset.version() <= newest)
      continue;
    InFlightDiagnostic diag =
        emitError() << "expects an operator set from " << kOldestOpset << " to "
                    << newest
                    << ", the newest of the installed libonnx, but got "
                    << opset.version();
    diag.attachNote() << "exporters take the version as an option, such as "
                         "opset_version="
                      << newest;
    return diag;
  }
  return success();
}

/// Gives the open dimensions their extents, wherever they are named.
static void
setExtents(google::protobuf::RepeatedPtrField<onnx::ValueInfoProto> *values,
           const llvm::StringMap<int64_t> &extents) {
  for (onnx::ValueInfoProto &value : *values) {
    if (!value.type().has_tensor_type())
      continue;
    onnx::TensorShapeProto *shape =
        value.mutable_type()->mutable_tensor_type()->mutable_shape();
    for (onnx::TensorShapeProto::Dimension &dim : *shape->mutable_dim())
      if (dim.has_dim_param())
        if (auto found = extents.find(dim.dim_param()); found != extents.end())
          dim.set_dim_value(found->second);
  }
}

LogicalResult cgmq::checkModel(onnx::ModelProto &model,
                               const llvm::StringMap<int64_t> &extents,
                               EmitError emitError) {
  if (failed(checkVersions(model, emitError)))
    return failure();
  onnx::GraphProto *graph = model.mutable_graph();
  for (auto *values : {graph->mutable_input(), graph->mutable_output(),
                       graph->mutable_value_info()})
    setExtents(values, extents);
  try {
    onnx::checker::check_model(model);
    onnx::shape_inference::InferShapes(
        model, onnx::OpSchemaRegistry::Instance(),
        onnx::ShapeInferenceOptions(/*check_type_val=*/true,
                                    /*strict_mode_val=*/1,
                                    /*data_prop_val=*/true));
  } catch (const std::exception &exception) {
    return emitError() << "expects a valid ONNX model, but libonnx says: "
                       << StringRef(exception.what()).trim();
  }
  return success();
}

std::optional<onnx::FunctionProto>
cgmq::getFunctionBody(onnx::NodeProto &node, int64_t opset,
                      ArrayRef<onnx::TypeProto> operandTypes) {
  try {
    const onnx::OpSchema *schema = onnx::OpSchemaRegistry::Schema(
        node.op_type(), static_cast<int>(opset), node.domain());
    if (!schema)
      return std::nullopt;
    for (const auto &[name, attribute] : schema->attributes()) {
      auto isGiven = [&name = name](const onnx::AttributeProto &given) {
        return given.name() == name;
      };
      if (!attribute.default_value.name().empty() &&
          llvm::none_of(node.attribute(), isGiven))
        *node.add_attribute() = attribute.default_value;
    }
    if (schema->HasFunction())
      return *schema->GetFunction();
    onnx::FunctionProto body;
    onnx::FunctionBodyBuildContextImpl context(
        node, {operandTypes.begin(), operandTypes.end()});
    if (schema->HasContextDependentFunction() &&
        schema->BuildContextDependentFunction(context, body))
      return body;
  } catch (const std::exception &) {
    // It has none for these operands.
  }
  return std::nullopt;
}
