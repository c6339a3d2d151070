//===- OperandLayout.h - Other layouts for a contraction -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_OPERANDLAYOUT_H
#define CGMQ_LIB_EXECUTION_OPERANDLAYOUT_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::cgmq {

/// Gives the operands of a contraction other layouts.
class OperandLayout {
public:
  OperandLayout(IRRewriter &rewriter, linalg::GenericOp op)
      : rewriter(rewriter), op(op), operands(op->getOperands()),
        maps(op.getIndexingMapsArray()), iterators(op.getIteratorTypesArray()) {
  }

  /// Makes index `index` of an operand its innermost.
  void moveToEnd(unsigned operand, unsigned index);

  /// Splits a reduction into groups of bytes and the bytes of a group, a new
  /// innermost loop: index `vectorIndex` of the one factor, which runs along
  /// `vectorDim`, and the last index of the other, `scalar`.
  void splitForDots(unsigned dim, unsigned scalar, unsigned vectorDim);

  /// Splits the loop `dim` into panels of `width`, a new loop, and a factor
  /// with that loop innermost into a tensor for each panel, one after the
  /// other.
  void splitIntoPanels(unsigned operand, unsigned dim, int64_t width);

  /// Replaces the op by one with the operands as they are by now, and gives
  /// its result the layout that it had.
  void replace();

private:
  Value createEmpty(Value like, ArrayRef<int64_t> permutation);
  Value createTranspose(Value value, ArrayRef<int64_t> permutation);
  /// Gives a factor `padding` more elements. Where the last group of a row is
  /// not full, the elements that follow in memory, which zeros of the other
  /// factor cancel, fill it: one dim of all elements is longer in the end. Its
  /// rows are, if loops have their extents from this factor alone.
  void lengthen(unsigned operand, int64_t padding);

  /// Appends `padding` zeros along a dim.
  Value createPad(Value value, unsigned dim, int64_t padding);
  /// Splits a dim into groups of `size` elements and those of a group.
  Value createSplit(Value value, unsigned dim, int64_t size);
  Value createFill(linalg::FillOp fill, ArrayRef<int64_t> permutation);

  IRRewriter &rewriter;
  linalg::GenericOp op;
  SmallVector<Value> operands;
  SmallVector<AffineMap> maps;
  SmallVector<utils::IteratorType> iterators;
  SmallVector<int64_t> outPermutation;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_OPERANDLAYOUT_H
