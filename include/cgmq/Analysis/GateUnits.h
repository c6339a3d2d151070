//===- GateUnits.h - Which gate a multiply-accumulate meets -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The cost of a contraction is the same contraction of the widths of its
// factors, summed. A width depends on some loops of the contraction alone, so
// the loops that both factors share are the slots in which the widths of each
// factor are summed first:
//
//   cost = sum over slots of (sum of lhs widths) * (sum of rhs widths)
//
// That takes time linear in the elements that the factors hold, and it shows
// that the cost is linear in each width while the others stay.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_ANALYSIS_GATEUNITS_H
#define CGMQ_ANALYSIS_GATEUNITS_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"

#include <vector>

namespace mlir::cgmq {

/// One multiplicand of a slot: a unit of a gate, by its row-major position.
struct UnitUse {
  int32_t slot, unit;
};

/// How a factor is read: index r of the factor is the dot product of row r with
/// the loops, plus the row's last number. What lies outside is padding and
/// counts as the nearest element.
struct FactorAccess {
  std::vector<SmallVector<int64_t, 8>> rows;
  /// Extents of the factor, each dynamic one counted as one.
  SmallVector<int64_t> shape;
  /// Loops that the factor depends on.
  SmallVector<bool> dependsOn;

  /// Least and greatest index along a dimension.
  std::pair<int64_t, int64_t> getIndexBounds(unsigned dim,
                                             ArrayRef<int64_t> extents) const;
};

/// The accesses of both factors of a contraction. Fails, with an error at `op`,
/// where an index is not linear in the loops.
FailureOr<std::pair<FactorAccess, FactorAccess>>
getFactorAccesses(BopCostOpInterface op, const ContractionSpace &space);

/// The number of times that the whole loop nest repeats for loops on which
/// neither factor depends.
int64_t getNumRepeats(const ContractionSpace &space, const FactorAccess &lhs,
                      const FactorAccess &rhs);

/// The extents of the loops on which both factors depend, with their numbers.
SmallVector<std::pair<unsigned, int64_t>>
getSlotLoops(const ContractionSpace &space, const FactorAccess &lhs,
             const FactorAccess &rhs);

/// The part of the space in which the first channel of the input meets the
/// weights that lead from it to the first channel of the result, at all
/// positions. Where its products are there, the result depends on the input as
/// long as that first channel does, and so does a network of them: these are
/// never pruned.
ContractionSpace getFirstChannels(ContractionSpace space,
                                  const FactorAccess &input,
                                  const FactorAccess &weight);

/// The extents of a tensor, each dynamic one counted as one.
SmallVector<int64_t> getSampleShape(Type type);

/// How the elements of a tensor share widths.
struct UnitLayout {
  /// Extents of the tensor where it is quantized, for one sample.
  SmallVector<int64_t> shape;
  /// Extents of its units, those or ones; none for one unit.
  SmallVector<int64_t> unitShape;
};

/// Checks that each element of a tensor, whose units are defined at `loc`, can
/// be told apart after the operations that take it to its contraction. Fails,
/// with an error at the operation, where one does more than move elements.
LogicalResult verifyMovements(Location loc, ArrayRef<Operation *> movements);

/// The unit of each element that arrives at the contraction after `movements`.
std::vector<int32_t> getUnits(const UnitLayout &layout,
                              ArrayRef<Operation *> movements);

/// The uses of one factor whose elements have `units` (empty: one for all).
std::vector<UnitUse>
collectUses(const ContractionSpace &space, const FactorAccess &access,
            ArrayRef<std::pair<unsigned, int64_t>> slotLoops,
            ArrayRef<int32_t> units);

} // namespace mlir::cgmq

#endif // CGMQ_ANALYSIS_GATEUNITS_H
