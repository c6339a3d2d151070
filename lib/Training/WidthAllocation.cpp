//===- WidthAllocation.cpp - Widths of gates and their exact cost ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/WidthAllocation.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

/// Whether a change of one width is worth the less the narrower its partner is,
/// as it is for products.
static bool hasIncreasingDifferences(ArrayRef<double> macCosts, size_t n) {
  auto at = [&](size_t l, size_t r) { return macCosts[l * n + r]; };
  for (size_t l = 1; l < n; ++l)
    for (size_t r = 1; r < n; ++r)
      if (at(l, r) - at(l - 1, r) < at(l, r - 1) - at(l - 1, r - 1))
        return false;
  return true;
}

WidthAllocation::WidthAllocation(const CostAnalysis &cost,
                                 std::vector<Gate> gates,
                                 ArrayRef<CostModelAttr> models)
    : gates(std::move(gates)), sides(this->gates.size()),
      meetsItself(this->gates.size(), false),
      elementsPerUnit(this->gates.size(), 0) {
  for (CostModelAttr model : models)
    bitCosts.push_back(model.getBitCost());
  DenseMap<Operation *, size_t> numbers;
  for (auto [number, gate] : llvm::enumerate(this->gates)) {
    numbers[gate.global] = number;
    gate.minWidths = Widths(cost.getMinWidths(gate.global));
  }

  for (const ContractionCost &contraction : cost.getContractions())
    addContraction(contraction, models, numbers);
  for (const ParameterBits &parameter : cost.getParameters()) {
    ml_program::GlobalOp global = parameter.gate;
    auto number = numbers.find(global);
    if (number == numbers.end()) {
      bits += parameter.getBits();
      continue;
    }
    int64_t elements = parameter.getElementsPerUnit();
    elementsPerUnit[number->second] += elements;
    for (int64_t width : this->gates[number->second].widths)
      bits += elements * width;
  }
  costs = sumCosts();
}

ArrayRef<int64_t> WidthAllocation::Gate::getAllowed(size_t unit) const {
  bool isPrunable = minWidths.empty() || minWidths[unit] == kPrunedWidth;
  return isPrunable ? ArrayRef<int64_t>(allowed) : getKeptWidths(allowed);
}

void WidthAllocation::addContraction(
    const ContractionCost &contraction, ArrayRef<CostModelAttr> models,
    const DenseMap<Operation *, size_t> &numbers) {
  // The widths that may meet: those that gates select, and fixed ones.
  SmallVector<uint8_t> widths(std::begin(kGateWidths), std::end(kGateWidths));
  for (const Factor *factor : {&contraction.lhs, &contraction.rhs})
    for (const Widths *present : {&factor->widths, &factor->minWidths})
      widths.append(present->begin(), present->end());
  llvm::sort(widths);
  widths.erase(llvm::unique(widths), widths.end());
  PricedContraction priced{
      {}, {}, MacCounts(widths, contraction.scale), {}, {}};
  for (CostModelAttr model : models) {
    auto macCosts = contraction.getMacCosts(model, priced.counts);
    keepsOrder &= hasIncreasingDifferences(macCosts, widths.size());
    priced.macCosts.push_back(std::move(macCosts));
  }
  if (llvm::all_of(priced.macCosts, [](ArrayRef<double> macCosts) {
        return llvm::all_of(macCosts, [](double cost) { return cost == 0.0; });
      }))
    return;

  auto addFactor = [&](const Factor &factor, bool isRhs) {
    ml_program::GlobalOp global = factor.gate;
    auto number = numbers.find(global);
    bool isFixed = number == numbers.end();
    const Widths &present =
        isFixed ? factor.widths : gates[number->second].widths;
    (isRhs ? priced.rhs : priced.lhs) =
        factor.countInSlots(present, priced.counts, contraction.numSlots);
    if (isFixed)
      return;
    // The uses, sorted by their units.
    Side side{contractions.size(), isRhs, {}, {}};
    side.begin.assign(present.size() + 1, 0);
    for (UnitUse use : factor.uses)
      ++side.begin[use.unit + 1];
    std::partial_sum(side.begin.begin(), side.begin.end(), side.begin.begin());
    side.slots.resize(factor.uses.size());
    std::vector<int32_t> end = side.begin;
    for (UnitUse use : factor.uses)
      side.slots[end[use.unit]++] = use.slot;
    SmallVector<Side> &own = sides[number->second];
    if (!own.empty() && own.back().contraction == side.contraction)
      meetsItself[number->second] = true;
    own.push_back(std::move(side));
  };
  addFactor(contraction.lhs, /*isRhs=*/false);
  addFactor(contraction.rhs, /*isRhs=*/true);
  contraction.count(priced.lhs, priced.rhs, priced.counts);
  priced.updateCosts();
  contractions.push_back(std::move(priced));
}

void WidthAllocation::PricedContraction::updateCosts() {
  costs.clear();
  for (ArrayRef<double> macCost : macCosts)
    costs.push_back(counts.getCost(macCost));
}

