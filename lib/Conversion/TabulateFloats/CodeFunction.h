//===- CodeFunction.h - Floats from codes to codes -------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_TABULATEFLOATS_CODEFUNCTION_H
#define CGMQ_LIB_CONVERSION_TABULATEFLOATS_CODEFUNCTION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::cgmq {

/// Operations in an integer function that take the codes of one tensor, element
/// by element, through floats to other codes.
struct CodeFunction {
  Value source, result;
  llvm::SmallSetVector<Operation *, 8> ops;
  /// What makes codes of the floats; its second input, if it has one, is the
  /// width of each element, one of `widths`.
  linalg::GenericOp quantizer;
  SmallVector<int64_t> widths;
  /// The codes of `result` for each of `source` as it is stored, from zero to
  /// all ones; row after row where there are widths.
  SmallVector<int64_t> entries;
};

/// Replaces what `function` computes in floats between codes that are stored in
/// at most `indexBits` bits, 8 or 16, by what `buildLookup` builds before the
/// quantizer; by nothing where that is null. The entries are found by compiling
/// and running the very operations.
LogicalResult
tabulateFloats(func::FuncOp function, int64_t indexBits,
               function_ref<Value(const CodeFunction &)> buildLookup);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_TABULATEFLOATS_CODEFUNCTION_H
