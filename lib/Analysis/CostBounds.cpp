//===- CostBounds.cpp - The bounds that a function has to keep ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Analysis/CostBounds.h"

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<CostBounds> CostBounds::create(const CostAnalysis &analysis,
                                         ArrayRef<BudgetAttr> budgets) {
  CostBounds result;
  for (BudgetAttr budget : budgets) {
    if (failed(analysis.verifyModel(budget.getModel())))
      return failure();
    double fullCost = analysis.getFullCost(budget.getModel());
    result.bounds.push_back({budget, fullCost, budget.getLimit(fullCost)});
  }
  return result;
}

SmallVector<CostModelAttr> CostBounds::getModels() const {
  return llvm::map_to_vector(
      bounds, [](const CostBound &bound) { return bound.getModel(); });
}

SmallVector<double> CostBounds::getLimits() const {
  return llvm::map_to_vector(
      bounds, [](const CostBound &bound) { return bound.limit; });
}

std::string CostBound::describe(double cost) const {
  return budget.getUnit() == BudgetUnit::Percent
             ? formatPercent(getPercent(cost))
             : formatCost(cost);
}

bool cgmq::areKept(ArrayRef<double> costs, ArrayRef<double> limits) {
  return llvm::all_of(llvm::zip_equal(costs, limits), [](auto pair) {
    auto [cost, limit] = pair;
    return cost <= limit;
  });
}
