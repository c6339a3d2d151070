//===- RowDots.h - Dots of bytes of several rows ---------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_ROWDOTS_H
#define CGMQ_LIB_EXECUTION_ROWDOTS_H

#include "VectorAccess.h"

#include <array>

namespace mlir::cgmq {

/// The tile of a depthwise convolution of bytes whose products are dots along
/// the rows of the kernel: four rows of the input at a time are interleaved in
/// registers, so that the bytes of a channel are neighbours, and so are those
/// of the kernel, once for all positions. Fails where the contraction has no
/// such form: all operands run along the channels, and one factor, the kernel,
/// depends on nothing else but reductions.
FailureOr<RegisterTile> chooseRowDots(const Contraction &contraction,
                                      const Machine &machine);

/// Emits the products of such a tile.
class RowDots {
public:
  RowDots(VectorAccess &access, const Contraction &contraction,
          const RegisterTile &tile);

  /// Interleaves the rows of the kernel from the channel at `begin` on; the
  /// first `used` are.
  void interleaveKernel(ArrayRef<Value> begin, int64_t used);

  /// Adds the products of the tile at `begin`, whose rows have these offsets,
  /// to the sums of each row's vectors.
  SmallVector<Value> emit(ArrayRef<Value> sums, ArrayRef<Value> begin,
                          ArrayRef<SmallVector<int64_t>> rows, int64_t used);

private:
  using Offsets = SmallVector<int64_t>;
  /// Vectors of the groups of neighbouring channels.
  using Groups = std::array<Value, kDotBytes>;

  /// The vectors of the groups of up to four rows of an operand, the first one
  /// at an offset from `begin`. A row that is missing is zero in the kernel,
  /// and may be anything in the other factor.
  Groups interleave(unsigned operand, ArrayRef<Value> begin,
                    const Offsets &offsets, int64_t used);
  /// Shuffles bytes: each 16 of two vectors give 16 of the result.
  Value shuffleLanes(Value a, Value b,
                     function_ref<int64_t(int64_t byte)> getSource);

  /// The offsets of the first row of each group.
  SmallVector<Offsets> getGroups() const;

  VectorAccess &access;
  /// The same for vectors of bytes.
  VectorAccess bytes;
  const Contraction &contraction;
  const RegisterTile &tile;
  /// The factor that is the kernel.
  unsigned kernel;
  SmallVector<Groups> kernelGroups;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_ROWDOTS_H
