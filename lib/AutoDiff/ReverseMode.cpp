//===- ReverseMode.cpp - Reverse-mode differentiation -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/AutoDiff/ReverseMode.h"

#include "cgmq/Interfaces/DifferentiableOpInterface.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::cgmq;

bool cgmq::isDifferentiable(Type type) {
  return !getElementTypeOrSelf(type).isIntOrIndex();
}

/// The values that an operation reads: its operands and what its regions take
/// from outside.
static SmallVector<Value> getReadValues(Operation *op) {
  SmallVector<Value> values = llvm::to_vector(op->getOperands());
  if (op->getNumRegions() == 0)
    return values;
  SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  llvm::append_range(values, captured);
  return values;
}

ReverseMode::ReverseMode(Block &block, ArrayRef<Value> wrt) {
  for (Value value : wrt)
    if (isDifferentiable(value.getType()))
      origins[value] = value;
  for (Operation &op : block) {
    if (op.hasTrait<OpTrait::IsTerminator>())
      continue;
    Value origin;
    for (Value value : getReadValues(&op))
      if ((origin = origins.lookup(value)))
        break;
    if (!origin)
      continue;
    activeOps.push_back(&op);
    for (Value result : op.getResults())
      if (isDifferentiable(result.getType()))
        origins.try_emplace(result, origin);
  }
}

LogicalResult ReverseMode::run(OpBuilder &builder,
                               ArrayRef<std::pair<Value, Value>> seeds) {
  for (auto [value, cotangent] : seeds)
    accumulate(builder, value.getLoc(), value, cotangent);
  for (Operation *op : llvm::reverse(activeOps))
    if (failed(differentiate(builder, op)))
      return failure();
  return success();
}

LogicalResult ReverseMode::differentiate(OpBuilder &builder, Operation *op) {
  SmallVector<Value> resultCotangents;
  for (Value result : op->getResults())
    resultCotangents.push_back(cotangents.lookup(result));
  // Nothing that depends on the results reaches a seed.
  if (llvm::none_of(resultCotangents, [](Value value) { return value; }))
    return success();

  auto differentiable = dyn_cast<DifferentiableOpInterface>(op);
  if (!differentiable) {
    Value origin;
    for (Value value : getReadValues(op))
      if ((origin = origins.lookup(value)))
        break;
    InFlightDiagnostic diag = op->emitOpError("has no gradient rule");
    diag.attachNote(origin.getLoc())
        << "the derivative is taken with respect to this value, on which the "
           "operation depends";
    diag.attachNote(op->getLoc())
        << "give the operation a DifferentiableOpInterface, rewrite it in "
           "operations that have one, or take the derivative with respect to "
           "values on which it does not depend";
    return diag;
  }

  llvm::SmallBitVector active(op->getNumOperands());
  for (OpOperand &operand : op->getOpOperands())
    active[operand.getOperandNumber()] = origins.contains(operand.get());
  SmallVector<Value> operandCotangents(op->getNumOperands());
  if (failed(differentiable.buildAdjoint(builder, resultCotangents, active,
                                         operandCotangents)))
    return failure();
  for (auto [operand, cotangent] :
       llvm::zip_equal(op->getOperands(), operandCotangents))
    if (cotangent && origins.contains(operand))
      accumulate(builder, op->getLoc(), operand, cotangent);
  return success();
}

void ReverseMode::accumulate(OpBuilder &builder, Location loc, Value value,
                             Value cotangent) {
  Value &sum = cotangents[value];
  sum = sum ? arith::AddFOp::create(builder, loc, sum, cotangent) : cotangent;
}
