//===- LowerTransposes.cpp - Transposes in registers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorAccess.h"
#include "cgmq/Execution/Machine.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERTRANSPOSESPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Squares of this many elements are transposed at once.
static constexpr int64_t kSquare = 16;
static constexpr int64_t kVectorBits = kSquare * 32;
/// Below this many elements threads take longer to start.
static constexpr int64_t kLeastParallelElements = 1 << 15;

namespace {

/// Emits the loops of one transpose. Dims are those of the output; `row` is the
/// one that is contiguous in the input.
class LoopEmitter {
public:
  LoopEmitter(OpBuilder &builder, linalg::TransposeOp op, int64_t threads)
      : builder(builder), loc(op.getLoc()), access(builder, loc, kSquare),
        op(op), shape(cast<MemRefType>(op.getInit().getType()).getShape()),
        inputMap(AffineMap::getPermutationMap(op.getPermutation(),
                                              builder.getContext())),
        threads(threads) {
    inputMap = inversePermutation(inputMap);
    column = shape.size() - 1;
    row = llvm::find(op.getPermutation(), column) - op.getPermutation().begin();
  }

  void emit() {
    begin.assign(shape.size(), access.getConstant(0));
    extent.assign(shape.size(), 1);
    dividedDim = chooseDividedDim();
    if (!dividedDim) {
      emitLoops(0);
      return;
    }
    unsigned dim = *dividedDim;
    int64_t full = shape[dim] / getStep(dim) * getStep(dim);
    access.createParts(full, getStep(dim),
                       std::min(full / getStep(dim), threads),
                       [&](Value, Value from, Value to) {
                         part = {from, to};
                         emitLoops(0);
                         part = {};
                       });
    if (full == shape[dim])
      return;
    begin[dim] = access.getConstant(full);
    extent[dim] = shape[dim] - full;
    emitLoops(0);
  }

private:
  int64_t getStep(unsigned dim) const {
    return dim == row || dim == column ? kSquare : 1;
  }

  std::optional<unsigned> chooseDividedDim() const {
    std::optional<unsigned> best;
    double least = 1;
    if (llvm::product_of(shape) < kLeastParallelElements)
      return best;
    for (unsigned dim = 0; dim < shape.size(); ++dim) {
      double share = getLongestShare(shape[dim], getStep(dim), threads);
      if (share >= least * 0.999)
        continue;
      least = share;
      best = dim;
    }
    return best;
  }

  void emitLoops(unsigned dim) {
    if (dim == shape.size()) {
      emitSquare();
      return;
    }
    int64_t step = getStep(dim);
    if (dim == dividedDim) {
      if (!part.first)
        return emitLoops(dim + 1);
      auto loop = scf::ForOp::create(builder, loc, part.first, part.second,
                                     access.getConstant(step));
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(loop.getBody()->getTerminator());
      begin[dim] = loop.getInductionVar();
      extent[dim] = step;
      return emitLoops(dim + 1);
    }
    int64_t full = shape[dim] / step * step;
    extent[dim] = step;
    if (full) {
      scf::ForOp loop = access.createLoop(0, full, step);
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(loop.getBody()->getTerminator());
      begin[dim] = loop.getInductionVar();
      emitLoops(dim + 1);
    }
    if (full != shape[dim]) {
      begin[dim] = access.getConstant(full);
      extent[dim] = shape[dim] - full;
      emitLoops(dim + 1);
    }
  }

  void emitSquare() {
    Type element = getElementTypeOrSelf(op.getInput());
    auto type = VectorType::get({kSquare, kSquare}, element);
    Value square = arith::ConstantOp::create(builder, loc, type,
                                             builder.getZeroAttr(type));
    SmallVector<int64_t> offsets(shape.size(), 0);
    for (int64_t index = 0; index < extent[column]; ++index) {
      offsets[column] = index;
      Value vector =
          access.load(op.getInput(),
                      access.getIndices(inputMap, begin, offsets), extent[row]);
      square = vector::InsertOp::create(builder, loc, vector, square, index);
    }
    square = vector::TransposeOp::create(builder, loc, square,
                                         ArrayRef<int64_t>{1, 0});
    AffineMap identity = builder.getMultiDimIdentityMap(shape.size());
    offsets[column] = 0;
    for (int64_t index = 0; index < extent[row]; ++index) {
      offsets[row] = index;
      Value vector = vector::ExtractOp::create(builder, loc, square, index);
      access.store(vector, op.getInit(),
                   access.getIndices(identity, begin, offsets), extent[column]);
    }
  }

  OpBuilder &builder;
  Location loc;
  VectorAccess access;
  linalg::TransposeOp op;
  ArrayRef<int64_t> shape;
  AffineMap inputMap;
  int64_t threads;
  unsigned row, column;
  SmallVector<Value> begin;
  SmallVector<int64_t> extent;
  /// The dim that threads divide, and the part of it that loops are emitted
  /// for; without values after the parts.
  std::optional<unsigned> dividedDim;
  std::pair<Value, Value> part;
};

struct LowerTransposes
    : public cgmq::impl::LowerTransposesPassBase<LowerTransposes> {
  using LowerTransposesPassBase::LowerTransposesPassBase;

  void runOnOperation() override {
    FailureOr<Machine> machine =
        Machine::get(getOperation(), kVectorBits, threads);
    if (failed(machine))
      return signalPassFailure();
    SmallVector<linalg::TransposeOp> ops;
    getOperation().walk([&](linalg::TransposeOp op) {
      auto type = dyn_cast<MemRefType>(op.getInit().getType());
      if (type && type.hasStaticShape() && type.getNumElements() != 0 &&
          hasVectorLayout(op.getInput()) && hasVectorLayout(op.getInit()) &&
          type.getElementTypeBitWidth() == 32 &&
          op.getPermutation().back() != type.getRank() - 1)
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::TransposeOp op : ops) {
      rewriter.setInsertionPoint(op);
      LoopEmitter(rewriter, op, machine->threads).emit();
      rewriter.eraseOp(op);
    }
    RewritePatternSet patterns(&getContext());
    vector::populateVectorTransposeLoweringPatterns(
        patterns, vector::VectorTransposeLowering::Shuffle16x16);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
