//===- FuseElementwise.cpp - Elementwise ops into one another -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_FUSEELEMENTWISEPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// The most operations that are done again rather than their result kept.
static constexpr int64_t kMostRecomputed = 6;

/// True if an element takes no more time to compute again than to load: a few
/// simple operations on at most one tensor of the result's size.
static bool isCheap(linalg::GenericOp op) {
  if (op.getNumResults() != 1 || op.getNumReductionLoops() != 0 ||
      op.hasDynamicShape())
    return false;
  auto operations = op.getBody()->without_terminator();
  if (llvm::range_size(operations) > kMostRecomputed ||
      !llvm::all_of(operations, [](Operation &nested) {
        return (isa<arith::ArithDialect>(nested.getDialect()) ||
                isa<math::FmaOp, math::FloorOp>(nested)) &&
               !isa<arith::DivFOp, arith::RemFOp, arith::DivSIOp,
                    arith::DivUIOp, arith::RemSIOp, arith::RemUIOp>(nested);
      }))
    return false;
  int64_t size = cast<ShapedType>(op.getResult(0).getType()).getNumElements();
  return llvm::count_if(op.getInputs(), [&](Value input) {
           auto type = dyn_cast<ShapedType>(input.getType());
           return type && type.getNumElements() >= size;
         }) <= 1;
}

/// True if all that reads `value`, or a view of it, is an op to fuse with.
static bool isReadByElementwiseAlone(Value value) {
  return llvm::all_of(value.getUses(), [](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(user))
      return isReadByElementwiseAlone(user->getResult(0));
    auto generic = dyn_cast<linalg::GenericOp>(user);
    return generic && generic.isDpsInput(&use) &&
           failed(Contraction::match(generic));
  });
}

/// The op that computes `value`, or what it is a view of.
static linalg::GenericOp getProducer(Value value) {
  Operation *op = value.getDefiningOp();
  while (isa_and_present<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return dyn_cast_if_present<linalg::GenericOp>(op);
}

/// True if nothing reads what an operand does, but the operand's op; or if all
/// readers are to compute it themselves.
static bool makesProducerDead(OpOperand *operand) {
  Value value = operand->get();
  if (llvm::all_equal(value.getUsers()))
    return true;
  linalg::GenericOp producer = getProducer(value);
  return producer && isCheap(producer) &&
         isReadByElementwiseAlone(producer.getResult(0));
}

/// True if an op does nothing but copy an operand to several places.
static bool isBroadcast(linalg::LinalgOp op, OpOperand *operand) {
  return llvm::hasSingleElement(op->getRegion(0).front()) &&
         !op.getMatchingIndexingMap(operand).isPermutation();
}

/// Fuses a producer into its consumers if it is not to be kept. A contraction
/// takes in none: it would evaluate it once for each multiplication.
static bool shouldFuse(OpOperand *operand) {
  if (auto reshape = dyn_cast<tensor::ExpandShapeOp>(operand->getOwner()))
    return isReadByElementwiseAlone(reshape.getResult()) &&
           makesProducerDead(operand);
  auto consumer = dyn_cast<linalg::LinalgOp>(operand->getOwner());
  return consumer && failed(Contraction::match(consumer)) &&
         !isBroadcast(consumer, operand) && makesProducerDead(operand);
}

namespace {

struct FuseElementwise
    : public cgmq::impl::FuseElementwisePassBase<FuseElementwise> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    // Views stay where they are while ops can fuse without moving them: not
    // each consumer takes a producer of more loops.
    for (bool movesViews : {false, true}) {
      RewritePatternSet patterns(context);
      linalg::populateElementwiseOpsFusionPatterns(patterns, shouldFuse);
      if (movesViews)
        linalg::populateFoldReshapeOpsByExpansionPatterns(patterns, shouldFuse);
      linalg::GenericOp::getCanonicalizationPatterns(patterns, context);
      linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
      if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
        return signalPassFailure();
    }
  }
};

} // namespace
