//===- ConvertArenaToEmitC.cpp - Static buffers in C -----------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CNames.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Target/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_CONVERTARENATOEMITCPASS
#include "cgmq/Target/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// An error at the first operation that C on integers has nothing for.
static LogicalResult verifyForC(func::FuncOp function) {
  auto isCarried = [](Type type) {
    Type element = getElementTypeOrSelf(type);
    auto memref = dyn_cast<MemRefType>(type);
    return element.isIndex() || element.isInteger(1) ||
           (element.isSignlessInteger() && getCType(element) &&
            (!memref ||
             (memref.hasStaticShape() && memref.getNumElements() > 0)));
  };
  WalkResult result = function.walk([&](Operation *op) -> WalkResult {
    if (isa<memref::AllocOp, memref::DeallocOp>(op)) {
      InFlightDiagnostic diag = op->emitOpError()
                                << "expects static storage for its buffer";
      diag.attachNote() << "cgmq-plan-buffers gives it to buffers of static "
                           "shape that no loop makes anew";
      return diag;
    }
    // What uses a constant says more, and where.
    if (op->hasTrait<OpTrait::ConstantLike>())
      return WalkResult::advance();
    SmallVector<Type> types(op->getResultTypes());
    for (Region &region : op->getRegions())
      llvm::append_range(types, region.getArgumentTypes());
    for (Type type : types)
      if (!isCarried(type)) {
        InFlightDiagnostic diag =
            op->emitOpError()
            << "expects integers of 8, 16, 32 or 64 bits in static shapes, "
               "but got "
            << type;
        diag.attachNote() << "cgmq-lower-to-integer leaves them, with a border "
                             "of bytes or codes (cgmq-lower-border)";
        return diag;
      }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

static int64_t getNumBytes(MemRefType type) {
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

namespace {
struct ConvertArenaToEmitC
    : cgmq::impl::ConvertArenaToEmitCPassBase<ConvertArenaToEmitC> {
  /// What a member of the union holds, and where.
  using Member = std::pair<int64_t, MemRefType>;

  /// Makes each view of the arena one of a member of the union `name`.
  FailureOr<std::string> convert(BlockArgument arena, StringRef name) {
    llvm::MapVector<Member, std::string> members;
    std::string text;
    llvm::raw_string_ostream os(text);
    os << "static union {\n";
    for (Operation *user : llvm::to_vector(arena.getUsers())) {
      auto view = dyn_cast<memref::ViewOp>(user);
      APInt place;
      if (!view || !matchPattern(view.getByteShift(), m_ConstantInt(&place)) ||
          view.getType().getRank() == 0)
        return user->emitOpError()
               << "expects to view the arena at a constant place";
      MemRefType type = view.getType();
      Member member = {place.getSExtValue(), type};
      auto [it, isNew] =
          members.try_emplace(member, "b" + std::to_string(members.size()));
      if (isNew) {
        os << "  struct { ";
        if (member.first > 0)
          os << "uint8_t before[" << member.first << "]; ";
        os << *getCType(type.getElementType()) << " at";
        for (int64_t extent : type.getShape())
          os << "[" << extent << "]";
        os << "; } " << it->second << ";\n";
      }
      OpBuilder builder(view);
      auto array =
          emitc::ArrayType::get(type.getShape(), type.getElementType());
      Value literal =
          emitc::LiteralOp::create(builder, view.getLoc(), array,
                                   (name + "." + it->second + ".at").str());
      view.replaceAllUsesWith(UnrealizedConversionCastOp::create(
                                  builder, view.getLoc(), type, literal)
                                  .getResult(0));
      view.erase();
    }
    os << "} " << name << ";";
    return text;
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<func::FuncOp> function = getEntryPoint(module);
    if (failed(function) || failed(verifyForC(*function)))
      return signalPassFailure();
    std::string prefix = function->getSymName().str() + "_";

    SymbolTableCollection tables;
    SymbolTable &symbols = tables.getSymbolTable(module);
    int64_t constantBytes = 0, arenaBytes = 0;
    for (auto global : llvm::to_vector(module.getOps<memref::GlobalOp>())) {
      constantBytes += getNumBytes(global.getType());
      std::string name = getCName(global.getSymName());
      if (!StringRef(name).starts_with(prefix))
        name = prefix + name;
      if (name == global.getSymName())
        continue;
      while (symbols.lookup(name))
        name += "_";
      if (failed(symbols.rename(global, name)))
        return signalPassFailure();
    }

    std::string storage;
    for (BlockArgument argument : function->getArguments()) {
      unsigned index = argument.getArgNumber();
      if (!function->getArgAttr(index, CGMQDialect::kArenaAttrName))
        continue;
      arenaBytes = getNumBytes(cast<MemRefType>(argument.getType()));
      FailureOr<std::string> declared = convert(argument, prefix + "arena");
      if (failed(declared) || failed(function->eraseArgument(index)))
        return signalPassFailure();
      storage = std::move(*declared);
      break;
    }

    OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
    Location loc = module.getLoc();
    emitc::VerbatimOp::create(
        builder, loc,
        "/* Static memory: " + std::to_string(arenaBytes) +
            " bytes of buffers, " + std::to_string(constantBytes) +
            " bytes of constants. */");
    emitc::IncludeOp::create(builder, loc, "stdbool.h",
                             /*is_standard_include=*/true);
    emitc::IncludeOp::create(builder, loc, "stddef.h", true);
    emitc::IncludeOp::create(builder, loc, "stdint.h", true);
    builder.setInsertionPoint(*function);
    if (!storage.empty())
      emitc::VerbatimOp::create(builder, loc, storage);
  }
};
} // namespace
