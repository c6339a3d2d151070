//===- OutlineKernels.cpp - One function for each distinct op -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Epilogue.h"
#include "Initializer.h"
#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_OUTLINEKERNELSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// Ops that become one function.
struct Kernel {
  /// What the ops use and the function computes anew: constants, and views of
  /// parts of buffers, which cannot be passed as one pointer.
  llvm::SetVector<Operation *> copied;
  SmallVector<Operation *> ops;
  llvm::SetVector<Value> arguments;

  /// Adds what `value` needs; fails if no function can be passed that.
  LogicalResult addUse(Value value) {
    Operation *definition = value.getDefiningOp();
    if (definition && llvm::is_contained(ops, definition))
      return success();
    auto type = dyn_cast<MemRefType>(value.getType());
    bool isPart = type && !type.getLayout().isIdentity();
    if (definition && (definition->hasTrait<OpTrait::ConstantLike>() ||
                       (isPart && isa<ViewLikeOpInterface>(definition)))) {
      if (copied.contains(definition))
        return success();
      for (Value operand : definition->getOperands())
        if (failed(addUse(operand)))
          return failure();
      copied.insert(definition);
      return success();
    }
    if (definition && copied.contains(definition))
      return success();
    if (type ? isPart || !type.hasStaticShape()
             : !value.getType().isIntOrIndexOrFloat())
      return failure();
    arguments.insert(value);
    return success();
  }

  LogicalResult addOp(Operation *op) {
    ops.push_back(op);
    for (Value operand : op->getOperands())
      if (failed(addUse(operand)))
        return failure();
    llvm::SetVector<Value> captured;
    getUsedValuesDefinedAbove(op->getRegions(), captured);
    return success(llvm::all_of(
        captured, [&](Value value) { return succeeded(addUse(value)); }));
  }

  /// A private function that does what the ops do.
  func::FuncOp createFunction(OpBuilder &builder) const {
    Location loc = ops.back()->getLoc();
    auto types = llvm::to_vector_of<Type>(
        TypeRange(ValueRange(arguments.getArrayRef())));
    auto function = func::FuncOp::create(builder, loc, "kernel",
                                         builder.getFunctionType(types, {}));
    function.setPrivate();
    // LLVM would undo the sharing.
    function->setAttr("passthrough", builder.getStrArrayAttr({"noinline"}));
    IRMapping mapping;
    OpBuilder body = OpBuilder::atBlockBegin(function.addEntryBlock());
    mapping.map(arguments.getArrayRef(), function.getArguments());
    for (Operation *op : copied)
      body.clone(*op, mapping);
    for (Operation *op : ops)
      body.clone(*op, mapping);
    func::ReturnOp::create(body, loc);
    return function;
  }
};

/// Functions are the same if their types and bodies are.
struct SameBody : llvm::DenseMapInfo<func::FuncOp> {
  static unsigned getHashValue(func::FuncOp function) {
    auto hash = static_cast<size_t>(hash_value(function.getFunctionType()));
    for (Operation &op : function.getBody().front())
      hash = llvm::hash_combine(hash,
                                OperationEquivalence::computeHash(
                                    &op, OperationEquivalence::ignoreHashValue,
                                    OperationEquivalence::ignoreHashValue,
                                    OperationEquivalence::IgnoreLocations));
    return hash;
  }
  static bool isEqual(func::FuncOp lhs, func::FuncOp rhs) {
    if (lhs == rhs)
      return true;
    if (lhs == getEmptyKey() || lhs == getTombstoneKey() ||
        rhs == getEmptyKey() || rhs == getTombstoneKey())
      return false;
    return lhs.getFunctionType() == rhs.getFunctionType() &&
           OperationEquivalence::isRegionEquivalentTo(
               &lhs.getBody(), &rhs.getBody(),
               OperationEquivalence::IgnoreLocations);
  }
};

struct OutlineKernels
    : public cgmq::impl::OutlineKernelsPassBase<OutlineKernels> {
  using OutlineKernelsPassBase::OutlineKernelsPassBase;

  /// The epilogue that cgmq-lower-contractions would give to an op.
  static std::optional<Epilogue> findEpilogueOf(linalg::LinalgOp op,
                                                const Machine &machine) {
    FailureOr<TiledContraction> form = chooseForm(op, machine, canAccess);
    if (failed(form))
      return std::nullopt;
    return findEpilogue(*form, chooseOrder(form->contraction, form->tile));
  }

  void runOnOperation() override {
    FailureOr<Machine> machine =
        Machine::get(getOperation(), vectorBits, /*threads=*/1, vnni);
    if (failed(machine))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics())
        ops.push_back(op);
    });
    // Contractions take in what finishes their sums.
    DenseMap<Operation *, Epilogue> epilogues;
    DenseSet<Operation *> done;
    for (linalg::LinalgOp op : ops)
      if (std::optional<Epilogue> epilogue = findEpilogueOf(op, *machine)) {
        epilogues.try_emplace(op, *epilogue);
        done.insert(epilogue->op);
      }
    // From the last to the first, so that an op that initializes another is
    // seen after it.
    SmallVector<std::pair<Operation *, Kernel>> kernels;
    for (linalg::LinalgOp op : llvm::reverse(ops)) {
      if (done.contains(op))
        continue;
      Kernel kernel;
      SmallVector<Operation *> together;
      FailureOr<Contraction> contraction = Contraction::match(op);
      if (succeeded(contraction)) {
        FailureOr<Contraction> inside = contraction->skipPadding();
        if (succeeded(inside))
          llvm::append_range(together, inside->padOps);
        if (std::optional<Initializer> initializer = findInitializer(op))
          together.push_back(initializer->op);
      }
      together.push_back(op);
      auto epilogue = epilogues.find(op);
      bool hasEpilogue = epilogue != epilogues.end();
      if (hasEpilogue) {
        // Its sums never leave the kernel.
        kernel.copied.insert(epilogue->second.buffer);
        together.push_back(epilogue->second.op);
      }
      if (llvm::any_of(together, [&](Operation *part) {
            return failed(kernel.addOp(part));
          }))
        continue;
      done.insert_range(kernel.ops);
      kernels.emplace_back(hasEpilogue ? epilogue->second.op : op,
                           std::move(kernel));
    }

    SymbolTable symbols(getOperation());
    DenseSet<func::FuncOp, SameBody> functions;
    OpBuilder builder(&getContext());
    llvm::SetVector<Operation *> copied;
    for (auto &[op, kernel] : llvm::reverse(kernels)) {
      func::FuncOp created = kernel.createFunction(builder);
      auto [function, isNew] = functions.insert(created);
      if (isNew)
        symbols.insert(created);
      else
        created.erase();
      builder.setInsertionPoint(op);
      func::CallOp::create(builder, op->getLoc(), *function,
                           kernel.arguments.getArrayRef());
      builder.clearInsertionPoint();
      for (Operation *outlined : llvm::reverse(kernel.ops))
        outlined->erase();
      copied.insert_range(kernel.copied);
    }
    for (Operation *op : llvm::reverse(copied))
      if (op->use_empty())
        op->erase();
  }
};

} // namespace
