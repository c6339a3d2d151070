//===- TosaDifferentiable.cpp - Gradient rules of TOSA -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function of one operand, element by element, needs its derivative and a
// line in the registration at the end of this file.
//
//===----------------------------------------------------------------------===//

#include "AdjointUtils.h"
#include "TosaMovementRules.h"
#include "TosaWindowRules.h"
#include "cgmq/Interfaces/ExternalModels/Differentiable.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {

//===----------------------------------------------------------------------===//
// Functions of one operand, element by element
//===----------------------------------------------------------------------===//

/// dy/dx as a formula of x and y. Prefer y: it is computed anyway, and x need
/// not be kept.
using Derivative = Scalar (*)(Scalar x, Scalar y);

Scalar expDerivative(Scalar x, Scalar y) { return y; }
/// 2 / sqrt(pi) * exp(-x^2)
Scalar erfDerivative(Scalar x, Scalar y) {
  return 1.1283791670955126 * exp(-(x * x));
}
Scalar sinDerivative(Scalar x, Scalar y) { return cos(x); }
Scalar cosDerivative(Scalar x, Scalar y) { return -sin(x); }
Scalar logDerivative(Scalar x, Scalar y) { return 1.0 / x; }
Scalar negateDerivative(Scalar x, Scalar y) { return x.constant(-1.0); }
Scalar reciprocalDerivative(Scalar x, Scalar y) { return -(y * y); }
Scalar rsqrtDerivative(Scalar x, Scalar y) { return -0.5 * (y * y * y); }
Scalar sigmoidDerivative(Scalar x, Scalar y) { return y * (1.0 - y); }
Scalar tanhDerivative(Scalar x, Scalar y) { return 1.0 - y * y; }
Scalar absDerivative(Scalar x, Scalar y) {
  Scalar zero = x.constant(0.0);
  return select(x > zero, x.constant(1.0), (x < zero).gate(x.constant(-1.0)));
}

template <typename OpTy, Derivative derivative>
struct UnaryRule : GradientRule<UnaryRule<OpTy, derivative>, OpTy> {
  static LogicalResult build(OpTy op, ImplicitLocOpBuilder &b, Value cotangent,
                             const llvm::SmallBitVector &active,
                             MutableArrayRef<Value> operandCotangents) {
    Value x = op->getOperand(0), y = op->getResult(0);
    operandCotangents[0] =
        mapReduce(b, {x, y, cotangent}, x, [](ArrayRef<Scalar> args) {
          return args[2] * derivative(args[0], args[1]);
        });
    return success();
  }
};

struct ClampRule : GradientRule<ClampRule, tosa::ClampOp> {
  static LogicalResult build(tosa::ClampOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    APFloat low = cast<FloatAttr>(op.getMinValAttr()).getValue();
    APFloat high = cast<FloatAttr>(op.getMaxValAttr()).getValue();
    // The mask is read off the result, so that the operand need not be kept,
    // and a bound that no number lies beyond is not compared with.
    auto isBound = [](const APFloat &bound) {
      return !bound.isInfinity() && !bound.isLargest();
    };
    operandCotangents[0] = mapReduce(
        b, {op.getOutput(), cotangent}, op.getInput(),
        [&](ArrayRef<Scalar> args) {
          Scalar y = args[0], result = args[1];
          if (isBound(low))
            result = (y > y.constant(low.convertToDouble())).gate(result);
          if (isBound(high))
            result = (y < y.constant(high.convertToDouble())).gate(result);
          return result;
        });
    return success();
  }
};

struct CastRule : GradientRule<CastRule, tosa::CastOp> {
  static LogicalResult build(tosa::CastOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    operandCotangents[0] =
        tosa::CastOp::create(b, op.getInput().getType(), cotangent);
    return success();
  }
};

