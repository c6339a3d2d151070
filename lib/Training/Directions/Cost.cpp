//===- Cost.cpp - Distance from where the price is -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Direction.h"

#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {
/// The distance from the gate to its target, at most one: max(g - t, 0.1) while
/// the budget is violated, min(g - t, 0) while it is kept. The target is where
/// the present price of the bound puts the gate.
class CostDirection : public DirectionRule {
  bool usesTargets() const override { return true; }
  SmallVector<Value> build(OpBuilder &builder, Location loc,
                           ArrayRef<GateGroup> groups,
                           Value violated) const override {
    SmallVector<Value> directions;
    for (const GateGroup &group : groups)
      directions.push_back(buildElementwise(
          builder, loc, {group.gate, group.target, violated},
          builder.getF32Type(),
          [](OpBuilder &b, Location loc, ValueRange args) -> Value {
            auto constant = [&](double value) -> Value {
              return arith::ConstantOp::create(b, loc,
                                               b.getF32FloatAttr(value));
            };
            Value distance = arith::SubFOp::create(b, loc, args[0], args[1]);
            Value down = arith::MaximumFOp::create(b, loc, distance,
                                                   constant(kLeastDirection));
            down = arith::MinimumFOp::create(b, loc, down, constant(1.0));
            Value up =
                arith::MinimumFOp::create(b, loc, distance, constant(0.0));
            up = arith::MaximumFOp::create(b, loc, up, constant(-1.0));
            return arith::SelectOp::create(b, loc, args[2], down, up);
          }));
    return directions;
  }
};
} // namespace

std::unique_ptr<DirectionRule> cgmq::createCostDirection() {
  return std::make_unique<CostDirection>();
}
