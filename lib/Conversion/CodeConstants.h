//===- CodeConstants.h - Constants of integer codes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_CODECONSTANTS_H
#define CGMQ_LIB_CONVERSION_CODECONSTANTS_H

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::cgmq {

/// A constant of integers of any width up to 64 bits, in row-major order.
DenseElementsAttr getCodesAttr(RankedTensorType type, ArrayRef<int64_t> codes);
/// The same of floats, which are integers.
DenseElementsAttr getCodesAttr(RankedTensorType type, ArrayRef<float> codes);

/// The integers of a constant, or nothing where it is none.
std::optional<SmallVector<int64_t>> getCodes(Attribute attr, bool isSigned);

/// Adds an immutable global after `original`, with its name as far as it is
/// free, and its visibility.
ml_program::GlobalOp buildConstantGlobal(SymbolTable &symbols,
                                         ml_program::GlobalOp original,
                                         RankedTensorType type);

/// Remembers which globals stand in for which, so that they can take the names
/// of those that nothing uses any more.
class GlobalReplacements {
public:
  explicit GlobalReplacements(SymbolTable &symbols) : symbols(symbols) {}
  void add(ml_program::GlobalOp original, ml_program::GlobalOp replacement) {
    replacements.push_back({original, replacement});
  }
  void addDead(ml_program::GlobalOp original) {
    replacements.push_back({original, {}});
  }
  /// Erases the originals without uses; a replacement takes the name of its
  /// original, if that was erased.
  LogicalResult finish();

private:
  SymbolTable &symbols;
  SmallVector<std::pair<ml_program::GlobalOp, ml_program::GlobalOp>>
      replacements;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_CODECONSTANTS_H
