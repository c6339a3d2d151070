//===- CostBounds.h - The bounds that a function has to keep -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_ANALYSIS_COSTBOUNDS_H
#define CGMQ_ANALYSIS_COSTBOUNDS_H

#include "cgmq/Analysis/CostAnalysis.h"

namespace mlir::cgmq {

/// A bound on one of the costs of a function.
struct CostBound {
  BudgetAttr budget;
  /// The cost with every width 32, and the greatest that is allowed.
  double fullCost, limit;

  CostModelAttr getModel() const { return budget.getModel(); }
  /// A cost in percent of the full one.
  double getPercent(double cost) const {
    return fullCost > 0.0 ? 100.0 * cost / fullCost : 0.0;
  }
  /// A cost as people read it, in the unit that the budget has.
  std::string describe(double cost) const;
};

/// The bounds that a function has to keep, all of them.
class CostBounds {
public:
  /// Fails, with an error, where a cost model does not apply.
  static FailureOr<CostBounds> create(const CostAnalysis &analysis,
                                      ArrayRef<BudgetAttr> budgets);

  ArrayRef<CostBound> get() const { return bounds; }
  /// What widths cost, which is needed to allocate them.
  SmallVector<CostModelAttr> getModels() const;
  SmallVector<double> getLimits() const;

private:
  SmallVector<CostBound> bounds;
};

/// Whether each cost is at most its limit.
bool areKept(ArrayRef<double> costs, ArrayRef<double> limits);

} // namespace mlir::cgmq

#endif // CGMQ_ANALYSIS_COSTBOUNDS_H
