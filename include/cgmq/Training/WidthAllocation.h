//===- WidthAllocation.h - Widths of gates and their exact cost -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_WIDTHALLOCATION_H
#define CGMQ_TRAINING_WIDTHALLOCATION_H

#include "cgmq/Analysis/CostAnalysis.h"

namespace mlir::cgmq {

/// Widths for each unit of several gates, with the cost that they make. The
/// sums of widths in each slot of a contraction are kept, so that the cost of
/// one unit's change takes as long as the unit has uses, and a pass over a
/// million units takes about a second.
class WidthAllocation {
public:
  /// One gate that can move, by the global that holds it.
  struct Gate {
    ml_program::GlobalOp global;
    /// The widths that it can select, ascending.
    SmallVector<int64_t> allowed;
    Widths widths;
  };

  WidthAllocation(const CostAnalysis &cost, std::vector<Gate> gates);

  ArrayRef<Gate> getGates() const { return gates; }
  double getCost() const { return cost; }

  /// Takes the widths that are above `widest` down to it, as far as allowed.
  void lowerTo(int64_t widest);
  /// Lowers units by one width, always that which saves most, until the cost is
  /// at most `limit` or all are at their least.
  void lowerUntilKept(double limit);
  /// Raises units by one width, always one of the narrowest and of these that
  /// which costs least, while the cost stays at most `limit` and widths at most
  /// `widest`.
  void spendSlack(double limit, int64_t widest);

private:
  /// One factor of a contraction that a gate governs.
  struct Side {
    size_t contraction;
    bool isRhs;
    /// The slots of unit u: slots[begin[u]] up to slots[begin[u + 1]].
    std::vector<int32_t> begin, slots;
  };
  struct Sums {
    double scale;
    std::vector<double> lhs, rhs;
  };

  enum class Move { Lower, Raise };

  void setWidth(size_t gate, size_t unit, int64_t width);
  /// The change of the cost where a unit goes to `width`.
  double getChange(size_t gate, size_t unit, int64_t width);
  /// The next width of a unit; zero where there is none, up to `widest`.
  int64_t getNextWidth(Move move, size_t gate, size_t unit,
                       int64_t widest) const;
  /// Moves units by one width at a time, that with the least key first. While
  /// the cost is above `limit` to lower it, while it is below to raise it.
  void moveGreedily(Move move, double limit, int64_t widest);
  /// The cost by the sums, free of what rounding many changes may leave.
  void updateCost();

  std::vector<Gate> gates;
  /// Of each gate.
  std::vector<SmallVector<Side>> sides;
  std::vector<Sums> sums;
  double cost = 0.0;
};

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_WIDTHALLOCATION_H
