//===- LowerContractions.cpp - Contractions to loops of register tiles ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Epilogue.h"
#include "Initializer.h"
#include "VectorAccess.h"
#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

#include <algorithm>

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERCONTRACTIONSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Below this many points a contraction takes less time than threads to start.
static constexpr int64_t kLeastParallelPoints = 1 << 18;

namespace {

/// Emits the loops of one contraction.
class LoopEmitter {
public:
  LoopEmitter(OpBuilder &builder, const Contraction &contraction,
              const RegisterTile &tile, const LoopOrder &order,
              const std::optional<Initializer> &initializer,
              const std::optional<Epilogue> &epilogue, int64_t threads)
      : builder(builder), loc(contraction.op->getLoc()),
        access(builder, loc, tile.lanes), contraction(contraction), tile(tile),
        order(order), initializer(initializer), epilogue(epilogue),
        threads(threads) {}

  void emit() {
    unsigned numDims = contraction.getNumDims();
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    begin.assign(numDims, zero);
    known.assign(numDims, std::nullopt);
    inTile.assign(numDims, 1);
    for (unsigned operand : {Contraction::Lhs, Contraction::Rhs})
      inputs.push_back(contraction.operands[operand]);
    if (contraction.dotScalar) {
      Value &packed = inputs[contraction.getDotVector()];
      packed = access.collapseGroups(packed);
    }
    for (unsigned dim = 0; dim < numDims; ++dim)
      if (!contraction.uses(Contraction::Out, dim) &&
          contraction.extents[dim] > 1)
        reductionDims.push_back(dim);
    // What rows a window leaves is settled outside of the other loops.
    std::stable_partition(
        reductionDims.begin(), reductionDims.end(), [&](unsigned dim) {
          const Window *window = contraction.getWindowOver(dim);
          return window && isBordered(window->position);
        });
    dividedDim = chooseDividedDim();
    if (!dividedDim) {
      emitLoops(0);
      return;
    }
    int64_t extent = contraction.extents[*dividedDim];
    int64_t step = getStep(*dividedDim);
    int64_t full = extent / step * step;
    access.createParts(full, step, std::min(full / step, threads),
                       [&](Value, Value from, Value to) {
                         part = {from, to};
                         emitLoops(0);
                         part = {};
                       });
    if (full == extent)
      return;
    begin[*dividedDim] = access.getConstant(full);
    inTile[*dividedDim] = extent - full;
    emitLoops(0);
  }

private:
  /// The indices of the tile's rows: an offset for each dim.
  using Offsets = SmallVector<int64_t>;

  Type getElementType(unsigned operand) const {
    return getElementTypeOrSelf(contraction.operands[operand]);
  }

  //===--- Loops around the tile ------------------------------------------===//

  /// The extent of a dim in the tile.
  int64_t getStep(unsigned dim) const {
    for (auto [row, size] : tile.rows)
      if (row == dim)
        return size;
    return dim == tile.vectorDim
               ? std::min(contraction.extents[dim], tile.lanes * tile.vectors)
               : 1;
  }

  /// True if tiles along `dim` can reach over the borders of a window.
  bool isBordered(unsigned dim) const {
    return getStep(dim) > 1 && contraction.getWindowAt(dim);
  }

  /// The loop that threads divide so that the longest part is short; each
  /// element of the output belongs to one part.
  std::optional<unsigned> chooseDividedDim() const {
    if (threads == 1 || contraction.getNumPoints() < kLeastParallelPoints)
      return std::nullopt;
    std::optional<unsigned> best;
    double least = 1;
    for (unsigned dim : order.dims) {
      if (dim == order.blockedDim || isBordered(dim) ||
          !contraction.hasOutputsOfItsOwn(dim))
        continue;
      double share =
          getLongestShare(contraction.extents[dim], getStep(dim), threads);
      if (share >= least * 0.999)
        continue;
      least = share;
      best = dim;
    }
    return best;
  }

