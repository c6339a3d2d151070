//===- FuseReductions.cpp - Reductions of one tensor in one op -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_FUSEREDUCTIONSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

static bool isReduction(linalg::GenericOp op) {
  return op.hasPureTensorSemantics() && !op.hasDynamicShape() &&
         op.getNumReductionLoops() != 0 && failed(Contraction::match(op));
}

/// The loops that the results of an op depend on.
static llvm::SmallBitVector getResultLoops(linalg::GenericOp op) {
  llvm::SmallBitVector loops(op.getNumLoops());
  for (OpOperand &init : op.getDpsInitsMutable())
    for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
      if (op.getMatchingIndexingMap(&init).isFunctionOfDim(dim))
        loops.set(dim);
  return loops;
}

/// True if two ops read a tensor in the same way, over all loops.
static bool shareInput(linalg::GenericOp a, linalg::GenericOp b) {
  return llvm::any_of(a.getDpsInputOperands(), [&](OpOperand *left) {
    AffineMap map = a.getMatchingIndexingMap(left);
    return map.isPermutation() &&
           llvm::any_of(b.getDpsInputOperands(), [&](OpOperand *right) {
             return left->get() == right->get() &&
                    b.getMatchingIndexingMap(right) == map;
           });
  });
}

static bool canMerge(linalg::GenericOp a, linalg::GenericOp b) {
  return a->getBlock() == b->getBlock() &&
         a.getIteratorTypesArray() == b.getIteratorTypesArray() &&
         a.getStaticLoopRanges() == b.getStaticLoopRanges() &&
         getResultLoops(a) == getResultLoops(b) && shareInput(a, b);
}

/// The op of two at which all operands of both are there and none of their
/// results is used yet; `a` comes first. Null if neither is.
static linalg::GenericOp getPosition(linalg::GenericOp a, linalg::GenericOp b) {
  llvm::SetVector<Value> read(b->operand_begin(), b->operand_end());
  getUsedValuesDefinedAbove(b->getRegions(), read);
  if (llvm::all_of(read, [&](Value value) {
        Operation *op = value.getDefiningOp();
        return !op || op->getBlock() != a->getBlock() || op->isBeforeInBlock(a);
      }))
    return a;
  if (llvm::all_of(a->getUsers(), [&](Operation *user) {
        Operation *ancestor = a->getBlock()->findAncestorOpInBlock(*user);
        return ancestor && b->isBeforeInBlock(ancestor);
      }))
    return b;
  return {};
}

/// The op that computes the results of both.
static linalg::GenericOp merge(IRRewriter &rewriter, linalg::GenericOp a,
                               linalg::GenericOp b,
                               linalg::GenericOp position) {
  SmallVector<Value> inputs, inits;
  SmallVector<AffineMap> maps;
  for (linalg::GenericOp op : {a, b}) {
    llvm::append_range(inputs, op.getInputs());
    llvm::append_range(inits, op.getOutputs());
    for (OpOperand *input : op.getDpsInputOperands())
      maps.push_back(op.getMatchingIndexingMap(input));
  }
  for (linalg::GenericOp op : {a, b})
    for (OpOperand &init : op.getDpsInitsMutable())
      maps.push_back(op.getMatchingIndexingMap(&init));
  rewriter.setInsertionPoint(position);
  auto merged = linalg::GenericOp::create(
      rewriter, rewriter.getFusedLoc({a.getLoc(), b.getLoc()}),
      ValueRange(inits).getTypes(), inputs, inits, maps,
      a.getIteratorTypesArray(),
      [&](OpBuilder &builder, Location loc, ValueRange args) {
        SmallVector<Value> results;
        unsigned input = 0, init = inputs.size();
        for (linalg::GenericOp op : {a, b}) {
          IRMapping mapping;
          mapping.map(ValueRange(op.getRegionInputArgs()),
                      args.slice(input, op.getNumDpsInputs()));
          mapping.map(ValueRange(op.getRegionOutputArgs()),
                      args.slice(init, op.getNumDpsInits()));
          input += op.getNumDpsInputs();
          init += op.getNumDpsInits();
          for (Operation &nested : op.getBody()->without_terminator())
            builder.clone(nested, mapping);
          for (Value value : op.getBody()->getTerminator()->getOperands())
            results.push_back(mapping.lookupOrDefault(value));
        }
        linalg::YieldOp::create(builder, loc, results);
      });
  rewriter.replaceOp(a, merged->getResults().take_front(a.getNumResults()));
  rewriter.replaceOp(b, merged->getResults().take_back(b.getNumResults()));
  return merged;
}

namespace {

struct FuseReductions
    : public cgmq::impl::FuseReductionsPassBase<FuseReductions> {
  void runOnOperation() override {
    SmallVector<linalg::GenericOp> reductions;
    getOperation().walk([&](linalg::GenericOp op) {
      if (isReduction(op))
        reductions.push_back(op);
    });
    // Each joins the first of those before it that it can.
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::GenericOp> merged;
    for (linalg::GenericOp op : reductions) {
      bool joined = false;
      for (linalg::GenericOp &other : merged) {
        if (!canMerge(other, op))
          continue;
        linalg::GenericOp position = getPosition(other, op);
        if (!position)
          continue;
        other = merge(rewriter, other, op, position);
        joined = true;
        break;
      }
      if (!joined)
        merged.push_back(op);
    }

    // Inputs that both ops read.
    RewritePatternSet patterns(&getContext());
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
