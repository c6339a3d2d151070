//===- LowerContractions.cpp - Contractions to loops of register tiles ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Initializer.h"
#include "VectorAccess.h"
#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERCONTRACTIONSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// Emits the loops of one contraction.
class LoopEmitter {
public:
  LoopEmitter(OpBuilder &builder, const Contraction &contraction,
              const RegisterTile &tile, const LoopOrder &order,
              const std::optional<Initializer> &initializer)
      : builder(builder), loc(contraction.op->getLoc()),
        access(builder, loc, tile.lanes), contraction(contraction), tile(tile),
        order(order), initializer(initializer) {}

  void emit() {
    unsigned numDims = contraction.getNumDims();
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    begin.assign(numDims, zero);
    inTile.assign(numDims, 1);
    emitLoops(0);
  }

private:
  /// The indices of the tile's rows: an offset for each dim.
  using Offsets = SmallVector<int64_t>;

  Type getElementType(unsigned operand) const {
    return getElementTypeOrSelf(contraction.op->getOperand(operand));
  }

  //===--- Loops around the tile ------------------------------------------===//

  /// Emits the loops from `depth` inward.
  void emitLoops(size_t depth) {
    if (depth == order.dims.size()) {
      emitTile();
      return;
    }
    unsigned dim = order.dims[depth];
    int64_t extent = contraction.extents[dim];
    if (order.blockedDim == dim) {
      auto loop = access.createLoop(0, extent, order.block);
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(loop.getBody()->getTerminator());
      begin[dim] = loop.getInductionVar();
      emitLoops(depth + 1);
      return;
    }
    int64_t step = 1;
    for (auto [row, size] : tile.rows)
      if (row == dim)
        step = size;
    if (dim == tile.vectorDim)
      step = std::min(extent, tile.lanes * tile.vectors);
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

    SmallVector<Value> accumulators;
    for (const Offsets &row : rows)
      for (size_t vector = 0; vector < lanes.size(); ++vector)
        accumulators.push_back(initializer
                                   ? createInitialValue(row, vector)
                                   : loadVector(Contraction::Out, row, vector));
    accumulators = emitReduction(0, accumulators);
    auto next = accumulators.begin();
    for (const Offsets &row : rows)
      for (size_t vector = 0; vector < lanes.size(); ++vector)
        storeVector(*next++, row, vector);
  }