  /// Emits the loops from `depth` inward.
  void emitLoops(size_t depth) {
    if (depth == order.dims.size()) {
      emitTile();
      return;
    }
    unsigned dim = order.dims[depth];
    int64_t extent = contraction.extents[dim];
    if (dividedDim == dim) {
      emitDividedLoop(dim, depth);
      return;
    }
    if (order.blockedDim == dim) {
      auto loop = access.createLoop(0, extent, order.block);
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(loop.getBody()->getTerminator());
      begin[dim] = loop.getInductionVar();
      emitLoops(depth + 1);
      return;
    }
    if (isBordered(dim)) {
      emitBorderedLoop(*contraction.getWindowAt(dim), depth);
      return;
    }
    int64_t step = getStep(dim);
    int64_t full = extent / step * step;
    inTile[dim] = step;
    if (full == step) {
      begin[dim] = access.getConstant(0);
      emitLoops(depth + 1);
    } else {
      auto loop = access.createLoop(0, full, step);
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(loop.getBody()->getTerminator());
      begin[dim] = loop.getInductionVar();
      emitLoops(depth + 1);
    }
    if (full != extent) {
      begin[dim] = access.getConstant(full);
      inTile[dim] = extent - full;
      emitLoops(depth + 1);
    }
    inTile[dim] = 1;
  }

  /// True if rows from `first` to `last` of a window's position are in bounds
  /// at all offsets.
  bool isInside(const Window &window, int64_t first, int64_t last) const {
    int64_t lastOffset = contraction.extents[window.offset] - 1;
    return window.contains(first, 0) && window.contains(first, lastOffset) &&
           window.contains(last, 0) && window.contains(last, lastOffset);
  }

  /// Tiles along the position of a window: a loop over those that are in bounds
  /// at each offset, and code for each of the others.
  void emitBorderedLoop(const Window &window, size_t depth) {
    unsigned dim = window.position;
    int64_t extent = contraction.extents[dim], step = getStep(dim);
    for (int64_t from = 0; from < extent;) {
      inTile[dim] = std::min(step, extent - from);
      int64_t end = from;
      while (end + step <= extent && isInside(window, end, end + step - 1))
        end += step;
      if (end - from > step) {
        auto loop = access.createLoop(from, end, step);
        OpBuilder::InsertionGuard guard(builder);
        builder.setInsertionPoint(loop.getBody()->getTerminator());
        begin[dim] = loop.getInductionVar();
        emitLoops(depth + 1);
        from = end;
        continue;
      }
      begin[dim] = access.getConstant(from);
      known[dim] = from;
      emitLoops(depth + 1);
      known[dim].reset();
      from += step;
    }
    inTile[dim] = 1;
  }

  /// The loop over a part of a dim that threads divide, or what follows the
  /// parts, which has no loop.
  void emitDividedLoop(unsigned dim, size_t depth) {
    if (!part.first) {
      emitLoops(depth + 1);
      return;
    }
    int64_t step = getStep(dim);
    auto loop = scf::ForOp::create(builder, loc, part.first, part.second,
                                   access.getConstant(step));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(loop.getBody()->getTerminator());
    begin[dim] = loop.getInductionVar();
    inTile[dim] = step;
    emitLoops(depth + 1);
  }

  //===--- One tile -------------------------------------------------------===//

  void emitTile() {
    // Lanes of each vector; the last may be partly used.
    lanes.clear();
    for (int64_t left = inTile[tile.vectorDim]; left > 0; left -= tile.lanes)
      lanes.push_back(std::min(left, tile.lanes));
    rows.assign(1, Offsets(contraction.getNumDims(), 0));
    for (auto [dim, size] : tile.rows) {
      SmallVector<Offsets> previous = std::move(rows);
      rows.clear();
      for (Offsets &offsets : previous)
        for (int64_t index = 0; index < inTile[dim]; ++index) {
          offsets[dim] = index;
          rows.push_back(offsets);
        }
    }

    SmallVector<Value> accumulators = emitReduction(0, createAccumulators());
    auto next = accumulators.begin();
    for (const Offsets &row : rows)
      for (size_t vector = 0; vector < lanes.size(); ++vector)
        storeResult(*next++, row, vector);
  }

  bool reducesLanes() const {
    return !contraction.uses(Contraction::Out, tile.vectorDim);
  }

