//===- ConstantEvaluator.cpp - Numbers of constant expressions ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantEvaluator.h"

#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

#include <cmath>

using namespace mlir;
using namespace mlir::cgmq;

static bool isStored(ml_program::GlobalOp global) {
  std::optional<SymbolTable::UseRange> uses =
      SymbolTable::getSymbolUses(global, global->getParentOp());
  return !uses || llvm::any_of(*uses, [](SymbolTable::SymbolUse use) {
    return isa<ml_program::GlobalStoreOp, ml_program::GlobalStoreGraphOp>(
        use.getUser());
  });
}

bool cgmq::isConstantExpression(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  Operation *op = value.getDefiningOp();
  if (!op || !type || !type.hasStaticShape() || !type.getElementType().isF32())
    return false;
  if (ml_program::GlobalOp global = getLoadedGlobal(value))
    return !isStored(global);
  if (auto constant = dyn_cast<tosa::ConstOp>(op))
    return getFloatValues(constant.getValues()).has_value();
  if (isa<tosa::ReshapeOp, tosa::TransposeOp, tosa::ReciprocalOp,
          tosa::RsqrtOp>(op))
    return isConstantExpression(op->getOperand(0));
  if (isa<tosa::AddOp, tosa::SubOp, tosa::MulOp, tosa::PowOp>(op))
    return isConstantExpression(op->getOperand(0)) &&
           isConstantExpression(op->getOperand(1));
  return false;
}

static ArrayRef<int64_t> getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// The elements of a tensor of `shape`, element `index` of which is number
/// `sum(index * strides)` of `numbers`.
static SmallVector<double> gather(ArrayRef<double> numbers,
                                  ArrayRef<int64_t> shape,
                                  ArrayRef<int64_t> strides) {
  SmallVector<int64_t> resultStrides = computeStrides(shape);
  int64_t size = computeProduct(shape);
  return llvm::map_to_vector(llvm::seq(size), [&](int64_t i) {
    return numbers[linearize(delinearize(i, resultStrides), strides)];
  });
}

static SmallVector<double> broadcast(ArrayRef<double> numbers,
                                     ArrayRef<int64_t> from,
                                     ArrayRef<int64_t> to) {
  SmallVector<int64_t> strides = computeStrides(from);
  for (auto [stride, extent] : llvm::zip_equal(strides, from))
    stride = extent == 1 ? 0 : stride;
  return gather(numbers, to, strides);
}

static double apply(Operation *op, double lhs, double rhs) {
  if (isa<tosa::AddOp>(op))
    return lhs + rhs;
  if (isa<tosa::SubOp>(op))
    return lhs - rhs;
  if (isa<tosa::MulOp>(op))
    return lhs * rhs;
  assert(isa<tosa::PowOp>(op) && "no constant expression");
  return std::pow(lhs, rhs);
}

FailureOr<SmallVector<double>>
ConstantEvaluator::evaluateOperation(Operation *op) {
  if (ml_program::GlobalOp global = getLoadedGlobal(op->getResult(0))) {
    FailureOr<SmallVector<float>> values = getFloatValues(global);
    if (failed(values))
      return failure();
    return llvm::to_vector_of<double>(*values);
  }
  if (auto constant = dyn_cast<tosa::ConstOp>(op))
    return llvm::to_vector_of<double>(*getFloatValues(constant.getValues()));

  Value operand = op->getOperand(0);
  FailureOr<SmallVector<double>> lhs = evaluate(operand);
  if (failed(lhs) || isa<tosa::ReshapeOp>(op))
    return lhs;
  ArrayRef<int64_t> shape = getShape(op->getResult(0));
  if (auto transpose = dyn_cast<tosa::TransposeOp>(op)) {
    SmallVector<int64_t> from = computeStrides(getShape(operand));
    auto strides = llvm::map_to_vector(transpose.getPerms(),
                                       [&](int32_t dim) { return from[dim]; });
    return gather(*lhs, shape, strides);
  }
  if (isa<tosa::ReciprocalOp, tosa::RsqrtOp>(op)) {
    for (double &number : *lhs)
      number = 1.0 / (isa<tosa::RsqrtOp>(op) ? std::sqrt(number) : number);
    return lhs;
  }
  FailureOr<SmallVector<double>> rhs = evaluate(op->getOperand(1));
  if (failed(rhs))
    return failure();
  SmallVector<double> result = broadcast(*lhs, getShape(operand), shape);
  for (auto [left, right] : llvm::zip_equal(
           result, broadcast(*rhs, getShape(op->getOperand(1)), shape)))
    left = apply(op, left, right);
  return result;
}

FailureOr<SmallVector<double>> ConstantEvaluator::evaluate(Value value) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  FailureOr<SmallVector<double>> numbers =
      evaluateOperation(value.getDefiningOp());
  if (succeeded(numbers))
    known[value] = *numbers;
  return numbers;
}
