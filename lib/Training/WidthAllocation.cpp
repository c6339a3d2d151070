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
  SmallVector<uint8_t> selected(std::begin(kGateWidths), std::end(kGateWidths));
  MacCounts counts({selected, contraction.lhs.widths, contraction.rhs.widths,
                    contraction.lhs.minWidths, contraction.rhs.minWidths},
                   contraction.scale);
  PricedContraction priced{{}, {}, std::move(counts), {}, {}};
  for (CostModelAttr model : models)
    priced.macCosts.push_back(contraction.getMacCosts(model, priced.counts));
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
  priced.counts.countSlots(priced.lhs, priced.rhs);
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
  for (int32_t slot : side.getSlots(unit))
    for (size_t w = 0; w < numWidths; ++w)
      met[w] += partners[slot * numWidths + w];
  return met;
}

void WidthAllocation::PricedContraction::moveInSlots(const Side &side,
                                                     size_t unit, size_t from,
                                                     size_t to) {
  std::vector<int32_t> &own = side.isRhs ? rhs : lhs;
  size_t numWidths = counts.getNumWidths();
  for (int32_t slot : side.getSlots(unit)) {
    --own[slot * numWidths + from];
    ++own[slot * numWidths + to];
  }
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
    priced.moveInSlots(side, unit, from, to);
    priced.updateCosts();
  }
  costs = sumCosts();
}

SmallVector<WidthAllocation::Costs, 4>
WidthAllocation::getCostsWith(size_t gate, size_t unit,
                              ArrayRef<int64_t> widths) {
  uint8_t present = gates[gate].widths[unit];
  SmallVector<Costs, 4> all;
  if (meetsItself[gate]) {
    for (int64_t width : widths) {
      setWidth(gate, unit, width);
      all.push_back(costs);
    }
    setWidth(gate, unit, present);
    return all;
  }
  for (int64_t width : widths) {
    Costs &with = all.emplace_back(costs);
    double moreBits =
        static_cast<double>((width - present) * elementsPerUnit[gate]);
    for (auto [cost, bitCost] : llvm::zip_equal(with, bitCosts))
      cost += moreBits * bitCost;
  }
  for (const Side &side : sides[gate]) {
    const PricedContraction &priced = contractions[side.contraction];
    auto partners = priced.countPartners(side, unit);
    size_t numWidths = partners.size(), from = priced.counts.find(present);
    for (auto [width, with] : llvm::zip_equal(widths, all)) {
      size_t to = priced.counts.find(width);
      for (auto [cost, macCosts] : llvm::zip_equal(with, priced.macCosts))
        for (size_t w = 0; w < numWidths; ++w)
          cost += priced.counts.scale * partners[w] *
                  (side.isRhs ? macCosts[w * numWidths + to] -
                                    macCosts[w * numWidths + from]
                              : macCosts[to * numWidths + w] -
                                    macCosts[from * numWidths + w]);
    }
  }
  return all;
}

void WidthAllocation::setWidths(size_t gate, GetWidth getWidth) {
  // What the widths are in the order of each contraction.
  SmallVector<std::array<uint8_t, 256>, 2> positions(sides[gate].size());
  for (auto [side, position] : llvm::zip_equal(sides[gate], positions)) {
    const MacCounts &counts = contractions[side.contraction].counts;
    for (auto [number, width] : llvm::enumerate(counts.widths))
      position[width] = static_cast<uint8_t>(number);
  }
  bool hasChanged = false;
  for (auto [unit, width] : llvm::enumerate(gates[gate].widths)) {
    uint8_t before = width;
    width = static_cast<uint8_t>(getWidth(unit));
    if (width == before)
      continue;
    hasChanged = true;
    bits += (width - before) * elementsPerUnit[gate];
    for (auto [side, position] : llvm::zip_equal(sides[gate], positions))
      contractions[side.contraction].moveInSlots(side, unit, position[before],
                                                 position[width]);
  }
  if (!hasChanged)
    return;
  for (const Side &side : sides[gate]) {
    PricedContraction &priced = contractions[side.contraction];
    priced.counts.countSlots(priced.lhs, priced.rhs);
    priced.updateCosts();
  }
  costs = sumCosts();
}

void WidthAllocation::abandon(size_t gate, size_t unit) {
  setWidth(gate, unit, gates[gate].getAllowed(unit).front());
  size_t numWidths = gates[gate].allowed.size();
  std::fill_n(gates[gate].losses.begin() + unit * numWidths, numWidths, 0.0f);
}

void WidthAllocation::setWidths(ArrayRef<Widths> widths) {
  for (size_t gate = 0; gate < widths.size(); ++gate)
    setWidths(gate, [&](size_t unit) { return widths[gate][unit]; });
}

std::vector<Widths> WidthAllocation::getWidths() const {
  std::vector<Widths> widths;
  for (const Gate &gate : gates)
    widths.push_back(gate.widths);
  return widths;
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
