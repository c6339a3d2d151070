//===- ONNX.h - Frozen networks as ONNX files -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXPORT_ONNX_H
#define CGMQ_EXPORT_ONNX_H

#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace mlir::cgmq {

/// What computes the codes of activations.
enum class OnnxQuantizers {
  /// QuantizeLinear, which runtimes fuse; halves round to even.
  Nodes,
  /// The arithmetic of the quantizer's rule.
  Arithmetic
};

struct OnnxExportOptions {
  /// May be empty where there is only one that no other calls.
  std::string function;
  OnnxQuantizers quantizers = OnnxQuantizers::Nodes;
};

/// Writes a function of fixed widths (what `cgmq-freeze` leaves, or
/// `cgmq-lower-to-qdq=quantizers=casts`) as an ONNX file of QuantizeLinear and
/// DequantizeLinear around float operations. Errors are emitted at what ONNX
/// cannot say.
LogicalResult exportOnnx(ModuleOp module, const OnnxExportOptions &options,
                         raw_ostream &os);

/// Registers `--export-onnx` and its options.
void registerOnnxExport();

} // namespace mlir::cgmq

#endif // CGMQ_EXPORT_ONNX_H
