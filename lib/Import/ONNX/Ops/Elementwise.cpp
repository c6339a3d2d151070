//===- Elementwise.cpp - Arithmetic, comparisons, choices -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The operands of an operation on two tensors. Before opset 7 the second one
/// said where its dimensions belong.
static FailureOr<std::pair<Value, Value>> getPair(Node &node) {
  Value lhs = node.getOperand(0), rhs = node.getOperand(1);
  if (node.getOpset() >= 7 || !node.hasAttribute("axis"))
    return std::make_pair(lhs, rhs);
  int64_t rank = TosaBuilder::getRank(lhs);
  FailureOr<int64_t> axis = node.getAxis(node.getInt("axis", 0), rank);
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(TosaBuilder::getShape(rhs));
  while (*axis + static_cast<int64_t>(shape.size()) < rank)
    shape.push_back(1);
  return std::make_pair(lhs, node.b.reshape(rhs, shape));
}

template <typename Build>
static LogicalResult importPair(Node &node, Build build) {
  FailureOr<std::pair<Value, Value>> pair = getPair(node);
  if (failed(pair))
    return failure();
  return node.setResult(build(node.b, pair->first, pair->second));
}

template <typename Op> static LogicalResult importBinary(Node &node) {
  return importPair(node, [](TosaBuilder &b, Value lhs, Value rhs) {
    return b.binary<Op>(lhs, rhs);
  });
}

static LogicalResult importMul(Node &node) {
  return importPair(node, [](TosaBuilder &b, Value lhs, Value rhs) {
    return b.mul(lhs, rhs);
  });
}

static LogicalResult importDiv(Node &node) {
  Type element = node.getType(0).getElementType();
  if (!isa<FloatType>(element) && !element.isInteger(32) &&
      !element.isInteger(64))
    return node.emitError() << "expects floats or integers of 32 or 64 bits, "
                               "which TOSA divides, but got "
                            << element;
  return importPair(node, [](TosaBuilder &b, Value lhs, Value rhs) {
    return b.div(lhs, rhs);
  });
}

static LogicalResult importPow(Node &node) {
  if (!isa<FloatType>(node.getType(0).getElementType()))
    return node.emitError() << "expects a base of floats, of which TOSA has "
                               "powers, but got "
                            << node.getType(0);
  const Constant *exponent = node.getConstant(1);
  if (exponent && exponent->getNumElements() == 1) {
    double number = exponent->getNumbers().front();
    Value base = node.getOperand(0);
    // What every processor does faster and without a library.
    if (number == 2)
      return node.setResult(node.b.mul(base, base));
    if (number == 1)
      return node.setResult(base);
    if (number == -1)
      return node.setResult(node.b.reciprocal(base));
    if (number == -0.5)
      return node.setResult(node.b.unary<tosa::RsqrtOp>(base));
  }
  return importPair(node, [](TosaBuilder &b, Value lhs, Value rhs) {
    return b.binary<tosa::PowOp>(lhs, b.cast(rhs, b.getElement(lhs)));
  });
}

/// Less-than by greater-than.
template <typename Op, bool isSwapped = false>
static LogicalResult importComparison(Node &node) {
  return importPair(node, [](TosaBuilder &b, Value lhs, Value rhs) {
    return isSwapped ? b.compare<Op>(rhs, lhs) : b.compare<Op>(lhs, rhs);
  });
}

template <typename Op> static LogicalResult importUnary(Node &node) {
  return node.setResult(node.b.unary<Op>(node.getOperand(0)));
}

/// An operation that TOSA has for floats alone.
template <typename Op> static LogicalResult importFloatUnary(Node &node) {
  if (!isa<FloatType>(node.getType(0).getElementType()))
    return node.emitError() << "expects floats, but got " << node.getType(0);
  return importUnary<Op>(node);
}

static LogicalResult importNeg(Node &node) {
  return node.setResult(node.b.negate(node.getOperand(0)));
}

static LogicalResult importReciprocal(Node &node) {
  return node.setResult(node.b.reciprocal(node.getOperand(0)));
}

static LogicalResult importSqrt(Node &node) {
  // A divisor then needs no division.
  return node.setResult(
      node.b.reciprocal(node.b.unary<tosa::RsqrtOp>(node.getOperand(0))));
}

