//===- Quantizers.cpp - From floats to codes and back -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

#include "mlir/Dialect/Quant/IR/Quant.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::to_onnx;

static SmallVector<onnx::AttributeProto>
getAttributes(const GridTensors &grid, Value value, bool isChannelsFirst) {
  if (!grid.axis)
    return {};
  int64_t axis = *grid.axis;
  if (isChannelsFirst)
    axis = ArrayRef<int64_t>{0, 2, 3, 1}[axis];
  return {makeAttribute("axis", axis)};
}

namespace {
/// The arithmetic of the rules in Quantizer.h as nodes.
struct NodeArithmetic {
  using Value = std::string;
  using Bool = std::string;
  Value constant(double value) { return exporter.addFloat(value); }
  Value add(Value a, Value b) { return exporter.add("Add", {a, b}); }
  Value mul(Value a, Value b) { return exporter.add("Mul", {a, b}); }
  Value floor(Value a) { return exporter.add("Floor", a); }

  GraphExporter &exporter;
};
} // namespace

/// Clips, rounds and converts; codes may take more than 8 bits.
static FailureOr<std::string> addArithmetic(GraphExporter &exporter,
                                            quant::QuantizeCastOp op,
                                            const GridTensors &grid,
                                            const std::string &input) {
  auto type =
      dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(op.getType()));
  if (!type || type.getZeroPoint() != 0)
    return op.emitOpError() << "expects one scale and no zero point, as the "
                               "quantizer's rule has them, but got "
                            << op.getType();
  HostArithmetic host;
  NodeArithmetic nodes{exporter};
  float inverse = getInverseStep(host, static_cast<float>(type.getScale()));
  std::string rounded = roundToGrid(nodes, input, nodes.constant(inverse));
  std::string least = nodes.constant(type.getStorageTypeMin());
  std::string most = nodes.constant(type.getStorageTypeMax());
  return exporter.add("Cast", exporter.add("Clip", {rounded, least, most}),
                      makeAttribute("to", grid.codeType));
}

/// QuantizeLinear saturates at what 8 bits hold; narrower codes are clipped
/// between it and DequantizeLinear.
static FailureOr<std::string> addNodes(GraphExporter &exporter,
                                       quant::QuantizeCastOp op,
                                       const GridTensors &grid,
                                       const std::string &input,
                                       bool isChannelsFirst) {
  auto type = cast<quant::QuantizedType>(getElementTypeOrSelf(op.getType()));
  if (type.getStorageTypeIntegralWidth() > 8) {
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects codes of at most 8 bits, which "
                                 "QuantizeLinear of ONNX gives, but got "
                              << type.getStorageTypeIntegralWidth();
    diag.attachNote() << "'--onnx-quantizers=arithmetic' has more, "
                         "'widths=2,4,8' of cgmq-insert-gates keeps to them";
    return diag;
  }
  std::string codes =
      exporter.add("QuantizeLinear", {input, grid.scale, grid.zeroPoint},
                   getAttributes(grid, op.getInput(), isChannelsFirst));
  int64_t min = type.getStorageTypeMin(), max = type.getStorageTypeMax();
  bool isSigned = type.isSigned();
  if (min == (isSigned ? -128 : 0) && max == (isSigned ? 127 : 255))
    return codes;
  std::string least = exporter.addCode(min, grid.codeType);
  std::string most = exporter.addCode(max, grid.codeType);
  return exporter.add("Clip", {codes, least, most});
}

static LogicalResult exportQuantize(GraphExporter &exporter,
                                    quant::QuantizeCastOp op) {
  FailureOr<GridTensors> grid = exporter.getGrid(
      op, cast<quant::QuantizedType>(getElementTypeOrSelf(op.getType())));
  if (failed(grid))
    return failure();
  auto [operands, isChannelsFirst] = exporter.getAlike(op.getInput());
  FailureOr<std::string> codes =
      exporter.getQuantizers() == OnnxQuantizers::Arithmetic
          ? addArithmetic(exporter, op, *grid, operands.front())
          : addNodes(exporter, op, *grid, operands.front(), isChannelsFirst);
  if (failed(codes))
    return failure();
  exporter.set(op.getResult(), *codes, isChannelsFirst);
  return success();
}

static LogicalResult exportDequantize(GraphExporter &exporter,
                                      quant::DequantizeCastOp op) {
  FailureOr<GridTensors> grid =
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
