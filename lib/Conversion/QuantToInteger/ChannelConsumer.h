//===- ChannelConsumer.h - What sums over channels -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTTOINTEGER_CHANNELCONSUMER_H
#define CGMQ_LIB_CONVERSION_QUANTTOINTEGER_CHANNELCONSUMER_H

#include "../CodeConstants.h"
#include "ChannelGroup.h"

namespace mlir::cgmq {

/// The global that a value is loaded from; null where it is not.
ml_program::GlobalOp getGlobal(Value value, SymbolTable &symbols);

/// A contraction that sums over the channels of a group.
class ChannelConsumer {
public:
  ChannelConsumer(linalg::GenericOp op, const ChannelGroup &group,
                  SymbolTableCollection &symbolTables);

  /// The tensor of codes with the channels, and the weight that they meet.
  Value getCodes() { return op.getDpsInputOperand(0)->get(); }
  Value getWeight() { return op.getDpsInputOperand(1)->get(); }

  /// Whether what the codes add, as a constant, can go to where the
  /// accumulators start.
  bool canFold() const { return hasFilters && (!start.empty() || isZeroed); }
  /// Takes note of a channel whose codes are all `code`.
  void fold(int32_t channel, const APInt &code);
  /// Lets the accumulators start with what was folded.
  void finish(GlobalReplacements &replacements, SymbolTable &symbols);

private:
  linalg::GenericOp op;
  const ChannelLayout &layout;
  DenseIntElementsAttr weight;
  /// Of the filters, the dimension in the weight and in the result.
  int64_t weightDim = 0, resultDim = -1;
  bool hasFilters = false;
  /// What the accumulators start with, by filter; nothing where they start at
  /// zero without a bias.
  SmallVector<int64_t> start;
  bool isZeroed = false, hasFolded = false;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOINTEGER_CHANNELCONSUMER_H
