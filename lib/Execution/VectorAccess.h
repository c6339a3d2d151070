//===- VectorAccess.h - Vectors in buffers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_VECTORACCESS_H
#define CGMQ_LIB_EXECUTION_VECTORACCESS_H

#include "cgmq/Execution/Contraction.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::cgmq {

/// What a loop says to LLVM.
constexpr StringLiteral kLoopAnnotation = "llvm.loop_annotation";

/// True if the elements of a memref are bytes that a vector load can read, and
/// its last dim is contiguous.
bool hasVectorLayout(Value buffer);

/// True if the last two dims of a memref are contiguous, the last one four
/// bytes: a group, as one element of 32 bits.
bool hasGroupLayout(Value buffer);

/// True if vectors can read and write all operands of a contraction.
bool canAccess(const Contraction &contraction);

/// The indices of bytes, in a buffer whose groups are collapsed, of the first
/// byte of the groups that `map` gives the indices of.
AffineMap getByteIndices(AffineMap map);

/// The share of a loop that the busiest of `threads` threads runs, where they
/// divide its whole steps and one runs the rest.
double getLongestShare(int64_t extent, int64_t step, int64_t threads);

/// Builds what loops of vectors consist of.
class VectorAccess {
public:
  VectorAccess(OpBuilder &builder, Location loc, int64_t lanes)
      : builder(builder), loc(loc), lanes(lanes) {}

  Value getConstant(int64_t value);
  scf::ForOp createLoop(int64_t from, int64_t to, int64_t step,
                        ValueRange iterArgs = {});

  /// Divides [0, to) in steps, which divide it, into parts that differ by at
  /// most one step, for threads to run: `emitPart` fills in the code for one.
  void
  createParts(int64_t to, int64_t step, int64_t parts,
              function_ref<void(Value index, Value from, Value to)> emitPart);

  VectorType getVectorType(Type element) const {
    return VectorType::get({lanes}, element);
  }

  /// The results of `map` at `begin`, plus an offset, for each dim.
  SmallVector<Value> getIndices(AffineMap map, ArrayRef<Value> begin,
                                ArrayRef<int64_t> offsets);

  /// A vector whose first `used` lanes are true; null if all are.
  Value createMask(int64_t used);

  /// Loads and stores the first `used` lanes; a load gives zero elsewhere.
  Value load(Value buffer, ValueRange indices, int64_t used);
  void store(Value value, Value buffer, ValueRange indices, int64_t used);

  Value loadScalar(Value buffer, ValueRange indices);

  /// A buffer of groups of bytes with one dim of bytes in place of the last
  /// two.
  Value collapseGroups(Value buffer);

  /// The same as load() and store() for lanes that are groups, in vectors of
  /// bytes; `buffer` is collapsed, and the last index counts bytes.
  Value loadGroups(Value buffer, ValueRange indices, int64_t used);
  void storeGroups(Value value, Value buffer, ValueRange indices, int64_t used);

  /// The four bytes at `indices` in each lane, as a vector of bytes.
  Value broadcastGroup(Value buffer, ValueRange indices);

  Value broadcast(Value scalar);

  /// Adds to each lane the dot of a group of unsigned and one of signed bytes.
  Value createDots(Value lhs, Value rhs, Value sum);

  /// What the body of an elementwise op yields for vectors in place of scalars.
  /// `mapping` has the vectors of its arguments.
  SmallVector<Value>
  vectorizeBody(Block &body, IRMapping &mapping,
                function_ref<Value(linalg::IndexOp)> createIndex = nullptr);

  OpBuilder &builder;
  Location loc;
  int64_t lanes;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_VECTORACCESS_H