  SmallVector<Value> createAccumulators() {
    SmallVector<Value> accumulators;
    if (reducesLanes()) {
      lanes.assign(1, tile.lanes);
      Type type = access.getVectorType(getElementType(Contraction::Out));
      Value zeros = arith::ConstantOp::create(builder, loc, type,
                                              builder.getZeroAttr(type));
      accumulators.assign(rows.size(), zeros);
      return accumulators;
    }
    if (!initializer || !order.blockedDim)
      return createStarts(/*isFirst=*/initializer.has_value());
    // The first block starts with what the output is to hold before.
    auto branch = scf::IfOp::create(
        builder, loc, createIsFirstBlock(),
        [&](OpBuilder &, Location) { yieldStarts(/*isFirst=*/true); },
        [&](OpBuilder &, Location) { yieldStarts(/*isFirst=*/false); });
    return llvm::to_vector_of<Value>(branch.getResults());
  }

  Value createIsFirstBlock() {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                 begin[*order.blockedDim],
                                 access.getConstant(0));
  }

  SmallVector<Value> createStarts(bool isFirst) {
    SmallVector<Value> starts;
    for (const Offsets &row : rows)
      for (size_t vector = 0; vector < lanes.size(); ++vector)
        starts.push_back(isFirst ? createInitialValue(row, vector)
                                 : loadVector(Contraction::Out, row, vector));
    return starts;
  }

  void yieldStarts(bool isFirst) {
    scf::YieldOp::create(builder, loc, createStarts(isFirst));
  }

  //===--- Reduction ------------------------------------------------------===//

  using Sums = SmallVector<Value>;

  /// Emits the loops of the reduction from `depth` inward.
  Sums emitReduction(size_t depth, Sums sums) {
    if (depth == reductionDims.size())
      return emitStep(sums);
    unsigned dim = reductionDims[depth];
    if (const Window *window = contraction.getWindowOver(dim))
      return emitWindow(*window, depth, sums);
    int64_t extent = contraction.extents[dim];
    if (dim == tile.vectorDim) {
      int64_t full = extent / tile.lanes * tile.lanes;
      lanes.assign(1, tile.lanes);
      if (full)
        sums = emitReductionLoop(depth, access.getConstant(0),
                                 access.getConstant(full), tile.lanes, sums);
      if (full != extent) {
        lanes.assign(1, extent - full);
        begin[dim] = access.getConstant(full);
        sums = emitReduction(depth + 1, sums);
        begin[dim] = access.getConstant(0);
      }
      return sums;
    }
    Value from = access.getConstant(0), to = access.getConstant(extent);
    if (order.blockedDim == dim) {
      from = begin[dim];
      AffineExpr end = builder.getAffineDimExpr(0) + order.block;
      to = extent % order.block
               ? createBound<affine::AffineMinOp>(
                     {end, builder.getAffineConstantExpr(extent)}, from)
               : createBound<affine::AffineMinOp>({end}, from);
    }
    return emitReductionLoop(depth, from, to, 1, sums);
  }

  template <typename OpTy>
  Value createBound(ArrayRef<AffineExpr> exprs, Value operand) {
    return OpTy::create(builder, loc,
                        AffineMap::get(1, 0, exprs, builder.getContext()),
                        operand);
  }

  Sums emitReductionLoop(size_t depth, Value from, Value to, int64_t step,
                         Sums sums) {
    unsigned dim = reductionDims[depth];
    Value block = begin[dim];
    auto loop = scf::ForOp::create(builder, loc, from, to,
                                   access.getConstant(step), sums);
    if (readsAgainAlong(dim))
      keepRolled(loop);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(loop.getBody());
    begin[dim] = loop.getInductionVar();
    Sums results = emitReduction(
        depth + 1, llvm::to_vector_of<Value>(loop.getRegionIterArgs()));
    scf::YieldOp::create(builder, loc, results);
    begin[dim] = block;
    return llvm::to_vector_of<Value>(loop.getResults());
  }

  /// True if LLVM, given the steps along a reduction as straight code, could
  /// load once what several of them read: as in a sliding sum, or where code
  /// for each offset of a window surrounds them.
  bool readsAgainAlong(unsigned dim) const {
    if (dim == tile.vectorDim)
      return llvm::any_of(contraction.windows, [&](const Window &window) {
        return isBordered(window.position);
      });
    return llvm::any_of(tile.rows, [&](auto row) {
      return contraction.areAdded(dim, row.first);
    });
  }

