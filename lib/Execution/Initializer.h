//===- Initializer.h - What an output starts with -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_INITIALIZER_H
#define CGMQ_LIB_EXECUTION_INITIALIZER_H

#include "cgmq/Execution/Contraction.h"

namespace mlir::cgmq {

/// What the output holds before the contraction, where an op right before it
/// wrote that; the accumulators then start there, and the op is redundant.
struct Initializer {
  linalg::LinalgOp op;
  /// A scalar ...
  Value scalar;
  /// ... or a buffer, read at these indices of the output.
  Value buffer;
  AffineMap map;
};

/// True if `op` writes to nothing but buffers that are allocated here, and not
/// to the one that `buffer` is or views.
bool leavesAlone(Operation *op, Value buffer);

/// The last writer of the output of `op`, if it fills the whole output with a
/// scalar or a broadcast and nothing else can see the output in between.
std::optional<Initializer> findInitializer(linalg::LinalgOp op);

/// The same, if the accumulators of a tile can start with it.
std::optional<Initializer> findInitializer(const TiledContraction &form);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_INITIALIZER_H
