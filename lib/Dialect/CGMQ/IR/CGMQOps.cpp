//===- CGMQOps.cpp - Operations of the cgmq dialect -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Dialect/CGMQ/IR/Verification.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace mlir::cgmq;

#define GET_OP_CLASSES
#include "cgmq/Dialect/CGMQ/IR/CGMQOps.cpp.inc"

//===----------------------------------------------------------------------===//
// QuantizeOp
//===----------------------------------------------------------------------===//

/// Whether a tensor has the rank of `input` and extents 1 or equal to its.
static bool broadcastsTo(RankedTensorType type, RankedTensorType input) {
  return type.getRank() == input.getRank() &&
         llvm::all_of(llvm::zip_equal(type.getShape(), input.getShape()),
                      [](auto pair) {
                        auto [extent, inputExtent] = pair;
                        return extent == 1 || extent == inputExtent;
                      });
}

LogicalResult QuantizeOp::verify() {
  RankedTensorType gate = getGate().getType();
  if (gate.getRank() != 0 && !broadcastsTo(gate, getInput().getType()))
    return emitOpError() << "expects a gate that is a scalar or has the rank "
                            "of the input and extents 1 or equal to its, but "
                            "got "
                         << gate << " for " << getInput().getType();
  return success();
}

OpFoldResult QuantizeOp::fold(FoldAdaptor adaptor) {
  // Rounding what lies on the grid already changes nothing.
  auto dequantize = getInput().getDefiningOp<DequantizeOp>();
  if (!dequantize)
    return {};
  auto quantize = dequantize.getInput().getDefiningOp<QuantizeOp>();
  if (quantize && quantize.getType() == getType() &&
      quantize.getRange() == getRange() && quantize.getGate() == getGate())
    return quantize.getResult();
  return {};
}

//===----------------------------------------------------------------------===//
// QuantizeUnitsOp
//===----------------------------------------------------------------------===//

LogicalResult QuantizeUnitsOp::verify() {
  if (!broadcastsTo(getWidths().getType(), getInput().getType()))
    return emitOpError() << "expects widths of the rank of the input and "
                            "extents 1 or equal to its, but got "
                         << getWidths().getType() << " for "
                         << getInput().getType();
  Type elementType = getResult().getType().getElementType();
  auto type = dyn_cast<quant::UniformQuantizedType>(elementType);
  int64_t width = type ? type.getStorageTypeIntegralWidth() : 0;
  bool isCode =
      type && type.getExpressedType().isF32() && type.getZeroPoint() == 0 &&
      width <= 16 && llvm::is_contained(kGateWidths, width) &&
      type.getStorageTypeMin() == getMinCode(width, type.isSigned()) &&
      type.getStorageTypeMax() == getMaxCode(width, type.isSigned());
  if (!isCode)
    return emitOpError() << "expects a result of a !quant.uniform type of f32 "
                            "with 2, 4, 8 or 16 bits, no zero point and the "
                            "bounds of a quantizer, but got "
                         << elementType;
  float range = getRange().convertToFloat();
  float step = Grid(range, width, type.isSigned()).step;
  if (static_cast<float>(type.getScale()) != step)
    return emitOpError() << "expects the scale " << step << " of " << width
                         << " bits in a range of " << range << ", but got "
                         << type.getScale();
  return success();
}

//===----------------------------------------------------------------------===//
// BitWidthOp
//===----------------------------------------------------------------------===//

LogicalResult BitWidthOp::verify() {
  return verifyWidths(getWidths(), [&] { return emitOpError(); });
}

OpFoldResult BitWidthOp::fold(FoldAdaptor adaptor) {
  auto gates = dyn_cast_if_present<DenseFPElementsAttr>(adaptor.getGate());
  if (!gates)
    return {};
  return gates.mapValues(
      getResult().getType().getElementType(), [&](const APFloat &gate) {
        int64_t width = getWidth(gate.convertToFloat(), getWidths());
        return APFloat(static_cast<double>(width)).bitcastToAPInt();
      });
}
