//===- LowerToTosa.cpp - Quantized functions to TOSA's integers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "../CodeTable.h"
#include "../FrozenFunctions.h"
#include "../HoistQuantizers.h"
#include "../InlineConstants.h"
#include "../QuantToInteger/FloatBorder.h"
#include "../StripAttributes.h"
#include "../TabulateFloats/CodeFunction.h"
#include "TosaEmitter.h"
#include "TosaOps.h"
#include "cgmq/Execution/JitSession.h"

#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERTOTOSAPASS
#include "cgmq/Conversion/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// TOSA 1.0 knows no extents that are not constant.
static LogicalResult verifyStatic(func::FuncOp function) {
  auto verify = [&](Operation *op, TypeRange types) -> LogicalResult {
    for (Type type : types) {
      auto shaped = dyn_cast<ShapedType>(type);
      if (!shaped || shaped.hasStaticShape())
        continue;
      InFlightDiagnostic diag =
          emitError(op->getLoc())
          << "expects static extents, as TOSA 1.0 has them, but got " << type;
      diag.attachNote() << "cgmq-set-batch fixes the batch";
      return diag;
    }
    return success();
  };
  if (failed(verify(function, function.getArgumentTypes())))
    return failure();
  WalkResult result = function.walk([&](Operation *op) {
    return WalkResult(verify(op, op->getResultTypes()));
  });
  return failure(result.wasInterrupted());
}

/// Gives reshapes and slices the extents of their results, none of them
/// inferred.
static void makeShapesExplicit(func::FuncOp function) {
  function.walk([](tosa::SliceOp op) {
    ImplicitLocOpBuilder builder(op.getLoc(), op);
    op.getSizeMutable().assign(tosa::getTosaConstShape(
        builder, cast<RankedTensorType>(op.getType()).getShape()));
  });
  function.walk([](tosa::ReshapeOp op) {
    ImplicitLocOpBuilder builder(op.getLoc(), op);
    Operation *shape = op.getShape().getDefiningOp();
    op.replaceAllUsesWith(
        buildTosaReshape(builder, op.getInput1(),
                         cast<RankedTensorType>(op.getType()).getShape()));
    op.erase();
    if (shape && shape->use_empty())
      shape->erase();
  });
}

/// Each number is a constant, and many are the same.
static void mergeConstants(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  DominanceInfo dominance(function);
  eliminateCommonSubExpressions(rewriter, dominance, function);
}

/// What a table of TOSA gives for codes of 8 bits, which it takes as signed;
/// null for codes of more.
static Value buildTable(const CodeFunction &code) {
  linalg::GenericOp quantizer = code.quantizer;
  ImplicitLocOpBuilder b(quantizer.getLoc(), quantizer);
  auto type = cast<RankedTensorType>(code.result.getType());
  if (!type.getElementType().isInteger(8))
    return {};
  constexpr size_t kNumEntries = 256;
  Value codes;
  for (size_t row = 0; row < code.entries.size() / kNumEntries; ++row) {
    SmallVector<int64_t> entries;
    for (size_t index = 0; index < kNumEntries; ++index)
      entries.push_back(
          code.entries[row * kNumEntries + (index ^ (kNumEntries / 2))]);
    Value table = buildTosaConstant(
        b, RankedTensorType::get(kNumEntries, type.getElementType()), entries);
    Value own = tosa::TableOp::create(b, type, code.source, table);
    codes = codes ? tosa::SelectOp::create(
                        b, type,
                        buildTosaMask(b, getWidthsGlobal(quantizer),
                                      code.widths[row]),
                        own, codes)
                        .getResult()
                  : own;
  }
  return codes;
}

/// Whatever has no form in the profile was copied as it is.
static LogicalResult verifyTosa(func::FuncOp function) {
  auto isFloat = [](Value value) {
    return isa<FloatType>(getElementTypeOrSelf(value));
  };
  for (Operation &op : function.getBody().front().without_terminator()) {
    if (!isa_and_present<tosa::TosaDialect>(op.getDialect()) ||
        op.hasTrait<OpTrait::ConstantLike>() ||
        llvm::none_of(op.getResults(), isFloat))
      continue;
    InFlightDiagnostic diag = op.emitOpError()
                              << "cannot be carried on integers";
    diag.attachNote() << "contractions of quantized factors, sums, averages, "
                         "clamps, max-pooling, the movement of elements and "
                         "functions of a code of 8 bits can; others are "
                         "floats, which this profile has not";
    return diag;
  }
  for (Operation &op : function.getBody().front().without_terminator())
    if (!isa_and_present<tosa::TosaDialect>(op.getDialect()))
      return op.emitOpError() << "cannot be said in TOSA's integer profile";
  return success();
}

/// The globals that the operations of `function` name, in order.
static SmallVector<ml_program::GlobalOp> collectGlobals(func::FuncOp function,
                                                        SymbolTable &symbols) {
  SmallVector<ml_program::GlobalOp> globals;
  auto uses = SymbolTable::getSymbolUses(&function.getBody());
  if (!uses)
    return globals;
  for (SymbolTable::SymbolUse use : *uses)
    if (auto global = symbols.lookup<ml_program::GlobalOp>(
            use.getSymbolRef().getRootReference()))
      globals.push_back(global);
  return globals;
}

namespace {
struct LowerToTosa : cgmq::impl::LowerToTosaPassBase<LowerToTosa> {
  using LowerToTosaPassBase::LowerToTosaPassBase;

  void getDependentDialects(DialectRegistry &registry) const override {
    LowerToTosaPassBase::getDependentDialects(registry);
    JitSession::getDependentDialects(registry);
  }

  LogicalResult lower(func::FuncOp function,
                      SymbolTableCollection &symbolTables,
                      GlobalReplacements &replacements) {
    if (failed(verifyStatic(function)))
      return failure();
    for (ml_program::GlobalOp global :
         collectGlobals(function, symbolTables.getSymbolTable(getOperation())))
      replacements.addDead(global);
    hoistQuantizersAbovePools(function);
    TosaEmitter emitter({int4, int16}, replacements);
    IntegerFunction integer(function, symbolTables, replacements, emitter);
    if (failed(integer.build()))
      return failure();
    if (failed(
            tabulateFloats(integer.getFunction(), /*indexBits=*/8, buildTable)))
      return failure();
    makeShapesExplicit(integer.getFunction());
    mergeConstants(integer.getFunction());
    if (failed(verifyTosa(integer.getFunction())))
      return failure();
    buildFloatBorder(function, integer);
    return inlineConstants(function, symbolTables, replacements);
  }

  void runOnOperation() override {
    LogicalResult lowered = lowerFrozenFunctions(
        getOperation(),
        [&](func::FuncOp function, SymbolTableCollection &symbolTables,
            GlobalReplacements &replacements) {
          return lower(function, symbolTables, replacements);
        });
    if (failed(lowered) || failed(stripAttributes(getOperation())))
      signalPassFailure();
  }
};
} // namespace
