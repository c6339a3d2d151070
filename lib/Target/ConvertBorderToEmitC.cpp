//===- ConvertBorderToEmitC.cpp - Signature of a C function -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CNames.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Target/Passes.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_CONVERTBORDERTOEMITCPASS
#include "cgmq/Target/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Makes an array that the function is given a pointer.
static LogicalResult convert(BlockArgument argument, bool isUnsigned) {
  MLIRContext *context = argument.getContext();
  auto array = dyn_cast<emitc::ArrayType>(argument.getType());
  std::optional<std::string> name =
      array ? getCType(array.getElementType(), isUnsigned) : std::nullopt;
  if (!name || array.getRank() != 1)
    return emitError(argument.getLoc())
           << "expects a flat array of integers as argument, but got "
           << argument.getType();
  bool isConst = true;
  for (Operation *user : argument.getUsers()) {
    if (!isa<emitc::SubscriptOp>(user))
      return user->emitOpError() << "expects to use elements of an argument";
    for (Operation *access : user->getUsers())
      isConst &= !isa<emitc::AssignOp>(access);
  }
  Type element = array.getElementType(), pointee = element;
  if (isConst || isUnsigned)
    pointee =
        emitc::OpaqueType::get(context, (isConst ? "const " : "") + *name);
  argument.setType(emitc::PointerType::get(pointee));
  if (pointee == element)
    return success();
  for (Operation *user : argument.getUsers()) {
    auto subscript = cast<emitc::SubscriptOp>(user);
    subscript.getResult().setType(emitc::LValueType::get(pointee));
    for (Operation *access :
         llvm::make_early_inc_range(subscript->getUsers())) {
      OpBuilder builder(access);
      if (auto assign = dyn_cast<emitc::AssignOp>(access)) {
        assign.getValueMutable().assign(emitc::CastOp::create(
            builder, assign.getLoc(), pointee, assign.getValue()));
        continue;
      }
      auto load = cast<emitc::LoadOp>(access);
      builder.setInsertionPointAfter(load);
      load.getResult().setType(pointee);
      auto cast = emitc::CastOp::create(builder, load.getLoc(), element, load);
      load.getResult().replaceAllUsesExcept(cast, cast);
    }
  }
  return success();
}

namespace {
struct ConvertBorderToEmitC
    : cgmq::impl::ConvertBorderToEmitCPassBase<ConvertBorderToEmitC> {
  LogicalResult convert(emitc::FuncOp function) {
    WalkResult walk = function.walk([](Operation *op) -> WalkResult {
      if (isa<emitc::EmitCDialect>(op->getDialect()))
        return WalkResult::advance();
      return op->emitOpError() << "has no form in C";
    });
    if (walk.wasInterrupted())
      return failure();
    if (function.getNumResults() > 0)
      return function.emitOpError()
             << "expects results to be written to arguments";
    for (BlockArgument argument : function.getArguments())
      if (failed(::convert(
              argument,
              function.getArgAttr(argument.getArgNumber(),
                                  CGMQDialect::kUnsignedAttrName) != nullptr)))
        return failure();
    auto result = emitc::OpaqueType::get(&getContext(), "int");
    function.walk([&](emitc::ReturnOp op) {
      OpBuilder builder(op);
      Value zero = emitc::LiteralOp::create(builder, op.getLoc(), result, "0");
      op.getOperandMutable().assign(zero);
    });
    function.setFunctionType(FunctionType::get(
        &getContext(), function.getBody().getArgumentTypes(), result));
    function.removeArgAttrsAttr();
    // What the function was in other forms says nothing of this one.
    for (NamedAttribute attribute :
         llvm::to_vector(function->getDiscardableAttrs()))
      if (isa_and_present<CGMQDialect>(attribute.getNameDialect()))
        function->removeDiscardableAttr(attribute.getName());
    return success();
  }

  void runOnOperation() override {
    for (auto function : getOperation().getOps<emitc::FuncOp>())
      if (!function.isDeclaration() && function.isPublic() &&
          failed(convert(function)))
        return signalPassFailure();
  }
};
} // namespace
