//===- Initializer.cpp - What an output starts with -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Initializer.h"

#include "VectorAccess.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::cgmq;

bool cgmq::leavesAlone(Operation *op, Value buffer) {
  auto getRoot = [](Value value) {
    while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
      value = view.getViewSource();
    return value;
  };
  std::optional<SmallVector<MemoryEffects::EffectInstance>> effects =
      getEffectsRecursively(op);
  return effects && llvm::all_of(*effects, [&](const auto &effect) {
           if (!isa<MemoryEffects::Write>(effect.getEffect()))
             return !isa<MemoryEffects::Free>(effect.getEffect());
           Value written =
               effect.getValue() ? getRoot(effect.getValue()) : Value();
           return written && written.getDefiningOp<memref::AllocOp>() &&
                  written != getRoot(buffer);
         });
}

std::optional<Initializer> cgmq::findInitializer(linalg::LinalgOp op) {
  Value out = op.getDpsInits()[0];
  Operation *last = nullptr;
  for (Operation *user : out.getUsers()) {
    Operation *top = op->getBlock()->findAncestorOpInBlock(*user);
    if (!top) {
      // Outside of the block, nothing happens between two ops of it; but for a
      // view from before, the output can be seen through it.
      Operation *around = user->getBlock()->findAncestorOpInBlock(*op);
      if (isa<ViewLikeOpInterface>(user) &&
          !(around && around->isBeforeInBlock(user)))
        return std::nullopt;
      continue;
    }
    if (top == op || !top->isBeforeInBlock(op))
      continue;
    if (isa<ViewLikeOpInterface>(user))
      return std::nullopt;
    if (!last || last->isBeforeInBlock(top))
      last = top;
  }
  auto writer = dyn_cast_if_present<linalg::LinalgOp>(last);
  // A buffer that is itself a view can be seen through others.
  Operation *definition = out.getDefiningOp();
  if (!writer || writer.getNumDpsInits() != 1 ||
      writer.getDpsInits()[0] != out || writer.hasIndexSemantics() ||
      (definition && !isa<memref::AllocOp>(definition)) ||
      writer.getNumDpsInputs() != 1 || writer.getNumReductionLoops() != 0)
    return std::nullopt;
  Block &body = writer->getRegion(0).front();
  OpOperand *input = writer.getDpsInputOperand(0);
  OpOperand *init = writer.getDpsInitOperand(0);
  auto yield = cast<linalg::YieldOp>(body.getTerminator());
  if (yield.getOperand(0) != body.getArgument(0) ||
      !writer.getMatchingIndexingMap(init).isIdentity())
    return std::nullopt;
  if (!isa<MemRefType>(input->get().getType()))
    return Initializer{writer, input->get(), {}, {}};
  AffineMap map = writer.getMatchingIndexingMap(input);
  if (!map.isProjectedPermutation() || input->get() == out)
    return std::nullopt;
  // Nothing between the two may write to what the initializer reads.
  for (Operation *next = writer->getNextNode(); next != op;
       next = next->getNextNode())
    if (!leavesAlone(next, input->get()))
      return std::nullopt;
  return Initializer{writer, {}, input->get(), map};
}

std::optional<Initializer> cgmq::findInitializer(const TiledContraction &form) {
  const auto &[contraction, tile] = form;
  if (!contraction.hasOutputLoopsOnly())
    return std::nullopt;
  std::optional<Initializer> initializer = findInitializer(contraction.op);
  if (!initializer || !initializer->buffer)
    return initializer;
  // A vector that the initializer broadcasts is loaded along its last dim.
  AffineMap map = initializer->map.compose(contraction.maps[Contraction::Out]);
  if (!hasVectorLayout(initializer->buffer) ||
      (map.isFunctionOfDim(tile.vectorDim) &&
       !map.getResults().back().isFunctionOfDim(tile.vectorDim)))
    return std::nullopt;
  return initializer;
}
