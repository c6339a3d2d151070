//===- ConvertDotsToVnni.cpp - Dots of bytes as instructions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Machine.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_CONVERTDOTSTOVNNIPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

struct ConvertDot : OpRewritePattern<vector::ContractionOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(vector::ContractionOp op,
                                PatternRewriter &rewriter) const override {
    // acc[lane] + sum over k of lhs[lane, k] * rhs[lane, k].
    AffineExpr lane, k;
    bindDims(op.getContext(), lane, k);
    auto type = dyn_cast<VectorType>(op.getResultType());
    if (!type || !type.getElementType().isInteger(32) ||
        !llvm::is_contained({128, 256, 512}, type.getNumElements() * 32) ||
        op.getKind() != vector::CombiningKind::ADD ||
        op.getIndexingMapsArray() !=
            AffineMap::inferFromExprList(
                ArrayRef<ArrayRef<AffineExpr>>{{lane, k}, {lane, k}, {lane}},
                op.getContext()))
      return failure();
    auto lhs = op.getLhs().getDefiningOp<arith::ExtUIOp>();
    auto rhs = op.getRhs().getDefiningOp<arith::ExtSIOp>();
    auto groups = VectorType::get({type.getNumElements(), kDotBytes},
                                  rewriter.getI8Type());
    if (!lhs || !rhs || lhs.getIn().getType() != groups ||
        rhs.getIn().getType() != groups)
      return failure();
    auto flatten = [&](Value value) -> Value {
      return vector::ShapeCastOp::create(
          rewriter, op.getLoc(),
          VectorType::get({groups.getNumElements()}, rewriter.getI8Type()),
          value);
    };
    std::string name = "llvm.x86.avx512.vpdpbusd." +
                       std::to_string(type.getNumElements() * 32);
    rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
        op, type, rewriter.getStringAttr(name),
        ValueRange{op.getAcc(), flatten(lhs.getIn()), flatten(rhs.getIn())});
    return success();
  }
};

struct ConvertDotsToVnni
    : public cgmq::impl::ConvertDotsToVnniPassBase<ConvertDotsToVnni> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ConvertDot>(&getContext());
    vector::ShapeCastOp::getCanonicalizationPatterns(patterns, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
