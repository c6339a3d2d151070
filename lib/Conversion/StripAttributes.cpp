//===- StripAttributes.cpp - Programs without a trace of cgmq -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StripAttributes.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::cgmq;

static bool isOurs(NamedAttribute attr) {
  return isa_and_present<CGMQDialect>(attr.getNameDialect());
}

/// Whether tools that do not know the dialect could not read `op`.
static bool isForeign(Operation *op) {
  auto isOurType = [](Type type) {
    return isa<CGMQDialect>(getElementTypeOrSelf(type).getDialect());
  };
  auto isOurValue = [](NamedAttribute attr) {
    return isa<CGMQDialect>(attr.getValue().getDialect());
  };
  return isa_and_present<CGMQDialect>(op->getDialect()) ||
         llvm::any_of(op->getOperandTypes(), isOurType) ||
         llvm::any_of(op->getResultTypes(), isOurType) ||
         llvm::any_of(op->getAttrs(), isOurValue);
}

LogicalResult cgmq::stripAttributes(ModuleOp module) {
  WalkResult result = module->walk([](Operation *op) {
    auto kept = llvm::filter_to_vector(
        op->getDiscardableAttrs(),
        [](NamedAttribute attr) { return !isOurs(attr); });
    op->setDiscardableAttrs(kept);
    if (isForeign(op)) {
      InFlightDiagnostic diag = op->emitOpError()
                                << "cannot be said without the cgmq dialect";
      diag.attachNote() << "cgmq-freeze fixes gates; erase functions and "
                           "globals that are not frozen";
      return WalkResult(diag);
    }
    auto function = dyn_cast<FunctionOpInterface>(op);
    if (!function)
      return WalkResult::advance();
    for (unsigned i = 0, e = function.getNumArguments(); i < e; ++i)
      for (NamedAttribute attr : llvm::to_vector(function.getArgAttrs(i)))
        if (isOurs(attr))
          function.removeArgAttr(i, attr.getName());
    for (unsigned i = 0, e = function.getNumResults(); i < e; ++i)
      for (NamedAttribute attr : llvm::to_vector(function.getResultAttrs(i)))
        if (isOurs(attr))
          function.removeResultAttr(i, attr.getName());
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
