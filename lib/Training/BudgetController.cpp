//===- BudgetController.cpp - Steers gates so that a budget holds ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/BudgetController.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The part of a run after which gates are frozen.
static constexpr double kFreezeAt = 0.5;
/// The part of a run within which a gate whose direction is the least comes from
/// 32 bits to the lowest width.
static constexpr double kSlowestTravel = 0.3;
/// The rate at which a gate that is told where to go is there next, or by one
/// width nearer. A faster one would carry it past.
static constexpr double kDirectRate = 1.0;
/// Where gates are not told where to go: the part of a run for which a state
/// lasts at least, and how far below the bound the cost has to be to count as
/// kept again.
static constexpr double kDwell = 0.01, kHysteresis = 0.01;
/// When the price of the bound is found first, in steps, and how often.
static constexpr int64_t kFirstPricing = 20, kNumPricings = 10;
/// The widest width whose sums f32 simulates exactly, and the widest of an
/// integer program.
static constexpr int64_t kWidestExact = 8, kWidestInteger = 16;

FailureOr<std::unique_ptr<BudgetController>>
BudgetController::create(func::FuncOp function, TrainingSession &session,
                         const DirectionRule &direction,
                         const CostAnalysis &cost, const CostBounds &bounds) {
  FailureOr<GateSet> gates = GateSet::create(function, session, cost);
  if (failed(gates))
    return failure();
  return std::unique_ptr<BudgetController>(
      new BudgetController(std::move(*gates), direction, cost, bounds));
}

void BudgetController::start(int64_t steps) {
  numSteps = steps;
  freezeStep = static_cast<int64_t>(kFreezeAt * numSteps);
  pricingPeriod = std::max<int64_t>(1, freezeStep / kNumPricings);
  firstPricing = std::min(kFirstPricing, pricingPeriod);
  nextPricing = firstPricing;
  isViolated = !areKept(present.getCosts(), limits);
  if (weighsCosts) // Nothing pulls the gates before the first price is known.
    gates.setTargets(present);
}

/// The rate at which gates move that have not chattered yet.
double BudgetController::getFullRate() const {
  if (weighsCosts)
    return kDirectRate;
  double distance = kInitialGate - gates.getLowestGate();
  double steps = kLeastDirection * kSlowestTravel * numSteps;
  return distance / std::max(1.0, steps);
}

WidthAllocation BudgetController::minimizeLoss() const {
  WidthAllocation allocation =
      gates.allocateWithLosses(cost, bounds.getModels());
  allocation.minimizeLoss(limits, kWidestExact);
  if (allocation.areAllAtLeast(kWidestExact))
    allocation.minimizeLoss(limits, kWidestInteger);
  return allocation;
}

void BudgetController::control(int64_t step, StepControl &control) {
  if (step == 0)
    rate = weighsCosts ? 0.0 : getFullRate();
  if (!isFrozen && step >= freezeStep) {
    freeze();
  } else if (!isFrozen && weighsCosts && step >= nextPricing) {
    gates.setTargets(minimizeLoss());
    rate = getFullRate();
    nextPricing = step + pricingPeriod;
  }
  // Parameters wait for the widths: what they learn at 32 bits is in the way of
  // the widths to come.
  if (weighsCosts && !isFrozen && step < firstPricing)
    control.learningRate = 0.0;
  control.gateRate = isFrozen ? 0.0 : rate;
  control.violated = isViolated;
}

LogicalResult BudgetController::finishStep(int64_t step) {
  if (isFrozen)
    return success();
  gates.follow(present);
  updateState(step);
  double share = 0.0;
  for (auto [cost, limit] : llvm::zip_equal(present.getCosts(), limits))
    share += cost / limit;
  if (!weighsCosts && areKept(present.getCosts(), limits) &&
      (bestWidths.empty() || share > bestShare)) {
    bestShare = share;
    bestWidths = gates.getWidths();
  }
  return success();
}

void BudgetController::updateState(int64_t step) {
  if (weighsCosts) { // Where gates go, the bound is kept: nothing chatters.
    isViolated = !areKept(present.getCosts(), limits);
    return;
  }
  SmallVector<double> kept;
  for (const CostBound &bound : bounds.get())
    kept.push_back(
        isViolated
            ? std::max(bound.limit * (1.0 - kHysteresis),
                       std::min(bound.limit, cost.getMinCost(bound.getModel())))
            : bound.limit);
  bool isViolatedNow = !areKept(present.getCosts(), kept);
  if (isViolatedNow == isViolated ||
      step - stateSince < static_cast<int64_t>(kDwell * numSteps))
    return;
  isViolated = isViolatedNow;
  stateSince = step;
  if (isViolated)
    rate *= 0.5;
}

