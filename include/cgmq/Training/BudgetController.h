//===- BudgetController.h - Steers gates so that a budget holds -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_BUDGETCONTROLLER_H
#define CGMQ_TRAINING_BUDGETCONTROLLER_H

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Training/TrainingLoop.h"
#include "cgmq/Training/WidthAllocation.h"

namespace mlir::cgmq {

/// Decides, step by step, whether the budget is violated and how fast gates
/// move, and freezes them within the budget for the last part of the run.
///
/// - Up to 60 % of the run gates move: down while the budget is violated, up
///   while it is kept. A gate whose direction is the least possible travels
///   from 32 bits to the lowest width within 40 % of the run. Each time the
///   budget is violated again the rate is halved, so that widths do not
///   chatter.
/// - Then they are frozen: at the state of greatest cost seen that keeps the
///   budget or, where none was, lowered where that saves most until it does.
///   Wider widths become 8 bits, up to which simulation is exact, and what
///   slack is left is spent on the narrowest; beyond 8 bits, up to 16, only
///   where all are that wide.
/// - Whenever widths change, the range of their tensor is scaled as calibration
///   found best for the new ones (`cgmq.ranges`).
class BudgetController : public GateController {
public:
  /// The gates of `function`, to be steered in `session` under `limit`
  /// bit-operations.
  static FailureOr<std::unique_ptr<BudgetController>>
  create(func::FuncOp function, TrainingSession &session,
         const CostAnalysis &cost, double limit);

  void start(int64_t numSteps) override;
  void control(int64_t step, StepControl &control) override;
  LogicalResult finishStep(int64_t step) override;
  bool isKeepable() const override { return isFrozen; }
  std::string describe() const override;

private:
  /// The gates of one tensor, which can move, with its quantizer's range.
  struct Gate {
    ml_program::GlobalOp global;
    std::string symbol;
    /// The global that holds the range; empty where it is a constant.
    std::string range;
    SmallVector<int64_t> allowed;
    /// The best range for each width, relative to each other; may be empty.
    SmallVector<float> ranges;
    /// The widths at the last look.
    Widths widths;
  };

  BudgetController(func::FuncOp function, TrainingSession &session,
                   const CostAnalysis &cost, double limit)
      : function(function), session(session), cost(cost), limit(limit) {}

  std::vector<Widths> getWidthsOfGates() const;
  /// The widths of all gates, with their cost.
  WidthAllocation allocate(std::vector<Widths> widths) const;
  void followWidths();
  void freeze();

  func::FuncOp function;
  TrainingSession &session;
  const CostAnalysis &cost;
  double limit;
  std::vector<Gate> gates;

  int64_t freezeStep = 0;
  double rate = 0.0;
  double currentCost = 0.0;
  bool isViolated = true, isFrozen = false;
  /// The widths of greatest cost seen that keep the budget; empty if none.
  std::vector<Widths> bestWidths;
  double bestCost = 0.0;
};

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_BUDGETCONTROLLER_H
