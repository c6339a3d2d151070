//===- ElementFunctions.cpp - Functions of single elements -----*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementFunctions.h"

#include "QuantizedValues.h"

#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Whether `value` is one number, a constant or a parameter.
static bool isNumber(Value value) {
  DenseElementsAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return constant.isSplat();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && type.getNumElements() == 1 &&
         isLoad(getSource(value));
}

/// The operands of which `op` takes each element to that of its result; none
/// where it does anything else.
static SmallVector<Value> getElementOperands(Operation *op) {
  SmallVector<Value> operands;
  if (!isTosaElementwise(op) ||
      !isa<RankedTensorType>(op->getResult(0).getType()))
    return operands;
  auto getShape = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  };
  for (Value operand : op->getOperands()) {
    // That is a bias, which the contraction takes.
    if (isa<tosa::AddOp>(op) && isLoad(getSource(operand)))
      return {};
    if (isNumber(operand))
      continue;
    if (!isa<RankedTensorType>(operand.getType()) ||
        getShape(operand) != getShape(op->getResult(0)))
      return {};
    operands.push_back(operand);
  }
  return operands;
}

/// The operations by which `function` gets from its source to its result.
static void collect(Value value, ElementFunction &function) {
  Operation *op = value.getDefiningOp();
  if (value == function.source || function.ops.contains(op))
    return;
  for (Value operand : getElementOperands(op))
    collect(operand, function);
  function.ops.insert(op);
}

SmallVector<ElementFunction> cgmq::findElementFunctions(func::FuncOp function) {
  // What each value is a function of.
  DenseMap<Value, Value> sources;
  auto isReadAsWhole = [](Value value) {
    return llvm::any_of(value.getUsers(), [](Operation *user) {
      return getElementOperands(user).empty();
    });
  };
  // The one value that `op` is a function of; null where there are others.
  auto findSource = [&](Operation *op, bool passesWholes) {
    Value source;
    for (Value operand : getElementOperands(op)) {
      Value own = passesWholes || !isReadAsWhole(operand)
                      ? sources.lookup(operand)
                      : Value();
      if (!own)
        own = operand;
      if (source && source != own)
        return Value();
      source = own;
    }
    return source;
  };
  Block &body = function.getBody().front();
  for (Operation &op : body) {
    // A function of what is quantized anyway starts there, if it can.
    Value source = findSource(&op, /*passesWholes=*/false);
    if (!source)
      source = findSource(&op, /*passesWholes=*/true);
    if (source && getElementTypeOrSelf(source).isF32() &&
        !isIndependentOfArguments(source))
      sources[op.getResult(0)] = source;
  }
  SmallVector<ElementFunction> functions;
  for (Operation &op : body) {
    if (op.getNumResults() != 1)
      continue;
    Value result = op.getResult(0), source = sources.lookup(result);
    if (!source || !getElementTypeOrSelf(result).isF32() ||
        llvm::all_of(op.getUsers(), [&](Operation *user) {
          return user->getNumResults() == 1 &&
                 sources.lookup(user->getResult(0)) == source;
        }))
      continue;
    ElementFunction found;
    found.source = source;
    found.result = result;
    collect(result, found);
    functions.push_back(std::move(found));
  }
  return functions;
}