void BudgetController::freeze() {
  WidthAllocation frozen = weighsCosts ? minimizeLoss() : present;
  if (!weighsCosts) {
    if (!bestWidths.empty())
      frozen.setWidths(bestWidths);
    frozen.lowerTo(kWidestExact);
    frozen.lowerUntilKept(limits);
    frozen.spendSlack(limits, kWidestExact);
    if (frozen.areAllAtLeast(kWidestExact))
      frozen.spendSlack(limits, kWidestInteger);
  } else if (gates.abandonUnread(frozen)) {
    frozen.raiseByPrice(limits, kWidestExact);
  }
  gates.moveTo(frozen);
  gates.follow(present);
  isViolated = false;
  isFrozen = true;
}

GateState BudgetController::getState() const {
  GateState state;
  for (auto [bound, cost] : llvm::zip_equal(bounds.get(), present.getCosts()))
    state.costs.push_back(
        {isa<BopCostAttr>(bound.getModel()) ? "RBOP"
                                            : bound.getModel().getModelName(),
         bound.getPercent(cost), bound.getPercent(bound.limit)});
  state.areFrozen = isFrozen;
  return state;
}

void BudgetController::log(llvm::json::Object &epoch) const {
  llvm::json::Object costs;
  for (auto [bound, cost] : llvm::zip_equal(bounds.get(), present.getCosts())) {
    if (isa<BopCostAttr>(bound.getModel())) {
      epoch["bops"] = cost;
      epoch["rbop_percent"] = bound.getPercent(cost);
    } else {
      costs[bound.getModel().getModelName()] = cost;
    }
  }
  if (!costs.empty())
    epoch["costs"] = std::move(costs);
  epoch["frozen"] = isFrozen;
  epoch["widths"] = gates.describe();
}

DictionaryAttr BudgetController::saveState(Builder &builder) const {
  NamedAttrList state;
  auto widths =
      llvm::map_to_vector(bestWidths, [&](const Widths &gate) -> Attribute {
        return builder.getDenseI8ArrayAttr(
            SmallVector<int8_t>(gate.begin(), gate.end()));
      });
  state.set("best_share", builder.getF64FloatAttr(bestShare));
  state.set("best_widths", builder.getArrayAttr(widths));
  state.set("is_frozen", builder.getBoolAttr(isFrozen));
  state.set("is_violated", builder.getBoolAttr(isViolated));
  state.set("next_pricing", builder.getI64IntegerAttr(nextPricing));
  state.set("rate", builder.getF64FloatAttr(rate));
  state.set("state_since", builder.getI64IntegerAttr(stateSince));
  return state.getDictionary(builder.getContext());
}

LogicalResult BudgetController::restoreState(DictionaryAttr state) {
  auto savedShare = state.getAs<FloatAttr>("best_share");
  auto savedWidths = state.getAs<ArrayAttr>("best_widths");
  auto savedFrozen = state.getAs<BoolAttr>("is_frozen");
  auto savedViolated = state.getAs<BoolAttr>("is_violated");
  auto savedPricing = state.getAs<IntegerAttr>("next_pricing");
  auto savedRate = state.getAs<FloatAttr>("rate");
  auto savedSince = state.getAs<IntegerAttr>("state_since");
  if (!savedShare || !savedWidths || !savedFrozen || !savedViolated ||
      !savedPricing || !savedRate || !savedSince)
    return failure();
  std::vector<Widths> widths = gates.getWidths();
  if (savedWidths.empty())
    widths.clear();
  if (savedWidths.size() != widths.size())
    return failure();
  for (auto [gate, saved] : llvm::zip_equal(widths, savedWidths)) {
    auto bytes = dyn_cast<DenseI8ArrayAttr>(saved);
    if (!bytes || bytes.size() != static_cast<int64_t>(gate.size()))
      return failure();
    gate.assign(bytes.asArrayRef().begin(), bytes.asArrayRef().end());
  }
  bestShare = savedShare.getValueAsDouble();
  bestWidths = std::move(widths);
  isFrozen = savedFrozen.getValue();
  isViolated = savedViolated.getValue();
  nextPricing = savedPricing.getInt();
  rate = savedRate.getValueAsDouble();
  stateSince = savedSince.getInt();
  gates.read(present);
  return success();
}
