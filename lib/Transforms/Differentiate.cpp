//===- Differentiate.cpp - cgmq-differentiate -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Differentiate.h"
#include "cgmq/AutoDiff/ReverseMode.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_DIFFERENTIATEPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// The loads of each mutable global that can have a gradient.
static llvm::MapVector<StringAttr, SmallVector<Value>>
getParameterLoads(func::FuncOp function) {
  llvm::MapVector<StringAttr, SmallVector<Value>> loads;
  for (auto load : function.getOps<ml_program::GlobalLoadOp>()) {
    auto global = SymbolTable::lookupNearestSymbolFrom<ml_program::GlobalOp>(
        load, load.getGlobal());
    if (global.getIsMutable() && isDifferentiable(load.getType()))
      loads[global.getSymNameAttr()].push_back(load);
  }
  return loads;
}

/// The sum of the cotangents of `values`, which have one type; zeros where none
/// has one.
static Value getTotalCotangent(OpBuilder &builder,
                               const ReverseMode &reverseMode,
                               ArrayRef<Value> values) {
  Value total;
  for (Value value : values) {
    Value cotangent = reverseMode.getCotangent(value);
    if (!cotangent)
      continue;
    total =
        total ? arith::AddFOp::create(builder, value.getLoc(), total, cotangent)
              : cotangent;
  }
  if (total)
    return total;
  Value value = values.front();
  Location loc = value.getLoc();
  Type elementType = getElementTypeOrSelf(value.getType());
  Value zero = arith::ConstantOp::create(
      builder, loc, builder.getFloatAttr(elementType, 0.0));
  if (!isa<RankedTensorType>(value.getType()))
    return zero;
  Value empty = tensor::EmptyOp::create(
      builder, loc, tensor::getMixedSizes(builder, loc, value), elementType);
  return linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
}

FailureOr<func::FuncOp> cgmq::buildVectorJacobianProduct(func::FuncOp function,
                                                         DifferentiateWrt wrt) {
  FailureOr<func::FuncOp> clone = cloneFunction(function, "_vjp");
  if (failed(clone))
    return failure();
  func::FuncOp product = *clone;
  // The bound is on the cost of the function itself.
  product->removeAttr(CGMQDialect::kBudgetAttrName);
  Block &body = product.getBody().front();
  Operation *terminator = body.getTerminator();

  // What each cotangent in the results belongs to: the values whose cotangents
  // are summed, and their global.
  SmallVector<std::pair<SmallVector<Value>, StringAttr>> targets;
  if (wrt != DifferentiateWrt::Parameters)
    for (Value argument : body.getArguments())
      if (isDifferentiable(argument.getType()))
        targets.push_back({{argument}, nullptr});
  if (wrt != DifferentiateWrt::Arguments)
    for (auto &[global, loads] : getParameterLoads(product))
      targets.push_back({loads, global});
  SmallVector<Value> active;
  for (auto &[values, global] : targets)
    llvm::append_range(active, values);
  ReverseMode reverseMode(body, active);

  SmallVector<std::pair<Value, Value>> seeds;
  for (Value result : terminator->getOperands())
    if (isDifferentiable(result.getType())) {
      unsigned index = product.getNumArguments();
      if (failed(product.insertArgument(index, result.getType(), {},
                                        result.getLoc())))
        return failure();
      seeds.push_back({result, product.getArgument(index)});
    }

  OpBuilder builder(terminator);
  if (failed(reverseMode.run(builder, seeds)))
    return failure();
  for (auto &[values, global] : targets) {
    Value cotangent = getTotalCotangent(builder, reverseMode, values);
    terminator->insertOperands(terminator->getNumOperands(), cotangent);
    NamedAttrList attrs;
    if (global)
      attrs.set(CGMQDialect::kGradientOfAttrName,
                FlatSymbolRefAttr::get(global));
    if (failed(product.insertResult(product.getNumResults(),
                                    cotangent.getType(),
                                    attrs.getDictionary(builder.getContext()))))
      return failure();
  }
  return product;
}

namespace {
struct DifferentiatePass
    : cgmq::impl::DifferentiatePassBase<DifferentiatePass> {
  using DifferentiatePassBase::DifferentiatePassBase;
  void runOnOperation() override {
    FailureOr<func::FuncOp> selected =
        getModelFunction(getOperation(), function);
    if (failed(selected) || failed(buildVectorJacobianProduct(*selected, wrt)))
      signalPassFailure();
  }
};
} // namespace
