//===- BatchExtents.h - Dynamic extents of one sample ----------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_ANALYSIS_BATCHEXTENTS_H
#define CGMQ_LIB_ANALYSIS_BATCHEXTENTS_H

#include "mlir/IR/Operation.h"

namespace mlir::cgmq {

/// What the dynamic extent of a tensor is where the batch is one sample: one,
/// or more where a reshape has merged the batch with other extents, as the
/// tokens of all samples that a product takes as its rows.
class BatchExtents {
public:
  /// Follows the operations of a function in order.
  void visit(Operation *op);
  int64_t get(Value value) const {
    auto it = extents.find(value);
    return it == extents.end() ? 1 : it->second;
  }

private:
  DenseMap<Value, int64_t> extents;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_ANALYSIS_BATCHEXTENTS_H