SmallVector<double, 8>
WidthAllocation::PricedContraction::countPartners(const Side &side,
                                                  size_t unit) const {
  const std::vector<int32_t> &partners = side.isRhs ? lhs : rhs;
  size_t numWidths = counts.getNumWidths();
  SmallVector<double, 8> met(numWidths, 0.0);
  for (int32_t i = side.begin[unit]; i < side.begin[unit + 1]; ++i)
    for (size_t w = 0; w < numWidths; ++w)
      met[w] += partners[side.slots[i] * numWidths + w];
  return met;
}

void WidthAllocation::PricedContraction::move(bool isRhs, size_t from,
                                              size_t to,
                                              ArrayRef<double> partners) {
  for (auto [w, met] : llvm::enumerate(partners)) {
    (isRhs ? counts.at(w, from) : counts.at(from, w)) -= met;
    (isRhs ? counts.at(w, to) : counts.at(to, w)) += met;
  }
}

WidthAllocation::Costs WidthAllocation::sumCosts() const {
  Costs sums(bitCosts.size(), 0.0);
  for (const PricedContraction &contraction : contractions)
    for (auto [sum, part] : llvm::zip_equal(sums, contraction.costs))
      sum += part;
  for (auto [sum, bitCost] : llvm::zip_equal(sums, bitCosts))
    sum += static_cast<double>(bits) * bitCost;
  return sums;
}

void WidthAllocation::setWidth(size_t gate, size_t unit, int64_t width) {
  uint8_t before = gates[gate].widths[unit];
  gates[gate].widths[unit] = static_cast<uint8_t>(width);
  bits += (width - before) * elementsPerUnit[gate];
  // One side after the other, which is exact also where both are this gate's.
  for (const Side &side : sides[gate]) {
    PricedContraction &priced = contractions[side.contraction];
    size_t from = priced.counts.find(before), to = priced.counts.find(width);
    priced.move(side.isRhs, from, to, priced.countPartners(side, unit));
    std::vector<int32_t> &own = side.isRhs ? priced.rhs : priced.lhs;
    size_t numWidths = priced.counts.getNumWidths();
    for (int32_t i = side.begin[unit]; i < side.begin[unit + 1]; ++i) {
      --own[side.slots[i] * numWidths + from];
      ++own[side.slots[i] * numWidths + to];
    }
    priced.updateCosts();
  }
  costs = sumCosts();
}

WidthAllocation::Costs WidthAllocation::getCostsWith(size_t gate, size_t unit,
                                                     int64_t width) {
  uint8_t present = gates[gate].widths[unit];
  if (meetsItself[gate]) {
    setWidth(gate, unit, width);
    Costs with = costs;
    setWidth(gate, unit, present);
    return with;
  }
  Costs with = costs;
  double moreBits =
      static_cast<double>((width - present) * elementsPerUnit[gate]);
  for (auto [cost, bitCost] : llvm::zip_equal(with, bitCosts))
    cost += moreBits * bitCost;
  for (const Side &side : sides[gate]) {
    const PricedContraction &priced = contractions[side.contraction];
    size_t from = priced.counts.find(present), to = priced.counts.find(width);
    auto partners = priced.countPartners(side, unit);
    size_t numWidths = partners.size();
    for (auto [cost, macCosts] : llvm::zip_equal(with, priced.macCosts))
      for (size_t w = 0; w < numWidths; ++w)
        cost += partners[w] * (side.isRhs ? macCosts[w * numWidths + to] -
                                                macCosts[w * numWidths + from]
                                          : macCosts[to * numWidths + w] -
                                                macCosts[from * numWidths + w]);
  }
  return with;
}

void WidthAllocation::abandon(size_t gate, size_t unit) {
  setWidth(gate, unit, gates[gate].getAllowed(unit).front());
  size_t numWidths = gates[gate].allowed.size();
  std::fill_n(gates[gate].losses.begin() + unit * numWidths, numWidths, 0.0f);
}

void WidthAllocation::setWidths(ArrayRef<Widths> widths) {
  for (auto [number, gateWidths] : llvm::enumerate(widths))
    for (auto [unit, width] : llvm::enumerate(gateWidths))
      if (width != gates[number].widths[unit])
        setWidth(number, unit, width);
}

bool WidthAllocation::areAllAtLeast(int64_t width) const {
  return llvm::all_of(gates, [&](const Gate &gate) {
    return llvm::all_of(gate.widths,
                        [&](int64_t present) { return present >= width; });
  });
}

double WidthAllocation::getLoss(size_t gate, size_t unit, int64_t width) const {
  ArrayRef<int64_t> allowed = gates[gate].allowed;
  size_t position = llvm::find(allowed, width) - allowed.begin();
  return gates[gate].losses[unit * allowed.size() + position];
}

double WidthAllocation::getLoss() const {
  double loss = 0.0;
  for (auto [number, gate] : llvm::enumerate(gates))
    for (size_t unit = 0; unit < gate.widths.size(); ++unit)
      loss += getLoss(number, unit, gate.widths[unit]);
  return loss;
}

int64_t WidthAllocation::getNumUnits() const {
  int64_t numUnits = 0;
  for (const Gate &gate : gates)
    numUnits += static_cast<int64_t>(gate.widths.size());
  return numUnits;
}
