//===- StepMemory.cpp - What a training step has to keep -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/StepMemory.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::cgmq;

static int64_t getBytes(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape() ||
      !tensor.getElementType().isIntOrFloat())
    return 0;
  return tensor.getNumElements() *
         llvm::divideCeil(tensor.getElementTypeBitWidth(), 8);
}

/// The value whose elements these are, under another shape.
static Value getSource(Value value) {
  Operation *op = value.getDefiningOp();
  while (isa_and_present<tosa::ReshapeOp, tensor::ReshapeOp,
                         tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op)) {
    value = op->getOperand(0);
    op = value.getDefiningOp();
  }
  return value;
}

StepMemory StepMemory::compute(func::FuncOp step) {
  Block &body = step.getBody().front();
  Operation *terminator = body.getTerminator();
  auto isUsedBy = [&](Operation &op, auto predicate) {
    return llvm::any_of(op.getUsers(), [&](Operation *user) {
      return predicate(body.findAncestorOpInBlock(*user));
    });
  };
  // What the loss is computed from.
  DenseSet<Operation *> loss = {terminator};
  for (Operation &op : llvm::reverse(body))
    if (isUsedBy(op, [&](Operation *user) { return loss.contains(user); }))
      loss.insert(&op);
  // What of that depends on the samples, and is read by other ops.
  DenseSet<Value> fromSamples(body.args_begin(), body.args_end());
  llvm::SetVector<Value> kept;
  DenseSet<SymbolRefAttr> stored, read;
  for (auto store : body.getOps<ml_program::GlobalStoreOp>())
    stored.insert(store.getGlobal());
  StepMemory memory;
  for (Operation &op : body) {
    if (auto load = dyn_cast<ml_program::GlobalLoadOp>(op)) {
      if (!read.insert(load.getGlobal()).second)
        continue;
      int64_t bytes = getBytes(load.getType());
      (loss.contains(&op) ? memory.parameters : memory.moments) += bytes;
      if (loss.contains(&op) && stored.contains(load.getGlobal()))
        memory.gradients += bytes;
    }
    if (llvm::any_of(op.getOperands(), [&](Value operand) {
          return fromSamples.contains(operand);
        }))
      fromSamples.insert_range(op.getResults());
    if (loss.contains(&op))
      continue;
    for (Value operand : op.getOperands()) {
      Value source = getSource(operand);
      Operation *definition = source.getDefiningOp();
      if (definition && loss.contains(definition) &&
          fromSamples.contains(source))
        kept.insert(source);
    }
  }
  for (Value value : kept)
    memory.activations += getBytes(value.getType());
  return memory;
}
