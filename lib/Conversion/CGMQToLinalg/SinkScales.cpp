//===- SinkScales.cpp - Moving steps below contractions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SinkScales.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The number that a constant step is.
static std::optional<float> getConstantStep(Value step) {
  FloatAttr attr;
  if (matchPattern(step, m_Constant(&attr)))
    return attr.getValue().convertToFloat();
  return std::nullopt;
}

static bool isSameStep(Value a, Value b);

/// Whether `step` is the product of two others, as `cgmq.align` takes it, or as
/// a frozen bias has it in its type.
static bool isProduct(Value step, Value lhs, Value rhs) {
  if (auto product = step.getDefiningOp<arith::MulFOp>())
    return (isSameStep(product.getLhs(), lhs) &&
            isSameStep(product.getRhs(), rhs)) ||
           (isSameStep(product.getLhs(), rhs) &&
            isSameStep(product.getRhs(), lhs));
  std::optional<float> number = getConstantStep(step);
  std::optional<float> left = getConstantStep(lhs);
  std::optional<float> right = getConstantStep(rhs);
  return number && left && right && *number == *left * *right;
}

/// Whether two scalars are the same step: one value or number, or products of
/// the same two.
static bool isSameStep(Value a, Value b) {
  if (a == b)
    return true;
  if (auto product = b.getDefiningOp<arith::MulFOp>())
    return isProduct(a, product.getLhs(), product.getRhs());
  if (auto product = a.getDefiningOp<arith::MulFOp>())
    return isProduct(b, product.getLhs(), product.getRhs());
  std::optional<float> number = getConstantStep(a);
  return number && number == getConstantStep(b);
}

/// The product of two steps, in the order in which `cgmq.align` takes it.
static Value multiplySteps(PatternRewriter &rewriter, Location loc, Value lhs,
                           Value rhs) {
  return arith::MulFOp::create(rewriter, loc, lhs, rhs);
}

/// Clones `op` with other operands.
static Value cloneWith(PatternRewriter &rewriter, Operation *op,
                       ValueRange operands) {
  IRMapping mapping;
  Operation *clone = rewriter.clone(*op, mapping);
  rewriter.modifyOpInPlace(clone, [&] { clone->setOperands(operands); });
  return clone->getResult(0);
}

namespace {

/// move(scale(x, s)) -> scale(move(x), s) for an op that moves elements.
template <typename OpTy> struct SinkBelowMovement : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    auto scale = op->getOperand(0).template getDefiningOp<ScaleOp>();
    if (!scale)
      return rewriter.notifyMatchFailure(op, "the operand is not scaled");
    SmallVector<Value> operands(op->getOperands());
    operands[0] = scale.getCodes();
    Value moved = cloneWith(rewriter, op, operands);
    rewriter.replaceOpWithNewOp<ScaleOp>(op, moved, scale.getStep());
    return success();
  }
};

/// matmul(scale(a, s), scale(b, t)) -> scale(matmul(a, b), s * t).
struct SinkBelowMatMul : OpRewritePattern<tosa::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::MatMulOp op,
                                PatternRewriter &rewriter) const override {
    auto lhs = op.getA().getDefiningOp<ScaleOp>();
    auto rhs = op.getB().getDefiningOp<ScaleOp>();
    if (!lhs || !rhs)
      return rewriter.notifyMatchFailure(op, "the factors are not scaled");
    Value product =
        cloneWith(rewriter, op,
                  {lhs.getCodes(), rhs.getCodes(), op.getAZp(), op.getBZp()});
    Value step =
        multiplySteps(rewriter, op.getLoc(), lhs.getStep(), rhs.getStep());
    rewriter.replaceOpWithNewOp<ScaleOp>(op, product, step);
    return success();
  }
};

