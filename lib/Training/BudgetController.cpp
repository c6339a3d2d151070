//===- BudgetController.cpp - Steers gates so that a budget holds ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/BudgetController.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Training/RangeSearch.h"
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
    gate.global = value->global;
    gate.symbol = value->global.getSymName().str();
    if (ml_program::GlobalOp range = getLoadedGlobal(quantize.getRange()))
      gate.range = range.getSymName().str();
    gate.allowed = llvm::to_vector(quantize.getGatedType().getWidths());
    gate.widths = std::move(value->widths);
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

std::vector<Widths> BudgetController::getWidthsOfGates() const {
  std::vector<Widths> widths;
  for (const Gate &gate : gates)
    widths.push_back(gate.widths);
  return widths;
}

WidthAllocation BudgetController::allocate(std::vector<Widths> widths) const {
  std::vector<WidthAllocation::Gate> allocated;
  for (auto [gate, gateWidths] : llvm::zip_equal(gates, widths))
    allocated.push_back({gate.global, gate.allowed, std::move(gateWidths)});
  return WidthAllocation(cost, std::move(allocated));
}

void BudgetController::start(int64_t numSteps) {
  freezeStep = static_cast<int64_t>(kFreezeAt * numSteps);
  double travelSteps = std::max(1.0, kTravelWithin * numSteps);
  rate = (kInitialGate - kLowestGate) / (kLeastDirection * travelSteps);
  currentCost = allocate(getWidthsOfGates()).getCost();
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
    bestWidths = getWidthsOfGates();
  }
  return success();
}

/// Takes note of the widths that gates have come to, and scales the ranges of
/// those that changed.
void BudgetController::followWidths() {
  for (Gate &gate : gates) {
    Widths widths(gate.widths.size());
    getWidths(session.getParameter(gate.symbol), gate.allowed, widths);
    if (widths == gate.widths)
      continue;
    if (!gate.ranges.empty() && !gate.range.empty())
      session.getParameter(gate.range)[0] *=
          getMeanRange(gate.ranges, gate.allowed, widths) /
          getMeanRange(gate.ranges, gate.allowed, gate.widths);
    gate.widths = std::move(widths);
  }
}

void BudgetController::freeze() {
  WidthAllocation allocation =
      allocate(bestWidths.empty() ? getWidthsOfGates() : bestWidths);
  allocation.lowerTo(kWidestExact);
  allocation.lowerUntilKept(limit);
  allocation.spendSlack(limit, kWidestExact);
  bool areAllWide = llvm::all_of(allocation.getGates(), [](auto &gate) {
    return llvm::all_of(gate.widths,
                        [](int64_t width) { return width >= kWidestExact; });
  });
  if (areAllWide)
    allocation.spendSlack(limit, kWidestInteger);
  for (auto [gate, allocated] : llvm::zip_equal(gates, allocation.getGates()))
    llvm::transform(allocated.widths, session.getParameter(gate.symbol).begin(),
                    [](int64_t width) { return getGateOfWidth(width); });
  followWidths();
  currentCost = allocation.getCost();
  isViolated = false;
  isFrozen = true;
}

std::string BudgetController::describe() const {
  double full = cost.getFullBop();
  return llvm::formatv(", RBOP {0:F4} % (bound {1:F4} %){2}",
                       100.0 * currentCost / full, 100.0 * limit / full,
                       isFrozen ? ", widths frozen" : "");
}
