//===- RegisterTile.cpp - Choice of register tiles -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowDots.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::cgmq;

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
  auto type = cast<ShapedType>(contraction.operands[operand].getType());
  int64_t stride = 0, size = contraction.bits[operand] / 8;
  for (unsigned index = contraction.getRank(operand); index-- > 0;) {
    stride += contraction.getFactor(operand, index, dim) * size;
    size *= type.getDimSize(index);
  }
  return std::abs(stride);
}

/// Cycles that a scalar load costs when each row of the tile has one (a vector
/// takes half a cycle more): half a cycle, or a miss where the rows compete for
/// the ways of a cache of 64 sets.
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

/// Cycles of adding up the lanes of an accumulator.
static constexpr double kLaneSum = 12;

/// A core that starts one multiply-add and one vector load of 512 bits a cycle,
/// or two of fewer bits, or two scalar loads, with a latency of four.
static TileCost estimate(const Contraction &contraction,
                         const RegisterTile &tile, int64_t vectors,
                         ArrayRef<std::pair<unsigned, int64_t>> rows) {
  unsigned vectorDim = tile.vectorDim;
  double perVector =
      tile.lanes * contraction.bits[Contraction::Out] > 256 ? 1.0 : 0.5;
  int64_t accumulators = vectors;
  for (auto [dim, extent] : rows)
    accumulators *= extent;
  double loads = 0;
  for (unsigned operand : {Contraction::Lhs, Contraction::Rhs}) {
    double count = getRowLoadCycles(contraction, operand, rows);
    if (contraction.uses(operand, vectorDim))
      count = vectors * (count + perVector - 0.5);
    for (auto [dim, extent] : rows)
      if (contraction.uses(operand, dim))
        count *= extent;
    loads += count;
  }
  // Integers multiply at half the rate, but for dots of bytes.
  bool isFull = contraction.dotScalar ||
                isa<FloatType>(getElementTypeOrSelf(
                    contraction.op->getOperand(Contraction::Out)));
  double arithmetic = accumulators * perVector * (isFull ? 1.0 : 2.0);
  // Rows of the output compete for the ways of a cache too.
  double perAccumulator =
      contraction.uses(Contraction::Out, vectorDim)
          ? 1.5 + getRowLoadCycles(contraction, Contraction::Out, rows)
          : kLaneSum;
  return {std::max({arithmetic, loads, 4.0}) + 0.1 * loads + 0.5,
          perAccumulator * accumulators + 12};
}

/// Vectors of the output along a dim.
static int64_t countVectors(const Contraction &contraction, unsigned vectorDim,
                            int64_t lanes) {
  return contraction.uses(Contraction::Out, vectorDim)
             ? llvm::divideCeil(contraction.extents[vectorDim], lanes)
             : 1;
}

static double estimate(const Contraction &contraction,
                       const RegisterTile &tile) {
  double steps = 1;
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
    if (!contraction.uses(Contraction::Out, dim))
      steps *= dim == tile.vectorDim
                   ? llvm::divideCeil(contraction.extents[dim], tile.lanes)
                   : contraction.extents[dim];
  for (const Window &window : contraction.windows)
    steps *= contraction.getShareInBounds(window);
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
  int64_t vectors = countVectors(contraction, tile.vectorDim, tile.lanes);
  double cycles = 0;
  for (auto &[rows, count] : shapes)
    for (auto [size, number] : countTiles(vectors, tile.vectors)) {
      TileCost cost = estimate(contraction, tile, size, rows);
      cycles += count * number * (cost.step * steps + cost.overhead);
    }
  return cycles;
}

namespace {

/// Looks at the tiles with vectors along one dim.
class TileSearch {
public:
  TileSearch(const Contraction &contraction, unsigned vectorDim,
             const Machine &machine)
      : contraction(contraction), machine(machine) {
    tile.vectorDim = vectorDim;
    best.cycles = std::numeric_limits<double>::infinity();
  }

  /// Whether vectors can run along the dim.
  bool isValid() const {
    unsigned dim = tile.vectorDim;
    for (unsigned operand : {Contraction::Lhs, Contraction::Rhs, Out})
      if (contraction.uses(operand, dim) &&
          !contraction.getIndexAlong(operand, dim))
        return false;
    // Each sum is over products of vectors, or of a vector and a scalar.
    bool isLhs = contraction.uses(Contraction::Lhs, dim);
    bool isRhs = contraction.uses(Contraction::Rhs, dim);
    if (contraction.uses(Out, dim) ? !isLhs && !isRhs : !isLhs || !isRhs)
      return false;
    // Vectors of groups of bytes are those of the one factor alone.
    if (contraction.dotScalar && contraction.uses(*contraction.dotScalar, dim))
      return false;
    return !contraction.getWindowAt(dim) && !contraction.getWindowOver(dim) &&
           machine.vectorBits >= 2 * contraction.bits[Out];
  }

