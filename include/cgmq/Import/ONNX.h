//===- ONNX.h - Networks from ONNX files -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_IMPORT_ONNX_H
#define CGMQ_IMPORT_ONNX_H

#include "cgmq/Support/ImageLayout.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"

namespace onnx {
class ModelProto;
} // namespace onnx

namespace mlir {
class DialectRegistry;

namespace cgmq {

struct OnnxImportOptions {
  ImageLayout layout = ImageLayout::NCHW;
  /// Extents for the dimensions that the file names and leaves open.
  llvm::StringMap<int64_t> extents;
  /// Marks arguments as never negative, so that they get unsigned codes.
  bool nonnegative = false;
};

/// Adds the dialects of imported modules.
void getOnnxImportDialects(DialectRegistry &registry);

/// Makes a function on TOSA of an ONNX model, its weights as globals.
/// `contents` is the file, in protobuf or in ONNX's textual syntax; `path`
/// names it in errors, and beside it are the files of weights that it refers
/// to.
OwningOpRef<ModuleOp> importOnnx(StringRef contents, StringRef path,
                                 const OnnxImportOptions &options,
                                 MLIRContext *context);

/// The same for a model in memory, whose weights it takes. `path` as above.
OwningOpRef<ModuleOp> importOnnx(onnx::ModelProto &model, StringRef path,
                                 const OnnxImportOptions &options,
                                 MLIRContext *context);

/// Registers `--import-onnx` and its options.
void registerOnnxTranslation();

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_IMPORT_ONNX_H
