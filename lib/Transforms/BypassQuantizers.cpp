//===- BypassQuantizers.cpp - The float network under the gates ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/BypassQuantizers.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::cgmq;

void cgmq::bypassQuantizers(func::FuncOp function) {
  Block &body = function.getBody().front();
  for (Operation &op : body) {
    if (auto dequantize = dyn_cast<DequantizeOp>(op)) {
      if (auto quantize = dequantize.getInput().getDefiningOp<QuantizeOp>())
        dequantize.replaceAllUsesWith(quantize.getInput());
    } else if (auto align = dyn_cast<AlignOp>(op)) {
      align.replaceAllUsesWith(align.getBias());
    }
  }
  // From the last to the first, so that uses go before definitions.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
}
