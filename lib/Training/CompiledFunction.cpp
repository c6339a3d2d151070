//===- CompiledFunction.cpp - A function at any stage, compiled -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/CompiledFunction.h"

#include "cgmq/Conversion/Passes.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/Passes.h"
#include "cgmq/Transforms/SetBatch.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::cgmq;

void CompiledFunction::getDependentDialects(DialectRegistry &registry) {
  JitSession::getDependentDialects(registry);
  createLowerQuantizersPass()->getDependentDialects(registry);
}

FailureOr<CompiledFunction>
CompiledFunction::create(ModuleOp module, StringRef name, int64_t batch,
                         const JitOptions &options) {
  FailureOr<func::FuncOp> original = getModelFunction(module, name);
  if (failed(original))
    return failure();
  CompiledFunction result;
  result.name = original->getSymName().str();

  // What the function does not use is not compiled.
  OwningOpRef<ModuleOp> copy = module.clone();
  auto function = copy->lookupSymbol<func::FuncOp>(result.name);
  for (auto symbol : copy->getOps<SymbolOpInterface>())
    if (symbol.canDiscardOnUseEmpty() || isa<func::FuncOp>(symbol))
      symbol.setVisibility(SymbolTable::Visibility::Private);
  function.setPublic();
  PassManager strip(copy->getContext());
  strip.addPass(createSymbolDCEPass());
  strip.addPass(createInitializeParametersPass());
  if (failed(strip.run(*copy)) || failed(setBatch(function, batch)))
    return failure();

  PassManager lower(copy->getContext());
  LowerQuantizersPassOptions quantizers;
  quantizers.contractBytes = JitSession::usesVnni(options);
  lower.addPass(createLowerQuantizersPass(quantizers));
  if (failed(lower.run(*copy)))
    return failure();
  function = copy->lookupSymbol<func::FuncOp>(result.name);
  // What is said of the arguments means nothing to a compiled function.
  function.setAllArgAttrs(
      SmallVector<DictionaryAttr>(function.getNumArguments()));
  FailureOr<std::unique_ptr<JitSession>> session =
      JitSession::compile(*copy, {StringRef(result.name)}, options);
  if (failed(session))
    return failure();
  result.session = std::move(*session);
  auto take = [](TypeRange types) {
    return llvm::map_to_vector(
        types, [](Type type) { return cast<RankedTensorType>(type); });
  };
  result.argumentTypes = take(function.getArgumentTypes());
  result.resultTypes = take(function.getResultTypes());
  return result;
}
