//===- Pooling.cpp - Windows that become one number -*- C++ -*-===//
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

/// In neither dialect does padding count in a mean.
template <typename OpTy>
static LogicalResult exportPool(GraphExporter &exporter, OpTy op,
                                StringRef type) {
  ArrayRef<int64_t> pad = op.getPad();
  exporter.set(
      op.getResult(),
      exporter.add(type, exporter.getChannelsFirst(op.getInput()),
                   {makeAttribute("kernel_shape", op.getKernel()),
                    makeAttribute("pads", {pad[0], pad[2], pad[1], pad[3]}),
                    makeAttribute("strides", op.getStride())}),
      /*isChannelsFirst=*/true);
  return success();
}

static LogicalResult exportMaxPool(GraphExporter &exporter,
                                   tosa::MaxPool2dOp op) {
  return exportPool(exporter, op, "MaxPool");
}

static LogicalResult exportAveragePool(GraphExporter &exporter,
                                       tosa::AvgPool2dOp op) {
  return exportPool(exporter, op, "AveragePool");
}

template <typename OpTy>
static LogicalResult exportReduction(GraphExporter &exporter, OpTy op,
                                     StringRef type) {
  exporter.set(
      op.getResult(),
      exporter.add(type, exporter.get(op.getInput()),
                   makeAttribute("axes", ArrayRef<int64_t>(op.getAxis()))));
  return success();
}

/// Of the reductions of operator set 13 this one takes its axes as an operand.
static LogicalResult exportSum(GraphExporter &exporter, tosa::ReduceSumOp op) {
  exporter.set(op.getResult(),
               exporter.add("ReduceSum", {exporter.get(op.getInput()),
                                          exporter.addInts(op.getAxis())}));
  return success();
}

static LogicalResult exportMax(GraphExporter &exporter, tosa::ReduceMaxOp op) {
  return exportReduction(exporter, op, "ReduceMax");
}

static LogicalResult exportMin(GraphExporter &exporter, tosa::ReduceMinOp op) {
  return exportReduction(exporter, op, "ReduceMin");
}

static LogicalResult exportProduct(GraphExporter &exporter,
                                   tosa::ReduceProductOp op) {
  return exportReduction(exporter, op, "ReduceProd");
}

void to_onnx::addPooling(OpTable &table) {
  table.add(exportMaxPool);
  table.add(exportAveragePool);
  table.add(exportSum);
  table.add(exportMax);
  table.add(exportMin);
  table.add(exportProduct);
}
