//===- VerifyBudget.cpp - Certifies that bounds hold -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "cgmq/Analysis/CostBounds.h"

#include "mlir/IR/Remarks.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_VERIFYBUDGETPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Says where most of a cost comes from.
static void noteLargestPart(InFlightDiagnostic &diag,
                            const CostAnalysis &analysis, CostModelAttr model,
                            double cost) {
  double largest = 0.0;
  const ContractionCost *contraction = nullptr;
  for (const ContractionCost &candidate : analysis.getContractions())
    if (double part = candidate.getCost(model); part > largest) {
      largest = part;
      contraction = &candidate;
    }
  std::optional<ParameterBits> parameter;
  for (const ParameterBits &candidate : analysis.getParameters())
    if (double part =
            static_cast<double>(candidate.getBits()) * model.getBitCost();
        part > largest) {
      largest = part;
      parameter = candidate;
    }
  auto attachNote = [&](Location loc) -> Diagnostic & {
    return diag.attachNote(loc)
           << "the largest part, " << formatPercent(100.0 * largest / cost)
           << ", is here: ";
  };
  if (parameter)
    attachNote(parameter->global.getLoc())
        << parameter->numElements << " elements of "
        << formatCost(static_cast<double>(parameter->getBits()) /
                      static_cast<double>(parameter->numElements))
        << " bits";
  else if (contraction)
    attachNote(contraction->op->getLoc())
        << contraction->macs << " multiply-accumulates of "
        << contraction->lhs.describeWidth() << " by "
        << contraction->rhs.describeWidth() << " bits";
}

static LogicalResult verifyBound(func::FuncOp function,
                                 const CostAnalysis &analysis,
                                 const CostBound &bound) {
  CostModelAttr model = bound.getModel();
  double cost = analysis.getCost(model);
  if (cost > bound.limit) {
    // Not of the operation: the function would be printed whole.
    InFlightDiagnostic diag = emitError(function.getLoc());
    if (bound.budget.getUnit() == BudgetUnit::Percent)
      diag << "expects at most " << formatPercent(bound.budget.getBound())
           << " of the " << model.describe() << " at 32 bits";
    else
      diag << "expects at most " << formatCost(bound.limit) << " "
           << model.describe();
    diag << ", but got " << bound.describe(cost);
    noteLargestPart(diag, analysis, model, cost);
    return diag;
  }
  auto kept =
      remark::analysis(function.getLoc(), remark::RemarkOpts::name("Budget")
                                              .category("cgmq-cost")
                                              .function(function.getSymName()));
  std::string percent = formatPercent(bound.getPercent(cost));
  if (isa<BopCostAttr>(model))
    kept << remark::metric("RBOP", percent)
         << remark::metric("BOPs", formatCount(cost))
         << remark::metric("Bound", formatCount(bound.limit));
  else
    kept << remark::metric("Model", model.getModelName())
         << remark::metric("Percent", percent)
         << remark::metric("Cost", formatCost(cost))
         << remark::metric("Bound", formatCost(bound.limit));
  return success();
}

static LogicalResult verifyBudget(func::FuncOp function) {
  FailureOr<CostAnalysis> analysis = CostAnalysis::create(function);
  if (failed(analysis))
    return failure();
  FailureOr<CostBounds> bounds =
      CostBounds::create(*analysis, getBudgets(function));
  if (failed(bounds))
    return failure();
  bool allHold = true;
  for (const CostBound &bound : bounds->get())
    allHold &= succeeded(verifyBound(function, *analysis, bound));
  return success(allHold);
}

namespace {
struct VerifyBudget : cgmq::impl::VerifyBudgetPassBase<VerifyBudget> {
  void runOnOperation() override {
    SmallVector<func::FuncOp> functions = getBoundedFunctions(getOperation());
    if (functions.empty()) {
      InFlightDiagnostic diag = getOperation().emitError()
                                << "expects a function with a budget to "
                                   "verify, but got none";
      diag.attachNote() << "give the function " << CGMQDialect::kBudgetAttrName
                        << " = #cgmq.budget<...>";
      return signalPassFailure();
    }
    for (func::FuncOp function : functions)
      if (failed(verifyBudget(function)))
        signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
