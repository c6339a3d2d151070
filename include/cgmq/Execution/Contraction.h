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
// Where an index of the output is a sum of two loops, h + p, as in the gradient
// of a convolution with respect to its input, the domain is written in terms of
// y = h + p: each element of the output then belongs to one point of the loops
// that it depends on, and a window says which p are in bounds.
//
// Where an operand has zeros around it, as the input of a padded convolution,
// the same kind of window restricts the loops to the products with what is
// inside: h and p to those that leave h + p - 1 in bounds. The operand is then
// read without the zeros.
//
// Sums of products of bytes can be sums of dots of four (VNNI). One factor is
// then read in groups of four bytes that are broadcast, the other one, of which
// four bytes of the reduction are innermost, in vectors of such groups: it is a
// contraction of elements of 32 bits but for how they are multiplied.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_CONTRACTION_H
#define CGMQ_EXECUTION_CONTRACTION_H

#include "cgmq/Execution/Machine.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::cgmq {

/// Two loops of which only the points whose index, a sum of both and a
/// constant, is at least 0 and below an extent belong to the domain.
struct Window {
  /// A loop of the output, and a loop of the reduction.
  unsigned position, offset;
  /// Their factors in the index; that of the position is above zero.
  int64_t positionFactor, offsetFactor;
  int64_t constant, extent;

  bool contains(int64_t positionValue, int64_t offsetValue) const {
    int64_t index =
        positionFactor * positionValue + offsetFactor * offsetValue + constant;
    return 0 <= index && index < extent;
  }

  /// The first offset in bounds, and the one after the last, where offsets
  /// have no other bounds.
  std::pair<AffineExpr, AffineExpr> getOffsets(AffineExpr positionExpr) const;
};

struct Padding;

/// The shape of a contraction.
struct Contraction {
  enum Operand : unsigned { Lhs = 0, Rhs = 1, Out = 2 };

  /// Reads a contraction off an op; the extents of its loops are static.
  static FailureOr<Contraction> match(linalg::LinalgOp op);

  /// This contraction without the products with zeros that are padding of a
  /// factor, which then is what the zeros are around. Fails if neither factor
  /// is padded, if windows cannot express it, or too few products are left
  /// inside of each.
  FailureOr<Contraction> skipPadding() const;

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

  /// True if an index of an input depends on both dims, as in a sliding sum.
  bool areAdded(unsigned dim, unsigned other) const;

  /// True if consecutive values of `dim` are consecutive elements of each
  /// operand that uses it.
  bool isContiguousAlong(unsigned dim) const;

  /// True if the elements of the output that differ in `dims` alone are
  /// distinct.
  bool hasDistinctOutputs(ArrayRef<unsigned> dims) const;

  /// True if no element of the output belongs to two values of `dim`.
  bool hasOutputsOfItsOwn(unsigned dim) const;

  /// The number of points of all loops.
  int64_t getNumPoints() const;

  /// The share of the points of a window's loops that are in bounds.
  double getShareInBounds(const Window &window) const;

  /// True if each element of the output belongs to one point of the loops that
  /// it depends on.
  bool hasOutputLoopsOnly() const;

  /// True if the factors are bytes, one unsigned and the other signed, and sums
  /// have 32 bits, as in VNNI's dots.
  bool multipliesBytes() const;

  /// True if the op extends the elements of an input as unsigned integers.
  bool isUnsigned(unsigned operand) const;

  /// How this contraction looks with dots along the reduction `dim`, once its
  /// operands have the layout for it: `dim` then counts groups, and `scalar` is
  /// the factor of which groups are broadcast. Fails where dots cannot run
  /// along it: the bytes of that factor have to be neighbours.
  FailureOr<Contraction> splitForDots(unsigned dim, unsigned scalar) const;

  /// The ways to see a loop of four over innermost bytes of both factors as
  /// dots; it does not count as a loop of the result.
  SmallVector<Contraction, 2> findDots() const;

  /// The factor that is read in vectors of groups of bytes.
  unsigned getDotVector() const { return 1 - *dotScalar; }

  /// The window that a loop is the position or the offset of, if any.
  const Window *getWindowAt(unsigned position) const;
  const Window *getWindowOver(unsigned offset) const;

  linalg::LinalgOp op;
  /// What is read and written: the operands of the op, or what is inside of
  /// padding.
  Value operands[3];
  /// The ops that do nothing but pad an operand that is read without padding.
  SmallVector<Operation *, 4> padOps;
  SmallVector<Window> windows;
  SmallVector<int64_t> extents;
  SmallVector<AffineMap> maps;
  /// Per operand and index: the factor of each loop, then the constant.
  SmallVector<SmallVector<int64_t>> terms[3];
  /// Bits of an element of each operand, or of a group of bytes of the one that
  /// is read in vectors of them.
  int64_t bits[3];
  /// The factor of which groups of bytes are broadcast, if products are dots of
  /// bytes. The other one's maps are without the bytes of a group.
  std::optional<unsigned> dotScalar;

private:
  /// Writes the domain in terms of an output's sum of two loops.
  void gather(unsigned index);
  /// Reads an operand without the padding around it.
  LogicalResult skipPadding(unsigned operand, const Padding &padding);
  LogicalResult computeTerms();
};

/// The accumulators that the innermost loops keep in registers: a product of
/// row extents times some vectors along one dim. If that dim is a reduction,
/// lanes hold partial sums.
struct RegisterTile {
  /// The most vectors along vectorDim.
  static constexpr int64_t kMostVectors = 4;

  unsigned vectorDim = 0;
  /// Elements of a vector.
  int64_t lanes = 0;
  /// Vectors along vectorDim.
  int64_t vectors = 1;
  /// At most two dims and their extents in the tile.
  SmallVector<std::pair<unsigned, int64_t>, 2> rows;
  /// The reduction along which bytes that are rows apart are interleaved for
  /// dots, four at a time, if any.
  std::optional<unsigned> rowDots;
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

/// A contraction, and its tile of least cost.
struct TiledContraction {
  Contraction contraction;
  RegisterTile tile;
};

/// The fastest way to compute a contraction: with padding or without, as it is
/// or as dots, among the ways that `isReadable`. Fails if vectors cannot run
/// along any loop.
FailureOr<TiledContraction> chooseForm(
    linalg::LinalgOp op, const Machine &machine,
    llvm::function_ref<bool(const Contraction &)> isReadable =
        [](const Contraction &) { return true; });

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
