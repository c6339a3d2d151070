//===- AnnotateBranches.cpp - What loops say to LLVM -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorAccess.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

#include "llvm/ADT/TypeSwitch.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_ANNOTATEBRANCHESPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

struct AnnotateBranches
    : public cgmq::impl::AnnotateBranchesPassBase<AnnotateBranches> {
  void runOnOperation() override {
    getOperation()->walk([](Operation *op) {
      auto annotation =
          op->getAttrOfType<LLVM::LoopAnnotationAttr>(kLoopAnnotation);
      if (!annotation)
        return;
      llvm::TypeSwitch<Operation *>(op).Case<LLVM::BrOp, LLVM::CondBrOp>(
          [&](auto branch) {
            branch.setLoopAnnotationAttr(annotation);
            branch->removeAttr(kLoopAnnotation);
          });
    });
  }
};

} // namespace
