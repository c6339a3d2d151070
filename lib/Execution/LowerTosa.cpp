//===- LowerTosa.cpp - Forms of tosa that are made for what follows ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERTOSAPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// tosa.pad -> tensor.pad whose amounts are attributes.
struct LowerPad : OpRewritePattern<tosa::PadOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::PadOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<int64_t> padding;
    Operation *shape = op.getPadding().getDefiningOp();
    Attribute number;
    if (!isa<RankedTensorType>(op.getType()) || !shape ||
        !tosa::getConstShapeValues(shape, padding) ||
        !matchPattern(op.getPadConst(), m_Constant(&number)))
      return rewriter.notifyMatchFailure(op, "amounts that are not constant");
    SmallVector<OpFoldResult> low, high;
    for (auto [index, amount] : llvm::enumerate(padding))
      (index % 2 == 0 ? low : high).push_back(rewriter.getIndexAttr(amount));
    Value value = arith::ConstantOp::create(
        rewriter, op.getLoc(),
        cast<TypedAttr>(
            *cast<DenseElementsAttr>(number).getValues<Attribute>().begin()));
    rewriter.replaceOpWithNewOp<tensor::PadOp>(
        op, op.getType(), op.getInput1(), low, high, value, /*nofold=*/false);
    return success();
  }
};

/// tosa.depthwise_conv2d of one result for each channel, of floats -> a generic
/// in which the channels are the last dimension of all three tensors.
struct LowerDepthwiseConv2D : OpRewritePattern<tosa::DepthwiseConv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::DepthwiseConv2DOp op,
                                PatternRewriter &rewriter) const override {
    auto input = dyn_cast<RankedTensorType>(op.getInput().getType());
    auto weight = dyn_cast<RankedTensorType>(op.getWeight().getType());
    auto bias = dyn_cast<RankedTensorType>(op.getBias().getType());
    auto result = dyn_cast<RankedTensorType>(op.getType());
    if (!input || !weight || !bias || !result || weight.getDimSize(3) != 1 ||
        !weight.hasStaticShape() || bias.getDimSize(0) != weight.getDimSize(2))
      return rewriter.notifyMatchFailure(op, "several results for a channel");
    Type type = result.getElementType();
    if (!isa<FloatType>(type) || input.getElementType() != type ||
        weight.getElementType() != type || bias.getElementType() != type)
      return rewriter.notifyMatchFailure(op, "not of floats of one type");
    if (llvm::any_of(result.getShape().drop_front(), ShapedType::isDynamic))
      return rewriter.notifyMatchFailure(op, "dynamic extents");

    Location loc = op.getLoc();
    ArrayRef<int64_t> pad = op.getPad(), stride = op.getStride(),
                      dilation = op.getDilation();
    Value padded = op.getInput();
    if (llvm::any_of(pad, [](int64_t amount) { return amount != 0; })) {
      auto amounts = [&](int64_t vertical, int64_t horizontal) {
        return getAsIndexOpFoldResult(rewriter.getContext(),
                                      {0, vertical, horizontal, 0});
      };
      Value zero =
          arith::ConstantOp::create(rewriter, loc, rewriter.getZeroAttr(type));
      padded = tensor::PadOp::create(rewriter, loc, Type(), padded,
                                     amounts(pad[0], pad[2]),
                                     amounts(pad[1], pad[3]), zero);
    }
    Value filters = tensor::CollapseShapeOp::create(
        rewriter, loc, op.getWeight(),
        ArrayRef<ReassociationIndices>{{0}, {1}, {2, 3}});
    SmallVector<OpFoldResult> sizes =
        getAsIndexOpFoldResult(rewriter.getContext(), result.getShape());
    sizes.front() =
        tensor::getMixedSize(rewriter, loc, op.getInput(), /*dim=*/0);
    Value empty = tensor::EmptyOp::create(rewriter, loc, sizes, type);
    Value start = linalg::BroadcastOp::create(rewriter, loc, op.getBias(),
                                              empty, ArrayRef<int64_t>{0, 1, 2})
                      .getResults()
                      .front();
    AffineExpr n, h, w, c, p, q;
    bindDims(rewriter.getContext(), n, h, w, c, p, q);
    SmallVector<AffineMap> maps = AffineMap::inferFromExprList(
        ArrayRef<ArrayRef<AffineExpr>>{{n, h * stride[0] + p * dilation[0],
                                        w * stride[1] + q * dilation[1], c},
                                       {p, q, c},
                                       {n, h, w, c}},
        rewriter.getContext());
    SmallVector<utils::IteratorType> iterators(6,
                                               utils::IteratorType::parallel);
    iterators[4] = iterators[5] = utils::IteratorType::reduction;
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, result, ValueRange{padded, filters}, start, maps, iterators,
        [](OpBuilder &b, Location loc, ValueRange args) {
          Value product = arith::MulFOp::create(b, loc, args[0], args[1]);
          Value sum = arith::AddFOp::create(b, loc, args[2], product);
          linalg::YieldOp::create(b, loc, sum);
        });
    return success();
  }
};

struct LowerTosa : cgmq::impl::LowerTosaPassBase<LowerTosa> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<LowerPad, LowerDepthwiseConv2D>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
