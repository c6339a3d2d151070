//===- ONNX.h - Frozen networks as ONNX files -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXPORT_ONNX_H
#define CGMQ_EXPORT_ONNX_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::cgmq {

/// Writes a function of fixed widths (what `cgmq-freeze` leaves, or
/// `cgmq-lower-to-qdq=quantizers=casts`) as an ONNX file of QuantizeLinear and
/// DequantizeLinear around float operations. `function` names it; it may be
/// empty where there is only one that no other calls. Errors are emitted at
/// what ONNX cannot say.
LogicalResult exportOnnx(ModuleOp module, StringRef function, raw_ostream &os);

/// Registers `--export-onnx` and its option.
void registerOnnxExport();

} // namespace mlir::cgmq

#endif // CGMQ_EXPORT_ONNX_H
