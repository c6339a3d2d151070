//===- SeparateDestinations.cpp - A destination for each op -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_SEPARATEDESTINATIONSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {
struct SeparateDestinations
    : public cgmq::impl::SeparateDestinationsPassBase<SeparateDestinations> {
  void runOnOperation() override {
    SmallVector<Operation *> shared;
    getOperation().walk([&](Operation *op) {
      if (isa<tensor::EmptyOp, linalg::FillOp>(op) && op->getNumResults() == 1)
        shared.push_back(op);
    });
    OpBuilder builder(&getContext());
    // From the last to the first: a copy of a fill is one more use of what it
    // fills.
    for (Operation *op : llvm::reverse(shared)) {
      SmallVector<OpOperand *> destinations;
      bool isRead = false;
      for (OpOperand &use : op->getUses()) {
        auto user = dyn_cast<DestinationStyleOpInterface>(use.getOwner());
        if (user && user.isDpsInit(&use))
          destinations.push_back(&use);
        else
          isRead = true;
      }
      // The op itself stays for those who read it, or for one destination.
      Value destination = isRead ? Value() : op->getResult(0);
      while (!destinations.empty()) {
        OpOperand *first = destinations.pop_back_val();
        if (!destination) {
          builder.setInsertionPoint(
              op->getBlock()->findAncestorOpInBlock(*first->getOwner()));
          destination = builder.clone(*op)->getResult(0);
        }
        first->set(destination);
        // Of the branches of one op, one is run: they share a destination.
        llvm::erase_if(destinations, [&](OpOperand *other) {
          if (!insideMutuallyExclusiveRegions(first->getOwner(),
                                              other->getOwner()))
            return false;
          other->set(destination);
          return true;
        });
        destination = {};
      }
    }
  }
};
} // namespace
