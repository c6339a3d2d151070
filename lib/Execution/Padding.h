//===- Padding.h - Operands with zeros around them -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_PADDING_H
#define CGMQ_LIB_EXECUTION_PADDING_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::cgmq {

/// What an operand holds that was made by putting zeros around a tensor.
struct Padding {
  /// The tensor or buffer without the zeros, and how many are before it along
  /// each dim.
  Value source;
  SmallVector<int64_t> low;
  /// On buffers, the ops that make the padded one for this operand alone, in
  /// their order: its allocation, the fill, the view of the inside, the copy.
  SmallVector<Operation *, 4> ops;
};

/// The padding of an operand of `op`, as `tensor.pad` or what bufferization
/// makes of one that `op` alone reads, if `op` could read the source instead.
std::optional<Padding> findPadding(linalg::LinalgOp op, unsigned operand);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_PADDING_H
