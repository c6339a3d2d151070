//===- WidthPrices.cpp - Widths bought at prices that keep bounds ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a share of each limit has a price, every unit can decide by itself: it
// takes the width of which loss and price together are least. What is left to
// find is one number for each limit. The price of a width depends on the widths
// that a unit meets, and these only by the slots of the contractions, of which
// there are few: all units of a gate look their prices up in one table, and a
// sweep over all gates takes as long as units have uses.
//
// Loss and price of all units together fall with each gate that buys, but for
// one that meets itself, so widths come to rest where prices do.
//
//===----------------------------------------------------------------------===//

#include "cgmq/Analysis/CostBounds.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Training/WidthAllocation.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::cgmq;

/// Sweeps at most. Prices are found well before, but for one of a limit that
/// another's price keeps, which falls until then.
static constexpr int kMaxSweeps = 32;
/// What a limit is worth at least, where nothing is lost.
static constexpr double kLeastWorth = 1e-30;

namespace {
/// Finds the price at which a limit is just kept: it rises and falls by factors
/// that become smaller once it has turned.
class PriceSearch {
public:
  explicit PriceSearch(double price) : price(price) {}
  double getPrice() const { return price; }
  bool isFound() const { return price == 0.0 || exponent < kLeastExponent; }
  void adjust(bool isKept) {
    hasTurned |= wasKept && *wasKept != isKept;
    wasKept = isKept;
    if (hasTurned)
      exponent *= kShrinkage;
    price *= std::exp2(isKept ? -exponent : exponent);
  }

private:
  /// A bisection would halve the exponents, and could not follow a price that
  /// moves on while widths come to rest.
  static constexpr double kFirstExponent = 4.0, kLeastExponent = 1e-3,
                          kShrinkage = 0.6;
  double price, exponent = kFirstExponent;
  std::optional<bool> wasKept;
  bool hasTurned = false;
};
} // namespace

std::vector<WidthAllocation::WidthPrices>
WidthAllocation::PricedContraction::getSlotPrices(
    const Side &side, ArrayRef<int64_t> widths, ArrayRef<double> prices) const {
  const std::vector<int32_t> &partners = side.isRhs ? lhs : rhs;
  size_t numMet = counts.getNumWidths();
  // What a multiply-accumulate pays at [width * numMet + partner's width].
  SmallVector<double, 36> macPrices;
  for (int64_t width : widths) {
    size_t own = counts.find(width);
    for (size_t met = 0; met < numMet; ++met) {
      double price = 0.0;
      for (auto [macCost, modelPrice] : llvm::zip_equal(macCosts, prices))
        price += modelPrice * (side.isRhs ? macCost[met * numMet + own]
                                          : macCost[own * numMet + met]);
      macPrices.push_back(counts.scale * price);
    }
  }
  std::vector<WidthPrices> slotPrices;
  slotPrices.reserve(partners.size() / numMet);
  for (size_t slot = 0; slot < partners.size(); slot += numMet) {
    WidthPrices &ofSlot = slotPrices.emplace_back();
    for (size_t w = 0; w < widths.size(); ++w)
      for (size_t met = 0; met < numMet; ++met)
        ofSlot[w] += partners[slot + met] * macPrices[w * numMet + met];
  }
  return slotPrices;
}

void WidthAllocation::buyWidths(size_t gate, ArrayRef<double> prices,
                                int64_t widest) {
  ArrayRef<int64_t> allowed = gates[gate].allowed;
  // The least that is not pruned is there whatever is widest.
  size_t numWidths =
      std::max<size_t>(canPrune(allowed) ? 2 : 1,
                       llvm::upper_bound(allowed, widest) - allowed.begin());
  ArrayRef<int64_t> offered = allowed.take_front(numWidths);
  SmallVector<std::vector<WidthPrices>, 2> slotPrices;
  for (const Side &side : sides[gate])
    slotPrices.push_back(
        contractions[side.contraction].getSlotPrices(side, offered, prices));
  WidthPrices ofParameters = {};
  for (auto [bitCost, price] : llvm::zip_equal(bitCosts, prices))
    for (size_t w = 0; w < numWidths; ++w)
      ofParameters[w] +=
          price * bitCost *
          static_cast<double>(offered[w] * elementsPerUnit[gate]);

  setWidths(gate, [&](size_t unit) {
    // Of all widths, offered or not: it is the fixed number that makes it fast.
    WidthPrices totals = ofParameters;
    for (size_t side = 0; side < slotPrices.size(); ++side)
      for (int32_t slot : sides[gate][side].getSlots(unit))
        for (size_t w = 0; w < totals.size(); ++w)
          totals[w] += slotPrices[side][slot][w];
    // The widest of those that are alike.
    const float *losses = &gates[gate].losses[unit * allowed.size()];
    size_t first = allowed.size() - gates[gate].getAllowed(unit).size();
    size_t best = first;
    double least = std::numeric_limits<double>::infinity();
    for (size_t w = first; w < numWidths; ++w) {
      double total = totals[w] + losses[w];
      best = total <= least ? w : best;
      least = std::min(total, least);
    }
    return offered[best];
  });
}

void WidthAllocation::buyAtPrices(ArrayRef<double> limits, int64_t widest) {
  setToLeast();
  std::vector<Widths> best = getWidths();
  double leastLoss = std::numeric_limits<double>::infinity();
  // What is lost at the least widths is about what a limit is worth.
  double worth = std::max(getLoss(), kLeastWorth);
  setToWidest(widest);
  SmallVector<PriceSearch> searches;
  for (auto [cost, limit] : llvm::zip_equal(costs, limits))
    searches.push_back(
        PriceSearch(cost > limit ? getShare(worth, limit) : 0.0));

  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    Costs prices;
    for (const PriceSearch &search : searches)
      prices.push_back(search.getPrice());
    for (size_t gate = 0; gate < gates.size(); ++gate)
      buyWidths(gate, prices, widest);
    if (areKept(costs, limits))
      if (double loss = getLoss(); loss < leastLoss) {
        leastLoss = loss;
        best = getWidths();
      }
    for (auto [search, cost, limit] : llvm::zip_equal(searches, costs, limits))
      search.adjust(cost <= limit);
    if (llvm::all_of(searches, [](auto &search) { return search.isFound(); }))
      break;
  }
  setWidths(best);
}
