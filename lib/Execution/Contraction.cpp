//===- Contraction.cpp - Contractions and their register tiles -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

//===----------------------------------------------------------------------===//
// Matching
//===----------------------------------------------------------------------===//

/// Adds factor * expr to `terms`: one factor for each dim, then the constant.
static bool addTerms(AffineExpr expr, int64_t factor,
                     MutableArrayRef<int64_t> terms) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    terms[dim.getPosition()] += factor;
    return true;
  }
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    terms.back() += factor * constant.getValue();
    return true;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return addTerms(binary.getLHS(), factor, terms) &&
           addTerms(binary.getRHS(), factor, terms);
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return binary.getKind() == AffineExprKind::Mul && constant &&
         addTerms(binary.getLHS(), factor * constant.getValue(), terms);
}

/// True if `value` is `argument`, or a cast of it.
static bool isCastOf(Value value, Value argument) {
  if (value == argument)
    return true;
  Operation *op = value.getDefiningOp();
  return op && isa<arith::ExtFOp, arith::ExtSIOp, arith::ExtUIOp>(op) &&
         op->getOperand(0) == argument;
}

/// True if the body yields out + lhs * rhs.
static bool isMultiplyAccumulate(Block &body) {
  auto yield = cast<linalg::YieldOp>(body.getTerminator());
  Operation *add = yield.getOperand(0).getDefiningOp();
  if (!add || !isa<arith::AddFOp, arith::AddIOp>(add))
    return false;
  unsigned out = add->getOperand(0) == body.getArgument(2) ? 0 : 1;
  if (add->getOperand(out) != body.getArgument(2))
    return false;
  Operation *mul = add->getOperand(1 - out).getDefiningOp();
  if (!mul || !isa<arith::MulFOp, arith::MulIOp>(mul))
    return false;
  for (unsigned first : {0, 1})
    if (isCastOf(mul->getOperand(0), body.getArgument(first)) &&
        isCastOf(mul->getOperand(1), body.getArgument(1 - first)))
      return true;
  return false;
}

FailureOr<Contraction> Contraction::match(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      op.hasDynamicShape() || op.hasIndexSemantics() ||
      op.getNumReductionLoops() == 0 ||
      !isMultiplyAccumulate(op->getRegion(0).front()))
    return failure();
  Contraction result;
  result.op = op;
  result.extents = op.getStaticLoopRanges();
  result.maps = op.getIndexingMapsArray();
  if (llvm::is_contained(result.extents, 0))
    return failure();
  for (unsigned operand : {Lhs, Rhs, Out}) {
    Type type = op->getOperand(operand).getType();
    auto shaped = dyn_cast<ShapedType>(type);
    if (!shaped || !shaped.getElementType().isIntOrFloat() ||
        shaped.getElementTypeBitWidth() % 8)
      return failure();
    result.bits[operand] = shaped.getElementTypeBitWidth();
    for (AffineExpr expr : result.maps[operand].getResults()) {
      SmallVector<int64_t> terms(result.getNumDims() + 1, 0);
      if (!addTerms(expr, 1, terms))
        return failure();
      result.terms[operand].push_back(terms);
    }
  }
  return result;
}

bool Contraction::uses(unsigned operand, unsigned dim) const {
  return llvm::any_of(terms[operand],
                      [&](const auto &index) { return index[dim] != 0; });
}

std::optional<unsigned> Contraction::getIndexAlong(unsigned operand,
                                                   unsigned dim) const {
  std::optional<unsigned> found;
  for (auto [index, factors] : llvm::enumerate(terms[operand])) {
    if (factors[dim] == 0)
      continue;
    if (found || factors[dim] != 1)
      return std::nullopt;
    found = index;
  }
  return found;
}

bool Contraction::isContiguousAlong(unsigned dim) const {
  return llvm::all_of(ArrayRef<unsigned>{Lhs, Rhs, Out}, [&](unsigned operand) {
    return !uses(operand, dim) ||
           getIndexAlong(operand, dim) == getRank(operand) - 1;
  });
}

bool Contraction::hasDistinctOutputs(ArrayRef<unsigned> dims) const {
  return llvm::all_of(dims, [&](unsigned dim) {
    return llvm::any_of(terms[Out], [&](const auto &index) {
      return index[dim] != 0 && llvm::none_of(dims, [&](unsigned other) {
               return other != dim && index[other] != 0;
             });
    });
  });
}

