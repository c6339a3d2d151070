//===- GatherSlices.cpp - Parts of scattered sums as gathers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_GATHERSLICESPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// A part of the positions of a window: `size` of them from `start`.
struct Part {
  Window window;
  int64_t start, size;

  /// What comes before and after the elements that the positions read, where
  /// the position p reads p - offset.
  int64_t getLow(int64_t offsets) const {
    return std::max<int64_t>(0, offsets - 1 - start);
  }
  int64_t getHigh() const {
    return std::max<int64_t>(0, start + size - window.extent);
  }
};

struct GatherSlice : OpRewritePattern<tensor::ExtractSliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::ExtractSliceOp slice,
                                PatternRewriter &rewriter) const override {
    auto sum = slice.getSource().getDefiningOp<linalg::GenericOp>();
    if (!sum || !sum->hasOneUse() || !slice.getType().hasStaticShape() ||
        !slice.hasUnitStride() ||
        slice.getType().getRank() != slice.getSourceType().getRank() ||
        ShapedType::isDynamicShape(slice.getStaticOffsets()))
      return rewriter.notifyMatchFailure(slice, "expects a part of a sum");
    FailureOr<Contraction> contraction = Contraction::match(sum);
    if (failed(contraction))
      return rewriter.notifyMatchFailure(sum, "expects a contraction");
    SmallVector<Part> parts;
    if (failed(findParts(*contraction, slice, parts)))
      return rewriter.notifyMatchFailure(
          slice, "expects the part to be one of positions of windows");

    // Positions count from the start of the part.
    MLIRContext *context = rewriter.getContext();
    for (AffineMap &map : contraction->maps)
      for (const Part &part : parts) {
        AffineExpr position = getAffineDimExpr(part.window.position, context);
        map = simplifyAffineMap(
            map.replace(position, position + part.start, map.getNumDims(), 0));
      }
    AffineMap &outMap = contraction->maps[Contraction::Out];
    SmallVector<AffineExpr> indices(outMap.getResults());
    for (auto [index, start] : llvm::enumerate(slice.getStaticOffsets()))
      indices[index] = indices[index] - start;
    outMap = AffineMap::get(outMap.getNumDims(), 0, indices, context);

    SmallVector<Value> inputs;
    for (unsigned operand : {Contraction::Lhs, Contraction::Rhs})
      inputs.push_back(pad(rewriter, *contraction, operand, parts));
    rewriter.setInsertionPoint(slice);
    auto gather = linalg::GenericOp::create(
        rewriter, sum.getLoc(), slice.getType(), inputs,
        slicesInit(rewriter, sum, slice), contraction->maps,
        sum.getIteratorTypesArray());
    gather->setDiscardableAttrs(sum->getDiscardableAttrDictionary());
    rewriter.inlineRegionBefore(sum.getRegion(), gather.getRegion(),
                                gather.getRegion().begin());
    rewriter.replaceOp(slice, gather);
    rewriter.eraseOp(sum);
    return success();
  }

private:
  /// Finds the positions that the slice takes of each window; it takes all of
  /// any other index.
  static LogicalResult findParts(const Contraction &contraction,
                                 tensor::ExtractSliceOp slice,
                                 SmallVectorImpl<Part> &parts) {
    SmallVector<bool> isWhole;
    for (auto [part, whole] : llvm::zip_equal(slice.getType().getShape(),
                                              slice.getSourceType().getShape()))
      isWhole.push_back(part == whole);
    for (const Window &window : contraction.windows) {
      // Of a window of one offset the factor is read as far as the part goes,
      // which then is not all of it.
      if (contraction.extents[window.offset] == 1)
        return failure();
      unsigned index =
          *contraction.getIndexAlong(Contraction::Out, window.position);
      parts.push_back({window, slice.getStaticOffsets()[index],
                       slice.getType().getDimSize(index)});
      isWhole[index] = true;
    }
    return success(llvm::all_of(isWhole, [](bool whole) { return whole; }));
  }

  /// An operand with zeros where positions read out of bounds; its map takes
  /// them into account.
  static Value pad(PatternRewriter &rewriter, Contraction &contraction,
                   unsigned operand, ArrayRef<Part> parts) {
    Value value = contraction.operands[operand];
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> low(type.getRank(), 0), high(low);
    SmallVector<int64_t> shape(type.getShape());
    AffineMap &map = contraction.maps[operand];
    SmallVector<AffineExpr> indices(map.getResults());
    for (unsigned index = 0; index < indices.size(); ++index)
      for (const Part &part : parts) {
        if (contraction.getFactor(operand, index, part.window.position) == 0)
          continue;
        low[index] = part.getLow(contraction.extents[part.window.offset]);
        high[index] = part.getHigh();
        indices[index] = indices[index] + low[index];
        shape[index] += low[index] + high[index];
      }
    if (shape == type.getShape())
      return value;
    map = AffineMap::get(map.getNumDims(), 0, indices, rewriter.getContext());
    rewriter.setInsertionPoint(contraction.op);
    Location loc = contraction.op.getLoc();
    Value zero = arith::ConstantOp::create(
        rewriter, loc, rewriter.getZeroAttr(type.getElementType()));
    return tensor::PadOp::create(
        rewriter, loc, type.clone(shape), value,
        getAsIndexOpFoldResult(rewriter.getContext(), low),
        getAsIndexOpFoldResult(rewriter.getContext(), high), zero);
  }

  /// The part of what the sum starts with.
  static Value slicesInit(PatternRewriter &rewriter, linalg::GenericOp sum,
                          tensor::ExtractSliceOp slice) {
    Value init = sum.getDpsInits()[0];
    if (auto fill = init.getDefiningOp<linalg::FillOp>()) {
      Value empty = tensor::EmptyOp::create(rewriter, sum.getLoc(),
                                            slice.getType().getShape(),
                                            slice.getType().getElementType());
      return linalg::FillOp::create(rewriter, sum.getLoc(), fill.getInputs(),
                                    empty)
          .getResult(0);
    }
    return tensor::ExtractSliceOp::create(
        rewriter, slice.getLoc(), slice.getType(), init,
        slice.getMixedOffsets(), slice.getMixedSizes(),
        slice.getMixedStrides());
  }
};

struct GatherSlices : public cgmq::impl::GatherSlicesPassBase<GatherSlices> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<GatherSlice>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
