//===- ElementwiseLoops.h - Loops of elementwise ops -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_ELEMENTWISELOOPS_H
#define CGMQ_LIB_EXECUTION_ELEMENTWISELOOPS_H

#include "cgmq/Execution/Machine.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::cgmq {

/// True if an op means the same for each lane of a vector, and computes
/// nothing that traps in lanes that are not in use.
bool isLanewise(Operation &op);

/// True if vectors can run along `dim` of a map: it is in the last result only,
/// with factor 1, or not there at all.
bool canVectorize(AffineMap map, unsigned dim);

/// What the loops of one elementwise op or reduction look like.
struct ElementwiseLoops {
  unsigned vectorDim = 0;
  int64_t lanes = 0;
  /// Vectors that one iteration along vectorDim computes.
  int64_t vectors = 1;
  /// Loops that the outputs depend on, and the others, without vectorDim.
  SmallVector<unsigned> outer, inner;
  /// Loops of the outputs that one tile unrolls, so that what its points have
  /// in common is computed once.
  SmallVector<unsigned> unrolled;
  /// True if the outputs do not depend on vectorDim: lanes hold partial results
  /// that `combiners` put together.
  bool reducesLanes = false;
  /// For each output the op that adds an element to it, if its order is free.
  SmallVector<Operation *> combiners;
  /// The loop that is divided into `parts`. If the outputs do not depend on it,
  /// each part has partial results of its own.
  std::optional<unsigned> dividedDim;
  int64_t parts = 1;

  /// Plans the loops of an op on buffers; nothing if vectors cannot run along
  /// any.
  static std::optional<ElementwiseLoops> plan(linalg::LinalgOp op,
                                              const Machine &machine);

  bool isReduction() const { return reducesLanes || !inner.empty(); }
  bool dividesReduction() const {
    return dividedDim && (llvm::is_contained(inner, *dividedDim) ||
                          (reducesLanes && *dividedDim == vectorDim));
  }
  /// Elements that one iteration of a loop computes.
  int64_t getStep(unsigned dim) const {
    return dim == vectorDim ? lanes * vectors : 1;
  }

  /// True if the elements that `input` reads for a tile lie where the tile's
  /// results do, provided that the two operands are the same buffer.
  bool readsOwnTile(linalg::LinalgOp op, OpOperand &input,
                    OpOperand &init) const;

private:
  void unroll(linalg::LinalgOp op, ArrayRef<int64_t> extents);
  void divide(ArrayRef<int64_t> extents, int64_t numOutputs, int64_t threads);
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_ELEMENTWISELOOPS_H
