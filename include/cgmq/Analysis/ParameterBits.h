//===- ParameterBits.h - Bits of weights and biases -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_ANALYSIS_PARAMETERBITS_H
#define CGMQ_ANALYSIS_PARAMETERBITS_H

#include "cgmq/Analysis/UnitWidths.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/SymbolTable.h"

#include <vector>

namespace mlir::cgmq {

/// A weight or a bias of a function, with the bits that it takes.
struct ParameterBits {
  ml_program::GlobalOp global;
  /// Zero where the type does not tell it.
  int64_t numElements = 0;
  /// The gate that decides the widths; null where none does.
  ml_program::GlobalOp gate;
  /// The widths at present and the least that they may come to; one width where
  /// the tensor has one, none where `storedBits` says it all.
  Widths widths, leastWidths;
  /// Recorded by `cgmq.bits`, or what the storage takes.
  int64_t storedBits = 0;

  int64_t getElementsPerUnit() const {
    return widths.empty() ? 0
                          : numElements / static_cast<int64_t>(widths.size());
  }
  int64_t getBits() const;
  /// The bits with a gate that is not pinned at its least, and at 32 bits.
  int64_t getMinBits() const;
  int64_t getFullBits() const;
};

/// The parameters of a function. A parameter is a tensor in a global that is
/// loaded for something else than to be the range or the gate of a quantizer.
/// Its widths are those of the quantizer that takes it from the load; without
/// one it counts as it is stored, but for what the attribute `cgmq.bits` of the
/// global records.
class ParameterCollector {
public:
  /// Takes note of what the operation `load` loads. Fails, with an error, where
  /// a gate cannot be read.
  LogicalResult add(Operation *load, ml_program::GlobalOp global,
                    SymbolTableCollection &symbolTables);
  std::vector<ParameterBits> take() { return std::move(parameters); }

private:
  std::vector<ParameterBits> parameters;
  DenseMap<Operation *, size_t> numbers;
};

} // namespace mlir::cgmq

#endif // CGMQ_ANALYSIS_PARAMETERBITS_H
