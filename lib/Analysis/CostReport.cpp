//===- CostReport.cpp - The cost, layer by layer -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Analysis/CostReport.h"

#include "llvm/Support/Format.h"

#include <map>

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

/// What is pruned all over costs nothing, and no layer has a share of that.
static double getShare(double bop, double sum) {
  return sum > 0.0 ? bop / sum : 0.0;
}

static llvm::json::Object toJson(const CostAnalysis &analysis,
                                 const CostBound &bound) {
  CostModelAttr model = bound.getModel();
  double cost = analysis.getCost(model);
  return llvm::json::Object{
      {"model", model.getModelName()},
      {"value", bound.budget.getBound()},
      {"unit", stringifyBudgetUnit(bound.budget.getUnit())},
      {"cost", cost},
      {"full_cost", bound.fullCost},
      {"percent", bound.getPercent(cost)},
      {"limit", bound.limit}};
}

llvm::json::Object cgmq::buildCostReport(func::FuncOp function,
                                         const CostAnalysis &analysis,
                                         const CostBounds &costBounds) {
  double bop = analysis.getBop(), fullBop = analysis.getFullBop();
  llvm::json::Value bound = nullptr;
  llvm::json::Array bounds;
  for (const CostBound &costBound : costBounds.get()) {
    bounds.push_back(toJson(analysis, costBound));
    BudgetAttr budget = costBound.budget;
    if (isa<BopCostAttr>(budget.getModel()))
      bound =
          llvm::json::Object{{"value", budget.getBound()},
                             {"unit", stringifyBudgetUnit(budget.getUnit())},
                             {"bops", costBound.limit}};
  }
  llvm::json::Array layers;
  for (const ContractionCost &layer : analysis.getContractions()) {
    llvm::json::Object object{{"name", layer.getName()},
                              {"op", layer.op->getName().getStringRef()},
                              {"location", getLocationText(layer.op->getLoc())},
                              {"macs", layer.macs},
                              {"lhs_bits", layer.lhs.getMeanWidth()},
                              {"rhs_bits", layer.rhs.getMeanWidth()},
                              {"bops", layer.getBop()},
                              {"share", getShare(layer.getBop(), bop)}};
    llvm::json::Object costs;
    for (const CostBound &costBound : costBounds.get())
      if (CostModelAttr model = costBound.getModel(); !isa<BopCostAttr>(model))
        costs[model.getModelName()] = layer.getCost(model);
    if (!costs.empty())
      object["costs"] = std::move(costs);
    if (layer.lhs.hasUnits())
      object["lhs_units"] = countUnits(layer.lhs);
    if (layer.rhs.hasUnits())
      object["rhs_units"] = countUnits(layer.rhs);
    layers.push_back(std::move(object));
  }
  int64_t memoryBits = 0;
  llvm::json::Array parameters;
  for (ParameterBits parameter : analysis.getParameters()) {
    memoryBits += parameter.getBits();
    parameters.push_back(
        llvm::json::Object{{"name", parameter.global.getSymName()},
                           {"elements", parameter.numElements},
                           {"bits", parameter.getBits()}});
  }
  return llvm::json::Object{{"function", function.getSymName()},
                            {"bops", bop},
                            {"full_bops", fullBop},
                            {"rbop_percent", analysis.getRbopPercent()},
                            {"bound", std::move(bound)},
                            {"bounds", std::move(bounds)},
                            {"layers", std::move(layers)},
                            {"memory_bits", memoryBits},
                            {"parameters", std::move(parameters)}};
}

void cgmq::printCostTable(raw_ostream &os, func::FuncOp function,
                          const CostAnalysis &analysis,
                          const CostBounds &bounds) {
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
       << llvm::format("%8.2f%%\n", 100.0 * getShare(layer.getBop(), bop));
  }
  printName(function.getSymName());
  os << llvm::right_justify(std::to_string(macs), 12)
     << std::string(bitsWidth, ' ') << llvm::right_justify(formatCount(bop), 15)
     << "  RBOP " << formatPercent(analysis.getRbopPercent());
  for (const CostBound &bound : bounds.get())
    if (isa<BopCostAttr>(bound.getModel()))
      os << " of at most " << formatPercent(bound.getPercent(bound.limit));
  os << '\n';

  // The other costs, of which memory is told also where nothing bounds it.
  auto printCost = [&](CostModelAttr model, const CostBound *bound) {
    double cost = analysis.getCost(model), full = analysis.getFullCost(model);
    printName(model.getModelName());
    os << llvm::right_justify(formatCost(cost), 12 + bitsWidth + 15) << "  "
       << formatPercent(full > 0.0 ? 100.0 * cost / full : 0.0);
    if (bound)
      os << " of at most " << formatPercent(bound->getPercent(bound->limit));
    os << '\n';
  };
  auto memory = MemoryCostAttr::get(function.getContext());
  if (!analysis.getParameters().empty() &&
      !llvm::is_contained(bounds.getModels(), memory))
    printCost(memory, nullptr);
  for (const CostBound &bound : bounds.get())
    if (!isa<BopCostAttr>(bound.getModel()))
      printCost(bound.getModel(), &bound);
}
