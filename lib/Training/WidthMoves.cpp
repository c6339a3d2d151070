//===- WidthMoves.cpp - Widths moved until bounds are kept ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Analysis/CostBounds.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Training/WidthAllocation.h"

#include <limits>
#include <queue>
#include <tuple>

using namespace mlir;
using namespace mlir::cgmq;

/// What a raise costs at least, so that one that is free comes first.
static constexpr double kLeastIncrease = 1e-18;

/// The widest of the allowed widths that is at most `widest`, else the least,
/// of what is not pruned.
static int64_t getWidestAllowed(ArrayRef<int64_t> allowed, int64_t widest) {
  int64_t found = getKeptWidths(allowed).front();
  for (int64_t width : getKeptWidths(allowed))
    if (width <= widest)
      found = width;
  return found;
}

/// The allowed widths below `width`.
static ArrayRef<int64_t> getNarrower(ArrayRef<int64_t> allowed, int64_t width) {
  return allowed.take_while([=](int64_t other) { return other < width; });
}

double WidthAllocation::getSaving(ArrayRef<double> others,
                                  ArrayRef<double> limits) const {
  double saving = 0.0;
  for (auto [cost, other, limit] : llvm::zip_equal(costs, others, limits))
    if (cost > limit)
      saving += getShare(cost - other, limit);
  return saving;
}

double WidthAllocation::getIncrease(ArrayRef<double> others,
                                    ArrayRef<double> limits) const {
  double increase = 0.0;
  for (auto [cost, other, limit] : llvm::zip_equal(costs, others, limits))
    increase += getShare(other - cost, limit);
  return increase;
}

/// The place in the order of moves that save nothing by themselves: the last.
static constexpr double kSavesNothing = std::numeric_limits<double>::infinity();

/// Where so many of a queue in a row cannot move any more, another queue
/// without such is faster.
static constexpr int64_t kMaxMisses = 1024;

void WidthAllocation::moveGreedily(FindMove findMove,
                                   function_ref<bool()> isDone,
                                   ArrayRef<double> limits) {
  while (moveByQueue(findMove, isDone, limits) && !isDone())
    ;
}

// By bit-operations, a move makes the moves that are left save less, or cost
// more, where they meet the same slots, and changes no others; and a limit that
// is kept once counts no more. So what came late in the order once never comes
// earlier: the first in the queue is looked at again when its turn comes, and
// goes back if it comes later now.
//
// Tables need not keep that order: bytes may be as cheap as nibbles until both
// factors are narrow. There the order is that of the last look, and a queue is
// followed by another until none moves anything; soon where moves save nothing
// alone, for these may make others save.
bool WidthAllocation::moveByQueue(FindMove findMove,
                                  function_ref<bool()> isDone,
                                  ArrayRef<double> limits) {
  // Small, for a million of them: the unit is its position among those of all
  // gates.
  struct Candidate {
    double first, second;
    uint32_t position;
    bool operator>(const Candidate &other) const {
      return std::tie(first, second, position) >
             std::tie(other.first, other.second, other.position);
    }
  };
  SmallVector<uint32_t> begin = {0};
  for (const Gate &gate : gates)
    begin.push_back(begin.back() + static_cast<uint32_t>(gate.widths.size()));
  std::vector<Candidate> candidates;
  for (auto [number, gate] : llvm::enumerate(gates))
    for (uint32_t unit = 0; unit < gate.widths.size(); ++unit)
      if (std::optional<Move> move = findMove(number, unit))
        candidates.push_back({move->first, move->second, begin[number] + unit});
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue(
      std::greater<>(), std::move(candidates));

  bool hasMoved = false;
  int64_t numMisses = 0;
  int64_t numBlindMoves = 0, maxBlindMoves = getNumUnits() / 64;
  while (!queue.empty() && !isDone()) {
    Candidate top = queue.top();
    queue.pop();
    size_t gate = llvm::upper_bound(begin, top.position) - begin.begin() - 1;
    size_t unit = top.position - begin[gate];
    std::optional<Move> move = findMove(gate, unit);
    if (!move) { // Nor will there be one later, if the order is kept.
      if (++numMisses > kMaxMisses)
        break;
      continue;
    }
    numMisses = 0;
    Candidate now{move->first, move->second, top.position};
    if (now > top) {
      queue.push(now);
      continue;
    }
    int64_t before = gates[gate].widths[unit];
    setWidth(gate, unit, move->width);
    if (!limits.empty() && !areKept(costs, limits)) {
      setWidth(gate, unit, before); // By rounding, it seemed to fit.
      continue;
    }
    hasMoved = true;
    if (move->first == kSavesNothing && ++numBlindMoves > maxBlindMoves)
      break;
    if (std::optional<Move> next = findMove(gate, unit))
      queue.push({next->first, next->second, top.position});
  }
  return hasMoved;
}

