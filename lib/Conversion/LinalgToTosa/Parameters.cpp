//===- Parameters.cpp - Constants that can be trained -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Raiser.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The first operand that takes `value`, views and orders of it left out.
static OpOperand *getUse(Value value) {
  while (!value.use_empty()) {
    OpOperand *use = &*value.use_begin();
    // Uses are listed from the last one on.
    for (OpOperand &other : value.getUses())
      use = &other;
    if (!isa<tosa::ReshapeOp, tosa::TransposeOp, tosa::SliceOp, tosa::TileOp>(
            use->getOwner()))
      return use;
    value = use->getOwner()->getResult(0);
  }
  return nullptr;
}

/// The product that `value` is, or null.
static tosa::MatMulOp getProduct(Value value) {
  while (auto view = value.getDefiningOp<tosa::ReshapeOp>())
    value = view.getInput1();
  return value.getDefiningOp<tosa::MatMulOp>();
}

namespace {
/// Finds names for parameters: layers by their kind, in order.
class Names {
public:
  std::string get(OpOperand &use) {
    Operation *op = use.getOwner();
    bool isConvolution = isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(op);
    if (isConvolution)
      return getLayer("conv", op) +
             (use.getOperandNumber() == 2 ? ".bias" : ".weight");
    if (isa<tosa::MatMulOp>(op))
      return getLayer("linear", op) + ".weight";
    if (auto add = dyn_cast<tosa::AddOp>(op))
      if (tosa::MatMulOp product =
              getProduct(add->getOperand(1 - use.getOperandNumber())))
        return getLayer("linear", product) + ".bias";
    return "parameter" + std::to_string(++numOthers);
  }

private:
  std::string getLayer(StringRef kind, Operation *op) {
    auto [entry, isNew] = numbers.try_emplace(op, 0);
    if (isNew)
      entry->second = ++counts[kind];
    return kind.str() + std::to_string(entry->second);
  }

  DenseMap<Operation *, int64_t> numbers;
  llvm::StringMap<int64_t> counts;
  int64_t numOthers = 0;
};
} // namespace

/// Means and variances of a batch norm are known, not learned: the one is
/// subtracted, and of the other a root is taken.
static bool isStatistic(OpOperand &use) {
  Operation *op = use.getOwner();
  if (isa<tosa::SubOp>(op))
    return use.getOperandNumber() == 1;
  if (isa<tosa::AddOp>(op) && op->getResult(0).hasOneUse())
    op = *op->getResult(0).user_begin();
  return isa<tosa::RsqrtOp>(op);
}

void cgmq::createParameters(ModuleOp module,
                            ArrayRef<tosa::ConstOp> constants) {
  SymbolTable symbols(module);
  Names names;
  OpBuilder detached(module.getContext());
  Block::iterator position = module.getBody()->begin();
  while (isa<ml_program::GlobalOp>(*position))
    ++position;
  for (tosa::ConstOp constant : constants) {
    auto type = cast<RankedTensorType>(constant.getType());
    OpOperand *use = getUse(constant);
    if (!use || !isa<FloatType>(type.getElementType()))
      continue;
    bool isFactor =
        isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp, tosa::MatMulOp>(
            use->getOwner());
    if (!isFactor && type.getNumElements() <= 1)
      continue;
    bool isTrained = isFactor || !isStatistic(*use);
    auto global = ml_program::GlobalOp::create(
        detached, constant.getLoc(), names.get(*use), type,
        /*is_mutable=*/isTrained, constant.getValues(),
        detached.getStringAttr("private"));
    symbols.insert(global, position);
    OpBuilder b(constant);
    auto symbol = FlatSymbolRefAttr::get(global);
    Value load;
    if (isTrained)
      load =
          ml_program::GlobalLoadOp::create(b, constant.getLoc(), type, symbol);
    else
      load = ml_program::GlobalLoadConstOp::create(b, constant.getLoc(), type,
                                                   symbol);
    constant.getResult().replaceAllUsesWith(load);
    constant.erase();
  }
}
