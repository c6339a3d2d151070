//===- SinkScales.cpp - Moving steps below contractions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SinkScales.h"

#include "../QuantToInteger/IntegerOps.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"
#include "cgmq/Support/AveragePool.h"
#include "cgmq/Support/Elementwise.h"
#include "cgmq/Support/Scaling.h"

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

/// move(scale(x, s)) -> scale(move(x), s) for an op that moves elements, or
/// adds them up.
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

/// conv(scale(x, s), scale(w, t), scale(b, s * t))
///   -> scale(conv(x, w, b), s * t), also where the bias is zero.
template <typename ConvOp> struct SinkBelowConv : OpRewritePattern<ConvOp> {
  using OpRewritePattern<ConvOp>::OpRewritePattern;
  LogicalResult matchAndRewrite(ConvOp op,
                                PatternRewriter &rewriter) const override {
    auto input = op.getInput().template getDefiningOp<ScaleOp>();
    auto weight = op.getWeight().template getDefiningOp<ScaleOp>();
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
struct SinkBelowTensorPad : OpRewritePattern<tensor::PadOp> {
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

struct SinkBelowPad : OpRewritePattern<tosa::PadOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::PadOp op,
                                PatternRewriter &rewriter) const override {
    auto scale = op.getInput1().getDefiningOp<ScaleOp>();
    if (!scale || !matchPattern(op.getPadConst(), m_AnyZeroFloat()))
      return rewriter.notifyMatchFailure(op, "not scaled, or not zeros");
    Value padded = cloneWith(
        rewriter, op, {scale.getCodes(), op.getPadding(), op.getPadConst()});
    rewriter.replaceOpWithNewOp<ScaleOp>(op, padded, scale.getStep());
    return success();
  }
};

/// join(scale(a, s), scale(b, s)) -> scale(join(a, b), s) for sums, differences
/// and concatenations.
template <typename OpTy> struct SinkBelowJoin : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> codes;
    Value step;
    for (Value operand : op->getOperands()) {
      auto scale = operand.template getDefiningOp<ScaleOp>();
      if (!scale || (step && !isSameStep(step, scale.getStep())))
        return rewriter.notifyMatchFailure(op, "operands have no common step");
      step = scale.getStep();
      codes.push_back(scale.getCodes());
    }
    Value joined = cloneWith(rewriter, op, codes);
    rewriter.replaceOpWithNewOp<ScaleOp>(op, joined, step);
    return success();
  }
};

/// Whether a sum is made of `value`, which maximums and movements come before.
bool leadsToSum(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    if (isa<tosa::AvgPool2dOp, tosa::ReduceSumOp>(user))
      return true;
    return isa<tosa::ClampOp, tosa::MaxPool2dOp, tosa::PadOp, tosa::ReshapeOp,
               tosa::SliceOp, tosa::TransposeOp>(user) &&
           leadsToSum(user->getResult(0));
  });
}

/// max(scale(x, s)) -> scale(max(x), s) for rectifiers and max-pooling, where a
/// sum follows: steps are not negative. Elsewhere a quantizer follows, to which
/// it is all the same.
template <typename OpTy> struct SinkBelowMaximum : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    auto scale = op.getInput().template getDefiningOp<ScaleOp>();
    auto cost = cast<BopCostOpInterface>(op.getOperation());
    if (!scale || !cost.preservesCodes() || !leadsToSum(op.getOutput()))
      return rewriter.notifyMatchFailure(op, "not scaled, or no sum follows");
    Value maximum = cloneWith(rewriter, op, scale.getCodes());
    rewriter.replaceOpWithNewOp<ScaleOp>(op, maximum, scale.getStep());
    return success();
  }
};

/// scale(x, s) * c -> scale(x, s * c) for a number c above zero.
struct SinkBelowScaling : OpRewritePattern<tosa::MulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::MulOp op,
                                PatternRewriter &rewriter) const override {
    FailureOr<Scaling> scaling = getScaling(op);
    if (failed(scaling))
      return rewriter.notifyMatchFailure(op, "no product with one number");
    auto scale = scaling->input.getDefiningOp<ScaleOp>();
    if (!scale)
      return rewriter.notifyMatchFailure(op, "not scaled");
    Value factor = arith::ConstantOp::create(
        rewriter, op.getLoc(), rewriter.getF32FloatAttr(scaling->factor));
    Value step = multiplySteps(rewriter, op.getLoc(), scale.getStep(), factor);
    rewriter.replaceOpWithNewOp<ScaleOp>(op, scale.getCodes(), step);
    return success();
  }
};

/// average(scale(x, s)) -> scale(sum(x) * ratio, s * (1 / divisor)).
struct SinkBelowAvgPool : OpRewritePattern<tosa::AvgPool2dOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::AvgPool2dOp op,
                                PatternRewriter &rewriter) const override {
    auto scale = op.getInput().getDefiningOp<ScaleOp>();
    FailureOr<AveragePool> average = getAveragePool(op);
    if (!scale || failed(average))
      return rewriter.notifyMatchFailure(op, "not scaled, or no sum");
    Location loc = op.getLoc();
    Type type = rewriter.getF32Type();
    Value sum = buildSumPool2D(rewriter, op, scale.getCodes(), type,
                               /*isSigned=*/true);
    if (average->hasRatios()) {
      Value ratios = arith::ConstantOp::create(rewriter, loc,
                                               average->getRatios(op, type));
      sum = buildElementwise(
          rewriter, loc, {sum, ratios}, type,
          [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
            return arith::MulFOp::create(nested, loc, args[0], args[1]);
          });
    }
    Value factor = arith::ConstantOp::create(
        rewriter, loc, rewriter.getF32FloatAttr(average->getFactor()));
    Value step = multiplySteps(rewriter, loc, scale.getStep(), factor);
    rewriter.replaceOpWithNewOp<ScaleOp>(op, sum, step);
    return success();
  }
};

} // namespace

void cgmq::populateSinkScalePatterns(RewritePatternSet &patterns) {
  patterns.add<
      SinkBelowMovement<tosa::ReshapeOp>, SinkBelowMovement<tosa::TransposeOp>,
      SinkBelowMovement<tosa::SliceOp>, SinkBelowMovement<tosa::TileOp>,
      SinkBelowMovement<tosa::ReverseOp>, SinkBelowMovement<tosa::IdentityOp>,
      SinkBelowMovement<tosa::ReduceSumOp>,
      SinkBelowMovement<tensor::ExtractSliceOp>, SinkBelowTensorPad,
      SinkBelowPad, SinkBelowMatMul, SinkBelowConv<tosa::Conv2DOp>,
      SinkBelowConv<tosa::DepthwiseConv2DOp>, SinkBelowContraction,
      SinkBelowJoin<tosa::AddOp>, SinkBelowJoin<tosa::SubOp>,
      SinkBelowJoin<tosa::ConcatOp>, SinkBelowMaximum<tosa::ClampOp>,
      SinkBelowMaximum<tosa::MaxPool2dOp>, SinkBelowAvgPool, SinkBelowScaling>(
      patterns.getContext());
}