  /// Keeps LLVM from unrolling a loop: all that several steps read would stay
  /// in registers, of which the tile leaves few.
  void keepRolled(scf::ForOp loop) {
    MLIRContext *context = builder.getContext();
    auto unroll = LLVM::LoopUnrollAttr::get(
        context, /*disable=*/builder.getBoolAttr(true), {}, {}, {}, {}, {}, {});
    loop->setAttr(kLoopAnnotation, LLVM::LoopAnnotationAttr::get(
                                       context, {}, {}, {}, unroll, {}, {}, {},
                                       {}, {}, {}, {}, {}, {}, {}, {}));
  }

  /// The offsets of a window: those that leave all rows in bounds in a loop,
  /// and code for each of the others.
  Sums emitWindow(const Window &window, size_t depth, Sums sums) {
    int64_t numOffsets = contraction.extents[window.offset];
    if (!isBordered(window.position)) {
      auto [first, end] = window.getOffsets(builder.getAffineDimExpr(0));
      Value at = begin[window.position];
      Value from = createBound<affine::AffineMaxOp>(
          {first, builder.getAffineConstantExpr(0)}, at);
      Value to = createBound<affine::AffineMinOp>(
          {end, builder.getAffineConstantExpr(numOffsets)}, at);
      return emitReductionLoop(depth, from, to, 1, sums);
    }
    int64_t from = 0, to = numOffsets;
    if (std::optional<int64_t> first = known[window.position]) {
      int64_t last = *first + inTile[window.position] - 1;
      auto containsAll = [&](int64_t offset) {
        return window.contains(*first, offset) && window.contains(last, offset);
      };
      while (from < numOffsets && !containsAll(from))
        ++from;
      to = from;
      while (to < numOffsets && containsAll(to))
        ++to;
    }
    for (int64_t offset = 0; offset < numOffsets;) {
      if (offset == from && to - from > 1) {
        sums = emitReductionLoop(depth, access.getConstant(from),
                                 access.getConstant(to), 1, sums);
        offset = to;
        continue;
      }
      begin[window.offset] = access.getConstant(offset);
      known[window.offset] = offset++;
      if (llvm::any_of(rows,
                       [&](const Offsets &row) { return isInBounds(row); }))
        sums = emitReduction(depth + 1, sums);
      known[window.offset].reset();
      begin[window.offset] = access.getConstant(0);
    }
    return sums;
  }

  /// True if a row of the tile is within the windows.
  bool isInBounds(const Offsets &row) const {
    return llvm::all_of(contraction.windows, [&](const Window &window) {
      auto position = known[window.position], offset = known[window.offset];
      if (!position || !offset)
        return true;
      return window.contains(*position + row[window.position], *offset);
    });
  }

  /// Emits the multiply-adds of one step of the reduction.
  SmallVector<Value> emitStep(ArrayRef<Value> accumulators) {
    SmallVector<Value> results;
    // Operands that do not depend on a row or vector are loaded once.
    DenseMap<std::pair<unsigned, int64_t>, Value> loaded;
    auto load = [&](unsigned operand, const Offsets &row, size_t vector) {
      bool isVector = contraction.uses(operand, tile.vectorDim);
      int64_t key = isVector ? vector : 0;
      for (auto [dim, size] : tile.rows)
        if (contraction.uses(operand, dim))
          key = key * size + row[dim] + 1;
        else
          key = key * size;
      Value &value = loaded[{operand, key}];
      if (!value)
        value = loadFactor(operand, row, vector);
      return value;
    };
    auto accumulator = accumulators.begin();
    for (const Offsets &row : rows)
      for (size_t vector = 0; vector < lanes.size(); ++vector) {
        Value sum = *accumulator++;
        if (!isInBounds(row)) {
          results.push_back(sum);
          continue;
        }
        Value lhs = load(Contraction::Lhs, row, vector);
        Value rhs = load(Contraction::Rhs, row, vector);
        results.push_back(multiplyAdd(lhs, rhs, sum));
      }
    return results;
  }

