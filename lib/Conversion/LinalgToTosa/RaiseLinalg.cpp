//===- RaiseLinalg.cpp - Networks of linalg as TOSA -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "Raiser.h"

#include "cgmq/Transforms/Passes.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_RAISELINALGPASS
#include "cgmq/Conversion/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Whether anything in the function is to be raised.
static bool hasLinalg(func::FuncOp function) {
  return function
      .walk([](Operation *op) {
        return isa<linalg::LinalgDialect, tensor::TensorDialect>(
                   op->getDialect())
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Scalar state that nothing uses, as the seed that torch-mlir declares in
/// every module.
static void eraseSeeds(ModuleOp module) {
  for (auto global :
       llvm::make_early_inc_range(module.getOps<ml_program::GlobalOp>())) {
    auto type = dyn_cast<RankedTensorType>(global.getType());
    if (global.isPrivate() && type && type.getRank() == 0 &&
        type.getElementType().isInteger() &&
        SymbolTable::symbolKnownUseEmpty(global, module))
      global.erase();
  }
}

/// Images of channels, height and width in a type; null where there are none.
static RankedTensorType getImages(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() == 4 ? tensor : RankedTensorType();
}

/// Gives arguments and results that are images their channels last.
static void moveChannelsLast(func::FuncOp function) {
  TosaBuilder b(function.getLoc(), function.getContext());
  Block &block = function.getBody().front();
  b.setInsertionPointToStart(&block);
  for (BlockArgument argument : block.getArguments()) {
    RankedTensorType type = getImages(argument.getType());
    if (!type)
      continue;
    argument.setType(type.clone(
        applyPermutation(type.getShape(), TosaBuilder::getPermsToLast(4))));
    Value first = b.toChannelsFirst(argument);
    argument.replaceAllUsesExcept(first, first.getDefiningOp());
  }
  Operation *end = block.getTerminator();
  b.setInsertionPoint(end);
  for (OpOperand &operand : end->getOpOperands())
    if (getImages(operand.get().getType()))
      operand.set(b.toChannelsLast(operand.get()));
  function.setFunctionType(FunctionType::get(
      function.getContext(), block.getArgumentTypes(), end->getOperandTypes()));
}

namespace {
struct RaiseLinalg : public cgmq::impl::RaiseLinalgPassBase<RaiseLinalg> {
  using RaiseLinalgPassBase::RaiseLinalgPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    bool isChanged = false;
    for (auto function : llvm::to_vector(module.getOps<func::FuncOp>())) {
      if (function.isExternal() || !hasLinalg(function))
        continue;
      if (failed(raise(module, function)))
        return signalPassFailure();
      isChanged = true;
    }
    if (!isChanged)
      return;
    eraseSeeds(module);
    OpPassManager passes(ModuleOp::getOperationName());
    passes.addPass(createSinkTransposesPass());
    passes.addPass(createCanonicalizerPass());
    passes.addPass(createCSEPass());
    if (failed(runPipeline(passes, module)))
      signalPassFailure();
  }

private:
  LogicalResult raise(ModuleOp module, func::FuncOp function) {
    if (!SymbolTable::symbolKnownUseEmpty(function, module))
      return Raiser::refuse(function, "expects a function that nothing calls",
                            "inline it before linalg is made");
    Raiser raiser(function);
    if (failed(raiser.run()))
      return failure();
    createParameters(module, raiser.getConstants());
    if (layout == ImageLayout::NHWC)
      moveChannelsLast(function);
    if (nonnegative)
      for (BlockArgument argument : function.getArguments())
        if (isa<FloatType>(getElementTypeOrSelf(argument.getType())))
          function.setArgAttr(argument.getArgNumber(),
                              CGMQDialect::kNonnegativeAttrName,
                              UnitAttr::get(&getContext()));
    return success();
  }
};
} // namespace
