//===- Contractions.cpp - Convolutions and products of matrices -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::to_onnx;

/// The bias, one number for each channel; TOSA may have one for all of them.
static std::string getBias(GraphExporter &exporter, Value bias,
                           int64_t channels) {
  std::string name = exporter.get(bias);
  if (cast<ShapedType>(bias.getType()).getDimSize(0) == channels)
    return name;
  return exporter.add("Expand", {name, exporter.addInts(channels)});
}

/// Adds a Conv of channels first; `weight` is [output channels, channels of a
/// group, height, width].
template <typename OpTy>
static LogicalResult exportConv(GraphExporter &exporter, OpTy op,
                                const std::string &weight, int64_t group) {
  ArrayRef<int64_t> pad = op.getPad();
  int64_t channels = cast<ShapedType>(op.getType()).getDimSize(3);
  exporter.set(
      op.getResult(),
      exporter.add("Conv",
                   {exporter.getChannelsFirst(op.getInput()), weight,
                    getBias(exporter, op.getBias(), channels)},
                   {makeAttribute("pads", {pad[0], pad[2], pad[1], pad[3]}),
                    makeAttribute("strides", op.getStride()),
                    makeAttribute("dilations", op.getDilation()),
                    makeAttribute("group", group)}),
      /*isChannelsFirst=*/true);
  return success();
}

static LogicalResult exportConv2D(GraphExporter &exporter, tosa::Conv2DOp op) {
  return exportConv(exporter, op, exporter.getChannelsFirst(op.getWeight()),
                    /*group=*/1);
}

/// TOSA's weight is [height, width, channels, multiplier].
static LogicalResult exportDepthwise(GraphExporter &exporter,
                                     tosa::DepthwiseConv2DOp op) {
  auto type = cast<RankedTensorType>(op.getWeight().getType());
  if (!type.hasStaticShape())
    return op.emitOpError()
           << "expects a weight of known extents, but got " << type;
  ArrayRef<int64_t> shape = type.getShape();
  std::string weight =
      exporter.getPermuted(op.getWeight(), {2, 3, 0, 1},
                           {shape[2] * shape[3], 1, shape[0], shape[1]});
  return exportConv(exporter, op, weight, shape[2]);
}

static LogicalResult exportMatMul(GraphExporter &exporter, tosa::MatMulOp op) {
  exporter.set(op.getResult(),
               exporter.add("MatMul", {exporter.get(op.getA()),
                                       exporter.get(op.getB())}));
  return success();
}

void to_onnx::addContractions(OpTable &table) {
  table.add(exportConv2D);
  table.add(exportDepthwise);
  table.add(exportMatMul);
}
