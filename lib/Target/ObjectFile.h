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

/// Compiles the one public function of a module, which `cgmq-lower-border` has
/// given flat arguments and results, to an object file that depends on nothing
/// but memcpy, memmove and memset: its constants and buffers lie in it. Fails,
/// with an error, where the target cannot be had or code for it would need
/// more.
LogicalResult emitObject(ModuleOp module, const TargetOptions &options,
                         raw_ostream &os);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TARGET_OBJECTFILE_H
