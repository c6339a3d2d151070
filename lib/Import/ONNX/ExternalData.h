//===- ExternalData.h - Weights in files beside the model -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_IMPORT_ONNX_EXTERNALDATA_H
#define CGMQ_LIB_IMPORT_ONNX_EXTERNALDATA_H

#include "mlir/IR/Diagnostics.h"

namespace onnx {
class TensorProto;
} // namespace onnx

namespace mlir::cgmq {

/// Reads the bytes of a tensor that lie in another file into it; does nothing
/// for others. The file has to be in the directory of the model at
/// `modelPath`, or below.
LogicalResult readExternalData(onnx::TensorProto &tensor, StringRef modelPath,
                               function_ref<InFlightDiagnostic()> emitError);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_IMPORT_ONNX_EXTERNALDATA_H