  RegisterTile run() {
    SmallVector<unsigned> rows;
    for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
      if (canBeRows({dim}))
        rows.push_back(dim);
    // Half a vector wastes fewer lanes, and costs half a vector where a machine
    // has vectors of 512 bits; others gain nothing by it.
    tile.lanes = machine.vectorBits / contraction.bits[Out];
    considerRows(rows);
    if (machine.vectorBits == 512 && tile.lanes > 2) {
      tile.lanes /= 2;
      considerRows(rows);
    }
    return best;
  }

private:
  static constexpr auto Out = Contraction::Out;

  /// Whether the elements of a tile that has rows along `dims` are distinct.
  bool canBeRows(SmallVector<unsigned> dims) const {
    if (!llvm::all_of(dims, [&](unsigned dim) {
          return contraction.extents[dim] > 1 && dim != tile.vectorDim &&
                 contraction.uses(Out, dim) && !hasManyOffsets(dim);
        }))
      return false;
    if (contraction.uses(Out, tile.vectorDim))
      dims.push_back(tile.vectorDim);
    return contraction.hasDistinctOutputs(dims);
  }

  /// Whether offsets of a window at `dim`, which have code of their own where
  /// some rows are out of bounds, are more than positions: those of a weight's
  /// gradient.
  bool hasManyOffsets(unsigned dim) const {
    const Window *window = contraction.getWindowAt(dim);
    return window &&
           contraction.extents[window->offset] > contraction.extents[dim];
  }

  /// Two more registers hold a broadcast and a vector that is loaded.
  int64_t getBudget() const { return machine.vectorRegisters - 2; }

  void consider() {
    int64_t accumulators = tile.vectors;
    for (auto [dim, extent] : tile.rows)
      accumulators *= extent;
    if (accumulators + tile.vectors > getBudget())
      return;
    tile.cycles = estimate(contraction, tile);
    if (tile.cycles < best.cycles * 0.999)
      best = tile;
  }

  void considerRows(ArrayRef<unsigned> rows) {
    int64_t most =
        std::min<int64_t>(countVectors(contraction, tile.vectorDim, tile.lanes),
                          RegisterTile::kMostVectors);
    for (tile.vectors = 1; tile.vectors <= most; ++tile.vectors) {
      tile.rows.clear();
      consider();
      for (unsigned row : rows)
        considerRows(row, rows);
    }
  }

  /// Tiles with rows along `row`, and where all of it fits, along another dim.
  void considerRows(unsigned row, ArrayRef<unsigned> rows) {
    int64_t most = std::min(contraction.extents[row], getBudget());
    for (int64_t extent = 2; extent <= most; ++extent) {
      tile.rows = {{row, extent}};
      consider();
    }
    if (most != contraction.extents[row])
      return;
    for (unsigned second : rows) {
      if (second == row || !canBeRows({row, second}))
        continue;
      int64_t end = std::min(contraction.extents[second], getBudget() / most);
      for (int64_t extent = 2; extent <= end; ++extent) {
        tile.rows = {{second, extent}, {row, most}};
        consider();
      }
    }
  }

  const Contraction &contraction;
  const Machine &machine;
  RegisterTile tile, best;
};

} // namespace

FailureOr<RegisterTile> cgmq::chooseTile(const Contraction &contraction,
                                         unsigned vectorDim,
                                         const Machine &machine) {
  TileSearch search(contraction, vectorDim, machine);
  if (!search.isValid())
    return failure();
  return search.run();
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

FailureOr<TiledContraction>
cgmq::chooseForm(linalg::LinalgOp op, const Machine &machine,
                 llvm::function_ref<bool(const Contraction &)> isReadable) {
  FailureOr<Contraction> contraction = Contraction::match(op);
  if (failed(contraction))
    return failure();
  SmallVector<Contraction, 4> forms = {*contraction};
  FailureOr<Contraction> inside = contraction->skipPadding();
  if (succeeded(inside))
    forms.push_back(*inside);
  if (machine.vnni)
    for (const Contraction &form : SmallVector<Contraction, 4>(forms))
      llvm::append_range(forms, form.findDots());
  // Nothing else multiplies bytes of a depthwise convolution as fast.
  FailureOr<RegisterTile> rowDots = chooseRowDots(*contraction, machine);
  if (succeeded(rowDots) && isReadable(*contraction))
    return TiledContraction{*contraction, *rowDots};
  FailureOr<TiledContraction> best = failure();
  for (const Contraction &form : forms) {
    if (!isReadable(form))
      continue;
    FailureOr<RegisterTile> tile = chooseTile(form, machine);
    if (succeeded(tile) && (failed(best) || tile->cycles < best->tile.cycles))
      best = TiledContraction{form, *tile};
  }
  return best;
}