static LogicalResult importSign(Node &node) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0), zero = b.getNumber(value, 0);
  Value negative = b.select(b.compare<tosa::GreaterOp>(zero, value),
                            b.getNumber(value, -1), zero);
  return node.setResult(b.select(b.compare<tosa::GreaterOp>(value, zero),
                                 b.getNumber(value, 1), negative));
}

/// An operation on any number of tensors.
template <typename Op> static LogicalResult importVariadic(Node &node) {
  Value result = node.getOperand(0);
  for (unsigned i = 1; i < node.getNumOperands(); ++i)
    result = node.b.binary<Op>(result, node.getOperand(i));
  return node.setResult(result);
}

static LogicalResult importMean(Node &node) {
  Value sum = node.getOperand(0);
  for (unsigned i = 1; i < node.getNumOperands(); ++i)
    sum = node.b.add(sum, node.getOperand(i));
  return node.setResult(node.b.mul(sum, 1.0 / node.getNumOperands()));
}

static LogicalResult importWhere(Node &node) {
  Value condition = node.getOperand(0), lhs = node.getOperand(1),
        rhs = node.getOperand(2);
  return node.setResult(node.b.select(condition, lhs, rhs));
}

static LogicalResult importCast(Node &node) {
  int32_t code = static_cast<int32_t>(node.getInt("to", 0));
  Type element = getElementType(code, node.b.getContext());
  if (!element)
    return node.emitError() << "expects elements of a type that TOSA has, but "
                               "got "
                            << getElementTypeName(code);
  return node.setResult(node.b.cast(node.getOperand(0), element));
}

static LogicalResult importIdentity(Node &node) {
  return node.setResult(node.getOperand(0));
}

static LogicalResult importDropout(Node &node) {
  const Constant *training = node.getConstant(2);
  bool isTraining =
      node.hasOperand(2) && (!training || training->getIntegers().front() != 0);
  const Constant *ratio = node.getConstant(1);
  bool isZero = ratio && ratio->getNumbers().front() == 0;
  if (isTraining && !isZero)
    return node.emitError() << "expects inference, but got a node that drops "
                               "out in training";
  if (failed(node.setResult(node.getOperand(0))))
    return failure();
  // Nothing is dropped.
  auto mask = node.getType(0).clone(node.b.getI1Type());
  if (!node.hasResult(1))
    return success();
  if (!mask.hasStaticShape() || node.getOpset() < 12)
    return node.expectResults(1);
  return node.setResult(1,
                        node.b.getConstant(DenseElementsAttr::get(mask, true)));
}

void cgmq::addElementwise(OpTable &table) {
  table["Add"] = importBinary<tosa::AddOp>;
  table["Sub"] = importBinary<tosa::SubOp>;
  table["Mul"] = importMul;
  table["Div"] = importDiv;
  table["Pow"] = importPow;
  table["And"] = importBinary<tosa::LogicalAndOp>;
  table["Or"] = importBinary<tosa::LogicalOrOp>;
  table["Xor"] = importBinary<tosa::LogicalXorOp>;
  table["Not"] = importUnary<tosa::LogicalNotOp>;
  table["Equal"] = importComparison<tosa::EqualOp>;
  table["Greater"] = importComparison<tosa::GreaterOp>;
  table["GreaterOrEqual"] = importComparison<tosa::GreaterEqualOp>;
  table["Less"] = importComparison<tosa::GreaterOp, true>;
  table["LessOrEqual"] = importComparison<tosa::GreaterEqualOp, true>;
  table["Abs"] = importUnary<tosa::AbsOp>;
  table["Ceil"] = importFloatUnary<tosa::CeilOp>;
  table["Floor"] = importFloatUnary<tosa::FloorOp>;
  table["Exp"] = importFloatUnary<tosa::ExpOp>;
  table["Log"] = importFloatUnary<tosa::LogOp>;
  table["Sin"] = importFloatUnary<tosa::SinOp>;
  table["Cos"] = importFloatUnary<tosa::CosOp>;
  table["Neg"] = importNeg;
  table["Reciprocal"] = importReciprocal;
  table["Sqrt"] = importSqrt;
  table["Sign"] = importSign;
  table["Max"] = importVariadic<tosa::MaximumOp>;
  table["Min"] = importVariadic<tosa::MinimumOp>;
  table["Sum"] = importVariadic<tosa::AddOp>;
  table["Mean"] = importMean;
  table["Where"] = importWhere;
  table["Cast"] = importCast;
  table["Identity"] = importIdentity;
  table["Dropout"] = importDropout;
}
