//===- GlobalsToConstants.cpp - Globals become constants -------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Target/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_GLOBALSTOCONSTANTSPASS
#include "cgmq/Target/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {
struct GlobalsToConstants
    : cgmq::impl::GlobalsToConstantsPassBase<GlobalsToConstants> {
  using GlobalsToConstantsPassBase::GlobalsToConstantsPassBase;

  /// Gives a global the shape that its one use wants.
  static DenseElementsAttr reshape(Operation *load, DenseElementsAttr value) {
    while (load->hasOneUse()) {
      Operation *user = *load->user_begin();
      if (!isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(user))
        break;
      auto type = cast<RankedTensorType>(user->getResult(0).getType());
      if (!type.hasStaticShape())
        break;
      value = value.reshape(type);
      load->getResult(0).setType(type);
      user->replaceAllUsesWith(load);
      user->erase();
    }
    return value;
  }

  LogicalResult convert(ml_program::GlobalOp global) {
    auto type = dyn_cast<RankedTensorType>(global.getType());
    auto value = dyn_cast_if_present<DenseElementsAttr>(global.getValueAttr());
    if (!type || !value || global.getIsMutable()) {
      InFlightDiagnostic diag = global.emitOpError()
                                << "expects an immutable tensor with a dense "
                                   "value to be part of a program";
      diag.attachNote() << "cgmq-freeze and cgmq-lower-to-integer leave those";
      return diag;
    }
    OpBuilder builder(global);
    std::optional<SymbolTable::UseRange> uses =
        SymbolTable::getSymbolUses(global, getOperation());
    if (!uses)
      return global.emitOpError()
             << "expects operations whose symbols are known";
    SmallVector<Operation *> loads;
    for (SymbolTable::SymbolUse use : *uses)
      if (isa<ml_program::GlobalLoadOp, ml_program::GlobalLoadConstOp>(
              use.getUser()))
        loads.push_back(use.getUser());
    if (asValues) {
      for (Operation *load : loads) {
        builder.setInsertionPoint(load);
        Value constant =
            arith::ConstantOp::create(builder, load->getLoc(), value);
        load->replaceAllUsesWith(ValueRange(constant));
        load->erase();
      }
      global.erase();
      return success();
    }
    if (loads.size() == 1)
      value = reshape(loads.front(), value);
    auto memref =
        MemRefType::get(value.getType().getShape(), type.getElementType());
    for (Operation *load : loads) {
      builder.setInsertionPoint(load);
      Value buffer = memref::GetGlobalOp::create(builder, load->getLoc(),
                                                 memref, global.getSymName());
      Value tensor = bufferization::ToTensorOp::create(
          builder, load->getLoc(), load->getResult(0).getType(), buffer,
          /*restrict=*/true, /*writable=*/false);
      load->replaceAllUsesWith(ValueRange(tensor));
      load->erase();
    }
    builder.setInsertionPoint(global);
    memref::GlobalOp::create(builder, global.getLoc(), global.getSymName(),
                             builder.getStringAttr("private"), memref, value,
                             /*constant=*/true, /*alignment=*/nullptr);
    global.erase();
    return success();
  }

  void runOnOperation() override {
    for (auto global : llvm::make_early_inc_range(
             getOperation().getOps<ml_program::GlobalOp>()))
      if (failed(convert(global)))
        return signalPassFailure();
  }
};
} // namespace
