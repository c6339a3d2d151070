//===- Model.h - ONNX files as libonnx reads them -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What of libonnx throws is behind these functions; all else of the compiler is
// built without exceptions.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_IMPORT_ONNX_MODEL_H
#define CGMQ_LIB_IMPORT_ONNX_MODEL_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringMap.h"

#include <optional>

namespace onnx {
class FunctionProto;
class ModelProto;
class NodeProto;
class TypeProto;
} // namespace onnx

namespace mlir::cgmq {

using EmitError = function_ref<InFlightDiagnostic()>;

/// Reads protobuf or, where the contents begin with '<', ONNX's textual syntax.
LogicalResult parseModel(StringRef contents, onnx::ModelProto &model,
                         EmitError emitError);

/// Refuses versions that libonnx does not know, gives open dimensions the
/// extents of `extents`, has libonnx check the model and infer the types of all
/// values.
LogicalResult checkModel(onnx::ModelProto &model,
                         const llvm::StringMap<int64_t> &extents,
                         EmitError emitError);

/// What an operation is defined as in terms of others; nothing where libonnx
/// knows no such definition. Gives `node` the attributes that it leaves out.
std::optional<onnx::FunctionProto>
getFunctionBody(onnx::NodeProto &node, int64_t opset,
                ArrayRef<onnx::TypeProto> operandTypes);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_IMPORT_ONNX_MODEL_H
