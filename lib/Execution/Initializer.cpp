//===- Initializer.cpp - What an output starts with -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Initializer.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::cgmq;

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
    if (!isMemoryEffectFree(next))
      return std::nullopt;
  return Initializer{writer, {}, input->get(), map};
}