bool Contraction::hasOutputsOfItsOwn(unsigned dim) const {
  return llvm::any_of(terms[Out], [&](ArrayRef<int64_t> index) {
    return index[dim] != 0 &&
           llvm::count_if(index.drop_back(),
                          [](int64_t factor) { return factor != 0; }) == 1;
  });
}

int64_t Contraction::getNumPoints() const { return llvm::product_of(extents); }

bool Contraction::hasOutputLoopsOnly() const {
  return maps[Out].isProjectedPermutation();
}

//===----------------------------------------------------------------------===//
// Register tiles
//===----------------------------------------------------------------------===//

/// Bytes of a cache line.
static constexpr double kLine = 64;

namespace {

/// Cycles of one step of the innermost reduction loop and of loading and
/// storing the accumulators, for one tile.
struct TileCost {
  double step, overhead;
};

/// Counts the tiles of a dim: full ones, then at most one smaller.
SmallVector<std::pair<int64_t, int64_t>, 2> countTiles(int64_t extent,
                                                       int64_t tile) {
  SmallVector<std::pair<int64_t, int64_t>, 2> counts;
  if (extent / tile)
    counts.emplace_back(tile, extent / tile);
  if (extent % tile)
    counts.emplace_back(extent % tile, 1);
  return counts;
}

} // namespace

/// Bytes between elements of an operand that are neighbours along `dim`.
static int64_t getStride(const Contraction &contraction, unsigned operand,
                         unsigned dim) {
  auto type = cast<ShapedType>(contraction.op->getOperand(operand).getType());
  int64_t stride = 0, size = contraction.bits[operand] / 8;
  for (unsigned index = contraction.getRank(operand); index-- > 0;) {
    stride += contraction.getFactor(operand, index, dim) * size;
    size *= type.getDimSize(index);
  }
  return std::abs(stride);
}

/// Cycles that a scalar load costs when each row of the tile has one: half a
/// cycle, or a miss where the rows compete for the ways of a cache of 64 sets.
static double getRowLoadCycles(const Contraction &contraction, unsigned operand,
                               ArrayRef<std::pair<unsigned, int64_t>> rows) {
  constexpr int64_t kSets = 64, kWays = 8;
  SmallVector<int64_t> addresses = {0};
  double far = 0;
  for (auto [dim, extent] : rows) {
    if (!contraction.uses(operand, dim))
      continue;
    int64_t stride = getStride(contraction, operand, dim);
    far += std::log2(std::max<double>(stride, kLine) / kLine);
    SmallVector<int64_t> previous = std::move(addresses);
    addresses.clear();
    for (int64_t address : previous)
      for (int64_t index = 0; index < extent; ++index)
        addresses.push_back(address + index * stride);
  }
  llvm::SmallDenseSet<int64_t> lines;
  int64_t perSet[kSets] = {0}, most = 0;
  for (int64_t address : addresses)
    if (lines.insert(address / int64_t(kLine)).second)
      most = std::max(most, ++perSet[address / int64_t(kLine) % kSets]);
  return most >= kWays ? 4.0 : 0.5 + 0.02 * far;
}

/// A core that starts one multiply-add, one vector load or two scalar loads a
/// cycle, with a latency of four.
static TileCost estimate(const Contraction &contraction, unsigned vectorDim,
                         int64_t vectors,
                         ArrayRef<std::pair<unsigned, int64_t>> rows) {
  int64_t accumulators = vectors;
  for (auto [dim, extent] : rows)
    accumulators *= extent;
  double loads = 0;
  for (unsigned operand : {Contraction::Lhs, Contraction::Rhs}) {
    double count = contraction.uses(operand, vectorDim)
                       ? vectors
                       : getRowLoadCycles(contraction, operand, rows);
    for (auto [dim, extent] : rows)
      if (contraction.uses(operand, dim))
        count *= extent;
    loads += count;
  }
  // Integers multiply at half the rate.
  bool isFloat = isa<FloatType>(
      getElementTypeOrSelf(contraction.op->getOperand(Contraction::Out)));
  double arithmetic = accumulators * (isFloat ? 1.0 : 2.0);
  return {std::max({arithmetic, loads, 4.0}) + 0.1 * loads + 0.5,
          2.0 * accumulators + 12};
}

