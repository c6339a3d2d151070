//===- FuseLayers.cpp - One loop nest for each layer -----------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Target/Passes.h"

#include "mlir/Analysis/FlatLinearValueConstraints.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_FUSELAYERSPASS
#include "cgmq/Target/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Whether each iteration of the parallel loops of `op` reads elements of
/// `operand` that no other iteration reads: each of these loops indexes it, in
/// steps that are no smaller than the window that reductions read.
static bool readsOnce(linalg::LinalgOp op, OpOperand *operand) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  AffineMap map = op.getMatchingIndexingMap(operand);
  llvm::SmallBitVector seen(op.getNumLoops());
  for (AffineExpr index : map.getResults()) {
    SmallVector<int64_t> coefficients;
    if (failed(getFlattenedAffineExpr(index, op.getNumLoops(), 0,
                                      &coefficients)) ||
        coefficients.size() != op.getNumLoops() + 1)
      return false;
    int64_t step = 0, window = 1;
    for (auto [dim, coefficient] :
         llvm::enumerate(ArrayRef(coefficients).drop_back())) {
      if (coefficient == 0)
        continue;
      if (coefficient < 0 || ShapedType::isDynamic(extents[dim]))
        return false;
      if (iterators[dim] == utils::IteratorType::reduction) {
        window += coefficient * (extents[dim] - 1);
      } else if (step != 0) {
        return false;
      } else {
        step = coefficient;
        seen.set(dim);
      }
    }
    if (step != 0 && window > step)
      return false;
  }
  return llvm::all_of(llvm::enumerate(iterators), [&](auto entry) {
    return entry.value() == utils::IteratorType::reduction ||
           seen.test(entry.index());
  });
}

/// The operation on tensors that makes what `operand` alone reads, if it can be
/// computed as that is read.
static linalg::LinalgOp getFusable(linalg::LinalgOp op, OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::LinalgOp>();
  if (producer && producer->hasOneUse() && producer->getNumResults() == 1 &&
      readsOnce(op, operand))
    return producer;
  return {};
}

/// Collects what can be computed as `op` needs it.
static void collectFusable(linalg::LinalgOp op,
                           llvm::SetVector<Operation *> &fusable) {
  for (OpOperand &operand : op->getOpOperands())
    if (linalg::LinalgOp producer = getFusable(op, &operand))
      if (fusable.insert(producer))
        collectFusable(producer, fusable);
}

namespace {
struct FuseLayers : cgmq::impl::FuseLayersPassBase<FuseLayers> {
  /// Makes `root` and what it is made of one loop nest.
  LogicalResult fuse(linalg::LinalgOp root,
                     const llvm::SetVector<Operation *> &fusable) {
    IRRewriter rewriter(&getContext());
    rewriter.setInsertionPoint(root);
    SmallVector<OpFoldResult> sizes;
    for (utils::IteratorType iterator : root.getIteratorTypesArray())
      sizes.push_back(rewriter.getIndexAttr(
          iterator == utils::IteratorType::parallel ? 1 : 0));
    scf::SCFTileAndFuseOptions options;
    options.tilingOptions.setTileSizes(sizes);
    options.setFusionControlFn(
        [&](tensor::ExtractSliceOp, OpResult producer, bool)
            -> std::optional<scf::SCFTileAndFuseOptions::ControlFnResult> {
          if (!fusable.contains(producer.getOwner()))
            return std::nullopt;
          return scf::SCFTileAndFuseOptions::ControlFnResult{};
        });
    FailureOr<scf::SCFTileAndFuseResult> result =
        scf::tileConsumerAndFuseProducersUsingSCF(
            rewriter, cast<TilingInterface>(root.getOperation()), options);
    if (failed(result))
      return root.emitOpError() << "cannot be computed element by element";
    for (OpResult value : root->getResults())
      if (Value replacement = result->replacements.lookup(value))
        rewriter.replaceAllUsesWith(value, replacement);
    rewriter.eraseOp(root);
    for (Operation *op : fusable)
      if (op->use_empty())
        rewriter.eraseOp(op);
    return success();
  }

  /// Takes reshapes from between operations where that needs no other one.
  LogicalResult moveReshapes() {
    RewritePatternSet patterns(&getContext());
    linalg::populateFoldReshapeOpsByExpansionPatterns(
        patterns, [](OpOperand *operand) {
          auto producer = operand->get().getDefiningOp<linalg::LinalgOp>();
          return producer && isa<tensor::ExpandShapeOp>(operand->getOwner()) &&
                 producer.getNumParallelLoops() == producer.getNumLoops();
        });
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }

  /// C without a library has no functions of floats.
  LogicalResult verifyIntegers() {
    WalkResult walk = getOperation().walk([](Operation *op) -> WalkResult {
      if (!isa<linalg::LinalgOp>(op) ||
          llvm::none_of(op->getResultTypes(), [](Type type) {
            return isa<FloatType>(getElementTypeOrSelf(type));
          }))
        return WalkResult::advance();
      InFlightDiagnostic diag =
          op->emitOpError() << "expects integers between quantizers, but got "
                            << op->getResult(0).getType();
      diag.attachNote() << "cgmq-run computes floats too";
      return diag;
    });
    return failure(walk.wasInterrupted());
  }

  void runOnOperation() override {
    if (failed(verifyIntegers()) || failed(moveReshapes()))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> ops;
    for (auto op : getOperation().getOps<linalg::LinalgOp>())
      if (op.hasPureTensorSemantics() && op.getNumParallelLoops() > 0)
        ops.push_back(op);
    llvm::DenseSet<Operation *> done;
    for (linalg::LinalgOp op : llvm::reverse(ops)) {
      if (done.contains(op))
        continue;
      llvm::SetVector<Operation *> fusable;
      collectFusable(op, fusable);
      bool hasSums = llvm::any_of(fusable, [](Operation *producer) {
        return cast<linalg::LinalgOp>(producer).getNumReductionLoops() > 0;
      });
      if (!hasSums)
        continue;
      done.insert_range(fusable);
      if (failed(fuse(op, fusable)))
        return signalPassFailure();
    }
    // Of accumulators, only what an iteration needs is left.
    RewritePatternSet patterns(&getContext());
    tensor::populateFoldTensorEmptyPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
