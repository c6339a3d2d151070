//===- BudgetController.h - Steers gates so that a budget holds -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_BUDGETCONTROLLER_H
#define CGMQ_TRAINING_BUDGETCONTROLLER_H

#include "cgmq/Analysis/CostBounds.h"
#include "cgmq/Training/Direction.h"
#include "cgmq/Training/GateSet.h"
#include "cgmq/Training/TrainingLoop.h"

namespace mlir::cgmq {

/// Decides, step by step, whether the budget is violated and how fast gates
/// move, and freezes them within the budget for the last part of the run.
///
/// - In the first half of the run gates move: down while the budget is
///   violated, up while it is kept. Of several bounds all have to be
///   kept. Where gates are not told where to go, it counts as kept again once the
///   cost is 1 % below the bound (or at the least cost), and either state lasts
///   for a hundredth of the run at least, so that widths do not chatter.
/// - Under a direction that weighs costs, the price of the bound is found anew
///   ten times: the widths that lose least by the sensitivities gathered so far
///   and keep the bound are where the gates are told to go. Parameters wait for
///   the first price: until then steps only gather sensitivities.
/// - Then they are frozen: at the widths of least loss, or else at the state of
///   greatest cost seen that keeps the budget (where none was seen, lowered
///   where that saves most until one does). Widths are at most 8 bits, up to
///   which simulation is exact, and what slack is left is spent; beyond 8 bits,
///   up to 16, only where all are that wide.
class BudgetController : public GateController {
public:
  /// The gates of `function`, to be steered in `session` under `bounds`.
  static FailureOr<std::unique_ptr<BudgetController>>
  create(func::FuncOp function, TrainingSession &session,
         const DirectionRule &direction, const CostAnalysis &cost,
         const CostBounds &bounds);

  void start(int64_t numSteps) override;
  void control(int64_t step, StepControl &control) override;
  LogicalResult finishStep(int64_t step) override;
  bool isKeepable() const override { return isFrozen; }
  GateState getState() const override;
  void log(llvm::json::Object &epoch) const override;
  DictionaryAttr saveState(Builder &builder) const override;
  LogicalResult restoreState(DictionaryAttr state) override;

private:
  BudgetController(GateSet gates, const DirectionRule &direction,
                   const CostAnalysis &cost, const CostBounds &bounds)
      : gates(std::move(gates)),
        weighsCosts(direction.usesTargets() && !this->gates.empty()),
        cost(cost), bounds(bounds), limits(bounds.getLimits()),
        present(this->gates.allocate(cost, bounds.getModels())) {}

  /// The widths of least loss within the budget.
  WidthAllocation minimizeLoss() const;
  double getFullRate() const;
  void updateState(int64_t step);
  void freeze();

  GateSet gates;
  bool weighsCosts;
  const CostAnalysis &cost;
  const CostBounds &bounds;
  /// The greatest costs that are allowed, in the order of the bounds.
  SmallVector<double> limits;
  /// The widths that the gates have now.
  WidthAllocation present;

  int64_t numSteps = 0, freezeStep = 0, firstPricing = 0, nextPricing = 0,
          pricingPeriod = 1, stateSince = 0;
  double rate = 0.0;
  bool isViolated = true, isFrozen = false;
  /// The widths that use most of the bounds, in the sum of their shares, of
  /// those seen that keep them; empty if none.
  std::vector<Widths> bestWidths;
  double bestShare = 0.0;
};

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_BUDGETCONTROLLER_H
