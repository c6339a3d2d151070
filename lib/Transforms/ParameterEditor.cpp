//===- ParameterEditor.cpp - New numbers for parameters -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ParameterEditor.h"

#include "ConstantEvaluator.h"
#include "QuantizedValues.h"

#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

Value ParameterEditor::load(Operation *op, ml_program::GlobalOp global) {
  builder.setInsertionPoint(op);
  return ml_program::GlobalLoadOp::create(
      builder, op->getLoc(), global.getType(),
      SymbolRefAttr::get(builder.getContext(), global.getSymName()));
}

Value ParameterEditor::create(Operation *op, RankedTensorType type,
                              ArrayRef<float> values, const Twine &name) {
  OpBuilder detached(builder.getContext());
  auto global = ml_program::GlobalOp::create(
      detached, op->getLoc(), name.str(), type, /*is_mutable=*/true,
      /*value=*/Attribute(), builder.getStringAttr("private"));
  symbols.insert(global, Block::iterator(function));
  setFloatValues(global, values);
  return load(op, global);
}

bool ParameterEditor::isOwned(OpOperand &operand, ml_program::GlobalOp global) {
  Value value = operand.get();
  for (; isa<tosa::ReshapeOp, tosa::TransposeOp>(value.getDefiningOp());
       value = value.getDefiningOp()->getOperand(0))
    if (!value.hasOneUse())
      return false;
  return value.hasOneUse() && global.isPrivate() &&
         llvm::hasSingleElement(*SymbolTable::getSymbolUses(global, module));
}

void ParameterEditor::assign(OpOperand &operand, RankedTensorType type,
                             ArrayRef<float> values, const Twine &name) {
  Value old = operand.get(), source = getSource(old);
  ml_program::GlobalOp global = getLoadedGlobal(source);
  if (!global || type != old.getType()) {
    operand.set(create(operand.getOwner(), type, values, name));
    release(old);
    return;
  }
  // Which element of the global is each of the operand's.
  SmallVector<double> elements(values.size());
  std::iota(elements.begin(), elements.end(), 0.0);
  ConstantEvaluator evaluator;
  evaluator.define(source, elements);
  SmallVector<float> ordered(values.size());
  for (auto [element, value] :
       llvm::zip_equal(*evaluator.evaluate(old), values))
    ordered[static_cast<size_t>(element)] = value;

  if (!isOwned(operand, global)) {
    global = copy(global);
    IRMapping mapping;
    mapping.map(source, load(operand.getOwner(), global));
    SmallVector<Operation *> movers;
    for (Value value = old; value != source;
         value = value.getDefiningOp()->getOperand(0))
      movers.push_back(value.getDefiningOp());
    for (Operation *mover : llvm::reverse(movers))
      builder.clone(*mover, mapping);
    operand.set(mapping.lookup(old));
    release(old);
  }
  setFloatValues(global, ordered);
}

ml_program::GlobalOp ParameterEditor::copy(ml_program::GlobalOp global) {
  global = global.clone();
  global.setPrivate();
  symbols.insert(global, Block::iterator(function));
  return global;
}

void ParameterEditor::replace(OpOperand &operand, RankedTensorType type,
                              ArrayRef<float> values, const Twine &name) {
  Operation *op = operand.getOwner();
  Value old = operand.get(), source = getSource(old);
  if (ml_program::GlobalOp global = getLoadedGlobal(source)) {
    if (!isOwned(operand, global))
      global = copy(global);
    global.setType(type);
    setFloatValues(global, values);
    operand.set(load(op, global));
  } else if (source.getDefiningOp<tosa::ConstOp>()) {
    builder.setInsertionPoint(op);
    operand.set(tosa::ConstOp::create(builder, op->getLoc(), type,
                                      DenseElementsAttr::get(type, values)));
  } else {
    operand.set(create(op, type, values, name));
  }
  release(old);
}

void ParameterEditor::release(Value value) {
  Operation *op = value.getDefiningOp();
  if (op && released.insert(op))
    for (Value operand : op->getOperands())
      release(operand);
}

void ParameterEditor::eraseReleased() {
  llvm::SetVector<ml_program::GlobalOp> globals;
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.getBody().front()))) {
    if (!released.contains(&op) || !op.use_empty())
      continue;
    if (ml_program::GlobalOp global = getLoadedGlobal(op.getResult(0)))
      globals.insert(global);
    else if (!isMemoryEffectFree(&op))
      continue;
    op.erase();
  }
  for (ml_program::GlobalOp global : globals)
    if (global.isPrivate() && SymbolTable::symbolKnownUseEmpty(global, module))
      symbols.erase(global);
  released.clear();
}
