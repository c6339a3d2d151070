//===- LowerBorder.cpp - The arguments of a plain function -----*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "../CodeTable.h"
#include "ByteTable.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/SetBatch.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERBORDERPASS
#include "cgmq/Conversion/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// Rewrites the border of one integer program.
class BorderLowering {
public:
  BorderLowering(func::FuncOp function, Border border)
      : function(function), border(border), builder(function.getContext()) {}

  LogicalResult run();

private:
  LogicalResult verifyTypes();
  LogicalResult lower(BlockArgument argument);
  LogicalResult lower(OpOperand &result);
  FailureOr<Value> buildByteLookup(linalg::GenericOp quantizer, Value bytes);
  InFlightDiagnostic emitBorderError(Location loc, StringRef what);

  Block &getBody() { return function.getBody().front(); }
  ModuleOp getModule() { return function->getParentOfType<ModuleOp>(); }

  func::FuncOp function;
  Border border;
  OpBuilder builder;
  func::CallOp call;
  SmallVector<DictionaryAttr> argumentAttrs, resultAttrs;
};

} // namespace

InFlightDiagnostic BorderLowering::emitBorderError(Location loc,
                                                   StringRef what) {
  InFlightDiagnostic diag = emitError(loc)
                            << "expects the border of an integer program, with "
                            << what;
  diag.attachNote() << "cgmq-lower-to-integer leaves it; run this right after";
  return diag;
}

LogicalResult BorderLowering::verifyTypes() {
  for (Type type : llvm::concat<const Type>(function.getArgumentTypes(),
                                            function.getResultTypes())) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.getElementType().isF32() || tensor.getRank() == 0)
      return emitBorderError(function.getLoc(),
                             "f32 tensors as arguments and results");
    if (!tensor.hasStaticShape())
      return function.emitOpError()
             << "expects static shapes, but got " << tensor;
  }
  return success();
}

static RankedTensorType getFlatType(Value value, Type elementType) {
  auto type = cast<RankedTensorType>(value.getType());
  return RankedTensorType::get({type.getNumElements()}, elementType);
}

/// All dimensions as one.
static SmallVector<ReassociationIndices> mergeAll(RankedTensorType type) {
  return {llvm::to_vector<2>(llvm::seq<int64_t>(type.getRank()))};
}

FailureOr<Value> BorderLowering::buildByteLookup(linalg::GenericOp quantizer,
                                                 Value bytes) {
  SmallVector<int64_t> widths;
  if (quantizer.getNumDpsInputs() == 2) {
    auto known = getKnownWidths(quantizer);
    if (!known)
      return emitBorderError(quantizer.getLoc(),
                             "widths from a constant global");
    widths = std::move(*known);
  }
  FailureOr<SmallVector<int64_t>> codes = computeByteTable(quantizer, widths);
  if (failed(codes))
    return failure();
  SymbolTable symbols(getModule());
  SmallVector<Value> inputs(quantizer.getInputs());
  inputs.front() = bytes;
  return buildLookup(quantizer, symbols,
                     (function.getSymName() + ".codes").str(), *codes, widths,
                     inputs);
}

LogicalResult BorderLowering::lower(BlockArgument argument) {
  Location loc = argument.getLoc();
  auto type = cast<RankedTensorType>(argument.getType());
  linalg::GenericOp quantizer;
  bool isUnsigned = border == Border::Bytes;
  Type elementType = builder.getI8Type();
  if (border == Border::Floats) {
    elementType = builder.getF32Type();
  } else {
    if (argument.hasOneUse())
      quantizer = dyn_cast<linalg::GenericOp>(*argument.user_begin());
    if (!quantizer || quantizer.getNumDpsInputs() > 2 ||
        quantizer.getInputs().front() != argument ||
        quantizer.getNumResults() != 1 ||
        quantizer.getNumParallelLoops() != quantizer.getNumLoops() ||
        !getElementTypeOrSelf(quantizer.getResult(0)).isSignlessInteger())
      return emitBorderError(loc, "arguments that pass one quantizer each");
    if (border == Border::Codes) {
      elementType = getElementTypeOrSelf(quantizer.getResult(0));
      isUnsigned = quantizer.getRegion()
                       .front()
                       .getTerminator()
                       ->getOperand(0)
                       .getDefiningOp<arith::FPToUIOp>() != nullptr;
    }
  }
  builder.setInsertionPointToStart(&getBody());
  Value flat = getBody().addArgument(getFlatType(argument, elementType), loc);
  Value value = flat;
  if (type.getRank() > 1)
    value = tensor::ExpandShapeOp::create(builder, loc, type.clone(elementType),
                                          flat, mergeAll(type));
  if (!quantizer) {
    argument.replaceAllUsesWith(value);
  } else {
    if (border == Border::Bytes) {
      FailureOr<Value> codes = buildByteLookup(quantizer, value);
      if (failed(codes))
        return failure();
      value = *codes;
    }
    quantizer.getResult(0).replaceAllUsesWith(value);
  }
  NamedAttrList attrs;
  if (isUnsigned)
    attrs.set(CGMQDialect::kUnsignedAttrName, builder.getUnitAttr());
  argumentAttrs.push_back(attrs.getDictionary(builder.getContext()));
  return success();
}

