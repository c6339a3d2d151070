//===- GlobalsToArguments.cpp - Globals become memref arguments -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_GLOBALSTOARGUMENTSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// The symbol that a load or store names, null for other ops.
SymbolRefAttr getGlobal(Operation *op) {
  if (auto load = dyn_cast<ml_program::GlobalLoadOp>(op))
    return load.getGlobal();
  if (auto load = dyn_cast<ml_program::GlobalLoadConstOp>(op))
    return load.getGlobal();
  if (auto store = dyn_cast<ml_program::GlobalStoreOp>(op))
    return store.getGlobal();
  return {};
}

/// One global as a function sees it.
struct Binding {
  ml_program::GlobalOp global;
  /// The global's tensor on entry, and after the last store.
  Value initial, current;
};

/// Rewrites the loads and stores of one function.
class FunctionRewriter {
public:
  FunctionRewriter(func::FuncOp function, SymbolTable &symbols)
      : function(function), symbols(symbols), builder(function.getBody()) {}

  LogicalResult run() {
    if (failed(collect()))
      return failure();
    markInputsReadOnly();
    if (failed(addArguments()))
      return failure();
    if (failed(replaceAccesses()))
      return failure();
    emitStores();
    return success();
  }

private:
  /// Finds the globals in use, in the order of the module.
  LogicalResult collect() {
    SmallVector<ml_program::GlobalOp> used;
    WalkResult result = function.walk([&](Operation *op) -> WalkResult {
      SymbolRefAttr name = getGlobal(op);
      if (!name)
        return WalkResult::advance();
      auto global =
          symbols.lookup<ml_program::GlobalOp>(name.getLeafReference());
      if (!global)
        return op->emitOpError()
               << "expects a global of this module, but got " << name;
      auto type = dyn_cast<RankedTensorType>(global.getType());
      if (!type || !type.hasStaticShape())
        return op->emitOpError()
               << "expects a global of ranked static tensor type, but got "
               << global.getType();
      if (isa<ml_program::GlobalStoreOp>(op) &&
          op->getBlock() != &function.getBody().front())
        return op->emitOpError()
               << "expects to be at the top level of the function";
      if (!llvm::is_contained(used, global))
        used.push_back(global);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
    llvm::sort(
        used, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
    for (ml_program::GlobalOp global : used)
      bindings.insert({global.getSymNameAttr(), Binding{global, {}, {}}});
    return success();
  }

  void markInputsReadOnly() {
    for (BlockArgument argument : function.getArguments())
      if (isa<TensorType>(argument.getType()))
        function.setArgAttr(
            argument.getArgNumber(),
            bufferization::BufferizationDialect::kWritableAttrName,
            builder.getBoolAttr(false));
  }

  LogicalResult addArguments() {
    for (auto &[name, binding] : bindings) {
      auto type = cast<RankedTensorType>(binding.global.getType());
      auto buffer = MemRefType::get(type.getShape(), type.getElementType());
      unsigned index = function.getNumArguments();
      NamedAttribute attribute(
          builder.getStringAttr(CGMQDialect::kGlobalAttrName), name);
      if (failed(function.insertArgument(index, buffer,
                                         builder.getDictionaryAttr(attribute),
                                         binding.global.getLoc())))
        return failure();
      bool stored =
          llvm::any_of(function.getOps<ml_program::GlobalStoreOp>(),
                       [&, name = name](auto store) {
                         return store.getGlobal().getLeafReference() == name;
                       });
      binding.initial = bufferization::ToTensorOp::create(
          builder, binding.global.getLoc(), type, function.getArgument(index),
          /*restrict=*/true, /*writable=*/stored);
      binding.current = binding.initial;
    }
    return success();
  }

  LogicalResult replaceAccesses() {
    for (Operation &op :
         llvm::make_early_inc_range(function.getBody().front())) {
      // Regions hold loads only.
      WalkResult result = op.walk([&](Operation *access) -> WalkResult {
        SymbolRefAttr name = getGlobal(access);
        if (!name)
          return WalkResult::advance();
        Binding &binding = bindings.find(name.getLeafReference())->second;
        auto type = binding.global.getType();
        Type seen = access->getNumResults() ? access->getResult(0).getType()
                                            : access->getOperand(0).getType();
        if (seen != type) {
          InFlightDiagnostic diag = access->emitOpError()
                                    << "expects the type of the global " << type
                                    << ", but got " << seen;
          diag.attachNote(binding.global.getLoc()) << "global is declared here";
          return diag;
        }
        if (access->getNumResults())
          access->getResult(0).replaceAllUsesWith(binding.current);
        else
          binding.current = access->getOperand(0);
        access->erase();
        return WalkResult::advance();
      });
      if (result.wasInterrupted())
        return failure();
    }
    return success();
  }

  /// True if the buffer of `value` may be that of a global which is stored.
  bool mayAliasStored(Value value) const {
    SmallVector<Value> worklist = {value};
    DenseSet<Value> seen;
    while (!worklist.empty()) {
      Value next = worklist.pop_back_val();
      Operation *op = next.getDefiningOp();
      if (!op || !seen.insert(next).second || isa<linalg::LinalgOp>(op) ||
          OpTrait::hasElementwiseMappableTraits(op))
        continue;
      if (llvm::any_of(bindings, [&](const auto &entry) {
            return entry.second.initial == next && entry.second.current != next;
          }))
        return true;
      for (Value operand : op->getOperands())
        if (isa<TensorType>(operand.getType()))
          worklist.push_back(operand);
    }
    return false;
  }

  /// A value that the stores at the end of the function leave alone.
  Value detach(Value value) {
    if (!isa<RankedTensorType>(value.getType()) || !mayAliasStored(value))
      return value;
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<Value> extents;
    for (auto [index, extent] : llvm::enumerate(type.getShape()))
      if (ShapedType::isDynamic(extent))
        extents.push_back(
            tensor::DimOp::create(builder, value.getLoc(), value, index));
    return bufferization::AllocTensorOp::create(builder, value.getLoc(), type,
                                                extents, value);
  }

  void emitStores() {
    Operation *terminator = function.getBody().front().getTerminator();
    builder.setInsertionPoint(terminator);
    SmallVector<std::pair<Binding *, Value>> stores;
    for (auto &[name, binding] : bindings)
      if (binding.current != binding.initial)
        stores.emplace_back(&binding, binding.current);
    if (stores.empty())
      return;
    for (OpOperand &operand : terminator->getOpOperands())
      operand.set(detach(operand.get()));
    for (auto &[binding, value] : stores)
      value = detach(value);
    // First in terms of tensors, where the buffer analysis sees the write ...
    for (auto &[binding, value] : stores)
      value = bufferization::MaterializeInDestinationOp::create(
                  builder, value.getLoc(), value, binding->initial)
                  .getResult();
    // ... then in terms of buffers, which keeps it alive.
    for (auto &[binding, value] : stores) {
      auto toTensor =
          binding->initial.getDefiningOp<bufferization::ToTensorOp>();
      bufferization::MaterializeInDestinationOp::create(
          builder, value.getLoc(), TypeRange(), value, toTensor.getBuffer(),
          /*restrict=*/false, /*writable=*/true);
    }
  }

  func::FuncOp function;
  SymbolTable &symbols;
  OpBuilder builder;
  llvm::MapVector<StringAttr, Binding> bindings;
};

struct GlobalsToArguments
    : public cgmq::impl::GlobalsToArgumentsPassBase<GlobalsToArguments> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    auto usesGlobals = [](func::FuncOp function) {
      return function
          .walk([](Operation *op) {
            return getGlobal(op) ? WalkResult::interrupt()
                                 : WalkResult::advance();
          })
          .wasInterrupted();
    };
    DenseSet<StringAttr> users;
    for (auto function : module.getOps<func::FuncOp>())
      if (usesGlobals(function))
        users.insert(function.getSymNameAttr());
    WalkResult calls = module.walk([&](func::CallOp call) -> WalkResult {
      if (!users.contains(call.getCalleeAttr().getAttr()))
        return WalkResult::advance();
      InFlightDiagnostic diag = call.emitOpError()
                                << "expects a callee without globals, but got "
                                << call.getCallee();
      diag.attachNote() << "inline the call first (--inline)";
      return diag;
    });
    if (calls.wasInterrupted())
      return signalPassFailure();
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isExternal() &&
          failed(FunctionRewriter(function, symbols).run()))
        return signalPassFailure();
    // The widths of units are there for costs; the code does not read them.
    module.walk([](linalg::GenericOp op) {
      op->removeAttr(CGMQDialect::kLhsWidthsAttrName);
      op->removeAttr(CGMQDialect::kRhsWidthsAttrName);
    });
    SymbolTableCollection tables;
    SymbolUserMap uses(tables, module);
    for (auto global :
         llvm::make_early_inc_range(module.getOps<ml_program::GlobalOp>()))
      if (uses.useEmpty(global))
        global.erase();
  }
};

} // namespace
