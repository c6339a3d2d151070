//===- Report.cpp - The cost, layer by layer -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "cgmq/Analysis/CostReport.h"
#include "cgmq/Support/AtomicFile.h"
#include "cgmq/Transforms/ModelFunction.h"

#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_REPORTPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

static void emitRemarks(func::FuncOp function, const CostAnalysis &analysis) {
  for (const ContractionCost &layer : analysis.getContractions())
    remark::analysis(layer.op->getLoc(), remark::RemarkOpts::name("Contraction")
                                             .category("cgmq-cost")
                                             .function(function.getSymName()))
        << remark::metric("Layer", layer.getName())
        << remark::metric("MACs", layer.macs)
        << remark::metric("LhsBits", layer.lhs.describeWidth())
        << remark::metric("RhsBits", layer.rhs.describeWidth())
        << remark::metric("BOPs", formatCount(layer.getBop()));
}

namespace {
struct Report : cgmq::impl::ReportPassBase<Report> {
  using ReportPassBase::ReportPassBase;

  LogicalResult write(func::FuncOp model, StringRef path,
                      function_ref<void(raw_ostream &)> print) {
    if (path.empty())
      return success();
    std::string error;
    if (succeeded(writeFileAtomically(path, print, error)))
      return success();
    return model.emitError() << "expects to write the report to '" << path
                             << "', but got " << error;
  }

  void runOnOperation() override {
    FailureOr<func::FuncOp> model =
        getBoundedFunction(getOperation(), function);
    if (failed(model))
      return signalPassFailure();
    FailureOr<CostAnalysis> analysis = CostAnalysis::create(*model);
    if (failed(analysis))
      return signalPassFailure();
    FailureOr<CostBounds> bounds =
        CostBounds::create(*analysis, getBudgets(*model));
    if (failed(bounds))
      return signalPassFailure();
    emitRemarks(*model, *analysis);
    auto printJson = [&](raw_ostream &os) {
      os << llvm::formatv("{0:2}\n", llvm::json::Value(buildCostReport(
                                         *model, *analysis, *bounds)));
    };
    auto print = [&](raw_ostream &os) {
      printCostTable(os, *model, *analysis, *bounds);
    };
    if (failed(write(*model, reportFile, printJson)) ||
        failed(write(*model, tableFile, print)))
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
