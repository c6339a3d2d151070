//===- Elementwise.cpp - What is computed element by element -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"

#include <limits>

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::to_onnx;

static LogicalResult exportAs(GraphExporter &exporter, StringRef type,
                              Operation *op, ValueRange operands) {
  auto [names, isChannelsFirst] = exporter.getAlike(operands);
  exporter.set(op->getResult(0), exporter.add(type, names), isChannelsFirst);
  return success();
}

/// Adds an operation whose name alone is another; operands after the first
/// `numOperands` say what floats do not need (zero points, shifts).
template <typename OpTy, const char *type, unsigned numOperands>
static void addSimple(OpTable &table) {
  table.add<OpTy>([](GraphExporter &exporter, OpTy op) {
    return exportAs(exporter, type, op,
                    op->getOperands().take_front(numOperands));
  });
}

static LogicalResult exportClamp(GraphExporter &exporter, tosa::ClampOp op) {
  auto minimum = dyn_cast<FloatAttr>(op.getMinVal());
  auto maximum = dyn_cast<FloatAttr>(op.getMaxVal());
  if (!minimum || !maximum)
    return op.emitOpError() << "expects floats between quantizers";
  constexpr double kMax = std::numeric_limits<float>::max();
  double least = minimum.getValueAsDouble(), most = maximum.getValueAsDouble();
  if (least == 0 && most >= kMax)
    return exportAs(exporter, "Relu", op, op.getInput());
  auto [operands, isChannelsFirst] = exporter.getAlike(op.getInput());
  operands.push_back(least <= -kMax ? "" : exporter.addFloat(least));
  operands.push_back(most >= kMax ? "" : exporter.addFloat(most));
  exporter.set(op.getResult(), exporter.add("Clip", operands), isChannelsFirst);
  return success();
}

static LogicalResult exportRsqrt(GraphExporter &exporter, tosa::RsqrtOp op) {
  auto [operands, isChannelsFirst] = exporter.getAlike(op.getInput1());
  exporter.set(op.getResult(),
               exporter.add("Reciprocal", exporter.add("Sqrt", operands)),
               isChannelsFirst);
  return success();
}

/// The same values by the same name.
static LogicalResult exportIdentity(GraphExporter &exporter,
                                    tosa::IdentityOp op) {
  auto [operands, isChannelsFirst] = exporter.getAlike(op.getInput1());
  exporter.set(op.getResult(), operands.front(), isChannelsFirst);
  return success();
}

#define SIMPLE(TYPE, OP, NUM_OPERANDS)                                         \
  static constexpr char k##TYPE[] = #TYPE;                                     \
  addSimple<tosa::OP, k##TYPE, NUM_OPERANDS>(table)

void to_onnx::addElementwise(OpTable &table) {
  SIMPLE(Abs, AbsOp, 1);
  SIMPLE(Ceil, CeilOp, 1);
  SIMPLE(Cos, CosOp, 1);
  SIMPLE(Erf, ErfOp, 1);
  SIMPLE(Exp, ExpOp, 1);
  SIMPLE(Floor, FloorOp, 1);
  SIMPLE(Log, LogOp, 1);
  SIMPLE(Neg, NegateOp, 1);
  SIMPLE(Reciprocal, ReciprocalOp, 1);
  SIMPLE(Sigmoid, SigmoidOp, 1);
  SIMPLE(Sin, SinOp, 1);
  SIMPLE(Tanh, TanhOp, 1);
  SIMPLE(Add, AddOp, 2);
  SIMPLE(Equal, EqualOp, 2);
  SIMPLE(Greater, GreaterOp, 2);
  SIMPLE(GreaterOrEqual, GreaterEqualOp, 2);
  SIMPLE(Max, MaximumOp, 2);
  SIMPLE(Min, MinimumOp, 2);
  SIMPLE(Mul, MulOp, 2);
  SIMPLE(Pow, PowOp, 2);
  SIMPLE(Sub, SubOp, 2);
  SIMPLE(Where, SelectOp, 3);
  table.add(exportClamp);
  table.add(exportRsqrt);
  table.add(exportIdentity);
}
