//===- SeparateDestinations.cpp - A destination for each op -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
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
      // The op itself stays for one destination, or for those who read it.
      if (!isRead && !destinations.empty())
        destinations.pop_back();
      for (OpOperand *use : destinations) {
        builder.setInsertionPoint(use->getOwner());
        use->set(builder.clone(*op)->getResult(0));
      }
    }
  }
};
} // namespace
