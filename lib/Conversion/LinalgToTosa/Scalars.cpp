//===- Scalars.cpp - Scalar operations on tensors -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Raiser.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

#include <limits>

using namespace mlir;
using namespace mlir::cgmq;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A clamp; one of a clamp is one.
static Value clamp(TosaBuilder &b, Value value, double least, double greatest) {
  auto first = value.getDefiningOp<tosa::ClampOp>();
  if (first && TosaBuilder::isFloat(value)) {
    auto bound = [&](Attribute attr) {
      double number = cast<FloatAttr>(attr).getValueAsDouble();
      return std::min(std::max(number, least), greatest);
    };
    return b.clamp(first.getInput(), bound(first.getMinValAttr()),
                   bound(first.getMaxValAttr()));
  }
  return b.clamp(value, least, greatest);
}

static Value maximum(TosaBuilder &b, Value lhs, Value rhs) {
  if (std::optional<double> number = getUniform(rhs))
    return clamp(b, lhs, *number, kInfinity);
  if (std::optional<double> number = getUniform(lhs))
    return clamp(b, rhs, *number, kInfinity);
  return b.binary<tosa::MaximumOp>(lhs, rhs);
}

static Value minimum(TosaBuilder &b, Value lhs, Value rhs) {
  if (std::optional<double> number = getUniform(rhs))
    return clamp(b, lhs, -kInfinity, *number);
  if (std::optional<double> number = getUniform(lhs))
    return clamp(b, rhs, -kInfinity, *number);
  return b.binary<tosa::MinimumOp>(lhs, rhs);
}

/// The number that averages of windows are multiplied by, which makes sums of
/// them; none if `value` is nothing of the kind.
static std::optional<double> getCount(Value value) {
  auto mul = value.getDefiningOp<tosa::MulOp>();
  if (!mul)
    return std::nullopt;
  Value source = mul.getInput1();
  while (isa_and_present<tosa::TransposeOp, tosa::ReshapeOp>(
      source.getDefiningOp()))
    source = source.getDefiningOp()->getOperand(0);
  if (!source.getDefiningOp<tosa::AvgPool2dOp>())
    return std::nullopt;
  return getUniform(mul.getInput2());
}

/// x * number; the sum of a window by a number is its average by another.
static Value scale(TosaBuilder &b, Value value, double number) {
  if (std::optional<double> count = getCount(value)) {
    value = value.getDefiningOp<tosa::MulOp>().getInput1();
    number *= *count;
  }
  return number == 1 ? value : b.mul(value, number);
}

static Value multiply(TosaBuilder &b, Value lhs, Value rhs) {
  if (TosaBuilder::isFloat(lhs)) {
    if (std::optional<double> number = getUniform(rhs))
      return scale(b, lhs, *number);
    if (std::optional<double> number = getUniform(lhs))
      return scale(b, rhs, *number);
  }
  return b.mul(lhs, rhs);
}

/// x of 1 + e^-x, null if `value` is nothing of the kind.
static Value getLogit(Value value) {
  auto add = value.getDefiningOp<tosa::AddOp>();
  if (!add)
    return nullptr;
  bool isSecond = getUniform(add.getInput2()) == 1.0;
  if (!isSecond && getUniform(add.getInput1()) != 1.0)
    return nullptr;
  auto exp = (isSecond ? add.getInput1() : add.getInput2())
                 .getDefiningOp<tosa::ExpOp>();
  auto negate =
      exp ? exp.getInput1().getDefiningOp<tosa::NegateOp>() : tosa::NegateOp();
  return negate ? negate.getInput1() : Value();
}

/// x / y, by a multiplication where y is known.
static Value divide(TosaBuilder &b, Value x, Value y) {
  if (!TosaBuilder::isFloat(x))
    return b.div(x, y);
  if (std::optional<double> number = getUniform(y)) {
    // n / n is one, where n * (1 / n) need not be.
    if (std::optional<double> count = getCount(x))
      return scale(b, x.getDefiningOp<tosa::MulOp>().getInput1(),
                   *count / *number);
    return scale(b, x, 1 / *number);
  }
  if (getUniform(x) != 1.0)
    return b.mul(x, b.reciprocal(y));
  Value logit = getLogit(y);
  return logit ? b.unary<tosa::SigmoidOp>(logit) : b.reciprocal(y);
}

