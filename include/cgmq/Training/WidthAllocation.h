//===- WidthAllocation.h - Widths of gates and their exact cost -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_WIDTHALLOCATION_H
#define CGMQ_TRAINING_WIDTHALLOCATION_H

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

#include <array>

namespace mlir::cgmq {

/// Widths for each unit of several gates, with the costs that they make by one
/// or several cost models. How many multiplicands of each width every slot of a
/// contraction has is kept, so that the cost of one unit's change takes as long
/// as the unit has uses. Costs are those that `CostAnalysis` would find, to the
/// last bit.
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
  /// Gives all units of a gate widths, or of all gates, in one sweep.
  using GetWidth = function_ref<int64_t(size_t unit)>;
  void setWidths(size_t gate, GetWidth getWidth);
  void setWidths(ArrayRef<Widths> widths);
  std::vector<Widths> getWidths() const;
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
  /// and the limits are kept, if that can be. Where units are many, those are
  /// found by prices. Where they are few, they all start as wide as they may be
  /// and the one that loses least is lowered, for what it saves or by itself,
  /// until the limits are kept. Either way, what gains most for its cost is
  /// raised then; of few, exchanges are tried until none gains.
  void minimizeLoss(ArrayRef<double> limits, int64_t widest);
  /// Gives a unit its least width, and lets it gain nothing by another.
  void abandon(size_t gate, size_t unit);
  /// Raises what gains most for its cost, within the limits.
  void raiseByPrice(ArrayRef<double> limits, int64_t widest);

private:
  using Costs = SmallVector<double, 2>;
  /// What each of the widths that a gate may select costs.
  using WidthPrices = std::array<double, std::size(kGateWidths) + 1>;

  /// One factor of a contraction that a gate governs.
  struct Side {
    size_t contraction;
    bool isRhs;
    /// The slots of unit u: slots[begin[u]] up to slots[begin[u + 1]].
    std::vector<int32_t> begin, slots;
    ArrayRef<int32_t> getSlots(size_t unit) const {
      return ArrayRef(slots).slice(begin[unit], begin[unit + 1] - begin[unit]);
    }
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
    /// The same in the slots of the side.
    void moveInSlots(const Side &side, size_t unit, size_t from, size_t to);
    void updateCosts();
    /// What a multiplicand of a side pays in each slot at each of the widths,
    /// where models have these prices.
    std::vector<WidthPrices> getSlotPrices(const Side &side,
                                           ArrayRef<int64_t> widths,
                                           ArrayRef<double> prices) const;
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

  /// The costs where a unit goes to each of some widths, but for rounding where
  /// a model has fractions.
  SmallVector<Costs, 4> getCostsWith(size_t gate, size_t unit,
                                     ArrayRef<int64_t> widths);
  /// What `others` save of the costs that violate limits, and what they add to
  /// all costs, in relation to the limits.
  double getSaving(ArrayRef<double> others, ArrayRef<double> limits) const;
  double getIncrease(ArrayRef<double> others, ArrayRef<double> limits) const;
  double getLoss(size_t gate, size_t unit, int64_t width) const;
  /// What a change of a cost counts for: a share of its limit.
  static double getShare(double change, double limit) {
    return limit > 0.0 ? change / limit : change;
  }
  void setToWidest(int64_t widest);
  void setToLeast();

  /// Moves units, always the one that comes first, until `isDone` or none can.
  /// Moves that would violate `limits` are not made; empty where there are
  /// none.
  void moveGreedily(FindMove findMove, function_ref<bool()> isDone,
                    ArrayRef<double> limits = {});
  /// The same with one queue, which serves as long as its order does. True if
  /// something was moved.
  bool moveByQueue(FindMove findMove, function_ref<bool()> isDone,
                   ArrayRef<double> limits);
  /// What is lowered first: what loses least, for what it saves or by itself.
  enum class LowerFirst { LeastPrice, LeastLoss };
  /// Lowers units but for the pinned one until the limits are kept.
  void
  lowerByLoss(ArrayRef<double> limits, LowerFirst first,
              std::optional<std::pair<size_t, size_t>> pinned = std::nullopt);
  /// Gives each unit of a gate the width of which loss and price are least,
  /// where the cost of each model has a price.
  void buyWidths(size_t gate, ArrayRef<double> prices, int64_t widest);
  /// Gives all units what they buy at prices of the limits at which these are
  /// just kept, or the least widths if there are no such prices.
  void buyAtPrices(ArrayRef<double> limits, int64_t widest);
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
};

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_WIDTHALLOCATION_H
