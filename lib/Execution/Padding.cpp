//===- Padding.cpp - Operands with zeros around them -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Padding.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::cgmq;

static bool isZero(Value value) {
  return matchPattern(value, m_AnyZeroFloat()) || matchPattern(value, m_Zero());
}

static std::optional<Padding> findOnTensors(Value operand) {
  auto pad = operand.getDefiningOp<tensor::PadOp>();
  auto isNegative = [](int64_t extent) { return extent < 0; };
  if (!pad || !pad.getSourceType().hasStaticShape() ||
      !pad.getResultType().hasStaticShape() ||
      llvm::any_of(pad.getStaticLow(), isNegative) ||
      llvm::any_of(pad.getStaticHigh(), isNegative))
    return std::nullopt;
  Value value = pad.getConstantPaddingValue();
  if (!value || !isZero(value))
    return std::nullopt;
  return Padding{pad.getSource(), llvm::to_vector(pad.getStaticLow()), {}};
}

/// The buffer that `value` is a view of.
static Value getViewedBuffer(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

/// True if `op` fills all of `buffer` with zeros.
static bool fillsWithZeros(linalg::LinalgOp op, Value buffer) {
  if (op.getNumDpsInits() != 1 || op.getDpsInits()[0] != buffer ||
      op.getNumReductionLoops() != 0 ||
      !op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity())
    return false;
  Block &body = op->getRegion(0).front();
  Value value = body.getTerminator()->getOperand(0);
  if (auto argument = dyn_cast<BlockArgument>(value);
      argument && argument.getOwner() == &body) {
    unsigned index = argument.getArgNumber();
    value = op->getOperand(index);
  }
  return isZero(value);
}

/// True if nothing from `first` to `last` writes to the buffer that `source`
/// views.
static bool isUnchanged(Value source, Operation *first, Operation *last) {
  Value buffer = getViewedBuffer(source);
  for (Operation *op = first; op != last; op = op->getNextNode()) {
    if (!op)
      return false;
    if (isMemoryEffectFree(op))
      continue;
    auto interface = dyn_cast<MemoryEffectOpInterface>(op);
    if (!interface)
      return false;
    SmallVector<MemoryEffects::EffectInstance> effects;
    interface.getEffects(effects);
    for (const MemoryEffects::EffectInstance &effect : effects)
      if (isa<MemoryEffects::Write, MemoryEffects::Free>(effect.getEffect()) &&
          (!effect.getValue() || getViewedBuffer(effect.getValue()) == buffer))
        return false;
  }
  return true;
}

static std::optional<Padding> findOnBuffers(linalg::LinalgOp op,
                                            unsigned operand) {
  auto alloc = op->getOperand(operand).getDefiningOp<memref::AllocOp>();
  if (!alloc)
    return std::nullopt;
  linalg::LinalgOp fill;
  memref::SubViewOp view;
  for (OpOperand &use : alloc.getMemref().getUses()) {
    Operation *user = use.getOwner();
    if (user == op && use.getOperandNumber() == operand)
      continue;
    if (auto subview = dyn_cast<memref::SubViewOp>(user); subview && !view)
      view = subview;
    else if (auto writer = dyn_cast<linalg::LinalgOp>(user);
             writer && !fill && fillsWithZeros(writer, alloc))
      fill = writer;
    else
      return std::nullopt;
  }
  if (!fill || !view || !view->hasOneUse() || !view.hasUnitStride() ||
      ShapedType::isDynamicShape(view.getStaticOffsets()) ||
      ShapedType::isDynamicShape(view.getStaticSizes()) ||
      view.getSourceType().getRank() != view.getType().getRank())
    return std::nullopt;
  auto copy = dyn_cast<memref::CopyOp>(*view->user_begin());
  if (!copy || copy.getTarget() != view.getResult() ||
      fill->getBlock() != op->getBlock() ||
      copy->getBlock() != op->getBlock() || !fill->isBeforeInBlock(copy) ||
      !copy->isBeforeInBlock(op))
    return std::nullopt;
  // The op reads the source after the copy would have been made, and while it
  // writes its result.
  Value source = copy.getSource();
  if (!isUnchanged(source, copy->getNextNode(), op->getNextNode()))
    return std::nullopt;
  return Padding{source,
                 llvm::to_vector(view.getStaticOffsets()),
                 {alloc, fill, view, copy}};
}

std::optional<Padding> cgmq::findPadding(linalg::LinalgOp op,
                                         unsigned operand) {
  return op.hasPureTensorSemantics() ? findOnTensors(op->getOperand(operand))
                                     : findOnBuffers(op, operand);
}
