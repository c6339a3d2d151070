//===- TileEmitter.h - One register tile of a contraction ------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_TILEEMITTER_H
#define CGMQ_LIB_EXECUTION_TILEEMITTER_H

#include "Epilogue.h"
#include "Initializer.h"
#include "RowDots.h"
#include "VectorAccess.h"

namespace mlir::cgmq {

/// Emits the code of one tile of a contraction: accumulators, the loops of the
/// reduction, and what becomes of the sums.
class TileEmitter {
public:
  TileEmitter(OpBuilder &builder, const Contraction &contraction,
              const RegisterTile &tile, const LoopOrder &order,
              const std::optional<Initializer> &initializer,
              const std::optional<Epilogue> &epilogue);

protected:
  /// The extent of a dim in the tile.
  int64_t getStep(unsigned dim) const;

  /// True if tiles along `dim` can reach over the borders of a window.
  bool isBordered(unsigned dim) const;

  /// Prepares what all tiles share that have the same vectors: inside of the
  /// outermost loop.
  void emitShared();

  /// Emits the tile that starts at `begin`.
  void emitTile();

  OpBuilder &builder;
  Location loc;
  VectorAccess access;
  const Contraction &contraction;
  const RegisterTile &tile;
  const LoopOrder &order;
  /// Where the tile starts, and its extent, for each dim.
  SmallVector<Value> begin;
  SmallVector<int64_t> inTile;
  /// The start along positions and offsets of windows, where it is a constant
  /// that bounds are to be checked for.
  SmallVector<std::optional<int64_t>> known;

private:
  /// The indices of the tile's rows: an offset for each dim.
  using Offsets = SmallVector<int64_t>;
  using Sums = SmallVector<Value>;

  Type getElementType(unsigned operand) const {
    return getElementTypeOrSelf(contraction.operands[operand]);
  }

  bool reducesLanes() const;
  SmallVector<Value> createAccumulators();
  Value createIsFirstBlock();
  SmallVector<Value> createStarts(bool isFirst);
  void yieldStarts(bool isFirst);

  //===--- Reduction ------------------------------------------------------===//

  /// Emits the loops of the reduction from `depth` inward.
  Sums emitReduction(size_t depth, Sums sums);
  template <typename OpTy>
  Value createBound(ArrayRef<AffineExpr> exprs, Value operand);
  Sums emitReductionLoop(size_t depth, Value from, Value to, int64_t step,
                         Sums sums);
  /// True if LLVM, given the steps along a reduction as straight code, could
  /// load once what several of them read: as in a sliding sum, or where code
  /// for each offset of a window surrounds them.
  bool readsAgainAlong(unsigned dim) const;
  /// Keeps LLVM from unrolling a loop: all that several steps read would stay
  /// in registers, of which the tile leaves few.
  void keepRolled(scf::ForOp loop);
  /// The offsets of a window: those that leave all rows in bounds in a loop,
  /// and code for each of the others.
  Sums emitWindow(const Window &window, size_t depth, Sums sums);
  /// True if a row of the tile is within the windows.
  bool isInBounds(const Offsets &row) const;
  /// Emits the multiply-adds of one step of the reduction.
  SmallVector<Value> emitStep(ArrayRef<Value> accumulators);
  Value multiplyAdd(Value lhs, Value rhs, Value sum);

  //===--- Elements -------------------------------------------------------===//

  /// The indices of `map` at a row and vector of the tile.
  SmallVector<Value> getIndices(AffineMap map, const Offsets &row,
                                size_t vector);
  /// A vector of an input, or of copies of one of its elements, as it is
  /// multiplied.
  Value loadFactor(unsigned operand, const Offsets &row, size_t vector);
  Value loadVector(unsigned operand, const Offsets &row, size_t vector);
  Value loadScalar(unsigned operand, const Offsets &row);
  /// The cast that the op's body applies to an input.
  Value castInput(unsigned operand, Value value);
  /// What the accumulators start with in place of the output.
  Value createInitialValue(const Offsets &row, size_t vector);
  Value createInitialScalar(const Offsets &row);
  AffineMap getInitializerMap() const;
  void storeResult(Value sum, const Offsets &row, size_t vector);

  const std::optional<Initializer> &initializer;
  const std::optional<Epilogue> &epilogue;
  std::optional<RowDots> rowDots;
  /// The factors' buffers; of one with groups of bytes, a view as bytes.
  SmallVector<Value> inputs;
  /// The loops of the reduction, outermost first.
  SmallVector<unsigned> reductionDims;
  /// The tile's rows and lanes of its vectors.
  SmallVector<Offsets> rows;
  SmallVector<int64_t> lanes;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_TILEEMITTER_H
