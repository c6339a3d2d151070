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

SmallVector<Value> cgmq::buildDirections(OpBuilder &builder, Location loc,
                                         Direction direction,
                                         ArrayRef<GateStatistics> group,
                                         Value violated) {
  Type f32 = builder.getF32Type();
  auto constant = [&](OpBuilder &b, double value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(value));
  };

  // Unnormalized directions, all of them positive for now.
  SmallVector<Value> magnitudes;
  for (const GateStatistics &gate : group)
    magnitudes.push_back(buildElementwise(
        builder, loc, {gate.meanAbsGradient, gate.meanAbsValue, violated}, f32,
        [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
          Value importance =
              buildImportance(b, loc, direction, args[0], args[1]);
          Value reciprocal =
              arith::DivFOp::create(b, loc, constant(b, 1.0), importance);
          return arith::SelectOp::create(b, loc, args[2], reciprocal,
                                         importance);
        }));

  // The greatest of the group becomes one.
  Value greatest = constant(builder, kLeastStatistic);
  for (Value magnitude : magnitudes)
    greatest = arith::MaximumFOp::create(builder, loc, greatest,
                                         buildMaximum(builder, loc, magnitude));

  SmallVector<Value> directions;
  for (Value magnitude : magnitudes)
    directions.push_back(buildElementwise(
        builder, loc, {magnitude, greatest, violated}, f32,
        [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
          Value relative = arith::DivFOp::create(b, loc, args[0], args[1]);
          Value down = arith::MaximumFOp::create(b, loc, relative,
                                                 constant(b, kLeastDirection));
          Value up = arith::NegFOp::create(b, loc, relative);
          return arith::SelectOp::create(b, loc, args[2], down, up);
        }));
  return directions;
}
