//===- Magnitude.cpp - Gradient plus value -*- C++ -*-===//
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
/// 1 / (G + X), and -(G + X).
class MagnitudeDirection : public NormalizedDirection {
  Value buildUnsat(OpBuilder &builder, Location loc,
                   GateStatistics statistics) const override {
    return buildReciprocal(builder, loc, buildSat(builder, loc, statistics));
  }
  Value buildSat(OpBuilder &builder, Location loc,
                 GateStatistics statistics) const override {
    return arith::AddFOp::create(builder, loc, statistics.meanAbsGradient,
                                 statistics.meanAbsValue);
  }
};
} // namespace

std::unique_ptr<DirectionRule> cgmq::createMagnitudeDirection() {
  return std::make_unique<MagnitudeDirection>();
}
