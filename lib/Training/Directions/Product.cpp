//===- Product.cpp - Gradient times value -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Direction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {
/// 1 / G + 1 / X, and -(G * X).
class ProductDirection : public NormalizedDirection {
  Value buildUnsat(OpBuilder &builder, Location loc,
                   GateStatistics statistics) const override {
    Value gradient = buildReciprocal(builder, loc, statistics.meanAbsGradient);
    Value value = buildReciprocal(builder, loc, statistics.meanAbsValue);
    return arith::AddFOp::create(builder, loc, gradient, value);
  }
  Value buildSat(OpBuilder &builder, Location loc,
                 GateStatistics statistics) const override {
    return arith::MulFOp::create(builder, loc, statistics.meanAbsGradient,
                                 statistics.meanAbsValue);
  }
};
} // namespace

std::unique_ptr<DirectionRule> cgmq::createProductDirection() {
  return std::make_unique<ProductDirection>();
}