struct IdentityRule : GradientRule<IdentityRule, tosa::IdentityOp> {
  static LogicalResult build(tosa::IdentityOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    operandCotangents[0] = cotangent;
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Functions of two operands, with broadcasting
//===----------------------------------------------------------------------===//

struct AddRule : GradientRule<AddRule, tosa::AddOp> {
  static LogicalResult build(tosa::AddOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    for (unsigned i : active.set_bits())
      operandCotangents[i] = sumTo(b, cotangent, op->getOperand(i));
    return success();
  }
};

struct SubRule : GradientRule<SubRule, tosa::SubOp> {
  static LogicalResult build(tosa::SubOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    if (active[0])
      operandCotangents[0] = sumTo(b, cotangent, op.getInput1());
    if (active[1])
      operandCotangents[1] =
          mapReduce(b, cotangent, op.getInput2(),
                    [](ArrayRef<Scalar> args) { return -args[0]; });
    return success();
  }
};

struct MulRule : GradientRule<MulRule, tosa::MulOp> {
  static LogicalResult build(tosa::MulOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    Value factors[] = {op.getInput1(), op.getInput2()};
    for (unsigned i : {0, 1})
      if (active[i])
        operandCotangents[i] =
            mapReduce(b, {cotangent, factors[1 - i]}, factors[i],
                      [](ArrayRef<Scalar> args) { return args[0] * args[1]; });
    return success();
  }
};

/// x^y, of x above zero where y is differentiated.
struct PowRule : GradientRule<PowRule, tosa::PowOp> {
  static LogicalResult build(tosa::PowOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    Value x = op.getInput1(), y = op.getInput2();
    if (active[0])
      operandCotangents[0] =
          mapReduce(b, {cotangent, x, y}, x, [](ArrayRef<Scalar> args) {
            Scalar one = args[2].constant(1.0);
            return args[0] * args[2] * pow(args[1], args[2] - one);
          });
    if (active[1])
      operandCotangents[1] = mapReduce(
          b, {cotangent, x, op.getOutput()}, y, [](ArrayRef<Scalar> args) {
            return args[0] * args[2] * log(args[1]);
          });
    return success();
  }
};

/// maximum and minimum: each operand gets the cotangent where it is the result,
/// half of it where both are.
template <typename OpTy>
struct ExtremumRule : GradientRule<ExtremumRule<OpTy>, OpTy> {
  static LogicalResult build(OpTy op, ImplicitLocOpBuilder &b, Value cotangent,
                             const llvm::SmallBitVector &active,
                             MutableArrayRef<Value> operandCotangents) {
    Value operands[] = {op.getInput1(), op.getInput2()};
    for (unsigned i : active.set_bits())
      operandCotangents[i] = mapReduce(
          b, {operands[i], operands[1 - i], op.getOutput(), cotangent},
          operands[i], [](ArrayRef<Scalar> args) {
            Scalar share = select(args[0] == args[1], 0.5 * args[3], args[3]);
            return (args[0] == args[2]).gate(share);
          });
    return success();
  }
};

struct SelectRule : GradientRule<SelectRule, tosa::SelectOp> {
  static LogicalResult build(tosa::SelectOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    Value condition = op.getInput1();
    if (active[1])
      operandCotangents[1] = mapReduce(
          b, {condition, cotangent}, op.getInput2(),
          [](ArrayRef<Scalar> args) { return args[0].gate(args[1]); });
    if (active[2])
      operandCotangents[2] = mapReduce(
          b, {condition, cotangent}, op.getInput3(), [](ArrayRef<Scalar> args) {
            return select(args[0], args[1].constant(0.0), args[1]);
          });
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

struct ReduceSumRule : GradientRule<ReduceSumRule, tosa::ReduceSumOp> {
  static LogicalResult build(tosa::ReduceSumOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    operandCotangents[0] =
        mapReduce(b, cotangent, op.getInput(),
                  [](ArrayRef<Scalar> args) { return args[0]; });
    return success();
  }
};

/// The same for the least as for the greatest.
template <typename OpTy>
struct ReduceExtremumRule : GradientRule<ReduceExtremumRule<OpTy>, OpTy> {
  static LogicalResult build(OpTy op, ImplicitLocOpBuilder &b, Value cotangent,
                             const llvm::SmallBitVector &active,
                             MutableArrayRef<Value> operandCotangents) {
    operandCotangents[0] =
        buildMaxAdjoint(b, op.getInput(), op.getOutput(), cotangent);
    return success();
  }
};

/// Each element gets the cotangent times all others along the axis: not the
/// result divided by the element, which may be zero. That takes a time square
/// in the extent.
struct ReduceProductRule
    : GradientRule<ReduceProductRule, tosa::ReduceProductOp> {
  static LogicalResult build(tosa::ReduceProductOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    Value input = op.getInput();
    unsigned axis = op.getAxis();
    unsigned rank = cast<RankedTensorType>(input.getType()).getRank();
    Value init = mapReduce(b, cotangent, input,
                           [](ArrayRef<Scalar> args) { return args[0]; });
    AffineMap resultMap =
        AffineMap::getMultiDimIdentityMap(rank, b.getContext());
    SmallVector<AffineExpr> other(resultMap.getResults());
    other[axis] = b.getAffineDimExpr(rank);
    AffineMap maps[] = {
        AffineMap::get(rank + 1, 0, other, b.getContext()),
        AffineMap::get(rank + 1, 0, resultMap.getResults(), b.getContext())};
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    auto generic = linalg::GenericOp::create(
        b, init.getType(), input, init, maps, iterators,
        [&](OpBuilder &nested, Location loc, ValueRange args) {
          Value isSelf =
              arith::CmpIOp::create(nested, loc, arith::CmpIPredicate::eq,
                                    linalg::IndexOp::create(nested, loc, axis),
                                    linalg::IndexOp::create(nested, loc, rank));
          Value product = arith::MulFOp::create(nested, loc, args[1], args[0]);
          linalg::YieldOp::create(
              nested, loc,
              arith::SelectOp::create(nested, loc, isSelf, args[1], product)
                  .getResult());
        });
    operandCotangents[0] = generic.getResult(0);
    return success();
  }
};

} // namespace

void cgmq::registerTosaDifferentiableModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tosa::TosaDialect *) {
    using namespace tosa;
    AbsOp::attachInterface<UnaryRule<AbsOp, absDerivative>>(*context);
    CosOp::attachInterface<UnaryRule<CosOp, cosDerivative>>(*context);
    ErfOp::attachInterface<UnaryRule<ErfOp, erfDerivative>>(*context);
    ExpOp::attachInterface<UnaryRule<ExpOp, expDerivative>>(*context);
    LogOp::attachInterface<UnaryRule<LogOp, logDerivative>>(*context);
    NegateOp::attachInterface<UnaryRule<NegateOp, negateDerivative>>(*context);
    ReciprocalOp::attachInterface<
        UnaryRule<ReciprocalOp, reciprocalDerivative>>(*context);
    RsqrtOp::attachInterface<UnaryRule<RsqrtOp, rsqrtDerivative>>(*context);
    SigmoidOp::attachInterface<UnaryRule<SigmoidOp, sigmoidDerivative>>(
        *context);
    SinOp::attachInterface<UnaryRule<SinOp, sinDerivative>>(*context);
    TanhOp::attachInterface<UnaryRule<TanhOp, tanhDerivative>>(*context);
    ClampOp::attachInterface<ClampRule>(*context);
    CastOp::attachInterface<CastRule>(*context);
    IdentityOp::attachInterface<IdentityRule>(*context);
    AddOp::attachInterface<AddRule>(*context);
    SubOp::attachInterface<SubRule>(*context);
    MulOp::attachInterface<MulRule>(*context);
    PowOp::attachInterface<PowRule>(*context);
    MaximumOp::attachInterface<ExtremumRule<MaximumOp>>(*context);
    MinimumOp::attachInterface<ExtremumRule<MinimumOp>>(*context);
    SelectOp::attachInterface<SelectRule>(*context);
    ReduceSumOp::attachInterface<ReduceSumRule>(*context);
    ReduceMaxOp::attachInterface<ReduceExtremumRule<ReduceMaxOp>>(*context);
    ReduceMinOp::attachInterface<ReduceExtremumRule<ReduceMinOp>>(*context);
    ReduceProductOp::attachInterface<ReduceProductRule>(*context);
    attachTosaMovementRules(context);
    attachTosaWindowRules(context);
  });
}
