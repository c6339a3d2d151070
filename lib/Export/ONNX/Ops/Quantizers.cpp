//===- Quantizers.cpp - From floats to codes and back -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

#include "mlir/Dialect/Quant/IR/Quant.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::to_onnx;

static SmallVector<onnx::AttributeProto>
getAttributes(const Grid &grid, Value value, bool isChannelsFirst) {
  if (!grid.axis)
    return {};
  int64_t axis = *grid.axis;
  if (isChannelsFirst)
    axis = ArrayRef<int64_t>{0, 2, 3, 1}[axis];
  return {makeAttribute("axis", axis)};
}

/// QuantizeLinear saturates at what 8 bits hold; narrower codes are clipped
/// between it and DequantizeLinear.
static LogicalResult exportQuantize(GraphExporter &exporter,
                                    quant::QuantizeCastOp op) {
  auto type = cast<quant::QuantizedType>(getElementTypeOrSelf(op.getType()));
  if (type.getStorageTypeIntegralWidth() > 8) {
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects codes of at most 8 bits, which "
                                 "QuantizeLinear of ONNX gives, but got "
                              << type.getStorageTypeIntegralWidth();
    diag.attachNote() << "option 'widths=2,4,8' of cgmq-insert-gates keeps to "
                         "them";
    return diag;
  }
  FailureOr<Grid> grid = exporter.getGrid(op, type);
  if (failed(grid))
    return failure();
  auto [operands, isChannelsFirst] = exporter.getAlike(op.getInput());
  std::string codes = exporter.add(
      "QuantizeLinear", {operands.front(), grid->scale, grid->zeroPoint},
      getAttributes(*grid, op.getInput(), isChannelsFirst));
  int64_t least = type.isSigned() ? -128 : 0,
          most = type.isSigned() ? 127 : 255;
  if (type.getStorageTypeMin() > least || type.getStorageTypeMax() < most)
    codes = exporter.add(
        "Clip",
        {codes, exporter.addCode(type.getStorageTypeMin(), grid->codeType),
         exporter.addCode(type.getStorageTypeMax(), grid->codeType)});
  exporter.set(op.getResult(), codes, isChannelsFirst);
  return success();
}

static LogicalResult exportDequantize(GraphExporter &exporter,
                                      quant::DequantizeCastOp op) {
  FailureOr<Grid> grid =
      exporter.getGrid(op, cast<quant::QuantizedType>(
                               getElementTypeOrSelf(op.getInput().getType())));
  if (failed(grid))
    return failure();
  // That of a constant is added where it is used, in the order wanted there.
  if (exporter.isConstant(op.getResult()))
    return success();
  auto [operands, isChannelsFirst] = exporter.getAlike(op.getInput());
  exporter.set(
      op.getResult(),
      exporter.add("DequantizeLinear",
                   {operands.front(), grid->scale, grid->zeroPoint},
                   getAttributes(*grid, op.getInput(), isChannelsFirst)),
      isChannelsFirst);
  return success();
}

static LogicalResult exportStorage(GraphExporter &exporter,
                                   quant::StorageCastOp op) {
  if (exporter.isConstant(op.getInput()))
    return success();
  return op.emitOpError() << "expects the codes of a constant";
}

void to_onnx::addQuantizers(OpTable &table) {
  table.add(exportQuantize);
  table.add(exportDequantize);
  table.add(exportStorage);
}