static double estimate(const Contraction &contraction,
                       const RegisterTile &tile) {
  double steps = 1;
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
    if (!contraction.uses(Contraction::Out, dim))
      steps *= contraction.extents[dim];
  double others = 1;
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
    if (contraction.uses(Contraction::Out, dim) && dim != tile.vectorDim &&
        llvm::none_of(tile.rows, [&](auto row) { return row.first == dim; }))
      others *= contraction.extents[dim];

  // All combinations of full and remaining tiles.
  SmallVector<std::pair<SmallVector<std::pair<unsigned, int64_t>, 2>, double>>
      shapes = {{{}, others}};
  for (auto [dim, extent] : tile.rows) {
    auto previous = std::move(shapes);
    shapes.clear();
    for (auto &[rows, count] : previous)
      for (auto [size, number] : countTiles(contraction.extents[dim], extent)) {
        auto next = rows;
        next.emplace_back(dim, size);
        shapes.emplace_back(next, count * number);
      }
  }
  int64_t vectors =
      llvm::divideCeil(contraction.extents[tile.vectorDim], tile.lanes);
  double cycles = 0;
  for (auto &[rows, count] : shapes)
    for (auto [size, number] : countTiles(vectors, tile.vectors)) {
      TileCost cost = estimate(contraction, tile.vectorDim, size, rows);
      cycles += count * number * (cost.step * steps + cost.overhead);
    }
  return cycles;
}

FailureOr<RegisterTile> cgmq::chooseTile(const Contraction &contraction,
                                         unsigned vectorDim,
                                         const Machine &machine) {
  constexpr auto Out = Contraction::Out;
  for (unsigned operand : {Contraction::Lhs, Contraction::Rhs, Out})
    if (contraction.uses(operand, vectorDim) &&
        !contraction.getIndexAlong(operand, vectorDim))
      return failure();
  if (!contraction.uses(Out, vectorDim) ||
      !(contraction.uses(Contraction::Lhs, vectorDim) ||
        contraction.uses(Contraction::Rhs, vectorDim)))
    return failure();

  RegisterTile best;
  best.cycles = std::numeric_limits<double>::infinity();
  RegisterTile tile;
  tile.vectorDim = vectorDim;
  tile.lanes = machine.vectorBits / contraction.bits[Out];
  if (tile.lanes < 2)
    return failure();
  int64_t vectors =
      llvm::divideCeil(contraction.extents[vectorDim], tile.lanes);
  // Two more registers hold a broadcast and a vector that is loaded.
  int64_t budget = machine.vectorRegisters - 2;
  auto consider = [&] {
    int64_t accumulators = tile.vectors;
    for (auto [dim, extent] : tile.rows)
      accumulators *= extent;
    if (accumulators + tile.vectors > budget)
      return;
    tile.cycles = estimate(contraction, tile);
    if (tile.cycles < best.cycles)
      best = tile;
  };
  auto isRow = [&](unsigned dim, ArrayRef<unsigned> others) {
    SmallVector<unsigned> dims(others);
    dims.push_back(dim);
    return !llvm::is_contained(others, dim) && contraction.extents[dim] > 1 &&
           contraction.uses(Out, dim) && contraction.hasDistinctOutputs(dims);
  };
  for (tile.vectors = 1; tile.vectors <= std::min<int64_t>(vectors, 4);
       ++tile.vectors) {
    tile.rows.clear();
    consider();
    for (unsigned row = 0; row < contraction.getNumDims(); ++row) {
      if (!isRow(row, {vectorDim}))
        continue;
      int64_t most = std::min(contraction.extents[row], budget);
      for (int64_t extent = 2; extent <= most; ++extent) {
        tile.rows = {{row, extent}};
        consider();
      }
      if (most != contraction.extents[row])
        continue;
      for (unsigned second = 0; second < contraction.getNumDims(); ++second) {
        if (!isRow(second, {vectorDim, row}))
          continue;
        for (int64_t extent = 2;
             extent <= std::min(contraction.extents[second], budget / most);
             ++extent) {
          tile.rows = {{second, extent}, {row, most}};
          consider();
        }
      }
    }
  }
  return best;
}

FailureOr<RegisterTile> cgmq::chooseTile(const Contraction &contraction,
                                         const Machine &machine) {
  FailureOr<RegisterTile> best = failure();
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim) {
    if (!contraction.isContiguousAlong(dim))
      continue;
    FailureOr<RegisterTile> tile = chooseTile(contraction, dim, machine);
    if (succeeded(tile) && (failed(best) || tile->cycles < best->cycles))
      best = tile;
  }
  return best;
}

//===----------------------------------------------------------------------===//
// Loop order
//===----------------------------------------------------------------------===//

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
  inner[tile.vectorDim] =
      std::min(tile.lanes * tile.vectors, contraction.extents[tile.vectorDim]);

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
    else if (!reduction)
      reduction = dim;
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
