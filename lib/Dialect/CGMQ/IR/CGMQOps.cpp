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

LogicalResult QuantizeOp::verify() {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  ArrayRef<int64_t> gate = getGate().getType().getShape();
  if (gate.empty())
    return success();
  bool broadcasts = gate.size() == input.size() &&
                    llvm::all_of(llvm::zip_equal(gate, input), [](auto pair) {
                      auto [gateExtent, inputExtent] = pair;
                      return gateExtent == 1 || gateExtent == inputExtent;
                    });
  if (!broadcasts)
    return emitOpError() << "expects a gate that is a scalar or has the rank "
                            "of the input and extents 1 or equal to its, but "
                            "got "
                         << getGate().getType() << " for "
                         << getInput().getType();
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
