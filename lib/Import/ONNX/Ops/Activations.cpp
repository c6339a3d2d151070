//===- Activations.cpp - What stands between layers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::cgmq;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <typename Op> static LogicalResult importUnary(Node &node) {
  return node.setResult(node.b.unary<Op>(node.getOperand(0)));
}

static LogicalResult importRelu(Node &node) {
  return node.setResult(node.b.relu(node.getOperand(0)));
}

static LogicalResult importClip(Node &node) {
  Value value = node.getOperand(0);
  double bounds[] = {-kInfinity, kInfinity};
  bool isKnown = true;
  for (unsigned i : {0, 1}) {
    if (node.hasOperand(i + 1) && !node.getConstant(i + 1)) {
      isKnown = false;
      continue;
    }
    FailureOr<double> bound =
        node.getNumber(i + 1, i == 0 ? "min" : "max", bounds[i]);
    if (failed(bound))
      return failure();
    bounds[i] = *bound;
  }
  if (isKnown) {
    if (bounds[0] > bounds[1])
      return node.emitError() << "expects a lower bound of at most the upper, "
                                 "but got "
                              << bounds[0] << " and " << bounds[1];
    return node.setResult(node.b.clamp(value, bounds[0], bounds[1]));
  }
  if (node.hasOperand(1))
    value = node.b.binary<tosa::MaximumOp>(value, node.getOperand(1));
  if (node.hasOperand(2))
    value = node.b.binary<tosa::MinimumOp>(value, node.getOperand(2));
  return node.setResult(value);
}

/// Values where they are positive, and `negative` elsewhere.
static Value selectPositive(TosaBuilder &b, Value value, Value negative) {
  Value isNegative = b.compare<tosa::GreaterOp>(b.getNumber(value, 0), value);
  return b.select(isNegative, negative, value);
}

static LogicalResult importLeakyRelu(Node &node) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0);
  double alpha = node.getFloat("alpha", 0.01);
  // One operation less, where the larger is the one to take.
  if (alpha >= 0 && alpha <= 1)
    return node.setResult(
        b.binary<tosa::MaximumOp>(value, b.mul(value, alpha)));
  return node.setResult(selectPositive(b, value, b.mul(value, alpha)));
}

static LogicalResult importPRelu(Node &node) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0), slope = node.getOperand(1);
  // Before opset 9 a slope for each channel came without the dimensions after.
  int64_t rank = TosaBuilder::getRank(value);
  if (TosaBuilder::getRank(slope) == 1 && rank > 2 &&
      TosaBuilder::getShape(slope)[0] == TosaBuilder::getShape(value)[1] &&
      node.getOpset() < 9) {
    SmallVector<int64_t> shape(rank - 1, 1);
    shape.front() = TosaBuilder::getShape(slope)[0];
    slope = b.reshape(slope, shape);
  }
  return node.setResult(selectPositive(b, value, b.mul(value, slope)));
}

static LogicalResult importElu(Node &node) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0);
  Value power = b.add(b.unary<tosa::ExpOp>(b.clamp(value, -kInfinity, 0)), -1);
  return node.setResult(
      selectPositive(b, value, b.mul(power, node.getFloat("alpha", 1))));
}

static LogicalResult importSelu(Node &node) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0);
  double alpha = node.getFloat("alpha", 1.67326319217681884765625);
  double gamma = node.getFloat("gamma", 1.05070102214813232421875);
  Value power = b.add(b.unary<tosa::ExpOp>(b.clamp(value, -kInfinity, 0)), -1);
  return node.setResult(
      b.mul(selectPositive(b, value, b.mul(power, alpha)), gamma));
}

static LogicalResult importThresholdedRelu(Node &node) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0);
  Value threshold = b.getNumber(value, node.getFloat("alpha", 1));
  return node.setResult(b.select(b.compare<tosa::GreaterOp>(value, threshold),
                                 value, b.getNumber(value, 0)));
}

/// clamp(alpha * x + beta, 0, 1)
static Value buildHardSigmoid(TosaBuilder &b, Value value, double alpha,
                              double beta) {
  return b.clamp(b.add(b.mul(value, alpha), beta), 0, 1);
}

static LogicalResult importHardSigmoid(Node &node) {
  return node.setResult(buildHardSigmoid(node.b, node.getOperand(0),
                                         node.getFloat("alpha", 0.2),
                                         node.getFloat("beta", 0.5)));
}

static LogicalResult importHardSwish(Node &node) {
  Value value = node.getOperand(0);
  return node.setResult(
      node.b.mul(value, buildHardSigmoid(node.b, value, 1.0 / 6, 0.5)));
}

static LogicalResult importSoftplus(Node &node) {
  // ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), in which nothing overflows.
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0);
  Value power = b.unary<tosa::ExpOp>(b.negate(b.unary<tosa::AbsOp>(value)));
  return node.setResult(
      b.add(b.relu(value), b.unary<tosa::LogOp>(b.add(power, 1))));
}

static LogicalResult importSoftsign(Node &node) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0);
  return node.setResult(b.div(value, b.add(b.unary<tosa::AbsOp>(value), 1)));
}

/// x / 2 * (1 + erf(x / sqrt(2)))
static LogicalResult importGelu(Node &node) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0);
  if (node.getString("approximate", "none") != "none")
    return node.emitError() << "expects attribute 'approximate' to be 'none', "
                               "but got '"
                            << node.getString("approximate", "") << "'";
  Value erf = b.unary<tosa::ErfOp>(b.mul(value, std::sqrt(0.5)));
  return node.setResult(b.mul(b.mul(value, 0.5), b.add(erf, 1)));
}

/// Over one axis; before opset 13 over that axis and all after it.
template <bool isLog> static LogicalResult importSoftmax(Node &node) {
  TosaBuilder &b = node.b;
  Value value = node.getOperand(0);
  bool isFlat = node.getOpset() < 13;
  auto axis = node.getAxis(node.getInt("axis", isFlat ? 1 : -1),
                           TosaBuilder::getRank(value));
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(TosaBuilder::getShape(value));
  bool isLast = *axis == static_cast<int64_t>(shape.size()) - 1;
  if (isFlat && !isLast) {
    ArrayRef<int64_t> extents(shape);
    value = b.reshape(value, {b.multiply(extents.take_front(*axis)),
                              b.multiply(extents.drop_front(*axis))});
    *axis = 1;
  }
  Value result = isLog ? b.logSoftmax(value, *axis) : b.softmax(value, *axis);
  return node.setResult(b.reshape(result, shape));
}

void cgmq::addActivations(OpTable &table) {
  table["Relu"] = importRelu;
  table["Clip"] = importClip;
  table["LeakyRelu"] = importLeakyRelu;
  table["PRelu"] = importPRelu;
  table["Elu"] = importElu;
  table["Selu"] = importSelu;
  table["ThresholdedRelu"] = importThresholdedRelu;
  table["Sigmoid"] = importUnary<tosa::SigmoidOp>;
  table["Tanh"] = importUnary<tosa::TanhOp>;
  table["Erf"] = importUnary<tosa::ErfOp>;
  table["HardSigmoid"] = importHardSigmoid;
  table["HardSwish"] = importHardSwish;
  table["Softplus"] = importSoftplus;
  table["Softsign"] = importSoftsign;
  table["com.microsoft::Gelu"] = importGelu;
  table["Softmax"] = importSoftmax<false>;
  table["LogSoftmax"] = importSoftmax<true>;
}
