//===- CGMQCosts.cpp - Budgets and what they bound -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"

using namespace mlir;
using namespace mlir::cgmq;

#include "cgmq/Dialect/CGMQ/IR/CGMQAttrInterfaces.cpp.inc"

static constexpr StringLiteral kBopName = "bop", kMemoryName = "memory";

//===----------------------------------------------------------------------===//
// BopCostAttr, MemoryCostAttr
//===----------------------------------------------------------------------===//

StringRef BopCostAttr::getModelName() const { return kBopName; }
StringRef BopCostAttr::getUnitName() const {
  return stringifyBudgetUnit(BudgetUnit::Bop);
}
std::string BopCostAttr::describe() const { return "bit-operations"; }
double BopCostAttr::getMacCost(ContractionKind, int64_t lhsWidth,
                               int64_t rhsWidth) const {
  return static_cast<double>(lhsWidth * rhsWidth);
}

StringRef MemoryCostAttr::getModelName() const { return kMemoryName; }
StringRef MemoryCostAttr::getUnitName() const {
  return stringifyBudgetUnit(BudgetUnit::Bit);
}
std::string MemoryCostAttr::describe() const {
  return "bits of weights and biases";
}
double MemoryCostAttr::getBitCost() const { return 1.0; }

//===----------------------------------------------------------------------===//
// CostTableAttr
//===----------------------------------------------------------------------===//

StringRef CostTableAttr::getModelName() const { return getName(); }
StringRef CostTableAttr::getUnitName() const {
  return stringifyBudgetUnit(BudgetUnit::Cost);
}
std::string CostTableAttr::describe() const {
  return ("units of table '" + getName() + "'").str();
}

double CostTableAttr::getMacCost(ContractionKind kind, int64_t lhsWidth,
                                 int64_t rhsWidth) const {
  Attribute own = getCosts().get(stringifyContractionKind(kind));
  ArrayRef<double> costs =
      cast<DenseF64ArrayAttr>(own ? own : getCosts().get(kDefaultName))
          .asArrayRef();
  ArrayRef<int64_t> widths = getWidths();
  // What is wider than all of them has no cost of its own either.
  int64_t lhs = std::min(lhsWidth, widths.back());
  int64_t rhs = std::min(rhsWidth, widths.back());
  double least = costs.back();
  for (auto [row, carriedLhs] : llvm::enumerate(widths))
    for (auto [column, carriedRhs] : llvm::enumerate(widths))
      if (carriedLhs >= lhs && carriedRhs >= rhs)
        least = std::min(least, costs[row * widths.size() + column]);
  return least;
}

