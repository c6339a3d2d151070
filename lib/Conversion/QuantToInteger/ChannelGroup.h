//===- ChannelGroup.h - Tensors that have channels in common -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A channel can be taken out of one tensor only if it is taken out of all that
// share it: what a contraction accumulates over its filters has the channels of
// its weight and of its bias, and passes them on to pools, quantizers and the
// weight of the next contraction. A group is all of these.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTTOINTEGER_CHANNELGROUP_H
#define CGMQ_LIB_CONVERSION_QUANTTOINTEGER_CHANNELGROUP_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Interfaces/InferIntRangeInterface.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::cgmq {

/// Where a tensor has channels: the dimension that they run along, and which of
/// them each index there belongs to, of which several may share one.
struct ChannelLayout {
  int64_t dim;
  SmallVector<int32_t> channels;

  bool operator==(const ChannelLayout &other) const {
    return dim == other.dim && channels == other.channels;
  }
};

/// What is known of the elements of each channel of a tensor.
using ChannelRanges = SmallVector<ConstantIntRanges>;

/// The operation as a contraction of codes by a weight from a constant global;
/// null where it is none.
linalg::GenericOp getContraction(Operation *op);

/// The loop that a dimension of an operand runs over; none where it is not one
/// loop alone.
std::optional<unsigned> getLoop(AffineMap map, int64_t dim);
/// The dimension of an operand that runs over a loop; none where there is none.
std::optional<int64_t> getDim(AffineMap map, unsigned loop);

/// The integers of a constant, or of the constant global that a value is loaded
/// from; null where it is none.
DenseIntElementsAttr getIntegers(Value value,
                                 SymbolTableCollection &symbolTables);

class ChannelGroup {
public:
  /// The group of the filters of `contraction`; failure where some of its
  /// tensors cannot change their shape, as those that a function returns.
  static FailureOr<ChannelGroup> create(linalg::GenericOp contraction);

  int64_t getNumChannels() const { return numChannels; }
  /// The tensors of the group, but for empty ones.
  const llvm::MapVector<Value, ChannelLayout> &getLayouts() const {
    return layouts;
  }
  /// The contractions whose filters are the channels, and those that sum over
  /// them.
  ArrayRef<linalg::GenericOp> getProducers() const { return producers; }
  ArrayRef<linalg::GenericOp> getConsumers() const { return consumers; }

  /// What is known of each channel of each tensor, whatever the input is.
  DenseMap<Value, ChannelRanges>
  findRanges(SymbolTableCollection &symbolTables) const;

private:
  LogicalResult visit(Value value, ChannelLayout layout);
  /// Visits what shares the channels of `value`, of the group, by way of `op`.
  LogicalResult visit(Operation *op, Value value);
  LogicalResult visitLoops(linalg::LinalgOp op, Value value);

  int64_t numChannels = 0;
  llvm::MapVector<Value, ChannelLayout> layouts;
  SmallVector<linalg::GenericOp> producers, consumers;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOINTEGER_CHANNELGROUP_H
