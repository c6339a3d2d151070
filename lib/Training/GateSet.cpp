//===- GateSet.cpp - The gates that a session trains -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/GateSet.h"

#include "ChannelSources.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Training/Direction.h"
#include "cgmq/Training/RangeSearch.h"
#include "cgmq/Transforms/ParameterValues.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The part of a parameter's loss that lasts. Training wins back the rest, as a
/// parameter can move to where its rounding does no harm, unless it is pruned;
/// what is rounded in an activation stays lost.
static constexpr float kLastingLoss = 0.1f;

/// The numbers that calibration has left on a quantize; empty if it has not.
static SmallVector<float> getCalibrated(QuantizeOp quantize, StringRef name) {
  if (auto numbers = quantize->getAttrOfType<DenseF32ArrayAttr>(name))
    return llvm::to_vector(numbers.asArrayRef());
  return {};
}

/// The mean squared errors of rounding to the grids of a range: s^2 / 12.
static SmallVector<float> getRoundingErrors(float range, GatedType type) {
  return llvm::map_to_vector(type.getWidths(), [&](int64_t width) {
    if (width >= kFloatWidth)
      return 0.0f;
    if (width == kPrunedWidth) // Of what is spread evenly over the range.
      return range * range / 3.0f;
    float step = Grid(range, width, type.isSigned()).step;
    return step * step / 12.0f;
  });
}

FailureOr<GateSet> GateSet::create(func::FuncOp function,
                                   TrainingSession &session,
                                   const CostAnalysis &cost) {
  GateSet set(session);
  SymbolTableCollection symbolTables;
  for (auto quantize : function.getOps<QuantizeOp>()) {
    FailureOr<GateValue> value = readGate(quantize, symbolTables);
    if (failed(value))
      return failure();
    // A gate on which nothing depends stays as it is.
    if (!value->global || !value->global.getIsMutable() ||
        session.getParameter(value->global.getSymName()).empty())
      continue;
    auto gate = llvm::find_if(set.gates, [&](const Gate &gate) {
      return gate.global == value->global;
    });
    if (gate == set.gates.end()) {
      set.gates.push_back({value->global,
                           value->global.getSymName().str(),
                           llvm::to_vector(quantize.getGatedType().getWidths()),
                           std::move(value->widths),
                           Widths(cost.getMinWidths(value->global)),
                           {},
                           {}});
      gate = std::prev(set.gates.end());
    } else if (ArrayRef<int64_t>(gate->allowed) !=
               quantize.getGatedType().getWidths()) {
      return quantize.emitOpError()
             << "expects the widths of the other quantizers of '"
             << gate->symbol << "', but got " << quantize.getGatedType();
    }
    Quantizer quantizer;
    quantizer.isParameter = getLoadedGlobal(quantize.getInput()) != nullptr;
    // A range that quantizers share follows the gate once.
    if (ml_program::GlobalOp range = getLoadedGlobal(quantize.getRange()))
      if (llvm::none_of(gate->quantizers, [&](const Quantizer &other) {
            return other.range == range.getSymName();
          }))
        quantizer.range = range.getSymName().str();
    quantizer.ranges = getCalibrated(quantize, CGMQDialect::kRangesAttrName);
    quantizer.errors = getCalibrated(quantize, CGMQDialect::kErrorsAttrName);
    if (quantizer.errors.empty()) {
      FailureOr<float> range =
          readScalar(quantize, quantize.getRange(), "range", symbolTables);
      if (failed(range))
        return failure();
      quantizer.errors = getRoundingErrors(*range, quantize.getGatedType());
    }
    gate->quantizers.push_back(std::move(quantizer));
    for (QuantizeOp source : findChannelSources(quantize))
      if (ml_program::GlobalOp global = getLoadedGlobal(source.getGate()))
        gate->sources.push_back(global.getSymName().str());
  }
  return set;
}

bool GateSet::abandonUnread(WidthAllocation &allocation) const {
  llvm::StringMap<size_t> numbers;
  for (auto [number, gate] : llvm::enumerate(gates))
    numbers[gate.symbol] = number;
  bool hasAbandoned = false;
  for (auto [number, gate] : llvm::enumerate(gates)) {
    Widths widths = allocation.getGates()[number].widths;
    for (auto [unit, width] : llvm::enumerate(widths)) {
      if (width != kPrunedWidth || gate.sources.empty())
        continue;
      // Without its sources it cannot come back.
      allocation.abandon(number, unit);
      for (StringRef source : gate.sources)
        if (auto found = numbers.find(source);
            found != numbers.end() &&
            gates[found->second].quantizers.size() == 1)
          allocation.abandon(found->second, unit);
      hasAbandoned = true;
    }
  }
  return hasAbandoned;
}

