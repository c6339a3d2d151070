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

/// Widths for each unit of several gates, with the costs that they make by one
/// or several cost models. How many multiplicands of each width every slot of a
/// contraction has is kept, so that the cost of one unit's change takes as long
/// as the unit has uses, and a pass over a million units takes about a second.
/// Costs are those that `CostAnalysis` would find, to the last bit.
///
/// Functions that take `limits` take one for each cost model, and a limit is
/// kept if all are.
class WidthAllocation {
public:
  /// One gate that can move, by the global that holds it.
  struct Gate {
    ml_program::GlobalOp global;
    /// The widths that its units can select, ascending.
    SmallVector<int64_t> allowed;
    Widths widths;
    /// What is lost where unit u has the w-th of the allowed widths, at
    /// [u * allowed.size() + w]. Needed by `minimizeLoss` alone.
    std::vector<float> losses;
    /// The least width of each unit, where some may not be pruned; set from the
    /// cost.
    Widths minWidths = {};

    /// The widths that a unit can select, ascending.
    ArrayRef<int64_t> getAllowed(size_t unit) const;
  };

  WidthAllocation(const CostAnalysis &cost, std::vector<Gate> gates,
                  ArrayRef<CostModelAttr> models);

  ArrayRef<Gate> getGates() const { return gates; }
  ArrayRef<double> getCosts() const { return costs; }
  double getLoss() const;
  int64_t getNumUnits() const;

  /// Gives one unit a width, which need not be an allowed one, but that of some
  /// gate.
  void setWidth(size_t gate, size_t unit, int64_t width);
  /// Gives all units widths.
  void setWidths(ArrayRef<Widths> widths);
  bool areAllAtLeast(int64_t width) const;

  /// Takes the widths that are above `widest` down to it, as far as allowed.
  void lowerTo(int64_t widest);
  /// Lowers units by one width, always that which saves most of what violates
  /// limits, until these are kept or all are at their least. What is saved of a
  /// cost counts in relation to its limit.
  void lowerUntilKept(ArrayRef<double> limits);
  /// Raises units by one width, always one of the narrowest and of these that
  /// which costs least, while limits are kept and widths are at most `widest`.
  void spendSlack(ArrayRef<double> limits, int64_t widest);
  /// Gives each unit a width of at most `widest` such that the losses are small
  /// and the limits are kept, if that can be. Starts with all of them as wide
  /// as they may be and lowers the unit that loses least for what it saves,
  /// until the limits are kept; then raises what gains most for its cost. Where
  /// units are few, exchanges are tried until none gains.
  void minimizeLoss(ArrayRef<double> limits, int64_t widest);
  /// Gives a unit its least width, and lets it gain nothing by another.
  void abandon(size_t gate, size_t unit);
  /// Raises what gains most for its cost, within the limits.
  void raiseByPrice(ArrayRef<double> limits, int64_t widest);

private:
  using Costs = SmallVector<double, 2>;

  /// One factor of a contraction that a gate governs.
  struct Side {
    size_t contraction;
    bool isRhs;
    /// The slots of unit u: slots[begin[u]] up to slots[begin[u + 1]].
    std::vector<int32_t> begin, slots;
  };
  /// A contraction that some model prices.
  struct PricedContraction {
    /// How many multiplicands of each slot have each width.
    std::vector<int32_t> lhs, rhs;
    MacCounts counts;
    /// For each model, what a multiply-accumulate costs at each pair of widths,
    /// and what all of them cost at present.
    SmallVector<SmallVector<double, 36>, 2> macCosts;
    Costs costs;

    /// How many multiplicands of each width the unit of a side meets.
    SmallVector<double, 8> countPartners(const Side &side, size_t unit) const;
    /// Takes what a unit of one side meets from one of its widths to another.
    void move(bool isRhs, size_t from, size_t to, ArrayRef<double> partners);
    void updateCosts();
  };

  /// A unit's next width, with the two numbers by which moves are ordered.
  struct Move {
    int64_t width;
    double first, second;
  };
  /// The move of a unit that comes first, if there is one.
  using FindMove = function_ref<std::optional<Move>(size_t gate, size_t unit)>;

  void addContraction(const ContractionCost &contraction,
                      ArrayRef<CostModelAttr> models,
                      const DenseMap<Operation *, size_t> &numbers);
  /// The sums over contractions and parameters, as they are at present.
  Costs sumCosts() const;

  /// The costs where a unit goes to `width`, but for rounding where a model has
  /// fractions.
  Costs getCostsWith(size_t gate, size_t unit, int64_t width);
  /// What `others` save of the costs that violate limits, and what they add to
  /// all costs, in relation to the limits.
  double getSaving(ArrayRef<double> others, ArrayRef<double> limits) const;
  double getIncrease(ArrayRef<double> others, ArrayRef<double> limits) const;
  double getLoss(size_t gate, size_t unit, int64_t width) const;

  /// Moves units, always the one that comes first, until `isDone` or none can.
  /// Moves that would violate `limits` are not made; empty where there are
  /// none.
  void moveGreedily(FindMove findMove, function_ref<bool()> isDone,
                    ArrayRef<double> limits = {});
  /// The same with one queue, which serves as long as its order does. True if
  /// something was moved.
  bool moveByQueue(FindMove findMove, function_ref<bool()> isDone,
                   ArrayRef<double> limits);
  void lowerByPrice(ArrayRef<double> limits, std::pair<size_t, size_t> pinned);
  /// Tries each width of each unit, with others lowered and raised for it, and
  /// keeps what loses less. True if something did.
  bool exchange(ArrayRef<double> limits, int64_t widest);

  std::vector<Gate> gates;
  /// Of each gate, and whether two of them are those of one contraction.
  std::vector<SmallVector<Side>> sides;
  std::vector<bool> meetsItself;
  /// Elements of parameters, of each unit of a gate.
  std::vector<int64_t> elementsPerUnit;
  std::vector<PricedContraction> contractions;
  /// Bits of all parameters, and for each model what one costs.
  int64_t bits = 0;
  Costs bitCosts;
  Costs costs;
  /// Whether narrower partners never make a unit's change of width save more.
  bool keepsOrder = true;
};

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_WIDTHALLOCATION_H
