//===- CodeTable.h - Codes that are looked up ------------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_CODETABLE_H
#define CGMQ_LIB_CONVERSION_CODETABLE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::cgmq {

/// The global behind the widths of a quantizer's elements, its second input;
/// null where it is none.
ml_program::GlobalOp getWidthsGlobal(linalg::GenericOp quantizer);

/// The widths that occur in it, ascending, or nothing where it is no constant.
std::optional<SmallVector<int64_t>> getKnownWidths(linalg::GenericOp quantizer);

/// What replaces the quantizer `op`, right before it: the entries of a new
/// constant global at `inputs`, unsigned integers as they are stored and, where
/// rows of `entries` belong to `widths`, the width of each element.
Value buildLookup(linalg::GenericOp op, SymbolTable &symbols, StringRef name,
                  ArrayRef<int64_t> entries, ArrayRef<int64_t> widths,
                  ValueRange inputs);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_CODETABLE_H
