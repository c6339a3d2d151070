//===- LoopOrder.cpp - Choice of loops around tiles -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

/// Bytes of a cache line.
static constexpr double kLine = 64;

namespace {

/// One level of the memory hierarchy: what fits, and cycles for a byte that
/// does not.
struct CacheLevel {
  double bytes, cyclesPerByte;
};
constexpr CacheLevel kCaches[] = {{24e3, 1.0 / 48}, {512e3, 1.0 / 10}};

/// Bytes of an operand that loops of the given extents touch, in whole lines.
double getFootprint(const Contraction &contraction, unsigned operand,
                    ArrayRef<int64_t> extents) {
  double bytes = 1;
  unsigned rank = contraction.getRank(operand);
  for (unsigned index = 0; index < rank; ++index) {
    double span = 1;
    for (auto [dim, extent] : llvm::enumerate(extents))
      span += std::abs(contraction.getFactor(operand, index, dim)) *
              double(extent - 1);
    if (index + 1 == rank)
      span = std::ceil(span * contraction.bits[operand] / 8 / kLine) * kLine;
    bytes *= span;
  }
  return bytes;
}

/// Cycles that an order of loops costs in memory traffic.
double getTraffic(const Contraction &contraction, const RegisterTile &tile,
                  const LoopOrder &order) {
  // What the innermost tile touches.
  unsigned numDims = contraction.getNumDims();
  SmallVector<int64_t> inner(numDims, 1);
  for (unsigned dim = 0; dim < numDims; ++dim)
    if (!contraction.uses(Contraction::Out, dim))
      inner[dim] = contraction.extents[dim];
  if (order.blockedDim)
    inner[*order.blockedDim] = order.block;
  for (auto [dim, extent] : tile.rows)
    inner[dim] = extent;
  if (contraction.uses(Contraction::Out, tile.vectorDim))
    inner[tile.vectorDim] = std::min(tile.lanes * tile.vectors,
                                     contraction.extents[tile.vectorDim]);

  double cycles = 0;
  for (const CacheLevel &cache : kCaches) {
    // The outermost loop whose iterations fit into the cache.
    SmallVector<int64_t> extents(inner);
    size_t depth = order.dims.size();
    auto total = [&] {
      double sum = 0;
      for (unsigned operand : {0, 1, 2})
        sum += getFootprint(contraction, operand, extents);
      return sum;
    };
    while (depth > 0) {
      unsigned dim = order.dims[depth - 1];
      int64_t previous = extents[dim];
      extents[dim] = contraction.extents[dim];
      if (total() > cache.bytes) {
        extents[dim] = previous;
        break;
      }
      --depth;
    }
    for (unsigned operand : {0, 1, 2}) {
      double bytes = getFootprint(contraction, operand, extents);
      // Nothing of an operand is fetched again while the loops right around do
      // not use it.
      bool reused = bytes <= cache.bytes / 2;
      for (size_t outer = depth; outer-- > 0;) {
        unsigned dim = order.dims[outer];
        if (reused && !contraction.uses(operand, dim))
          continue;
        reused = false;
        bytes *= llvm::divideCeil(contraction.extents[dim], extents[dim]);
      }
      cycles +=
          bytes * cache.cyclesPerByte * (operand == Contraction::Out ? 2 : 1);
    }
  }
  if (order.blockedDim) {
    // Accumulators are loaded and stored for each block.
    double blocks =
        llvm::divideCeil(contraction.extents[*order.blockedDim], order.block);
    double outputs = 1;
    for (unsigned dim = 0; dim < numDims; ++dim)
      if (contraction.uses(Contraction::Out, dim))
        outputs *= contraction.extents[dim];
    cycles += (blocks - 1) * outputs / tile.lanes * 2;
  }
  return cycles;
}

} // namespace

LoopOrder cgmq::chooseOrder(const Contraction &contraction,
                            const RegisterTile &tile) {
  SmallVector<unsigned> dims;
  std::optional<unsigned> reduction;
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim) {
    if (contraction.extents[dim] == 1)
      continue;
    if (contraction.uses(Contraction::Out, dim))
      dims.push_back(dim);
    else if (!reduction && dim != tile.vectorDim &&
             !contraction.getWindowOver(dim))
      reduction = dim;
  }
  if (tile.rowDots) {
    // What is interleaved of the kernel stays for all positions of a channel.
    LoopOrder order;
    order.dims = dims;
    std::stable_partition(order.dims.begin(), order.dims.end(),
                          [&](unsigned dim) { return dim == tile.vectorDim; });
    return order;
  }
  LoopOrder best;
  double least = std::numeric_limits<double>::infinity();
  auto consider = [&](const LoopOrder &order) {
    double traffic = getTraffic(contraction, tile, order);
    if (traffic < least * 0.999) {
      least = traffic;
      best = order;
    }
  };
  // Orders in lexicographic order, so that ties go to the order of the op.
  SmallVector<unsigned> permutation(dims.size());
  std::iota(permutation.begin(), permutation.end(), 0);
  constexpr unsigned kMostPermutations = 720;
  for (unsigned count = 0; count < kMostPermutations; ++count) {
    LoopOrder order;
    for (unsigned position : permutation)
      order.dims.push_back(dims[position]);
    consider(order);
    if (reduction) {
      order.blockedDim = reduction;
      order.dims.insert(order.dims.begin(), *reduction);
      int64_t extent = contraction.extents[*reduction];
      for (int64_t blocks = 2; blocks <= extent / 2; blocks *= 2) {
        order.block = llvm::divideCeil(extent, blocks);
        consider(order);
      }
    }
    if (!std::next_permutation(permutation.begin(), permutation.end()))
      break;
  }
  return best;
}