  /// Emits the loops of the reduction from dim `dim` on.
  SmallVector<Value> emitReduction(unsigned dim,
                                   SmallVector<Value> accumulators) {
    while (dim < contraction.getNumDims() &&
           (contraction.uses(Contraction::Out, dim) ||
            contraction.extents[dim] == 1))
      ++dim;
    if (dim == contraction.getNumDims())
      return emitStep(accumulators);
    Value from = access.getConstant(0);
    Value to = access.getConstant(contraction.extents[dim]);
    Value block = begin[dim];
    if (order.blockedDim == dim) {
      from = block;
      AffineExpr start = builder.getAffineDimExpr(0);
      int64_t extent = contraction.extents[dim];
      AffineMap ends = AffineMap::get(
          1, 0,
          extent % order.block
              ? ArrayRef<AffineExpr>{start + order.block,
                                     builder.getAffineConstantExpr(extent)}
              : ArrayRef<AffineExpr>{start + order.block},
          builder.getContext());
      to = affine::AffineMinOp::create(builder, loc, ends, block);
    }
    auto loop = scf::ForOp::create(builder, loc, from, to,
                                   access.getConstant(1), accumulators);
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToEnd(loop.getBody());
      begin[dim] = loop.getInductionVar();
      SmallVector<Value> results = emitReduction(
          dim + 1, llvm::to_vector_of<Value>(loop.getRegionIterArgs()));
      scf::YieldOp::create(builder, loc, results);
    }
    begin[dim] = block;
    return llvm::to_vector_of<Value>(loop.getResults());
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
        value = isVector ? castInput(operand, loadVector(operand, row, vector))
                         : access.broadcast(
                               castInput(operand, loadScalar(operand, row)));
      return value;
    };
    auto accumulator = accumulators.begin();
    for (const Offsets &row : rows)
      for (size_t vector = 0; vector < lanes.size(); ++vector) {
        Value lhs = load(Contraction::Lhs, row, vector);
        Value rhs = load(Contraction::Rhs, row, vector);
        Value sum = *accumulator++;
        if (isa<FloatType>(getElementType(Contraction::Out))) {
          results.push_back(vector::FMAOp::create(builder, loc, lhs, rhs, sum));
          continue;
        }
        Value product = arith::MulIOp::create(builder, loc, lhs, rhs);
        results.push_back(arith::AddIOp::create(builder, loc, sum, product));
      }
    return results;
  }

  //===--- Elements -------------------------------------------------------===//

  /// The indices of `map` at a row and vector of the tile.
  SmallVector<Value> getIndices(AffineMap map, const Offsets &row,
                                size_t vector) {
    Offsets offsets = row;
    offsets[tile.vectorDim] += vector * tile.lanes;
    return access.getIndices(map, begin, offsets);
  }

  Value loadVector(unsigned operand, const Offsets &row, size_t vector) {
    return access.load(contraction.op->getOperand(operand),
                       getIndices(contraction.maps[operand], row, vector),
                       lanes[vector]);
  }

  Value loadScalar(unsigned operand, const Offsets &row) {
    return access.loadScalar(contraction.op->getOperand(operand),
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
    AffineMap map =
        initializer->map.compose(contraction.maps[Contraction::Out]);
    SmallVector<Value> indices = getIndices(map, row, vector);
    if (map.isFunctionOfDim(tile.vectorDim))
      return access.load(initializer->buffer, indices, lanes[vector]);
    return access.broadcast(access.loadScalar(initializer->buffer, indices));
  }

  void storeVector(Value value, const Offsets &row, size_t vector) {
    access.store(value, contraction.op->getOperand(Contraction::Out),
                 getIndices(contraction.maps[Contraction::Out], row, vector),
                 lanes[vector]);
  }

  OpBuilder &builder;
  Location loc;
  VectorAccess access;
  const Contraction &contraction;
  const RegisterTile &tile;
  const LoopOrder &order;
  const std::optional<Initializer> &initializer;
  /// Where the tile starts, and its extent, for each dim.
  SmallVector<Value> begin;
  SmallVector<int64_t> inTile;
  /// The tile's rows and lanes of its vectors.
  SmallVector<Offsets> rows;
  SmallVector<int64_t> lanes;
};

void lower(linalg::LinalgOp op, const VectorUnit &unit, IRRewriter &rewriter) {
  FailureOr<Contraction> contraction = Contraction::match(op);
  if (failed(contraction) || !llvm::all_of(op->getOperands(), hasVectorLayout))
    return;
  FailureOr<RegisterTile> tile = chooseTile(*contraction, unit);
  if (failed(tile))
    return;
  LoopOrder order = chooseOrder(*contraction, *tile);
  std::optional<Initializer> initializer;
  if (contraction->hasOutputLoopsOnly() && !order.blockedDim)
    initializer = findInitializer(op);
  // A vector that the initializer broadcasts is loaded along its last dim.
  if (initializer && initializer->buffer) {
    AffineMap map =
        initializer->map.compose(contraction->maps[Contraction::Out]);
    if (!hasVectorLayout(initializer->buffer) ||
        (map.isFunctionOfDim(tile->vectorDim) &&
         !map.getResults().back().isFunctionOfDim(tile->vectorDim)))
      initializer.reset();
  }
  rewriter.setInsertionPoint(op);
  LoopEmitter(rewriter, *contraction, *tile, order, initializer).emit();
  rewriter.eraseOp(op);
  if (initializer)
    rewriter.eraseOp(initializer->op);
}

struct LowerContractions
    : public cgmq::impl::LowerContractionsPassBase<LowerContractions> {
  using LowerContractionsPassBase::LowerContractionsPassBase;

  void runOnOperation() override {
    FailureOr<VectorUnit> unit = VectorUnit::get(getOperation(), vectorBits);
    if (failed(unit))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics())
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops)
      lower(op, *unit, rewriter);
  }
};

} // namespace
