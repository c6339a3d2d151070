//===- ObjectFile.h - Integer programs as object code ----------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TARGET_OBJECTFILE_H
#define CGMQ_LIB_TARGET_OBJECTFILE_H

#include "cgmq/Target/IntegerProgram.h"

namespace mlir::cgmq {

/// Object code, and what it takes, in bytes.
struct ObjectFile {
  SmallVector<char, 0> contents;
  int64_t code = 0;
  /// As the file has them: packed.
  int64_t constants = 0;
  /// Where the first call writes constants as the kernels read them.
  int64_t unpackedConstants = 0;
  /// The most that the activations of a call need at a time.
  int64_t activations = 0;
};

/// Compiles the one public function of a module, which `cgmq-lower-border` has
/// given flat arguments and results, to an object file that depends on nothing
/// but memcpy, memmove and memset: its constants and buffers lie in it. Fails,
/// with an error, where the target cannot be had or code for it would need
/// more. The object's function calls the code on each of `count` blocks of
/// samples that follow each other.
FailureOr<ObjectFile>
compileToObject(ModuleOp module, const TargetOptions &options, int64_t count);

/// The bytes of activations that such code would need.
FailureOr<int64_t> measureActivations(ModuleOp module,
                                      const TargetOptions &options);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TARGET_OBJECTFILE_H
