//===- InlineConstants.h - Constants where they are used -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_INLINECONSTANTS_H
#define CGMQ_LIB_CONVERSION_INLINECONSTANTS_H

#include "CodeConstants.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::cgmq {

/// Puts `arith.constant` in place of the loads of immutable globals, which
/// upstream has no lowering for. Fails, with an error at a load, where the
/// global has no dense value.
LogicalResult inlineConstants(func::FuncOp function,
                              SymbolTableCollection &symbolTables,
                              GlobalReplacements &replacements);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_INLINECONSTANTS_H