static FailureOr<Value> power(Raiser &raiser, Value base, Value exponent) {
  TosaBuilder &b = raiser.b;
  std::optional<double> number = getUniform(exponent);
  if (number == 2.0)
    return b.mul(base, base);
  if (number == 1.0)
    return base;
  if (number == 0.5)
    return b.reciprocal(b.unary<tosa::RsqrtOp>(base));
  if (number == -0.5)
    return b.unary<tosa::RsqrtOp>(base);
  if (number == -1.0)
    return b.reciprocal(base);
  return b.binary<tosa::PowOp>(base, b.cast(exponent, b.getElement(base)));
}

static FailureOr<Value> compare(Raiser &raiser, arith::CmpFOp op, Value lhs,
                                Value rhs) {
  TosaBuilder &b = raiser.b;
  switch (op.getPredicate()) {
  case arith::CmpFPredicate::OGT:
  case arith::CmpFPredicate::UGT:
    return b.compare<tosa::GreaterOp>(lhs, rhs);
  case arith::CmpFPredicate::OGE:
  case arith::CmpFPredicate::UGE:
    return b.compare<tosa::GreaterEqualOp>(lhs, rhs);
  case arith::CmpFPredicate::OLT:
  case arith::CmpFPredicate::ULT:
    return b.compare<tosa::GreaterOp>(rhs, lhs);
  case arith::CmpFPredicate::OLE:
  case arith::CmpFPredicate::ULE:
    return b.compare<tosa::GreaterEqualOp>(rhs, lhs);
  case arith::CmpFPredicate::OEQ:
  case arith::CmpFPredicate::UEQ:
    return b.compare<tosa::EqualOp>(lhs, rhs);
  case arith::CmpFPredicate::ONE:
  case arith::CmpFPredicate::UNE:
    return b.unary<tosa::LogicalNotOp>(b.compare<tosa::EqualOp>(lhs, rhs));
  default:
    return raiser.refuse(op, "expects a comparison of numbers");
  }
}

static FailureOr<Value> compare(Raiser &raiser, arith::CmpIOp op, Value lhs,
                                Value rhs) {
  TosaBuilder &b = raiser.b;
  switch (op.getPredicate()) {
  case arith::CmpIPredicate::eq:
    return b.compare<tosa::EqualOp>(lhs, rhs);
  case arith::CmpIPredicate::ne:
    return b.unary<tosa::LogicalNotOp>(b.compare<tosa::EqualOp>(lhs, rhs));
  case arith::CmpIPredicate::sgt:
    return b.compare<tosa::GreaterOp>(lhs, rhs);
  case arith::CmpIPredicate::sge:
    return b.compare<tosa::GreaterEqualOp>(lhs, rhs);
  case arith::CmpIPredicate::slt:
    return b.compare<tosa::GreaterOp>(rhs, lhs);
  case arith::CmpIPredicate::sle:
    return b.compare<tosa::GreaterEqualOp>(rhs, lhs);
  default:
    return raiser.refuse(op, "expects a comparison of signed integers");
  }
}

/// A selection, which is often that of the greater or lesser of two.
static Value select(Raiser &raiser, arith::SelectOp op,
                    ArrayRef<Value> operands) {
  TosaBuilder &b = raiser.b;
  auto cmp = op.getCondition().getDefiningOp<arith::CmpFOp>();
  if (!cmp)
    return b.select(operands[0], operands[1], operands[2]);
  auto isSame = [&](Value lhs, Value rhs) {
    TypedAttr number = raiser.getNumber(lhs);
    return lhs == rhs || (number && number == raiser.getNumber(rhs));
  };
  bool isStraight = isSame(cmp.getLhs(), op.getTrueValue()) &&
                    isSame(cmp.getRhs(), op.getFalseValue());
  bool isCrossed = isSame(cmp.getLhs(), op.getFalseValue()) &&
                   isSame(cmp.getRhs(), op.getTrueValue());
  bool isGreater =
      llvm::is_contained({arith::CmpFPredicate::OGT, arith::CmpFPredicate::UGT,
                          arith::CmpFPredicate::OGE, arith::CmpFPredicate::UGE},
                         cmp.getPredicate());
  bool isLess =
      llvm::is_contained({arith::CmpFPredicate::OLT, arith::CmpFPredicate::ULT,
                          arith::CmpFPredicate::OLE, arith::CmpFPredicate::ULE},
                         cmp.getPredicate());
  if ((isStraight && isGreater) || (isCrossed && isLess))
    return maximum(b, operands[1], operands[2]);
  if ((isStraight && isLess) || (isCrossed && isGreater))
    return minimum(b, operands[1], operands[2]);
  return b.select(operands[0], operands[1], operands[2]);
}

