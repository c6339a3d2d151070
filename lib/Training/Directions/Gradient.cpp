//===- Gradient.cpp - Gradient alone -*- C++ -*-===//
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
/// 1 / G, and -G.
class GradientDirection : public NormalizedDirection {
  Value buildUnsat(OpBuilder &builder, Location loc,
                   GateStatistics statistics) const override {
    return buildReciprocal(builder, loc, statistics.meanAbsGradient);
  }
  Value buildSat(OpBuilder &builder, Location loc,
                 GateStatistics statistics) const override {
    return statistics.meanAbsGradient;
  }
};
} // namespace

std::unique_ptr<DirectionRule> cgmq::createGradientDirection() {
  return std::make_unique<GradientDirection>();
}
