//===- TileEmitter.cpp - One register tile of a contraction ----*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitter.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::cgmq;

TileEmitter::TileEmitter(OpBuilder &builder, const Contraction &contraction,
                         const RegisterTile &tile, const LoopOrder &order,
                         const std::optional<Initializer> &initializer,
                         const std::optional<Epilogue> &epilogue)
    : builder(builder), loc(contraction.op->getLoc()),
      access(builder, loc, tile.lanes), contraction(contraction), tile(tile),
      order(order), initializer(initializer), epilogue(epilogue) {
  unsigned numDims = contraction.getNumDims();
  begin.assign(numDims, access.getConstant(0));
  known.assign(numDims, std::nullopt);
  inTile.assign(numDims, 1);
  if (tile.rowDots)
    rowDots.emplace(access, contraction, tile);
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
  std::stable_partition(reductionDims.begin(), reductionDims.end(),
                        [&](unsigned dim) {
                          const Window *window = contraction.getWindowOver(dim);
                          return window && isBordered(window->position);
                        });
}

int64_t TileEmitter::getStep(unsigned dim) const {
  for (auto [row, size] : tile.rows)
    if (row == dim)
      return size;
  return dim == tile.vectorDim
             ? std::min(contraction.extents[dim], tile.lanes * tile.vectors)
             : 1;
}

bool TileEmitter::isBordered(unsigned dim) const {
  return getStep(dim) > 1 && contraction.getWindowAt(dim);
}

void TileEmitter::emitShared() {
  if (rowDots)
    rowDots->interleaveKernel(begin, inTile[tile.vectorDim]);
}

void TileEmitter::emitTile() {
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

  SmallVector<Value> accumulators = createAccumulators();
  accumulators =
      rowDots ? rowDots->emit(accumulators, begin, rows, inTile[tile.vectorDim])
              : emitReduction(0, accumulators);
  auto next = accumulators.begin();
  for (const Offsets &row : rows)
    for (size_t vector = 0; vector < lanes.size(); ++vector)
      storeResult(*next++, row, vector);
}

bool TileEmitter::reducesLanes() const {
  return !contraction.uses(Contraction::Out, tile.vectorDim);
}

SmallVector<Value> TileEmitter::createAccumulators() {
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

Value TileEmitter::createIsFirstBlock() {
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                               begin[*order.blockedDim], access.getConstant(0));
}

SmallVector<Value> TileEmitter::createStarts(bool isFirst) {
  SmallVector<Value> starts;
  for (const Offsets &row : rows)
    for (size_t vector = 0; vector < lanes.size(); ++vector)
      starts.push_back(isFirst ? createInitialValue(row, vector)
                               : loadVector(Contraction::Out, row, vector));
  return starts;
}

void TileEmitter::yieldStarts(bool isFirst) {
  scf::YieldOp::create(builder, loc, createStarts(isFirst));
}

//===----------------------------------------------------------------------===//
// Reduction
//===----------------------------------------------------------------------===//

