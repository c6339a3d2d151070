//===- Contraction.h - Contractions and their register tiles -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A contraction here is any linalg op of the form
//   out[C(i)] += lhs[A(i)] * rhs[B(i)]
// over a static iteration domain, with linear maps A, B, C: convolutions, their
// gradients, matrix products. What the lowering does with one follows from the
// maps and extents alone.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_CONTRACTION_H
#define CGMQ_EXECUTION_CONTRACTION_H

#include "cgmq/Execution/Machine.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::cgmq {

/// The shape of a contraction.
struct Contraction {
  enum Operand : unsigned { Lhs = 0, Rhs = 1, Out = 2 };

  /// Reads a contraction off an op; the extents of its loops are static.
  static FailureOr<Contraction> match(linalg::LinalgOp op);

  unsigned getNumDims() const { return extents.size(); }
  unsigned getRank(unsigned operand) const { return terms[operand].size(); }

  /// Factor of loop `dim` in an index of an operand.
  int64_t getFactor(unsigned operand, unsigned index, unsigned dim) const {
    return terms[operand][index][dim];
  }

  /// True if an operand's element depends on `dim`.
  bool uses(unsigned operand, unsigned dim) const;

  /// The index of `operand` that runs with `dim`: the only one that uses it,
  /// with factor 1.
  std::optional<unsigned> getIndexAlong(unsigned operand, unsigned dim) const;

  /// True if consecutive values of `dim` are consecutive elements of each
  /// operand that uses it.
  bool isContiguousAlong(unsigned dim) const;

  /// True if the elements of the output that differ in `dims` alone are
  /// distinct.
  bool hasDistinctOutputs(ArrayRef<unsigned> dims) const;

  /// True if no element of the output belongs to two values of `dim`.
  bool hasOutputsOfItsOwn(unsigned dim) const;

  /// The number of multiplications.
  int64_t getNumPoints() const;

  /// True if each element of the output belongs to one point of the loops that
  /// it depends on.
  bool hasOutputLoopsOnly() const;

  linalg::LinalgOp op;
  SmallVector<int64_t> extents;
  SmallVector<AffineMap> maps;
  /// Per operand and index: the factor of each loop, then the constant.
  SmallVector<SmallVector<int64_t>> terms[3];
  /// Bits of an element of each operand.
  int64_t bits[3];
};

/// The accumulators that the innermost loops keep in registers: a product of
/// row extents times some vectors along one dim.
struct RegisterTile {
  unsigned vectorDim = 0;
  /// Elements of a vector.
  int64_t lanes = 0;
  /// Vectors along vectorDim.
  int64_t vectors = 1;
  /// At most two dims and their extents in the tile.
  SmallVector<std::pair<unsigned, int64_t>, 2> rows;
  /// Estimated cycles of the contraction.
  double cycles = 0;
};

/// The tile of least cost with vectors along `vectorDim`, as if the operands
/// were contiguous along it. Fails if vectors cannot run along that dim.
FailureOr<RegisterTile> chooseTile(const Contraction &contraction,
                                   unsigned vectorDim, const Machine &machine);

/// The tile of least cost over all dims along which operands are contiguous.
FailureOr<RegisterTile> chooseTile(const Contraction &contraction,
                                   const Machine &machine);

/// The loops around the tiles, outermost first.
struct LoopOrder {
  /// A dim of the output, stepped by its extent in the tile (1 where it has
  /// none), or the blocked reduction.
  SmallVector<unsigned> dims;
  /// A reduction that is split into blocks, and their extent, so that what the
  /// blocks touch stays in cache.
  std::optional<unsigned> blockedDim;
  int64_t block = 0;
};

/// The order of least memory traffic.
LoopOrder chooseOrder(const Contraction &contraction, const RegisterTile &tile);

} // namespace mlir::cgmq

#endif // CGMQ_EXECUTION_CONTRACTION_H
