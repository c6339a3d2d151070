//===- ExpandMath.cpp - Functions as polynomials ---------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_EXPANDMATHPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Rounds twice where a polynomial asks for once: a machine without the
/// instruction would call a library for it, and give other bits than one with.
static void splitMultiplyAdds(Operation *root) {
  root->walk([](math::FmaOp fma) {
    OpBuilder builder(fma);
    Value product =
        arith::MulFOp::create(builder, fma.getLoc(), fma.getA(), fma.getB());
    fma.replaceAllUsesWith(
        arith::AddFOp::create(builder, fma.getLoc(), product, fma.getC())
            .getResult());
    fma.erase();
  });
}

namespace {
struct ExpandMath : public cgmq::impl::ExpandMathPassBase<ExpandMath> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<math::ErfOp, math::ExpOp, math::LogOp, math::TanhOp>(op) &&
          getElementTypeOrSelf(op->getResult(0)).isF32())
        ops.push_back(op);
    });
    if (ops.empty())
      return;
    RewritePatternSet patterns(&getContext());
    auto isKnown = [](StringRef name) {
      return name == math::ExpOp::getOperationName() ||
             name == math::LogOp::getOperationName();
    };
    populateMathPolynomialApproximationPatterns(patterns, isKnown);
    populatePolynomialApproximateErfPattern(patterns);
    populatePolynomialApproximateTanhPattern(patterns);
    // Nothing else is folded, whatever else there is.
    GreedyRewriteConfig config;
    config.setStrictness(GreedyRewriteStrictness::ExistingOps);
    if (failed(applyOpPatternsGreedily(ops, std::move(patterns), config)))
      return signalPassFailure();
    splitMultiplyAdds(getOperation());
  }
};
} // namespace