  Value multiplyAdd(Value lhs, Value rhs, Value sum) {
    if (contraction.dotScalar)
      return contraction.isUnsigned(Contraction::Lhs)
                 ? createDots(lhs, rhs, sum)
                 : createDots(rhs, lhs, sum);
    if (isa<FloatType>(getElementType(Contraction::Out)))
      return vector::FMAOp::create(builder, loc, lhs, rhs, sum);
    Value product = arith::MulIOp::create(builder, loc, lhs, rhs);
    return arith::AddIOp::create(builder, loc, sum, product);
  }

  /// Adds to each lane the dot of a group of unsigned and one of signed bytes.
  Value createDots(Value lhs, Value rhs, Value sum) {
    auto bytes = VectorType::get({tile.lanes, kDotBytes}, builder.getI8Type());
    auto words = bytes.clone(builder.getI32Type());
    lhs = vector::ShapeCastOp::create(builder, loc, bytes, lhs);
    rhs = vector::ShapeCastOp::create(builder, loc, bytes, rhs);
    AffineExpr lane, byte;
    bindDims(builder.getContext(), lane, byte);
    return vector::ContractionOp::create(
        builder, loc, arith::ExtUIOp::create(builder, loc, words, lhs),
        arith::ExtSIOp::create(builder, loc, words, rhs), sum,
        ArrayRef<ArrayRef<AffineExpr>>{{lane, byte}, {lane, byte}, {lane}},
        ArrayRef{vector::IteratorType::parallel,
                 vector::IteratorType::reduction});
  }

  //===--- Elements -------------------------------------------------------===//

  /// The indices of `map` at a row and vector of the tile.
  SmallVector<Value> getIndices(AffineMap map, const Offsets &row,
                                size_t vector) {
    Offsets offsets = row;
    offsets[tile.vectorDim] += vector * tile.lanes;
    return access.getIndices(map, begin, offsets);
  }

  /// A vector of an input, or of copies of one of its elements, as it is
  /// multiplied.
  Value loadFactor(unsigned operand, const Offsets &row, size_t vector) {
    if (contraction.dotScalar == operand)
      return access.broadcastGroup(
          inputs[operand], getIndices(contraction.maps[operand], row, 0));
    if (contraction.dotScalar)
      return access.loadGroups(
          inputs[operand],
          getIndices(getByteIndices(contraction.maps[operand]), row, vector),
          lanes[vector]);
    if (contraction.uses(operand, tile.vectorDim))
      return castInput(operand, loadVector(operand, row, vector));
    return access.broadcast(castInput(operand, loadScalar(operand, row)));
  }

  Value loadVector(unsigned operand, const Offsets &row, size_t vector) {
    return access.load(contraction.operands[operand],
                       getIndices(contraction.maps[operand], row, vector),
                       lanes[vector]);
  }

  Value loadScalar(unsigned operand, const Offsets &row) {
    return access.loadScalar(contraction.operands[operand],
                             getIndices(contraction.maps[operand], row, 0));
  }

  /// The cast that the op's body applies to an input.
  Value castInput(unsigned operand, Value value) {
    BlockArgument argument =
        contraction.op->getRegion(0).front().getArgument(operand);
    Operation *cast = *argument.getUsers().begin();
    if (!isa<arith::ExtFOp, arith::ExtSIOp, arith::ExtUIOp>(cast))
      return value;
    Type type = cast->getResult(0).getType();
    if (auto vector = dyn_cast<VectorType>(value.getType()))
      type = vector.cloneWith(std::nullopt, type);
    OperationState state(loc, cast->getName());
    state.addOperands(value);
    state.addTypes(type);
    state.addAttributes(cast->getAttrs());
    return builder.create(state)->getResult(0);
  }

  /// What the accumulators start with in place of the output.
  Value createInitialValue(const Offsets &row, size_t vector) {
    if (initializer->scalar)
      return access.broadcast(initializer->scalar);
    AffineMap map = getInitializerMap();
    if (map.isFunctionOfDim(tile.vectorDim))
      return access.load(initializer->buffer, getIndices(map, row, vector),
                         lanes[vector]);
    return access.broadcast(createInitialScalar(row));
  }

  Value createInitialScalar(const Offsets &row) {
    if (initializer->scalar)
      return initializer->scalar;
    return access.loadScalar(initializer->buffer,
                             getIndices(getInitializerMap(), row, 0));
  }

