//===- Movement.cpp - What moves numbers as they are -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"

#include <limits>

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::to_onnx;

/// The numbers of a shape; an error at `op` where they are computed.
static FailureOr<SmallVector<int64_t>> getNumbers(Operation *op, Value shape) {
  SmallVector<int64_t> numbers;
  if (!shape.getDefiningOp() ||
      !tosa::getConstShapeValues(shape.getDefiningOp(), numbers))
    return op->emitOpError() << "expects a shape that is a constant";
  return numbers;
}

static LogicalResult exportReshape(GraphExporter &exporter,
                                   tosa::ReshapeOp op) {
  FailureOr<SmallVector<int64_t>> shape = getNumbers(op, op.getShape());
  if (failed(shape))
    return failure();
  exporter.set(op.getResult(),
               exporter.add("Reshape", {exporter.get(op.getInput1()),
                                        exporter.addInts(*shape)}));
  return success();
}

static LogicalResult exportTranspose(GraphExporter &exporter,
                                     tosa::TransposeOp op) {
  exporter.set(op.getResult(),
               exporter.getPermuted(op.getInput1(),
                                    SmallVector<int64_t>(op.getPerms())));
  return success();
}

static LogicalResult exportConcat(GraphExporter &exporter, tosa::ConcatOp op) {
  auto [operands, isChannelsFirst] = exporter.getAlike(op.getInput1());
  int64_t axis = op.getAxis();
  if (isChannelsFirst)
    axis = ArrayRef<int64_t>{0, 2, 3, 1}[axis];
  exporter.set(op.getResult(),
               exporter.add("Concat", operands, makeAttribute("axis", axis)),
               isChannelsFirst);
  return success();
}

static LogicalResult exportPad(GraphExporter &exporter, tosa::PadOp op) {
  FailureOr<SmallVector<int64_t>> padding = getNumbers(op, op.getPadding());
  if (failed(padding))
    return failure();
  DenseFPElementsAttr value;
  if (!matchPattern(op.getPadConst(), m_Constant(&value)))
    return op.emitOpError() << "expects padding by a constant float";
  // TOSA has before and after of each dimension, ONNX all before and all after.
  SmallVector<int64_t> pads;
  for (size_t side : {0, 1})
    for (size_t i = side; i < padding->size(); i += 2)
      pads.push_back((*padding)[i]);
  float number = (*value.value_begin<APFloat>()).convertToFloat();
  exporter.set(
      op.getResult(),
      exporter.add("Pad", {exporter.get(op.getInput1()), exporter.addInts(pads),
                           exporter.addFloat(number)}));
  return success();
}

static LogicalResult exportSlice(GraphExporter &exporter, tosa::SliceOp op) {
  FailureOr<SmallVector<int64_t>> start = getNumbers(op, op.getStart());
  FailureOr<SmallVector<int64_t>> size = getNumbers(op, op.getSize());
  if (failed(start) || failed(size))
    return failure();
  // An open extent is taken to its end.
  SmallVector<int64_t> end;
  for (auto [from, extent] : llvm::zip_equal(*start, *size))
    end.push_back(extent < 0 ? std::numeric_limits<int64_t>::max()
                             : from + extent);
  exporter.set(
      op.getResult(),
      exporter.add("Slice", {exporter.get(op.getInput1()),
                             exporter.addInts(*start), exporter.addInts(end)}));
  return success();
}

static LogicalResult exportTile(GraphExporter &exporter, tosa::TileOp op) {
  FailureOr<SmallVector<int64_t>> multiples = getNumbers(op, op.getMultiples());
  if (failed(multiples))
    return failure();
  exporter.set(op.getResult(),
               exporter.add("Tile", {exporter.get(op.getInput1()),
                                     exporter.addInts(*multiples)}));
  return success();
}

/// Added where they are used, in the order wanted there.
template <typename OpTy>
static LogicalResult exportConstant(GraphExporter &exporter, OpTy op) {
  if (exporter.isConstant(op->getResult(0)))
    return success();
  return op->emitOpError() << "expects a tensor of known numbers";
}

static LogicalResult skipShape(GraphExporter &, tosa::ConstShapeOp) {
  return success();
}

void to_onnx::addMovement(OpTable &table) {
  table.add(exportReshape);
  table.add(exportTranspose);
  table.add(exportConcat);
  table.add(exportPad);
  table.add(exportSlice);
  table.add(exportTile);
  table.add(exportConstant<tosa::ConstOp>);
  table.add(exportConstant<arith::ConstantOp>);
  table.add(exportConstant<ml_program::GlobalLoadConstOp>);
  table.add(exportConstant<ml_program::GlobalLoadOp>);
  table.add(skipShape);
}