LogicalResult
CostTableAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                      StringRef name, ArrayRef<int64_t> widths,
                      DictionaryAttr costs) {
  if (name.empty() || name == kBopName || name == kMemoryName)
    return emitError() << "expects a name that no other cost model has, but "
                          "got '"
                       << name << "'";
  bool ascend = !widths.empty() && widths.front() > 0;
  for (size_t i = 1; ascend && i < widths.size(); ++i)
    ascend = widths[i - 1] < widths[i];
  if (!ascend || widths.back() != kFloatWidth)
    return emitError() << "expects ascending widths that end with "
                       << kFloatWidth << ", but got [" << widths << "]";
  if (!costs || !costs.contains(kDefaultName))
    return emitError() << "expects costs for '" << kDefaultName << "'";
  for (NamedAttribute entry : costs) {
    StringRef kind = entry.getName().getValue();
    if (kind != kDefaultName && !symbolizeContractionKind(kind))
      return emitError() << "expects costs for conv2d, depthwise_conv2d, "
                            "matmul or default, but got '"
                         << kind << "'";
    auto values = dyn_cast<DenseF64ArrayAttr>(entry.getValue());
    size_t numPairs = widths.size() * widths.size();
    if (!values || static_cast<size_t>(values.size()) != numPairs)
      return emitError() << "expects an array<f64> of " << numPairs
                         << " costs for '" << kind
                         << "', one for each pair of widths, but got "
                         << entry.getValue();
    for (auto [index, cost] : llvm::enumerate(values.asArrayRef()))
      if (!std::isfinite(cost) || cost < 0.0)
        return emitError() << "expects costs that are finite and not negative, "
                              "but got "
                           << cost << " for '" << kind << "' of "
                           << widths[index / widths.size()] << " by "
                           << widths[index % widths.size()] << " bits";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// BudgetAttr
//===----------------------------------------------------------------------===//

/// Parses a cost model: a word for one without parameters, or the attribute.
static ParseResult parseModel(AsmParser &parser, CostModelAttr &model) {
  SMLoc loc = parser.getCurrentLocation();
  MLIRContext *context = parser.getContext();
  StringRef word;
  if (succeeded(parser.parseOptionalKeyword(&word))) {
    if (word == kBopName)
      model = BopCostAttr::get(context);
    else if (word == kMemoryName)
      model = MemoryCostAttr::get(context);
    else
      return parser.emitError(loc)
             << "expects cost model bop, memory or an attribute, but got '"
             << word << "'";
    return success();
  }
  Attribute attr;
  if (parser.parseAttribute(attr))
    return failure();
  model = dyn_cast<CostModelAttr>(attr);
  if (!model)
    return parser.emitError(loc)
           << "expects cost model bop, memory or an attribute, but got "
           << attr;
  return success();
}

Attribute BudgetAttr::parse(AsmParser &parser, Type) {
  double bound = 0.0;
  std::string unitName;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseFloat(bound))
    return {};
  SMLoc unitLoc = parser.getCurrentLocation();
  if (parser.parseKeywordOrString(&unitName))
    return {};
  std::optional<BudgetUnit> unit = symbolizeBudgetUnit(unitName);
  if (!unit) {
    parser.emitError(unitLoc)
        << "expects unit percent, bop, bit or cost, but got '" << unitName
        << "'";
    return {};
  }
  CostModelAttr model = BopCostAttr::get(parser.getContext());
  if (succeeded(parser.parseOptionalComma()) && parseModel(parser, model))
    return {};
  if (parser.parseGreater())
    return {};
  return parser.getChecked<BudgetAttr>(
      loc, parser.getContext(), parser.getBuilder().getF64FloatAttr(bound),
      *unit, model);
}

void BudgetAttr::print(AsmPrinter &printer) const {
  // The shortest text that parses to the same bits, as upstream prints floats.
  printer << '<';
  printer.printFloat(getBoundAttr().getValue());
  printer << ' ' << stringifyBudgetUnit(getUnit());
  if (isa<MemoryCostAttr>(getModel()))
    printer << ", " << kMemoryName;
  else if (!isa<BopCostAttr>(getModel()))
    printer << ", " << getModel();
  printer << '>';
}

LogicalResult BudgetAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 FloatAttr boundAttr, BudgetUnit unit,
                                 CostModelAttr model) {
  double bound = boundAttr.getValueAsDouble();
  if (!std::isfinite(bound) || bound <= 0.0)
    return emitError() << "expects a bound that is finite and greater than "
                          "zero, but got "
                       << bound;
  if (unit == BudgetUnit::Percent && bound > 100.0)
    return emitError() << "expects a bound of at most 100 percent, but got "
                       << bound;
  if (unit != BudgetUnit::Percent &&
      stringifyBudgetUnit(unit) != model.getUnitName())
    return emitError() << "expects unit percent or " << model.getUnitName()
                       << " for cost model '" << model.getModelName()
                       << "', but got " << stringifyBudgetUnit(unit);
  return success();
}

SmallVector<BudgetAttr> cgmq::getBudgets(Operation *op) {
  Attribute attr = op->getAttr(CGMQDialect::kBudgetAttrName);
  if (auto budget = dyn_cast_if_present<BudgetAttr>(attr))
    return {budget};
  SmallVector<BudgetAttr> budgets;
  if (auto array = dyn_cast_if_present<ArrayAttr>(attr))
    for (Attribute element : array) {
      auto budget = dyn_cast<BudgetAttr>(element);
      if (!budget)
        return {};
      budgets.push_back(budget);
    }
  return budgets;
}

Attribute cgmq::getBudgetsAttr(ArrayRef<BudgetAttr> budgets) {
  if (budgets.size() == 1)
    return budgets.front();
  return ArrayAttr::get(budgets.front().getContext(),
                        SmallVector<Attribute>(budgets));
}