  AffineMap getInitializerMap() const {
    return initializer->map.compose(contraction.maps[Contraction::Out]);
  }

  void storeResult(Value sum, const Offsets &row, size_t vector) {
    if (epilogue) {
      epilogue->emit(
          access, sum, tile.vectorDim,
          [&](AffineMap map) { return getIndices(map, row, vector); },
          contraction.maps[Contraction::Out], lanes[vector]);
      return;
    }
    Value out = contraction.operands[Contraction::Out];
    SmallVector<Value> indices =
        getIndices(contraction.maps[Contraction::Out], row, vector);
    if (!reducesLanes()) {
      access.store(sum, out, indices, lanes[vector]);
      return;
    }
    Value start = initializer ? createInitialScalar(row)
                              : loadScalar(Contraction::Out, row);
    if (initializer && order.blockedDim)
      start = arith::SelectOp::create(builder, loc, createIsFirstBlock(), start,
                                      loadScalar(Contraction::Out, row));
    Value result =
        vector::ReductionOp::create(builder, loc, vector::CombiningKind::ADD,
                                    sum, start, arith::FastMathFlags::reassoc);
    memref::StoreOp::create(builder, loc, result, out, indices);
  }

  OpBuilder &builder;
  Location loc;
  VectorAccess access;
  const Contraction &contraction;
  const RegisterTile &tile;
  const LoopOrder &order;
  const std::optional<Initializer> &initializer;
  const std::optional<Epilogue> &epilogue;
  int64_t threads;
  /// The factors' buffers; of one with groups of bytes, a view as bytes.
  SmallVector<Value> inputs;
  /// The dim that threads divide, and the part of it that loops are emitted
  /// for; without values after the parts.
  std::optional<unsigned> dividedDim;
  std::pair<Value, Value> part;
  /// Where the tile starts, and its extent, for each dim.
  SmallVector<Value> begin;
  SmallVector<int64_t> inTile;
  /// The start along positions and offsets of windows, where it is a constant
  /// that bounds are to be checked for.
  SmallVector<std::optional<int64_t>> known;
  /// The loops of the reduction, outermost first.
  SmallVector<unsigned> reductionDims;
  /// The tile's rows and lanes of its vectors.
  SmallVector<Offsets> rows;
  SmallVector<int64_t> lanes;
};

/// Lowers an op if it is a contraction; returns the op that was lowered with it
/// as its epilogue, if any.
linalg::LinalgOp lower(linalg::LinalgOp op, const Machine &machine,
                       IRRewriter &rewriter) {
  FailureOr<TiledContraction> form = chooseForm(op, machine, canAccess);
  if (failed(form))
    return {};
  const auto &[contraction, tile] = *form;
  LoopOrder order = chooseOrder(contraction, tile);
  std::optional<Initializer> initializer = findInitializer(*form);
  std::optional<Epilogue> epilogue = findEpilogue(*form, order);
  // What the epilogue reads and writes may be made after the contraction.
  rewriter.setInsertionPoint(epilogue ? epilogue->op : op);
  LoopEmitter(rewriter, contraction, tile, order, initializer, epilogue,
              machine.threads)
      .emit();
  rewriter.eraseOp(op);
  if (epilogue)
    rewriter.eraseOp(epilogue->op);
  if (initializer)
    rewriter.eraseOp(initializer->op);
  for (Operation *padOp : llvm::reverse(contraction.padOps))
    rewriter.eraseOp(padOp);
  if (!epilogue)
    return {};
  if (epilogue->buffer->use_empty())
    rewriter.eraseOp(epilogue->buffer);
  return epilogue->op;
}

struct LowerContractions
    : public cgmq::impl::LowerContractionsPassBase<LowerContractions> {
  using LowerContractionsPassBase::LowerContractionsPassBase;

  void runOnOperation() override {
    FailureOr<Machine> machine =
        Machine::get(getOperation(), vectorBits, threads, vnni);
    if (failed(machine))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics())
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    // An op may take in one that comes later, its epilogue.
    DenseSet<Operation *> lowered;
    for (linalg::LinalgOp op : ops)
      if (!lowered.contains(op))
        if (linalg::LinalgOp epilogue = lower(op, *machine, rewriter))
          lowered.insert(epilogue);
  }
};

} // namespace
