//===- EmittedArithmetic.h - The quantizer's arithmetic as operations ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_DIALECT_CGMQ_IR_EMITTEDARITHMETIC_H
#define CGMQ_DIALECT_CGMQ_IR_EMITTEDARITHMETIC_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"

namespace mlir::cgmq {

/// The arithmetic of the rules in Quantizer.h as scalar operations on one
/// float type, emitted at the insertion point of a builder.
class EmittedArithmetic {
public:
  using Value = mlir::Value;
  using Bool = mlir::Value;

  EmittedArithmetic(OpBuilder &builder, Location loc, FloatType type)
      : builder(builder), loc(loc), type(type) {}

  Value constant(double value) {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getFloatAttr(type, value));
  }
  Value add(Value a, Value b) {
    return arith::AddFOp::create(builder, loc, a, b);
  }
  Value mul(Value a, Value b) {
    return arith::MulFOp::create(builder, loc, a, b);
  }
  Value div(Value a, Value b) {
    return arith::DivFOp::create(builder, loc, a, b);
  }
  Value floor(Value a) { return math::FloorOp::create(builder, loc, a); }
  Bool greater(Value a, Value b) {
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, a, b);
  }
  Value select(Bool condition, Value a, Value b) {
    return arith::SelectOp::create(builder, loc, condition, a, b);
  }

private:
  OpBuilder &builder;
  Location loc;
  FloatType type;
};

} // namespace mlir::cgmq

#endif // CGMQ_DIALECT_CGMQ_IR_EMITTEDARITHMETIC_H
