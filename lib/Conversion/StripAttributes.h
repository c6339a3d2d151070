//===- StripAttributes.h - Programs without a trace of cgmq -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_STRIPATTRIBUTES_H
#define CGMQ_LIB_CONVERSION_STRIPATTRIBUTES_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::cgmq {

/// Removes the attributes `cgmq.*` from a module, which tools that do not know
/// the dialect refuse. Fails, with an error at the operation, where one of the
/// dialect's operations, types or values of attributes is left.
LogicalResult stripAttributes(ModuleOp module);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_STRIPATTRIBUTES_H
