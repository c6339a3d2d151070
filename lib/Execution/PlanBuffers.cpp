//===- PlanBuffers.cpp - Temporary buffers in one arena -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_PLANBUFFERSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// A temporary buffer: the top-level ops between which it lives, and its place.
struct Temporary {
  memref::AllocOp alloc;
  int64_t first, last;
  int64_t size, offset = 0;
};

/// Bytes of a buffer, nothing if the arena cannot hold it.
std::optional<int64_t> getSize(MemRefType type) {
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      type.getMemorySpace() || !type.getElementType().isIntOrFloat())
    return std::nullopt;
  // LLVM stores i48 in eight bytes.
  return type.getNumElements() *
         llvm::PowerOf2Ceil(llvm::divideCeil(type.getElementTypeBitWidth(), 8));
}

/// Largest buffers first, each at the least offset that is free while it lives.
int64_t assignOffsets(MutableArrayRef<Temporary> temporaries,
                      int64_t alignment) {
  SmallVector<Temporary *> order;
  for (Temporary &temporary : temporaries)
    order.push_back(&temporary);
  llvm::stable_sort(
      order, [](Temporary *a, Temporary *b) { return a->size > b->size; });
  SmallVector<Temporary *> placed;
  int64_t total = 0;
  for (Temporary *next : order) {
    int64_t offset = 0;
    // `placed` is sorted by offset.
    for (Temporary *other : placed) {
      if (other->last < next->first || next->last < other->first)
        continue;
      if (offset + next->size <= other->offset)
        break;
      offset = std::max<int64_t>(
          offset, llvm::alignTo(other->offset + other->size, alignment));
    }
    next->offset = offset;
    total = std::max<int64_t>(total, offset + next->size);
    placed.insert(llvm::upper_bound(placed, next,
                                    [](Temporary *a, Temporary *b) {
                                      return a->offset < b->offset;
                                    }),
                  next);
  }
  return total;
}

struct PlanBuffers : public cgmq::impl::PlanBuffersPassBase<PlanBuffers> {
  using PlanBuffersPassBase::PlanBuffersPassBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (alignment <= 0 || !llvm::isPowerOf2_64(alignment)) {
      function.emitError() << "expects a power of two as alignment, but got "
                           << alignment.getValue();
      return signalPassFailure();
    }
    if (function.isExternal() || function.isPrivate() ||
        !function.getBody().hasOneBlock())
      return;
    Block &body = function.getBody().front();
    // What a branch alone uses has its place too.
    function.walk([&](memref::AllocOp alloc) {
      if (isa<scf::IfOp>(alloc->getParentOp()) &&
          alloc->getParentOp()->getBlock() == &body &&
          alloc.getType().hasStaticShape())
        alloc->moveBefore(alloc->getParentOp());
    });
    DenseMap<Operation *, int64_t> position;
    for (auto [index, op] : llvm::enumerate(body))
      position[&op] = index;

    BufferViewFlowAnalysis views(function);
    SmallVector<Temporary> temporaries;
    for (auto alloc : body.getOps<memref::AllocOp>()) {
      std::optional<int64_t> size = getSize(alloc.getType());
      if (!size)
        continue;
      Temporary temporary{alloc, position[alloc], position[alloc], *size};
      bool escapes = false;
      for (Value alias : views.resolve(alloc.getMemref()))
        for (Operation *user : alias.getUsers()) {
          Operation *top = body.findAncestorOpInBlock(*user);
          escapes |= !top || isa<func::ReturnOp>(user);
          if (top && !isa<memref::DeallocOp>(user))
            temporary.last = std::max(temporary.last, position[top]);
        }
      if (!escapes)
        temporaries.push_back(temporary);
    }
    if (temporaries.empty())
      return;

    int64_t total = assignOffsets(temporaries, alignment);
    OpBuilder builder(&getContext());
    NamedAttribute attribute(builder.getStringAttr(CGMQDialect::kArenaAttrName),
                             builder.getUnitAttr());
    unsigned index = function.getNumArguments();
    if (failed(function.insertArgument(
            index, MemRefType::get({total}, builder.getI8Type()),
            builder.getDictionaryAttr(attribute), function.getLoc())))
      return signalPassFailure();
    for (Temporary &temporary : temporaries) {
      memref::AllocOp alloc = temporary.alloc;
      builder.setInsertionPoint(alloc);
      Value offset = arith::ConstantIndexOp::create(builder, alloc.getLoc(),
                                                    temporary.offset);
      Value view = memref::ViewOp::create(
          builder, alloc.getLoc(), alloc.getType(), function.getArgument(index),
          offset, ValueRange());
      // So is a reshape of the buffer.
      for (Operation *user :
           llvm::make_early_inc_range(alloc.getMemref().getUsers())) {
        if (!isa<memref::CollapseShapeOp, memref::ExpandShapeOp>(user))
          continue;
        auto type = cast<MemRefType>(user->getResult(0).getType());
        if (!type.getLayout().isIdentity())
          continue;
        user->replaceAllUsesWith(memref::ViewOp::create(
            builder, user->getLoc(), type, function.getArgument(index), offset,
            ValueRange()));
        user->erase();
      }
      for (Operation *user :
           llvm::make_early_inc_range(alloc.getMemref().getUsers()))
        if (isa<memref::DeallocOp>(user))
          user->erase();
      alloc.replaceAllUsesWith(view);
      alloc.erase();
    }
  }
};

} // namespace
