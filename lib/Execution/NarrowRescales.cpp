//===- NarrowRescales.cpp - Rescaling by halves of products ----*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_NARROWRESCALESPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Calls `visit` with each constant that `value` is a selection of; false if it
/// is more than that, or a call says so.
static bool visitConstants(Value value,
                           function_ref<bool(const APInt &)> visit) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return visit(constant);
  auto select = value.getDefiningOp<arith::SelectOp>();
  return select && visitConstants(select.getTrueValue(), visit) &&
         visitConstants(select.getFalseValue(), visit);
}

/// The same selection in i32, of the constants that `convert` makes.
static Value rebuild(PatternRewriter &rewriter, Value value,
                     function_ref<int64_t(const APInt &)> convert) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return arith::ConstantIntOp::create(
        rewriter, value.getLoc(), rewriter.getI32Type(), convert(constant));
  auto select = value.getDefiningOp<arith::SelectOp>();
  Value whenTrue = rebuild(rewriter, select.getTrueValue(), convert);
  Value whenFalse = rebuild(rewriter, select.getFalseValue(), convert);
  return arith::SelectOp::create(rewriter, select.getLoc(),
                                 select.getCondition(), whenTrue, whenFalse);
}

namespace {

/// (x * m + c) >> s, where c has no bits below 2^32 and s is above 32, is
/// (upper half of x * m + c / 2^32) >> (s - 32).
struct NarrowRescale : OpRewritePattern<arith::ShRSIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ShRSIOp op,
                                PatternRewriter &rewriter) const override {
    auto sum = op.getLhs().getDefiningOp<arith::AddIOp>();
    auto product = sum ? sum.getLhs().getDefiningOp<arith::MulIOp>() : nullptr;
    auto extension =
        product ? product.getLhs().getDefiningOp<arith::ExtSIOp>() : nullptr;
    if (!extension || !op.getType().isInteger(64) ||
        !extension.getIn().getType().isInteger(32))
      return failure();
    // The upper half is at most 2^30 in size, and so may be what is added.
    bool fits = visitConstants(product.getRhs(),
                               [](const APInt &value) {
                                 return value.isSignedIntN(32);
                               }) &&
                visitConstants(sum.getRhs(),
                               [](const APInt &value) {
                                 return value.countr_zero() >= 32 &&
                                        value.isSignedIntN(63);
                               }) &&
                visitConstants(op.getRhs(), [](const APInt &value) {
                  return value.ugt(32) && value.ult(64);
                });
    if (!fits)
      return failure();
    Location loc = op.getLoc();
    Value multiplier =
        rebuild(rewriter, product.getRhs(),
                [](const APInt &value) { return value.getSExtValue(); });
    Value upper = arith::MulSIExtendedOp::create(rewriter, loc,
                                                 extension.getIn(), multiplier)
                      .getHigh();
    Value addend = rebuild(rewriter, sum.getRhs(), [](const APInt &value) {
      return value.ashr(32).getSExtValue();
    });
    Value shift = rebuild(rewriter, op.getRhs(), [](const APInt &value) {
      return value.getSExtValue() - 32;
    });
    Value shifted = arith::ShRSIOp::create(
        rewriter, loc, arith::AddIOp::create(rewriter, loc, upper, addend),
        shift);
    rewriter.replaceOpWithNewOp<arith::ExtSIOp>(op, op.getType(), shifted);
    return success();
  }
};

struct NarrowRescales
    : public cgmq::impl::NarrowRescalesPassBase<NarrowRescales> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<NarrowRescale>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
