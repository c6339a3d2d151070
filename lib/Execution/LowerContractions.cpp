//===- LowerContractions.cpp - Contractions to loops of register tiles ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitter.h"
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

/// Emits the loops around the tiles of one contraction.
class LoopEmitter : public TileEmitter {
public:
  LoopEmitter(OpBuilder &builder, const Contraction &contraction,
              const RegisterTile &tile, const LoopOrder &order,
              const std::optional<Initializer> &initializer,
              const std::optional<Epilogue> &epilogue, int64_t threads)
      : TileEmitter(builder, contraction, tile, order, initializer, epilogue),
        threads(threads) {}

  void emit() {
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
    if (depth == 1)
      emitShared();
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

  int64_t threads;
  /// The dim that threads divide, and the part of it that loops are emitted
  /// for; without values after the parts.
  std::optional<unsigned> dividedDim;
  std::pair<Value, Value> part;
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
