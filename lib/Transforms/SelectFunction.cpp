//===- SelectFunction.cpp - The function that a pass works on -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/SelectFunction.h"

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<func::FuncOp> cgmq::selectFunction(ModuleOp module, StringRef name) {
  func::FuncOp function;
  if (!name.empty()) {
    function = module.lookupSymbol<func::FuncOp>(name);
    if (!function)
      return module.emitError()
             << "expects 'function' to name a function of the module, but got '"
             << name << "'";
  } else {
    for (auto candidate : module.getOps<func::FuncOp>()) {
      if (candidate.isExternal())
        continue;
      if (function) {
        InFlightDiagnostic diag =
            module.emitError()
            << "expects one function in the module, but got several";
        diag.attachNote(candidate.getLoc()) << "a second one is here";
        diag.attachNote() << "name the one that is meant by 'function'";
        return diag;
      }
      function = candidate;
    }
    if (!function)
      return module.emitError()
             << "expects a function in the module, but got none";
  }
  if (function.isExternal())
    return function.emitOpError() << "expects a body, but got a declaration";
  if (!function.getBody().hasOneBlock()) {
    InFlightDiagnostic diag = function.emitOpError()
                              << "expects one block, but got "
                              << function.getBody().getBlocks().size();
    diag.attachNote() << "control flow is not supported";
    return diag;
  }
  return function;
}

FailureOr<func::FuncOp> cgmq::cloneFunction(func::FuncOp function,
                                            StringRef suffix) {
  std::string name = (function.getName() + suffix).str();
  if (Operation *other = SymbolTable::lookupNearestSymbolFrom(
          function, StringAttr::get(function.getContext(), name))) {
    InFlightDiagnostic diag = function.emitOpError()
                              << "expects the name '" << name
                              << "' to be free, but it is taken";
    diag.attachNote(other->getLoc()) << "by this";
    return diag;
  }
  OpBuilder builder(function);
  builder.setInsertionPointAfter(function);
  auto clone = cast<func::FuncOp>(builder.clone(*function));
  clone.setName(name);
  return clone;
}
