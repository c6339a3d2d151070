//===- ModelFunction.cpp - The function that a pass works on -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/ModelFunction.h"

#include "cgmq/Analysis/CostAnalysis.h"

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<func::FuncOp> cgmq::getModelFunction(ModuleOp module,
                                               StringRef name) {
  func::FuncOp function;
  if (!name.empty()) {
    function = module.lookupSymbol<func::FuncOp>(name);
    if (!function)
      return emitError(module.getLoc())
             << "expects a function named by option 'function', but got '"
             << name << "', which the module does not hold";
  } else {
    auto functions = llvm::filter_to_vector(
        module.getOps<func::FuncOp>(),
        [](func::FuncOp function) { return !function.isDeclaration(); });
    auto callers = llvm::filter_to_vector(functions, [&](auto function) {
      return SymbolTable::symbolKnownUseEmpty(function, module);
    });
    if (callers.size() == 1) {
      function = callers.front();
    } else if (functions.size() == 1) {
      function = functions.front();
    } else {
      InFlightDiagnostic diag =
          emitError(module.getLoc())
          << "expects one function where option 'function' names none, but got "
          << functions.size();
      for (func::FuncOp candidate : functions)
        diag.attachNote(candidate.getLoc())
            << "function=" << candidate.getSymName() << " selects this one";
      return diag;
    }
  }
  if (!function.getBody().hasOneBlock())
    return emitError(function.getLoc())
           << "expects a body of one block, but got "
           << function.getBody().getBlocks().size() << " blocks";
  return function;
}

FailureOr<func::FuncOp> cgmq::getBoundedFunction(ModuleOp module,
                                                 StringRef name) {
  SmallVector<func::FuncOp> bounded = getBoundedFunctions(module);
  if (name.empty() && bounded.size() == 1)
    return bounded.front();
  return getModelFunction(module, name);
}

FailureOr<func::FuncOp> cgmq::cloneFunction(func::FuncOp function,
                                            StringRef suffix) {
  auto name =
      StringAttr::get(function.getContext(), function.getSymName() + suffix);
  if (Operation *other = SymbolTable::lookupNearestSymbolFrom(function, name)) {
    InFlightDiagnostic diag = emitError(function.getLoc())
                              << "expects no symbol @" << name.getValue()
                              << " in the module, where it adds a function, "
                                 "but got one";
    diag.attachNote(other->getLoc()) << "@" << name.getValue() << " is here";
    return diag;
  }
  OpBuilder builder(function.getContext());
  builder.setInsertionPointAfter(function);
  auto clone = cast<func::FuncOp>(builder.clone(*function));
  clone.setSymNameAttr(name);
  return clone;
}
