//===- Direction.cpp - How gates move -*- C++ -*-===//
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

/// Statistics below this count as this, which bounds the reciprocals.
static constexpr double kLeastStatistic = 1e-20;

/// How much a unit matters: its statistics as one positive number. While the
/// budget is violated a gate moves by the reciprocal of it, while it is kept by
/// its negative.
static Value buildImportance(OpBuilder &builder, Location loc,
                             Direction direction, Value meanAbsGradient,
                             Value meanAbsValue) {
  Value importance = meanAbsGradient;
  if (direction == Direction::Magnitude)
    importance =
        arith::AddFOp::create(builder, loc, meanAbsGradient, meanAbsValue);
  Value least = arith::ConstantOp::create(
      builder, loc, builder.getF32FloatAttr(kLeastStatistic));
  return arith::MaximumFOp::create(builder, loc, importance, least);
}

/// The magnitude of a direction before it is normalized.
static Value buildMagnitude(OpBuilder &builder, Location loc,
                            Direction direction, Value meanAbsGradient,
                            Value meanAbsValue, Value violated) {
  Value importance =
      buildImportance(builder, loc, direction, meanAbsGradient, meanAbsValue);
  Value one =
      arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(1.0));
  Value reciprocal = arith::DivFOp::create(builder, loc, one, importance);
  return arith::SelectOp::create(builder, loc, violated, reciprocal,
                                 importance);
}

SmallVector<Value> cgmq::buildDirections(OpBuilder &builder, Location loc,
                                         Direction direction,
                                         ArrayRef<GateGroup> groups,
                                         Value violated) {
  auto constant = [&](OpBuilder &b, double value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(value));
  };

  // The greatest of the tensors becomes one.
  Value greatest = constant(builder, kLeastStatistic);
  for (const GateGroup &group : groups) {
    Value magnitude =
        buildMagnitude(builder, loc, direction, group.tensor.meanAbsGradient,
                       group.tensor.meanAbsValue, violated);
    greatest = arith::MaximumFOp::create(builder, loc, greatest, magnitude);
  }

  SmallVector<Value> directions;
  for (const GateGroup &group : groups)
    directions.push_back(buildElementwise(
        builder, loc,
        {group.units.meanAbsGradient, group.units.meanAbsValue, greatest,
         violated},
        builder.getF32Type(),
        [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
          Value magnitude =
              buildMagnitude(b, loc, direction, args[0], args[1], args[3]);
          Value relative = arith::DivFOp::create(b, loc, magnitude, args[2]);
          relative =
              arith::MinimumFOp::create(b, loc, relative, constant(b, 1.0));
          Value down = arith::MaximumFOp::create(b, loc, relative,
                                                 constant(b, kLeastDirection));
          Value up = arith::NegFOp::create(b, loc, relative);
          return arith::SelectOp::create(b, loc, args[3], down, up);
        }));
  return directions;
}
