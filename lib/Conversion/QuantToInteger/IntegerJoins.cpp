//===- IntegerJoins.cpp - Sums and concatenations of codes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerFunction.h"

#include "cgmq/Support/AveragePool.h"
#include "cgmq/Support/Scaling.h"

using namespace mlir;
using namespace mlir::cgmq;

/// An error at `op` unless two of its operands count the same steps.
static LogicalResult verifyOneStep(Operation *op, float step, float other) {
  if (step == other)
    return success();
  InFlightDiagnostic diag = op->emitOpError()
                            << "expects operands of one step, but got " << step
                            << " and " << other;
  diag.attachNote() << "quantizers of one range and one width give them; "
                       "cgmq-insert-gates lets the operands share them";
  return diag;
}

LogicalResult IntegerFunction::lowerSum(Operation *op, bool isDifference) {
  Value operands[] = {op->getOperand(0), op->getOperand(1)};
  // A bias may be of any width, and be float where its codes need more bits.
  bool hasBias = !isDifference && (lookupParameter(operands[0]) != nullptr) !=
                                      (lookupParameter(operands[1]) != nullptr);
  if (hasBias && lookupParameter(operands[0]))
    std::swap(operands[0], operands[1]);
  FailureOr<IntegerTensor> a = lookup(op, operands[0]);
  if (failed(a))
    return failure();

  IntegerTensor b;
  SmallVector<int64_t> codes;
  Parameter *parameter = hasBias ? lookupParameter(operands[1]) : nullptr;
  if (parameter) {
    FailureOr<SmallVector<int64_t>> bias = getBias(op, operands[1], a->step);
    if (failed(bias))
      return failure();
    codes = *bias;
    b.min = *llvm::min_element(codes);
    b.max = *llvm::max_element(codes);
  } else {
    FailureOr<IntegerTensor> other = lookup(op, operands[1]);
    if (failed(other) || failed(verifyOneStep(op, a->step, other->step)))
      return failure();
    b = *other;
  }

  IntegerTensor sum;
  sum.step = a->step;
  sum.min = isDifference ? a->min - b.max : a->min + b.min;
  sum.max = isDifference ? a->max - b.min : a->max + b.max;
  FailureOr<IntegerType> type =
      emitter.getAccumulatorType(op, std::min({sum.min, a->min, b.min}),
                                 std::max({sum.max, a->max, b.max}));
  if (failed(type))
    return failure();
  if (parameter)
    b.value = emitter.buildConstant(
        builder, op->getLoc(), parameter->global,
        RankedTensorType::get(parameter->getShape(), *type), codes);
  FailureOr<Value> value =
      emitter.buildSum(builder, op, *a, b, isDifference, *type);
  if (failed(value))
    return failure();
  sum.value = *value;
  tensors[op->getResult(0)] = sum;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::ConcatOp op) {
  IntegerTensor joined;
  SmallVector<IntegerTensor> parts;
  for (Value operand : op.getOperands()) {
    FailureOr<IntegerTensor> part = lookup(op, operand);
    if (failed(part))
      return failure();
    if (parts.empty())
      joined = *part;
    if (failed(verifyOneStep(op, joined.step, part->step)))
      return failure();
    // Accumulators beside codes make accumulators.
    bool isCodes = joined.width > 0 && part->width > 0 &&
                   joined.isSigned == part->isSigned;
    joined.width = isCodes ? std::max(joined.width, part->width) : 0;
    joined.isSigned = isCodes ? joined.isSigned : true;
    joined.min = std::min(joined.min, part->min);
    joined.max = std::max(joined.max, part->max);
    parts.push_back(*part);
  }
  // Units are those of each part.
  joined.widths = {};
  joined.zeroPoint = 0;
  FailureOr<IntegerType> type =
      joined.width > 0 ? emitter.getCodeType(op, joined)
                       : emitter.getAccumulatorType(op, joined.min, joined.max);
  if (failed(type))
    return failure();
  FailureOr<Value> value =
      emitter.buildConcat(builder, op, parts, joined, *type);
  if (failed(value))
    return failure();
  joined.value = *value;
  tensors[op.getResult()] = joined;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::AvgPool2dOp op) {
  FailureOr<IntegerTensor> input = lookup(op, op.getInput());
  if (failed(input))
    return failure();
  FailureOr<AveragePool> average = getAveragePool(op);
  if (failed(average)) {
    InFlightDiagnostic diag =
        op.emitOpError() << "expects static extents, except for the batch, "
                            "zero points of zero and windows that each hold "
                            "something";
    diag.attachNote() << "where padding makes windows of very many sizes, pad "
                         "the input by zeros instead";
    return diag;
  }
  // Where windows are cut off there are fewer elements, each worth more.
  int64_t size = op.getKernel()[0] * op.getKernel()[1];
  IntegerTensor sum;
  sum.step = input->step * average->getFactor();
  int64_t most = std::max(size, average->divisor);
  sum.min = std::min<int64_t>(0, input->min * most);
  sum.max = std::max<int64_t>(0, input->max * most);
  FailureOr<IntegerType> type =
      emitter.getAccumulatorType(op, sum.min, sum.max);
  if (failed(type))
    return failure();
  FailureOr<Value> value =
      emitter.buildSumPool2D(builder, op, *input, *average, *type);
  if (failed(value))
    return failure();
  sum.value = *value;
  tensors[op.getResult()] = sum;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::ReduceSumOp op) {
  FailureOr<IntegerTensor> input = lookup(op, op.getInput());
  if (failed(input))
    return failure();
  int64_t extent =
      cast<RankedTensorType>(op.getInput().getType()).getDimSize(op.getAxis());
  if (ShapedType::isDynamic(extent))
    return op.emitOpError() << "expects a static extent to sum over";
  IntegerTensor sum;
  sum.step = input->step;
  sum.min = std::min<int64_t>(0, input->min * extent);
  sum.max = std::max<int64_t>(0, input->max * extent);
  FailureOr<IntegerType> type =
      emitter.getAccumulatorType(op, sum.min, sum.max);
  if (failed(type))
    return failure();
  FailureOr<Value> value = emitter.buildReduceSum(builder, op, *input, *type);
  if (failed(value))
    return failure();
  sum.value = *value;
  tensors[op.getResult()] = sum;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::MulOp op) {
  FailureOr<Scaling> scaling = getScaling(op);
  assert(succeeded(scaling) && "expects other products to stay float");
  FailureOr<IntegerTensor> tensor = lookup(op, scaling->input);
  if (failed(tensor))
    return failure();
  // The same integers, of other steps; as codes no contraction knows them.
  tensor->step *= scaling->factor;
  tensor->width = 0;
  tensor->widths = {};
  tensors[op.getResult()] = *tensor;
  return success();
}