std::vector<Widths> GateSet::getWidths() const {
  std::vector<Widths> widths;
  for (const Gate &gate : gates)
    widths.push_back(gate.widths);
  return widths;
}

float GateSet::getLowestGate() const {
  float lowest = kLowestGate;
  for (const Gate &gate : gates)
    lowest = std::min(lowest, cgmq::getLowestGate(gate.allowed));
  return lowest;
}

void GateSet::read(WidthAllocation &allocation) {
  update(allocation, /*scalesRanges=*/false);
}

void GateSet::follow(WidthAllocation &allocation) {
  update(allocation, /*scalesRanges=*/true);
}

void GateSet::update(WidthAllocation &allocation, bool scalesRanges) {
  for (auto [number, gate] : llvm::enumerate(gates)) {
    MutableArrayRef<float> values = session->getParameter(gate.symbol);
    for (auto [value, least] : llvm::zip(values, gate.minWidths))
      if (least != kPrunedWidth)
        value = std::max(value, kLowestGate);
    Widths widths(gate.widths.size());
    cgmq::getWidths(values, gate.allowed, widths);
    if (widths == gate.widths)
      continue;
    for (const Quantizer &quantizer : gate.quantizers)
      if (scalesRanges && !quantizer.ranges.empty() && !quantizer.range.empty())
        session->getParameter(quantizer.range)[0] *=
            getMeanRange(quantizer.ranges, gate.allowed, widths) /
            getMeanRange(quantizer.ranges, gate.allowed, gate.widths);
    allocation.setWidths(number, [&](size_t unit) { return widths[unit]; });
    gate.widths = std::move(widths);
  }
}

llvm::json::Object GateSet::describe() const {
  llvm::json::Object result;
  for (const Gate &gate : gates) {
    if (llvm::all_equal(gate.widths)) {
      result[gate.symbol] = gate.widths.front();
      continue;
    }
    llvm::json::Object counts;
    for (int64_t width : gate.allowed)
      if (int64_t count = llvm::count(gate.widths, width))
        counts[std::to_string(width)] = count;
    result[gate.symbol] = std::move(counts);
  }
  return result;
}

/// Writes the gates of the widths of an allocation under the symbols of the
/// gates and a suffix.
static void writeGates(TrainingSession &session,
                       const WidthAllocation &allocation, StringRef suffix) {
  for (const WidthAllocation::Gate &gate : allocation.getGates()) {
    ml_program::GlobalOp global = gate.global;
    MutableArrayRef<float> values =
        session.getParameter((global.getSymName() + suffix).str());
    // A gate without a gradient has no target.
    if (values.empty())
      continue;
    llvm::transform(gate.widths, values.begin(),
                    [](int64_t width) { return getGateOfWidth(width); });
  }
}

void GateSet::moveTo(const WidthAllocation &allocation) {
  writeGates(*session, allocation, "");
}

void GateSet::setTargets(const WidthAllocation &allocation) {
  writeGates(*session, allocation, kTargetSuffix);
}

WidthAllocation GateSet::allocate(const CostAnalysis &cost,
                                  ArrayRef<CostModelAttr> models) const {
  std::vector<WidthAllocation::Gate> allocated;
  for (const Gate &gate : gates)
    allocated.push_back({gate.global, gate.allowed, gate.widths, {}});
  return WidthAllocation(cost, std::move(allocated), models);
}

WidthAllocation
GateSet::allocateWithLosses(const CostAnalysis &cost,
                            ArrayRef<CostModelAttr> models) const {
  std::vector<WidthAllocation::Gate> allocated;
  for (const Gate &gate : gates) {
    std::vector<float> losses(gate.widths.size() * gate.allowed.size(), 0.0f);
    for (auto [number, quantizer] : llvm::enumerate(gate.quantizers)) {
      float *loss = losses.data();
      for (float sensitivity :
           session->getParameter(getSensitivityName(gate.symbol, number)))
        for (auto [width, error] :
             llvm::zip_equal(gate.allowed, quantizer.errors)) {
          bool canMove = quantizer.isParameter && width != kPrunedWidth;
          float share = canMove ? kLastingLoss : 1.0f;
          *loss++ += share * sensitivity * error;
        }
    }
    allocated.push_back(
        {gate.global, gate.allowed, gate.widths, std::move(losses)});
  }
  return WidthAllocation(cost, std::move(allocated), models);
}
