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
    /// What is lost where unit u has the w-th of the allowed widths, at
    /// [u * allowed.size() + w]. Needed by `minimizeLoss` alone.
    std::vector<float> losses;
  };

  WidthAllocation(const CostAnalysis &cost, std::vector<Gate> gates);

  ArrayRef<Gate> getGates() const { return gates; }
  double getCost() const { return cost; }
  double getLoss() const;

  /// Gives one unit a width, which need not be an allowed one.
  void setWidth(size_t gate, size_t unit, int64_t width);
  /// Gives all units widths.
  void setWidths(ArrayRef<Widths> widths);
  bool areAllAtLeast(int64_t width) const;

  /// Takes the widths that are above `widest` down to it, as far as allowed.
  void lowerTo(int64_t widest);
  /// Lowers units by one width, always that which saves most, until the cost is
  /// at most `limit` or all are at their least.
  void lowerUntilKept(double limit);
  /// Raises units by one width, always one of the narrowest and of these that
  /// which costs least, while the cost stays at most `limit` and widths at most
  /// `widest`.
  void spendSlack(double limit, int64_t widest);
  /// Gives each unit a width of at most `widest` such that the losses are small
  /// and the cost is at most `limit`, if that can be. Starts with all of them
  /// as wide as they may be and lowers the unit that loses least for what it
  /// saves, until the limit is kept; then raises what gains most for its cost.
  /// Where units are few, exchanges are tried until none gains.
  void minimizeLoss(double limit, int64_t widest);

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

  /// A unit's next width, with the two numbers by which moves are ordered.
  struct Move {
    int64_t width;
    double first, second;
  };
  /// The move of a unit that comes first, if there is one. As moves are made,
  /// what it gives may only come later in the order.
  using FindMove = function_ref<std::optional<Move>(size_t gate, size_t unit)>;

  /// The change of the cost where a unit goes to `width`.
  double getChange(size_t gate, size_t unit, int64_t width);
  double getLoss(size_t gate, size_t unit, int64_t width) const;
  int64_t getNumUnits() const;
  /// Moves units, always the one that comes first, until `isDone` or none can.
  void moveGreedily(FindMove findMove, function_ref<bool()> isDone);
  void lowerByPrice(double limit, std::pair<size_t, size_t> pinned);
  void raiseByPrice(double limit, int64_t widest);
  /// Tries each width of each unit, with others lowered and raised for it, and
  /// keeps what loses less. True if something did.
  bool exchange(double limit, int64_t widest);
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
