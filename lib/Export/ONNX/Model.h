//===- Model.h - ONNX files as libonnx writes them -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXPORT_ONNX_MODEL_H
#define CGMQ_LIB_EXPORT_ONNX_MODEL_H

#include "mlir/IR/Diagnostics.h"

namespace onnx {
class ModelProto;
} // namespace onnx

namespace mlir::cgmq::to_onnx {

/// Has libonnx check the model, types included, and writes it as protobuf. What
/// of libonnx throws is behind this function.
LogicalResult writeModel(const onnx::ModelProto &model, raw_ostream &os,
                         function_ref<InFlightDiagnostic()> emitError);

} // namespace mlir::cgmq::to_onnx

#endif // CGMQ_LIB_EXPORT_ONNX_MODEL_H
