//===- VerifyBudget.cpp - Certifies that bounds hold -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "cgmq/Analysis/CostAnalysis.h"

#include "mlir/IR/Remarks.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_VERIFYBUDGETPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

static LogicalResult verifyBudget(func::FuncOp function) {
  auto budget =
      function->getAttrOfType<BudgetAttr>(CGMQDialect::kBudgetAttrName);
  FailureOr<CostAnalysis> analysis = CostAnalysis::create(function);
  if (failed(analysis))
    return failure();
  double bop = analysis->getBop();
  double limit = budget.getLimit(analysis->getFullBop());
  if (bop > limit) {
    // Not of the operation: the function would be printed whole.
    InFlightDiagnostic diag = emitError(function.getLoc());
    if (budget.getUnit() == BudgetUnit::Percent)
      diag << "expects at most " << formatPercent(budget.getBound())
           << " of the bit-operations at 32 bits, but got "
           << formatPercent(analysis->getRbopPercent());
    else
      diag << "expects at most " << formatCount(limit)
           << " bit-operations, but got " << formatCount(bop);
    const ContractionCost *largest =
        llvm::max_element(analysis->getContractions(), [](auto &a, auto &b) {
          return a.getBop() < b.getBop();
        });
    diag.attachNote(largest->op->getLoc())
        << "the largest part, "
        << formatPercent(100.0 * largest->getBop() / bop)
        << ", is here: " << largest->macs << " multiply-accumulates of "
        << largest->lhs.describeWidth() << " by "
        << largest->rhs.describeWidth() << " bits";
    return diag;
  }
  remark::analysis(function.getLoc(), remark::RemarkOpts::name("Budget")
                                          .category("cgmq-cost")
                                          .function(function.getSymName()))
      << remark::metric("RBOP", formatPercent(analysis->getRbopPercent()))
      << remark::metric("BOPs", formatCount(bop))
      << remark::metric("Bound", formatCount(limit));
  return success();
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
