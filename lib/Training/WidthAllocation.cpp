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

/// What a raise costs at least, so that one that is free comes first.
static constexpr double kLeastCost = 1e-9;

/// The widest of the allowed widths that is at most `widest`, else the least.
static int64_t getWidestAllowed(ArrayRef<int64_t> allowed, int64_t widest) {
  int64_t found = allowed.front();
  for (int64_t width : allowed)
    if (width <= widest)
      found = width;
  return found;
}

WidthAllocation::WidthAllocation(const CostAnalysis &cost,
                                 std::vector<Gate> gates)
    : gates(std::move(gates)), sides(this->gates.size()) {
  DenseMap<Operation *, size_t> numbers;
  for (auto [number, gate] : llvm::enumerate(this->gates))
    numbers[gate.global] = number;

  for (const ContractionCost &contraction : cost.getContractions()) {
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

void WidthAllocation::setWidths(ArrayRef<Widths> widths) {
  for (auto [number, gateWidths] : llvm::enumerate(widths))
    for (auto [unit, width] : llvm::enumerate(gateWidths))
      if (width != gates[number].widths[unit])
        setWidth(number, unit, width);
  updateCost();
}

bool WidthAllocation::areAllAtLeast(int64_t width) const {
  return llvm::all_of(gates, [&](const Gate &gate) {
    return llvm::all_of(gate.widths,
                        [&](int64_t present) { return present >= width; });
  });
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

// A move makes the moves that are left save less, or cost more, where they meet
// the same slots, and changes no others: what came late in the order once never
// comes earlier. So the first in the queue is looked at again when its turn
// comes, and goes back if it comes later now.
void WidthAllocation::moveGreedily(FindMove findMove,
                                   function_ref<bool()> isDone) {
  struct Candidate {
    Move move;
    size_t gate, unit;
    bool operator>(const Candidate &other) const {
      return std::tie(move.first, move.second, gate, unit) >
             std::tie(other.move.first, other.move.second, other.gate,
                      other.unit);
    }
  };
  std::vector<Candidate> candidates;
  for (auto [number, gate] : llvm::enumerate(gates))
    for (size_t unit = 0; unit < gate.widths.size(); ++unit)
      if (std::optional<Move> move = findMove(number, unit))
        candidates.push_back({*move, number, unit});
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue(
      std::greater<>(), std::move(candidates));

  while (!queue.empty() && !isDone()) {
    Candidate top = queue.top();
    queue.pop();
    std::optional<Move> move = findMove(top.gate, top.unit);
    if (!move)
      continue; // Nor will there be one later.
    Candidate now{*move, top.gate, top.unit};
    if (now > top) {
      queue.push(now);
      continue;
    }
    setWidth(top.gate, top.unit, move->width);
    if (std::optional<Move> next = findMove(top.gate, top.unit))
      queue.push({*next, top.gate, top.unit});
  }
  updateCost();
}

void WidthAllocation::lowerTo(int64_t widest) {
  for (auto [number, gate] : llvm::enumerate(gates))
    for (size_t unit = 0; unit < gate.widths.size(); ++unit)
      if (gate.widths[unit] > widest)
        setWidth(number, unit, getWidestAllowed(gate.allowed, widest));
  updateCost();
}

void WidthAllocation::lowerUntilKept(double limit) {
  moveGreedily(
      [&](size_t gate, size_t unit) -> std::optional<Move> {
        ArrayRef<int64_t> allowed = gates[gate].allowed;
        const int64_t *present = llvm::find(allowed, gates[gate].widths[unit]);
        if (present == allowed.begin())
          return std::nullopt;
        int64_t next = *std::prev(present);
        double change = getChange(gate, unit, next);
        if (change >= 0.0)
          return std::nullopt; // It saves nothing.
        return Move{next, 0.0, change};
      },
      [&] { return cost <= limit; });
}

void WidthAllocation::spendSlack(double limit, int64_t widest) {
  moveGreedily(
      [&](size_t gate, size_t unit) -> std::optional<Move> {
        int64_t width = gates[gate].widths[unit];
        ArrayRef<int64_t> allowed = gates[gate].allowed;
        const int64_t *next = std::next(llvm::find(allowed, width));
        if (next == allowed.end() || *next > widest)
          return std::nullopt;
        double change = getChange(gate, unit, *next);
        if (cost + change > limit)
          return std::nullopt;
        return Move{*next, static_cast<double>(width), change};
      },
      [] { return false; });
}

//===----------------------------------------------------------------------===//
// Least loss
//===----------------------------------------------------------------------===//

/// Units up to which exchanges are tried: each try costs a pass over all.
static constexpr int64_t kMaxExchanged = 64;

void WidthAllocation::lowerByPrice(double limit,
                                   std::pair<size_t, size_t> pinned) {
  moveGreedily(
      [&](size_t gate, size_t unit) -> std::optional<Move> {
        if (std::pair(gate, unit) == pinned)
          return std::nullopt;
        int64_t present = gates[gate].widths[unit];
        double presentLoss = getLoss(gate, unit, present);
        std::optional<Move> best;
        for (int64_t width : gates[gate].allowed) {
          if (width >= present)
            break;
          double saved = -getChange(gate, unit, width);
          if (saved <= 0.0)
            continue;
          double paid = (getLoss(gate, unit, width) - presentLoss) / saved;
          if (!best || paid <= best->first)
            best = Move{width, paid, 0.0};
        }
        return best;
      },
      [&] { return cost <= limit; });
}

void WidthAllocation::raiseByPrice(double limit, int64_t widest) {
  moveGreedily(
      [&](size_t gate, size_t unit) -> std::optional<Move> {
        int64_t present = gates[gate].widths[unit];
        double presentLoss = getLoss(gate, unit, present);
        std::optional<Move> best;
        for (int64_t width : gates[gate].allowed) {
          if (width <= present || width > widest)
            continue;
          double gain = presentLoss - getLoss(gate, unit, width);
          double change = getChange(gate, unit, width);
          if (gain <= 0.0 || cost + change > limit)
            continue;
          double worth = -gain / std::max(change, kLeastCost);
          if (!best || worth < best->first)
            best = Move{width, worth, 0.0};
        }
        return best;
      },
      [] { return false; });
}

void WidthAllocation::minimizeLoss(double limit, int64_t widest) {
  constexpr std::pair<size_t, size_t> none(-1, -1);
  for (auto [number, gate] : llvm::enumerate(gates))
    for (size_t unit = 0; unit < gate.widths.size(); ++unit)
      setWidth(number, unit, getWidestAllowed(gate.allowed, widest));
  updateCost();
  lowerByPrice(limit, none);
  raiseByPrice(limit, widest);
  if (cost > limit || getNumUnits() > kMaxExchanged)
    return;
  while (exchange(limit, widest))
    ;
}

bool WidthAllocation::exchange(double limit, int64_t widest) {
  auto getAllWidths = [&] {
    return llvm::map_to_vector(gates, [](const Gate &g) { return g.widths; });
  };
  SmallVector<Widths> best = getAllWidths();
  SmallVector<Widths> start = best;
  double leastLoss = getLoss();
  bool hasImproved = false;
  for (size_t gate = 0; gate < gates.size(); ++gate)
    for (size_t unit = 0; unit < start[gate].size(); ++unit)
      for (int64_t width : gates[gate].allowed) {
        if (width > widest || width == start[gate][unit])
          continue;
        setWidths(start);
        setWidth(gate, unit, width);
        lowerByPrice(limit, {gate, unit});
        raiseByPrice(limit, widest);
        // By more than what rounding might make of the same widths.
        if (cost <= limit && getLoss() < leastLoss * (1.0 - 1e-9)) {
          leastLoss = getLoss();
          best = getAllWidths();
          hasImproved = true;
        }
      }
  setWidths(best);
  return hasImproved;
}
