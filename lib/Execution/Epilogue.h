//===- Epilogue.h - What is done to finished sums -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_EPILOGUE_H
#define CGMQ_LIB_EXECUTION_EPILOGUE_H

#include "VectorAccess.h"
#include "cgmq/Execution/Contraction.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::cgmq {

/// An elementwise op, such as a requantization, that alone reads the sums of a
/// contraction; it is then applied to the accumulators while they are in
/// registers, and the buffer of the sums is redundant.
struct Epilogue {
  linalg::LinalgOp op;
  /// The number of the operand that reads the sums.
  unsigned sums;
  memref::AllocOp buffer;

  /// Stores what the op makes of a vector of sums. `getIndices` gives the
  /// indices that a map takes at the vector, of which `used` lanes count.
  void emit(VectorAccess &access, Value vector, unsigned vectorDim,
            function_ref<SmallVector<Value>(AffineMap)> getIndices,
            AffineMap outMap, int64_t used) const;
};

/// The epilogue of a contraction in loops of `order`, if there is one and each
/// sum is started and finished in its tile.
std::optional<Epilogue> findEpilogue(const TiledContraction &form,
                                     const LoopOrder &order);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_EPILOGUE_H