void WidthAllocation::lowerTo(int64_t widest) {
  for (size_t gate = 0; gate < gates.size(); ++gate) {
    int64_t lowered = getWidestAllowed(gates[gate].allowed, widest);
    setWidths(gate, [&](size_t unit) -> int64_t {
      int64_t present = gates[gate].widths[unit];
      return present > widest ? lowered : present;
    });
  }
}

void WidthAllocation::setToLeast() {
  for (size_t gate = 0; gate < gates.size(); ++gate)
    setWidths(gate, [&](size_t unit) {
      return gates[gate].getAllowed(unit).front();
    });
}

void WidthAllocation::setToWidest(int64_t widest) {
  for (size_t gate = 0; gate < gates.size(); ++gate) {
    int64_t width = getWidestAllowed(gates[gate].allowed, widest);
    setWidths(gate, [&](size_t) { return width; });
  }
}

void WidthAllocation::lowerUntilKept(ArrayRef<double> limits) {
  moveGreedily(
      [&](size_t gate, size_t unit) -> std::optional<Move> {
        ArrayRef<int64_t> allowed = gates[gate].getAllowed(unit);
        const int64_t *present = llvm::find(allowed, gates[gate].widths[unit]);
        if (present == allowed.begin())
          return std::nullopt;
        int64_t next = *std::prev(present);
        double saving =
            getSaving(getCostsWith(gate, unit, next).front(), limits);
        return Move{next, saving > 0.0 ? 0.0 : kSavesNothing, -saving};
      },
      [&] { return areKept(costs, limits); });
}

void WidthAllocation::spendSlack(ArrayRef<double> limits, int64_t widest) {
  moveGreedily(
      [&](size_t gate, size_t unit) -> std::optional<Move> {
        int64_t width = gates[gate].widths[unit];
        ArrayRef<int64_t> allowed = gates[gate].getAllowed(unit);
        const int64_t *next = std::next(llvm::find(allowed, width));
        if (next == allowed.end() || *next > widest)
          return std::nullopt;
        Costs raised = getCostsWith(gate, unit, *next).front();
        if (!areKept(raised, limits))
          return std::nullopt;
        return Move{*next, static_cast<double>(width),
                    getIncrease(raised, limits)};
      },
      [] { return false; }, limits);
}

//===----------------------------------------------------------------------===//
// Least loss
//===----------------------------------------------------------------------===//

/// Units up to which exchanges are tried: each try costs a pass over all.
static constexpr int64_t kMaxExchanged = 64;

