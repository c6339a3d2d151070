//===- CopiesToLoops.cpp - Copies without a library ------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Target/Passes.h"

#include "mlir/Dialect/Linalg/Utils/Utils.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_COPIESTOLOOPSPASS
#include "cgmq/Target/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {
struct CopiesToLoops : cgmq::impl::CopiesToLoopsPassBase<CopiesToLoops> {
  void runOnOperation() override {
    getOperation().walk([](memref::CopyOp copy) {
      if (!isa<MemRefType>(copy.getSource().getType()) ||
          !isa<MemRefType>(copy.getTarget().getType()))
        return;
      OpBuilder builder(copy);
      linalg::makeMemRefCopyOp(builder, copy.getLoc(), copy.getSource(),
                               copy.getTarget());
      copy.erase();
    });
  }
};
} // namespace
