//===- Report.cpp - The cost, layer by layer -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Support/AtomicFile.h"
#include "cgmq/Transforms/ModelFunction.h"

#include "mlir/IR/Remarks.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

#include <map>

namespace mlir::cgmq {
#define GEN_PASS_DEF_REPORTPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// `file:line:column` where a location has it, else as MLIR prints it.
static std::string getLocationText(Location loc) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (auto file = loc->findInstanceOf<FileLineColLoc>())
    os << file.getFilename().getValue() << ':' << file.getLine() << ':'
       << file.getColumn();
  else
    os << loc;
  return text;
}

/// How many units have each width, by the width.
static llvm::json::Object countUnits(const Factor &factor) {
  std::map<int, int64_t> counts;
  for (uint8_t width : factor.widths)
    ++counts[width];
  llvm::json::Object object;
  for (auto [width, count] : counts)
    object[std::to_string(width)] = count;
  return object;
}

static llvm::json::Object toJson(func::FuncOp function,
                                 const CostAnalysis &analysis) {
  double bop = analysis.getBop(), fullBop = analysis.getFullBop();
  llvm::json::Value bound = nullptr;
  if (auto budget =
          function->getAttrOfType<BudgetAttr>(CGMQDialect::kBudgetAttrName))
    bound = llvm::json::Object{{"value", budget.getBound()},
                               {"unit", stringifyBudgetUnit(budget.getUnit())},
                               {"bops", budget.getLimit(fullBop)}};
  llvm::json::Array layers;
  for (const ContractionCost &layer : analysis.getContractions()) {
    llvm::json::Object object{{"name", layer.getName()},
                              {"op", layer.op->getName().getStringRef()},
                              {"location", getLocationText(layer.op->getLoc())},
                              {"macs", layer.macs},
                              {"lhs_bits", layer.lhs.getMeanWidth()},
                              {"rhs_bits", layer.rhs.getMeanWidth()},
                              {"bops", layer.getBop()},
                              {"share", layer.getBop() / bop}};
    if (layer.lhs.hasUnits())
      object["lhs_units"] = countUnits(layer.lhs);
    if (layer.rhs.hasUnits())
      object["rhs_units"] = countUnits(layer.rhs);
    layers.push_back(std::move(object));
  }
  return llvm::json::Object{{"function", function.getSymName()},
                            {"bops", bop},
                            {"full_bops", fullBop},
                            {"rbop_percent", analysis.getRbopPercent()},
                            {"bound", std::move(bound)},
                            {"layers", std::move(layers)}};
}

static void printTable(raw_ostream &os, func::FuncOp function,
                       const CostAnalysis &analysis) {
  double bop = analysis.getBop();
  size_t nameWidth = std::max<size_t>(function.getSymName().size(), 16);
  size_t bitsWidth = 7;
  auto getWidths = [](const ContractionCost &layer) {
    return layer.lhs.describeWidth() + "x" + layer.rhs.describeWidth();
  };
  for (const ContractionCost &layer : analysis.getContractions()) {
    nameWidth = std::max(nameWidth, layer.getName().size());
    bitsWidth = std::max(bitsWidth, getWidths(layer).size() + 1);
  }
  auto printName = [&](StringRef name) {
    os << llvm::left_justify(name, nameWidth) << ' ';
  };
  int64_t macs = 0;
  printName("layer");
  os << llvm::right_justify("MACs", 12)
     << llvm::right_justify("bits", bitsWidth)
     << llvm::right_justify("BOPs", 15) << llvm::right_justify("share", 9)
     << '\n';
  for (const ContractionCost &layer : analysis.getContractions()) {
    macs += layer.macs;
    printName(layer.getName());
    os << llvm::right_justify(std::to_string(layer.macs), 12)
       << llvm::right_justify(getWidths(layer), bitsWidth)
       << llvm::right_justify(formatCount(layer.getBop()), 15)
       << llvm::format("%8.2f%%\n", 100.0 * layer.getBop() / bop);
  }
  printName(function.getSymName());
  os << llvm::right_justify(std::to_string(macs), 12)
     << std::string(bitsWidth, ' ') << llvm::right_justify(formatCount(bop), 15)
     << "  RBOP " << formatPercent(analysis.getRbopPercent());
  if (auto budget =
          function->getAttrOfType<BudgetAttr>(CGMQDialect::kBudgetAttrName))
    os << " of at most "
       << formatPercent(100.0 * budget.getLimit(analysis.getFullBop()) /
                        analysis.getFullBop());
  os << '\n';
}

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

  FailureOr<func::FuncOp> getFunction() {
    SmallVector<func::FuncOp> bounded = getBoundedFunctions(getOperation());
    if (function.empty() && bounded.size() == 1)
      return bounded.front();
    return getModelFunction(getOperation(), function);
  }

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
    FailureOr<func::FuncOp> model = getFunction();
    if (failed(model))
      return signalPassFailure();
    FailureOr<CostAnalysis> analysis = CostAnalysis::create(*model);
    if (failed(analysis))
      return signalPassFailure();
    emitRemarks(*model, *analysis);
    auto printJson = [&](raw_ostream &os) {
      os << llvm::formatv("{0:2}\n",
                          llvm::json::Value(toJson(*model, *analysis)));
    };
    auto print = [&](raw_ostream &os) { printTable(os, *model, *analysis); };
    if (failed(write(*model, reportFile, printJson)) ||
        failed(write(*model, tableFile, print)))
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
