//===- WidthAllocation.cpp - Widths of gates and their exact cost ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/WidthAllocation.h"

#include <numeric>
#include <queue>
#include <tuple>

using namespace mlir;
using namespace mlir::cgmq;

WidthAllocation::WidthAllocation(const CostAnalysis &cost,
                                 std::vector<Gate> gates)
    : gates(std::move(gates)), sides(this->gates.size()) {
  DenseMap<Operation *, size_t> numbers;
  for (auto [number, gate] : llvm::enumerate(this->gates))
    numbers[gate.global] = number;

  for (const Contraction &contraction : cost.getContractions()) {
    sums.push_back({contraction.scale, {}, {}});
    for (bool isRhs : {false, true}) {
      const Factor &factor = isRhs ? contraction.rhs : contraction.lhs;
      std::vector<double> &slotSums = isRhs ? sums.back().rhs : sums.back().lhs;
      ml_program::GlobalOp global = factor.gate;
      auto number = numbers.find(global);
      if (number == numbers.end()) {
        slotSums = factor.getSlotSums(factor.widths, contraction.numSlots);
        continue;
      }
      const Widths &widths = this->gates[number->second].widths;
      slotSums = factor.getSlotSums(widths, contraction.numSlots);

      // The uses, sorted by their units.
      Side side{sums.size() - 1, isRhs, {}, {}};
      side.begin.assign(widths.size() + 1, 0);
      for (UnitUse use : factor.uses)
        ++side.begin[use.unit + 1];
      std::partial_sum(side.begin.begin(), side.begin.end(),
                       side.begin.begin());
      side.slots.resize(factor.uses.size());
      std::vector<int32_t> end = side.begin;
      for (UnitUse use : factor.uses)
        side.slots[end[use.unit]++] = use.slot;
      sides[number->second].push_back(std::move(side));
    }
  }
  updateCost();
}

void WidthAllocation::updateCost() {
  cost = 0.0;
  for (const Sums &sum : sums)
    cost += sum.scale * std::inner_product(sum.lhs.begin(), sum.lhs.end(),
                                           sum.rhs.begin(), 0.0);
}

void WidthAllocation::setWidth(size_t gate, size_t unit, int64_t width) {
  double difference = static_cast<double>(width) - gates[gate].widths[unit];
  gates[gate].widths[unit] = static_cast<uint8_t>(width);
  // One side after the other, which is exact also where both are this gate's.
  for (const Side &side : sides[gate]) {
    Sums &sum = sums[side.contraction];
    std::vector<double> &own = side.isRhs ? sum.rhs : sum.lhs;
    const std::vector<double> &partner = side.isRhs ? sum.lhs : sum.rhs;
    double partners = 0.0;
    for (int32_t i = side.begin[unit]; i < side.begin[unit + 1]; ++i) {
      own[side.slots[i]] += difference;
      partners += partner[side.slots[i]];
    }
    cost += sum.scale * difference * partners;
  }
}

double WidthAllocation::getChange(size_t gate, size_t unit, int64_t width) {
  double before = cost;
  int64_t present = gates[gate].widths[unit];
  setWidth(gate, unit, width);
  double change = cost - before;
  setWidth(gate, unit, present);
  cost = before;
  return change;
}

int64_t WidthAllocation::getNextWidth(Move move, size_t gate, size_t unit,
                                      int64_t widest) const {
  ArrayRef<int64_t> allowed = gates[gate].allowed;
  const int64_t *present = llvm::find(allowed, gates[gate].widths[unit]);
  if (move == Move::Lower)
    return present == allowed.begin() ? 0 : *std::prev(present);
  const int64_t *next = std::next(present);
  return next == allowed.end() || *next > widest ? 0 : *next;
}

// A move makes the moves that are left save less, or cost more, where they meet
// the same slots, and changes no others: a key that was true once is never
// greater than it should be. So the least key in the queue is looked at again
// when its turn comes, and goes back if it has grown.
void WidthAllocation::moveGreedily(Move move, double limit, int64_t widest) {
  struct Candidate {
    int64_t width;
    double change;
    size_t gate, unit;
    bool operator>(const Candidate &other) const {
      return std::tie(width, change, gate, unit) >
             std::tie(other.width, other.change, other.gate, other.unit);
    }
  };
  auto getCandidate = [&](size_t gate, size_t unit) {
    int64_t next = getNextWidth(move, gate, unit, widest);
    // The narrowest are raised first; all are alike to be lowered.
    int64_t width = move == Move::Raise ? gates[gate].widths[unit] : 0;
    return Candidate{width, next ? getChange(gate, unit, next) : 0.0, gate,
                     unit};
  };
  std::vector<Candidate> candidates;
  for (auto [number, gate] : llvm::enumerate(gates))
    for (size_t unit = 0; unit < gate.widths.size(); ++unit)
      if (getNextWidth(move, number, unit, widest))
        candidates.push_back(getCandidate(number, unit));
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue(
      std::greater<>(), std::move(candidates));

  while (!queue.empty() && (move == Move::Raise || cost > limit)) {
    Candidate top = queue.top();
    queue.pop();
    Candidate now = getCandidate(top.gate, top.unit);
    if (now > top) {
      queue.push(now);
      continue;
    }
    if (move == Move::Lower && now.change >= 0.0)
      break; // What is left saves nothing.
    if (move == Move::Raise && cost + now.change > limit)
      continue; // Nor will it fit later.
    setWidth(top.gate, top.unit,
             getNextWidth(move, top.gate, top.unit, widest));
    if (getNextWidth(move, top.gate, top.unit, widest))
      queue.push(getCandidate(top.gate, top.unit));
  }
  updateCost();
}

void WidthAllocation::lowerTo(int64_t widest) {
  for (auto [number, gate] : llvm::enumerate(gates))
    for (size_t unit = 0; unit < gate.widths.size(); ++unit)
      if (gate.widths[unit] > widest) {
        int64_t width = gate.allowed.front();
        for (int64_t candidate : gate.allowed)
          if (candidate <= widest)
            width = candidate;
        setWidth(number, unit, width);
      }
  updateCost();
}

void WidthAllocation::lowerUntilKept(double limit) {
  moveGreedily(Move::Lower, limit, /*widest=*/0);
}

void WidthAllocation::spendSlack(double limit, int64_t widest) {
  moveGreedily(Move::Raise, limit, widest);
}