TileEmitter::Sums TileEmitter::emitReduction(size_t depth, Sums sums) {
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
Value TileEmitter::createBound(ArrayRef<AffineExpr> exprs, Value operand) {
  return OpTy::create(
      builder, loc, AffineMap::get(1, 0, exprs, builder.getContext()), operand);
}

TileEmitter::Sums TileEmitter::emitReductionLoop(size_t depth, Value from,
                                                 Value to, int64_t step,
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

bool TileEmitter::readsAgainAlong(unsigned dim) const {
  if (dim == tile.vectorDim)
    return llvm::any_of(contraction.windows, [&](const Window &window) {
      return isBordered(window.position);
    });
  return llvm::any_of(tile.rows, [&](auto row) {
    return contraction.areAdded(dim, row.first);
  });
}

void TileEmitter::keepRolled(scf::ForOp loop) {
  MLIRContext *context = builder.getContext();
  auto unroll = LLVM::LoopUnrollAttr::get(
      context, /*disable=*/builder.getBoolAttr(true), {}, {}, {}, {}, {}, {});
  loop->setAttr(kLoopAnnotation, LLVM::LoopAnnotationAttr::get(
                                     context, {}, {}, {}, unroll, {}, {}, {},
                                     {}, {}, {}, {}, {}, {}, {}, {}));
}

TileEmitter::Sums TileEmitter::emitWindow(const Window &window, size_t depth,
                                          Sums sums) {
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
    if (llvm::any_of(rows, [&](const Offsets &row) { return isInBounds(row); }))
      sums = emitReduction(depth + 1, sums);
    known[window.offset].reset();
    begin[window.offset] = access.getConstant(0);
  }
  return sums;
}

bool TileEmitter::isInBounds(const Offsets &row) const {
  return llvm::all_of(contraction.windows, [&](const Window &window) {
    auto position = known[window.position], offset = known[window.offset];
    if (!position || !offset)
      return true;
    return window.contains(*position + row[window.position], *offset);
  });
}

SmallVector<Value> TileEmitter::emitStep(ArrayRef<Value> accumulators) {
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

Value TileEmitter::multiplyAdd(Value lhs, Value rhs, Value sum) {
  if (contraction.dotScalar)
    return contraction.isUnsigned(Contraction::Lhs)
               ? access.createDots(lhs, rhs, sum)
               : access.createDots(rhs, lhs, sum);
  if (isa<FloatType>(getElementType(Contraction::Out)))
    return vector::FMAOp::create(builder, loc, lhs, rhs, sum);
  Value product = arith::MulIOp::create(builder, loc, lhs, rhs);
  return arith::AddIOp::create(builder, loc, sum, product);
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

SmallVector<Value> TileEmitter::getIndices(AffineMap map, const Offsets &row,
                                           size_t vector) {
  Offsets offsets = row;
  offsets[tile.vectorDim] += vector * tile.lanes;
  return access.getIndices(map, begin, offsets);
}

Value TileEmitter::loadFactor(unsigned operand, const Offsets &row,
                              size_t vector) {
  if (contraction.dotScalar == operand)
    return access.broadcastGroup(inputs[operand],
                                 getIndices(contraction.maps[operand], row, 0));
  if (contraction.dotScalar)
    return access.loadGroups(
        inputs[operand],
        getIndices(getByteIndices(contraction.maps[operand]), row, vector),
        lanes[vector]);
  if (contraction.uses(operand, tile.vectorDim))
    return castInput(operand, loadVector(operand, row, vector));
  return access.broadcast(castInput(operand, loadScalar(operand, row)));
}

Value TileEmitter::loadVector(unsigned operand, const Offsets &row,
                              size_t vector) {
  return access.load(contraction.operands[operand],
                     getIndices(contraction.maps[operand], row, vector),
                     lanes[vector]);
}

Value TileEmitter::loadScalar(unsigned operand, const Offsets &row) {
  return access.loadScalar(contraction.operands[operand],
                           getIndices(contraction.maps[operand], row, 0));
}

Value TileEmitter::castInput(unsigned operand, Value value) {
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

Value TileEmitter::createInitialValue(const Offsets &row, size_t vector) {
  if (initializer->scalar)
    return access.broadcast(initializer->scalar);
  AffineMap map = getInitializerMap();
  if (map.isFunctionOfDim(tile.vectorDim))
    return access.load(initializer->buffer, getIndices(map, row, vector),
                       lanes[vector]);
  return access.broadcast(createInitialScalar(row));
}

Value TileEmitter::createInitialScalar(const Offsets &row) {
  if (initializer->scalar)
    return initializer->scalar;
  return access.loadScalar(initializer->buffer,
                           getIndices(getInitializerMap(), row, 0));
}

AffineMap TileEmitter::getInitializerMap() const {
  return initializer->map.compose(contraction.maps[Contraction::Out]);
}

void TileEmitter::storeResult(Value sum, const Offsets &row, size_t vector) {
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
      vector::ReductionOp::create(builder, loc, vector::CombiningKind::ADD, sum,
                                  start, arith::FastMathFlags::reassoc);
  memref::StoreOp::create(builder, loc, result, out, indices);
}
