//===- IntegerJoins.cpp - Sums and concatenations of codes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerFunction.h"

#include "cgmq/Support/AveragePool.h"
#include "cgmq/Support/Elementwise.h"
#include "cgmq/Support/Scaling.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

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
  Type type = getAccumulatorType(builder.getContext(),
                                 std::min({sum.min, a->min, b.min}),
                                 std::max({sum.max, a->max, b.max}));
  if (parameter)
    b.value = buildConstant(op->getLoc(), parameter->global,
                            RankedTensorType::get(parameter->getShape(), type),
                            codes);

  // Operands broadcast to the result, which one of them mostly has the shape
  // of.
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  auto getShape = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  };
  SmallVector<Value> inputs = {a->value, b.value};
  bool isSwapped = getShape(a->value) != result.getShape();
  if (isSwapped)
    std::swap(inputs[0], inputs[1]);
  if (getShape(inputs[0]) != result.getShape()) {
    if (!result.hasStaticShape() &&
        getShape(inputs[0]).front() != result.getDimSize(0) &&
        getShape(inputs[1]).front() != result.getDimSize(0)) {
      InFlightDiagnostic diag = op->emitOpError()
                                << "expects an operand with the batch of the "
                                   "result, but got "
                                << op->getOperand(0).getType() << " and "
                                << op->getOperand(1).getType();
      diag.attachNote() << "give the model a static batch";
      return diag;
    }
    SmallVector<OpFoldResult> sizes;
    for (auto [dim, extent] : llvm::enumerate(result.getShape())) {
      Value source = getShape(inputs[0])[dim] == extent ? inputs[0] : inputs[1];
      sizes.push_back(tensor::getMixedSize(builder, op->getLoc(), source, dim));
    }
    inputs.insert(inputs.begin(),
                  tensor::EmptyOp::create(builder, op->getLoc(), sizes, type));
  }
  sum.value = buildElementwise(
      builder, op->getLoc(), inputs, type,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value left = args[args.size() - 2], right = args.back();
        if (isSwapped)
          std::swap(left, right);
        left = buildExtension(nested, loc, left, type, a->isSigned);
        right = buildExtension(nested, loc, right, type, b.isSigned);
        if (isDifference)
          return arith::SubIOp::create(nested, loc, left, right);
        return arith::AddIOp::create(nested, loc, left, right);
      });
  tensors[op->getResult(0)] = sum;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::ConcatOp op) {
  IntegerTensor joined;
  SmallVector<Value> values;
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
  Type type =
      joined.width > 0
          ? Type(getStorageType(builder.getContext(), joined.width))
          : getAccumulatorType(builder.getContext(), joined.min, joined.max);
  for (const IntegerTensor &part : parts) {
    if (getElementTypeOrSelf(part.value.getType()) == type) {
      values.push_back(part.value);
      continue;
    }
    values.push_back(buildElementwise(
        builder, op.getLoc(), part.value, type,
        [&](OpBuilder &nested, Location loc, ValueRange args) {
          return buildExtension(nested, loc, args[0], type, part.isSigned);
        }));
  }
  joined.value = tosa::ConcatOp::create(
      builder, op.getLoc(), cast<RankedTensorType>(op.getType()).clone(type),
      values, op.getAxisAttr());
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
  IntegerType type = getAccumulatorType(builder.getContext(), sum.min, sum.max);
  sum.value = buildSumPool2D(builder, op, input->value, type, input->isSigned);
  if (average->hasRatios()) {
    Value ratios = arith::ConstantOp::create(builder, op.getLoc(),
                                             average->getRatios(op, type));
    sum.value = buildElementwise(
        builder, op.getLoc(), {sum.value, ratios}, type,
        [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
          return arith::MulIOp::create(nested, loc, args[0], args[1]);
        });
  }
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
  sum.value =
      buildReduceSum(builder, op, input->value,
                     getAccumulatorType(builder.getContext(), sum.min, sum.max),
                     input->isSigned);
  tensors[op.getResult()] = sum;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::MulOp op) {
  FailureOr<Scaling> scaling = getScaling(op);
  if (failed(scaling)) {
    InFlightDiagnostic diag =
        op.emitOpError() << "expects a product with one constant above zero "
                            "on integers";
    diag.attachNote() << "cgmq-fold-batch-norm takes others into weights";
    return diag;
  }
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
