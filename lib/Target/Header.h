//===- Header.h - The declaration of a function in C -----------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TARGET_HEADER_H
#define CGMQ_LIB_TARGET_HEADER_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::cgmq {

/// Prints the header of the one public function of a module, which
/// `cgmq-lower-border` has given flat arguments and results for a batch.
LogicalResult printHeader(ModuleOp module, int64_t batch, raw_ostream &os);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TARGET_HEADER_H