/// What one of the integers is worth that `scaling` makes floats of.
static FloatAttr getStep(linalg::GenericOp scaling) {
  FloatAttr step;
  Block &body = scaling.getRegion().front();
  auto product =
      body.getTerminator()->getOperand(0).getDefiningOp<arith::MulFOp>();
  if (product && isa_and_present<arith::SIToFPOp, arith::UIToFPOp>(
                     product.getLhs().getDefiningOp()))
    matchPattern(product.getRhs(), m_Constant(&step));
  return step;
}

LogicalResult BorderLowering::lower(OpOperand &result) {
  Location loc = result.getOwner()->getLoc();
  Value value = result.get();
  NamedAttrList attrs;
  if (border != Border::Floats) {
    if (auto cast = value.getDefiningOp<tensor::CastOp>())
      value = cast.getSource();
    auto scaling = value.getDefiningOp<linalg::GenericOp>();
    FloatAttr step;
    if (scaling && scaling.getNumDpsInputs() == 1 &&
        scaling.getInputs().front().getDefiningOp() == call)
      step = getStep(scaling);
    if (!step)
      return emitBorderError(loc, "results that are scaled integers");
    value = scaling.getInputs().front();
    attrs.set(CGMQDialect::kStepAttrName, step);
  }
  resultAttrs.push_back(attrs.getDictionary(builder.getContext()));
  builder.setInsertionPoint(result.getOwner());
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getRank() > 1)
    value = tensor::CollapseShapeOp::create(
        builder, loc, getFlatType(value, type.getElementType()), value,
        mergeAll(type));
  result.set(value);
  return success();
}

LogicalResult BorderLowering::run() {
  if (failed(verifyTypes()))
    return failure();
  for (auto other : getBody().getOps<func::CallOp>()) {
    if (call)
      return emitBorderError(other.getLoc(), "one call");
    call = other;
  }
  if (!call)
    return emitBorderError(function.getLoc(), "a call between quantizers");

  unsigned numArguments = function.getNumArguments();
  for (unsigned index = 0; index < numArguments; ++index)
    if (failed(lower(function.getArgument(index))))
      return failure();
  Operation *terminator = getBody().getTerminator();
  for (OpOperand &result : terminator->getOpOperands())
    if (failed(lower(result)))
      return failure();
  SmallVector<Operation *> ops;
  for (Operation &op : getBody().without_terminator())
    ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
  getBody().eraseArguments(0, numArguments);
  function.setFunctionType(builder.getFunctionType(
      getBody().getArgumentTypes(), terminator->getOperandTypes()));
  function.setAllArgAttrs(argumentAttrs);
  function.setAllResultAttrs(resultAttrs);
  function.setPublic();
  if (auto callee = getModule().lookupSymbol<func::FuncOp>(call.getCallee()))
    callee.setPrivate();
  return success();
}

namespace {
struct LowerBorder : cgmq::impl::LowerBorderPassBase<LowerBorder> {
  using LowerBorderPassBase::LowerBorderPassBase;

  void runOnOperation() override {
    FailureOr<func::FuncOp> function =
        getModelFunction(getOperation(), this->function);
    if (failed(function) || failed(setBatch(*function, batch)) ||
        failed(BorderLowering(*function, border).run()))
      signalPassFailure();
  }
};
} // namespace