void WidthAllocation::lowerByLoss(
    ArrayRef<double> limits, LowerFirst first,
    std::optional<std::pair<size_t, size_t>> pinned) {
  moveGreedily(
      [&](size_t gate, size_t unit) -> std::optional<Move> {
        if (std::pair(gate, unit) == pinned)
          return std::nullopt;
        int64_t present = gates[gate].widths[unit];
        double presentLoss = getLoss(gate, unit, present);
        std::optional<Move> best;
        ArrayRef<int64_t> lower =
            getNarrower(gates[gate].getAllowed(unit), present);
        for (auto [width, lowered] :
             llvm::zip_equal(lower, getCostsWith(gate, unit, lower))) {
          double saving = getSaving(lowered, limits);
          double loss = getLoss(gate, unit, width) - presentLoss;
          double worth = first == LowerFirst::LeastPrice ? loss / saving : loss;
          Move move = saving > 0.0 ? Move{width, worth, 0.0}
                                   : Move{width, kSavesNothing, loss};
          if (!best || std::tie(move.first, move.second) <=
                           std::tie(best->first, best->second))
            best = move;
        }
        return best;
      },
      [&] { return areKept(costs, limits); });
}

void WidthAllocation::raiseByPrice(ArrayRef<double> limits, int64_t widest) {
  moveGreedily(
      [&](size_t gate, size_t unit) -> std::optional<Move> {
        int64_t present = gates[gate].widths[unit];
        double presentLoss = getLoss(gate, unit, present);
        std::optional<Move> best;
        auto wider = llvm::filter_to_vector<8>(
            gates[gate].getAllowed(unit), [&](int64_t width) {
              return width > present && width <= widest &&
                     getLoss(gate, unit, width) < presentLoss;
            });
        for (auto [width, raised] :
             llvm::zip_equal(wider, getCostsWith(gate, unit, wider))) {
          double gain = presentLoss - getLoss(gate, unit, width);
          if (!areKept(raised, limits))
            continue;
          double worth =
              -gain / std::max(getIncrease(raised, limits), kLeastIncrease);
          if (!best || worth < best->first)
            best = Move{width, worth, 0.0};
        }
        return best;
      },
      [] { return false; }, limits);
}

void WidthAllocation::minimizeLoss(ArrayRef<double> limits, int64_t widest) {
  if (getNumUnits() > kMaxExchanged) {
    buyAtPrices(limits, widest);
    raiseByPrice(limits, widest);
    return;
  }
  // Exchanges end at different widths from different starts.
  std::optional<std::vector<Widths>> best;
  double leastLoss = std::numeric_limits<double>::infinity();
  for (LowerFirst first : {LowerFirst::LeastPrice, LowerFirst::LeastLoss}) {
    setToWidest(widest);
    lowerByLoss(limits, first);
    raiseByPrice(limits, widest);
    while (areKept(costs, limits) && exchange(limits, widest))
      ;
    if (best && !(areKept(costs, limits) && getLoss() < leastLoss))
      continue;
    leastLoss = getLoss();
    best = getWidths();
  }
  setWidths(*best);
}

bool WidthAllocation::exchange(ArrayRef<double> limits, int64_t widest) {
  std::vector<Widths> best = getWidths();
  std::vector<Widths> start = best;
  double leastLoss = getLoss();
  bool hasImproved = false;
  auto tryWith = [&](std::pair<size_t, size_t> changed, int64_t width,
                     LowerFirst first) {
    setWidths(start);
    setWidth(changed.first, changed.second, width);
    lowerByLoss(limits, first, changed);
    raiseByPrice(limits, widest);
    // By more than what rounding might make of the same widths.
    if (areKept(costs, limits) && getLoss() < leastLoss * (1.0 - 1e-9)) {
      leastLoss = getLoss();
      best = getWidths();
      hasImproved = true;
    }
  };
  for (size_t gate = 0; gate < gates.size(); ++gate)
    for (size_t unit = 0; unit < start[gate].size(); ++unit)
      for (int64_t width : gates[gate].getAllowed(unit)) {
        if (width > widest || width == start[gate][unit])
          continue;
        std::pair changed(gate, unit);
        for (LowerFirst first : {LowerFirst::LeastPrice, LowerFirst::LeastLoss})
          tryWith(changed, width, first);
      }
  setWidths(best);
  return hasImproved;
}
