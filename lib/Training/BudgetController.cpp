//===- BudgetController.cpp - Steers gates so that a budget holds ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/BudgetController.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Parts of a run after which gates are frozen, and within which the slowest
/// gate reaches the lowest width.
static constexpr double kFreezeAt = 0.6, kTravelWithin = 0.4;
/// The widest width whose sums f32 simulates exactly, and the widest of an
/// integer program.
static constexpr int64_t kWidestExact = 8, kWidestInteger = 16;

FailureOr<std::unique_ptr<BudgetController>>
BudgetController::create(func::FuncOp function, TrainingSession &session,
                         const CostAnalysis &cost, double limit) {
  std::unique_ptr<BudgetController> controller(
      new BudgetController(function, session, cost, limit));
  SymbolTableCollection symbolTables;
  auto result = function.walk([&](QuantizeOp quantize) -> WalkResult {
    FailureOr<GateValue> value = readGate(quantize, symbolTables);
    if (failed(value))
      return WalkResult::interrupt();
    if (!value->global || !value->global.getIsMutable())
      return WalkResult::advance();
    for (const Gate &gate : controller->gates)
      if (gate.symbol == value->global.getSymName())
        return WalkResult::advance();
    Gate gate;
    gate.symbol = value->global.getSymName().str();
    if (ml_program::GlobalOp range = getLoadedGlobal(quantize.getRange()))
      gate.range = range.getSymName().str();
    gate.widths = llvm::to_vector(quantize.getGatedType().getWidths());
    gate.width = value->width;
    if (auto ranges = quantize->getAttrOfType<DenseF32ArrayAttr>(
            CGMQDialect::kRangesAttrName))
      gate.ranges = llvm::to_vector(ranges.asArrayRef());
    controller->gates.push_back(std::move(gate));
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  return controller;
}

double BudgetController::getCost(ArrayRef<int64_t> widths) const {
  return cost.getBop([&](const Factor &factor) {
    if (!factor.gate)
      return factor.width;
    ml_program::GlobalOp global = factor.gate;
    for (auto [gate, width] : llvm::zip_equal(gates, widths))
      if (gate.symbol == global.getSymName())
        return width;
    return factor.width;
  });
}

void BudgetController::start(int64_t numSteps) {
  freezeStep = static_cast<int64_t>(kFreezeAt * numSteps);
  double travelSteps = std::max(1.0, kTravelWithin * numSteps);
  rate = (kInitialGate - kLowestGate) / (kLeastDirection * travelSteps);
  SmallVector<int64_t> widths;
  for (const Gate &gate : gates)
    widths.push_back(gate.width);
  currentCost = getCost(widths);
  isViolated = currentCost > limit;
}

void BudgetController::control(int64_t step, StepControl &control) {
  if (step >= freezeStep && !isFrozen)
    freeze();
  control.gateRate = isFrozen ? 0.0 : rate;
  control.violated = isViolated;
}

LogicalResult BudgetController::finishStep(int64_t step) {
  if (isFrozen)
    return success();
  followWidths();
  FailureOr<double> present = session.getCost();
  if (failed(present))
    return failure();
  currentCost = *present;
  bool wasViolated = isViolated;
  isViolated = currentCost > limit;
  if (isViolated && !wasViolated)
    rate *= 0.5;
  if (!isViolated && (bestWidths.empty() || currentCost > bestCost)) {
    bestCost = currentCost;
    bestWidths.clear();
    for (const Gate &gate : gates)
      bestWidths.push_back(gate.width);
  }
  return success();
}

/// Takes note of the widths that gates have come to, and scales the ranges of
/// those that changed.
void BudgetController::followWidths() {
  for (Gate &gate : gates) {
    int64_t width = getWidth(getValue(gate), gate.widths);
    if (width == gate.width)
      continue;
    if (!gate.ranges.empty() && !gate.range.empty()) {
      auto rangeOf = [&](int64_t width) {
        return gate
            .ranges[llvm::find(gate.widths, width) - gate.widths.begin()];
      };
      session.getParameter(gate.range)[0] *=
          rangeOf(width) / rangeOf(gate.width);
    }
    gate.width = width;
  }
}

void BudgetController::setWidths(ArrayRef<int64_t> widths) {
  for (auto [gate, width] : llvm::zip_equal(gates, widths))
    getValue(gate) = getGateOfWidth(width);
  followWidths();
}

void BudgetController::lowerUntilKept(SmallVectorImpl<int64_t> &widths) const {
  while (getCost(widths) > limit) {
    size_t cheapest = gates.size();
    double least = getCost(widths);
    for (size_t i = 0; i < gates.size(); ++i) {
      auto it = llvm::find(gates[i].widths, widths[i]);
      if (it == gates[i].widths.begin())
        continue;
      SmallVector<int64_t> candidate = llvm::to_vector(widths);
      candidate[i] = *std::prev(it);
      double candidateCost = getCost(candidate);
      if (candidateCost < least) {
        least = candidateCost;
        cheapest = i;
      }
    }
    if (cheapest == gates.size())
      return; // The least cost; the caller has checked that it keeps the limit.
    widths[cheapest] =
        *std::prev(llvm::find(gates[cheapest].widths, widths[cheapest]));
  }
}

void BudgetController::spendSlack(SmallVectorImpl<int64_t> &widths,
                                  int64_t widest) const {
  while (true) {
    size_t chosen = gates.size();
    double chosenCost = 0.0;
    for (size_t i = 0; i < gates.size(); ++i) {
      auto it = std::next(llvm::find(gates[i].widths, widths[i]));
      if (it == gates[i].widths.end() || *it > widest)
        continue;
      SmallVector<int64_t> candidate = llvm::to_vector(widths);
      candidate[i] = *it;
      double candidateCost = getCost(candidate);
      if (candidateCost > limit)
        continue;
      if (chosen == gates.size() || widths[i] < widths[chosen] ||
          (widths[i] == widths[chosen] && candidateCost < chosenCost)) {
        chosen = i;
        chosenCost = candidateCost;
      }
    }
    if (chosen == gates.size())
      return;
    widths[chosen] =
        *std::next(llvm::find(gates[chosen].widths, widths[chosen]));
  }
}

void BudgetController::freeze() {
  SmallVector<int64_t> widths = bestWidths;
  if (widths.empty())
    for (const Gate &gate : gates)
      widths.push_back(gate.width);
  for (auto [gate, width] : llvm::zip_equal(gates, widths))
    while (width > kWidestExact && width != gate.widths.front())
      width = *std::prev(llvm::find(gate.widths, width));
  lowerUntilKept(widths);
  spendSlack(widths, kWidestExact);
  if (llvm::all_of(widths, [](int64_t width) { return width >= kWidestExact; }))
    spendSlack(widths, kWidestInteger);
  setWidths(widths);
  currentCost = getCost(widths);
  isViolated = false;
  isFrozen = true;
}

std::string BudgetController::describe() const {
  double full = cost.getFullBop();
  return llvm::formatv(", RBOP {0:F4} % (bound {1:F4} %){2}",
                       100.0 * currentCost / full, 100.0 * limit / full,
                       isFrozen ? ", widths frozen" : "");
}