FailureOr<Value> cgmq::raiseScalar(Raiser &raiser, Operation *op,
                                   ArrayRef<Value> operands) {
  TosaBuilder &b = raiser.b;
  using Result = FailureOr<Value>;
  for (Type type : op->getResultTypes())
    if (Type element = getElementTypeOrSelf(type);
        element.isF64() || element.isIndex())
      return raiser.refuse(op, "expects elements of a type that TOSA has",
                           "cast the network to f32");
  Value x = operands.empty() ? Value() : operands[0];
  Value y = operands.size() > 1 ? operands[1] : Value();
  bool isBool = x && TosaBuilder::getElement(x).isInteger(1);
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<arith::AddFOp, arith::AddIOp>([&](auto) { return b.add(x, y); })
      .Case<arith::SubFOp, arith::SubIOp>([&](auto) { return b.sub(x, y); })
      .Case<arith::MulFOp, arith::MulIOp>(
          [&](auto) { return multiply(b, x, y); })
      .Case<arith::DivFOp>([&](auto) { return divide(b, x, y); })
      .Case<arith::NegFOp>([&](auto) { return b.negate(x); })
      .Case<arith::MaximumFOp, arith::MaxNumFOp, arith::MaxSIOp>(
          [&](auto) { return maximum(b, x, y); })
      .Case<arith::MinimumFOp, arith::MinNumFOp, arith::MinSIOp>(
          [&](auto) { return minimum(b, x, y); })
      .Case([&](arith::CmpFOp cmp) { return compare(raiser, cmp, x, y); })
      .Case([&](arith::CmpIOp cmp) { return compare(raiser, cmp, x, y); })
      .Case([&](arith::SelectOp op) { return select(raiser, op, operands); })
      .Case<arith::AndIOp>([&](auto) {
        return isBool ? b.binary<tosa::LogicalAndOp>(x, y)
                      : b.binary<tosa::BitwiseAndOp>(x, y);
      })
      .Case<arith::OrIOp>([&](auto) {
        return isBool ? b.binary<tosa::LogicalOrOp>(x, y)
                      : b.binary<tosa::BitwiseOrOp>(x, y);
      })
      .Case<arith::XOrIOp>([&](auto) {
        return isBool ? b.binary<tosa::LogicalXorOp>(x, y)
                      : b.binary<tosa::BitwiseXorOp>(x, y);
      })
      .Case<arith::ExtFOp, arith::TruncFOp, arith::SIToFPOp, arith::FPToSIOp,
            arith::ExtSIOp, arith::TruncIOp>([&](auto cast) {
        return b.cast(x, getElementTypeOrSelf(cast.getType()));
      })
      .Case<arith::ExtUIOp, arith::UIToFPOp>([&](auto cast) -> Result {
        if (!isBool)
          return raiser.refuse(cast, "expects signed integers or truth values");
        return b.cast(x, getElementTypeOrSelf(cast.getType()));
      })
      .Case<math::AbsFOp, math::AbsIOp>(
          [&](auto) { return b.unary<tosa::AbsOp>(x); })
      .Case<math::CeilOp>([&](auto) { return b.unary<tosa::CeilOp>(x); })
      .Case<math::FloorOp>([&](auto) { return b.unary<tosa::FloorOp>(x); })
      .Case<math::ExpOp>([&](auto) { return b.unary<tosa::ExpOp>(x); })
      .Case<math::LogOp>([&](auto) { return b.unary<tosa::LogOp>(x); })
      .Case<math::ErfOp>([&](auto) { return b.unary<tosa::ErfOp>(x); })
      .Case<math::TanhOp>([&](auto) { return b.unary<tosa::TanhOp>(x); })
      .Case<math::SinOp>([&](auto) { return b.unary<tosa::SinOp>(x); })
      .Case<math::CosOp>([&](auto) { return b.unary<tosa::CosOp>(x); })
      .Case<math::RsqrtOp>([&](auto) { return b.unary<tosa::RsqrtOp>(x); })
      .Case<math::SqrtOp>(
          [&](auto) { return b.reciprocal(b.unary<tosa::RsqrtOp>(x)); })
      .Case<math::PowFOp, math::FPowIOp>(
          [&](auto) { return power(raiser, x, y); })
      .Case<math::FmaOp>(
          [&](auto) { return b.add(multiply(b, x, y), operands[2]); })
      .Default([&](Operation *op) -> Result {
        return raiser.refuse(op, "has no counterpart in TOSA");
      });
}