/// conv2d(scale(x, s), scale(w, t), scale(b, s * t))
///   -> scale(conv2d(x, w, b), s * t), also where the bias is zero.
struct SinkBelowConv2D : OpRewritePattern<tosa::Conv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::Conv2DOp op,
                                PatternRewriter &rewriter) const override {
    auto input = op.getInput().getDefiningOp<ScaleOp>();
    auto weight = op.getWeight().getDefiningOp<ScaleOp>();
    if (!input || !weight)
      return rewriter.notifyMatchFailure(op, "the factors are not scaled");
    Value bias = op.getBias();
    if (!matchPattern(bias, m_AnyZeroFloat())) {
      auto scaledBias = bias.getDefiningOp<ScaleOp>();
      if (!scaledBias ||
          !isProduct(scaledBias.getStep(), input.getStep(), weight.getStep()))
        return rewriter.notifyMatchFailure(
            op, "the bias does not count the accumulator's steps");
      bias = scaledBias.getCodes();
    }
    Value step =
        multiplySteps(rewriter, op.getLoc(), input.getStep(), weight.getStep());
    Value sum = cloneWith(rewriter, op,
                          {input.getCodes(), weight.getCodes(), bias,
                           op.getInputZp(), op.getWeightZp()});
    rewriter.replaceOpWithNewOp<ScaleOp>(op, sum, step);
    return success();
  }
};

/// sum(scale(a, s) * b) -> scale(sum(a * b), s), also where b is scaled: a
/// gradient, which starts at zero.
struct SinkBelowContraction : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::GenericOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
        !linalg::detail::isContractionBody(
            *op.getBody(), [](Operation *product, Operation *sum) {
              return isa<arith::MulFOp>(product) && isa<arith::AddFOp>(sum);
            }))
      return rewriter.notifyMatchFailure(op, "not a contraction of floats");
    auto fill = op.getOutputs()[0].getDefiningOp<linalg::FillOp>();
    if (!fill || !matchPattern(fill.getInputs()[0], m_AnyZeroFloat()))
      return rewriter.notifyMatchFailure(op, "the sum does not start at zero");
    SmallVector<Value> operands(op->getOperands());
    Value step;
    for (Value &operand : MutableArrayRef(operands).take_front(2)) {
      auto scale = operand.getDefiningOp<ScaleOp>();
      if (!scale)
        continue;
      operand = scale.getCodes();
      step = step ? multiplySteps(rewriter, op.getLoc(), step, scale.getStep())
                  : scale.getStep();
    }
    if (!step)
      return rewriter.notifyMatchFailure(op, "no factor is scaled");
    rewriter.replaceOpWithNewOp<ScaleOp>(op, cloneWith(rewriter, op, operands),
                                         step);
    return success();
  }
};

/// pad(scale(x, s)) -> scale(pad(x), s) where zeros are padded.
struct SinkBelowPad : OpRewritePattern<tensor::PadOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tensor::PadOp op,
                                PatternRewriter &rewriter) const override {
    auto scale = op.getSource().getDefiningOp<ScaleOp>();
    Value number = op.getConstantPaddingValue();
    if (!scale || !number || !matchPattern(number, m_AnyZeroFloat()))
      return rewriter.notifyMatchFailure(op, "not scaled, or not zeros");
    SmallVector<Value> operands(op->getOperands());
    operands[0] = scale.getCodes();
    rewriter.replaceOpWithNewOp<ScaleOp>(op, cloneWith(rewriter, op, operands),
                                         scale.getStep());
    return success();
  }
};

/// add(scale(a, s), scale(b, s)) -> scale(add(a, b), s).
struct SinkBelowAdd : OpRewritePattern<tosa::AddOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::AddOp op,
                                PatternRewriter &rewriter) const override {
    auto lhs = op.getInput1().getDefiningOp<ScaleOp>();
    auto rhs = op.getInput2().getDefiningOp<ScaleOp>();
    if (!lhs || !rhs || !isSameStep(lhs.getStep(), rhs.getStep()))
      return rewriter.notifyMatchFailure(op, "the addends have no common step");
    Value sum = cloneWith(rewriter, op, {lhs.getCodes(), rhs.getCodes()});
    rewriter.replaceOpWithNewOp<ScaleOp>(op, sum, lhs.getStep());
    return success();
  }
};

} // namespace

void cgmq::populateSinkScalePatterns(RewritePatternSet &patterns) {
  patterns.add<
      SinkBelowMovement<tosa::ReshapeOp>, SinkBelowMovement<tosa::TransposeOp>,
      SinkBelowMovement<tensor::ExtractSliceOp>, SinkBelowPad, SinkBelowMatMul,
      SinkBelowConv2D, SinkBelowContraction, SinkBelowAdd>(
      patterns.getContext());
}
