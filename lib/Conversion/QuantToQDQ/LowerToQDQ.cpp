//===- LowerToQDQ.cpp - Quantizers in upstream's operations -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "../CodeConstants.h"
#include "../FrozenFunctions.h"
#include "../InlineConstants.h"
#include "../QuantizerCodes.h"
#include "../StripAttributes.h"
#include "../UnitQuantizer.h"
#include "cgmq/Analysis/UnitWidths.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERTOQDQPASS
#include "cgmq/Conversion/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Puts `codes` in place of the result of `quantizer`.
static void replaceQuantizer(OpBuilder &builder, Operation *quantizer,
                             Value codes) {
  auto quantized = quant::StorageCastOp::create(
      builder, quantizer->getLoc(), quantizer->getResult(0).getType(), codes);
  quantizer->getResult(0).replaceAllUsesWith(quantized);
  quantizer->erase();
}

static LogicalResult emitArithmetic(quant::QuantizeCastOp op) {
  auto type =
      dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(op.getType()));
  if (!type || type.getZeroPoint() != 0 || !type.getExpressedType().isF32() ||
      !isa<RankedTensorType>(op.getType()))
    return op.emitOpError()
           << "expects a ranked tensor of a !quant.uniform type of f32 with "
              "one scale and no zero point, but got "
           << op.getType();
  OpBuilder builder(op);
  replaceQuantizer(
      builder, op,
      buildQuantizerCodes(builder, op.getLoc(), op.getInput(), type,
                          cast<IntegerType>(type.getStorageType())));
  return success();
}

static LogicalResult emitArithmetic(QuantizeUnitsOp op,
                                    SymbolTableCollection &symbolTables) {
  if (failed(readUnitWidths(op, symbolTables)))
    return failure();
  OpBuilder builder(op);
  quant::UniformQuantizedType type = op.getUniformType();
  replaceQuantizer(builder, op,
                   buildUnitCodes(builder, op.getLoc(), op.getInput(),
                                  op.getWidths(),
                                  op.getRange().convertToFloat(), type,
                                  type.getStorageType()));
  return success();
}

namespace {
struct LowerToQDQ : cgmq::impl::LowerToQDQPassBase<LowerToQDQ> {
  using LowerToQDQPassBase::LowerToQDQPassBase;

  /// The widths of a weight's units say nothing that its codes do not.
  LogicalResult dropWidths(quant::StorageCastOp op,
                           SymbolTableCollection &symbolTables,
                           GlobalReplacements &replacements) {
    FailureOr<std::optional<UnitWidths>> units =
        readUnitWidths(op, symbolTables);
    if (failed(units))
      return failure();
    if (*units)
      replacements.addDead((*units)->global);
    op->removeAttr(CGMQDialect::kUnitWidthsAttrName);
    return success();
  }

  LogicalResult lower(func::FuncOp function,
                      SymbolTableCollection &symbolTables,
                      GlobalReplacements &replacements) {
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops) {
      LogicalResult lowered = success();
      if (auto cast = dyn_cast<quant::StorageCastOp>(op)) {
        lowered = dropWidths(cast, symbolTables, replacements);
      } else if (auto quantize = dyn_cast<quant::QuantizeCastOp>(op)) {
        if (quantizers == QDQQuantizers::Arithmetic)
          lowered = emitArithmetic(quantize);
      } else if (auto units = dyn_cast<QuantizeUnitsOp>(op)) {
        if (quantizers == QDQQuantizers::Arithmetic) {
          lowered = emitArithmetic(units, symbolTables);
        } else {
          InFlightDiagnostic diag =
              op->emitOpError() << "cannot be said by quant.qcast, which has "
                                   "one width for all elements";
          diag.attachNote() << "option 'quantizers=arithmetic' says it, "
                               "'granularity=layer' of cgmq-insert-gates "
                               "avoids it for activations";
          lowered = diag;
        }
      }
      if (failed(lowered))
        return failure();
    }
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
