//===- ParameterBits.cpp - Bits of weights and biases -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Analysis/ParameterBits.h"

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

int64_t ParameterBits::getBits() const {
  int64_t sum = std::accumulate(widths.begin(), widths.end(), int64_t(0));
  return storedBits + sum * getElementsPerUnit();
}

int64_t ParameterBits::getMinBits() const {
  if (!gate)
    return getBits();
  return getElementsPerUnit() *
         std::accumulate(leastWidths.begin(), leastWidths.end(), int64_t(0));
}

int64_t ParameterBits::getFullBits() const { return kFloatWidth * numElements; }

/// Whether a quantizer takes `operand` as its range or gate.
static bool isGovernor(OpOperand &operand) {
  auto quantize = dyn_cast<QuantizeOp>(operand.getOwner());
  return quantize && operand.get() != quantize.getInput();
}

/// The one quantizer that takes what is loaded; null where something else
/// takes it too.
static QuantizeOp getQuantizer(Operation *load) {
  QuantizeOp quantizer;
  for (OpOperand &use : load->getResult(0).getUses()) {
    if (isGovernor(use))
      continue;
    auto quantize = dyn_cast<QuantizeOp>(use.getOwner());
    if (!quantize || (quantizer && quantizer != quantize))
      return {};
    quantizer = quantize;
  }
  return quantizer;
}

/// The parameter as its global stores it.
static ParameterBits getStored(ml_program::GlobalOp global) {
  ParameterBits parameter;
  parameter.global = global;
  auto type = dyn_cast<RankedTensorType>(global.getType());
  if (type && type.hasStaticShape() && type.getElementType().isIntOrFloat()) {
    parameter.numElements = type.getNumElements();
    parameter.storedBits =
        parameter.numElements * type.getElementTypeBitWidth();
  }
  if (auto bits =
          global->getAttrOfType<IntegerAttr>(CGMQDialect::kBitsAttrName))
    parameter.storedBits = bits.getInt();
  return parameter;
}

LogicalResult ParameterCollector::add(Operation *load,
                                      ml_program::GlobalOp global,
                                      SymbolTableCollection &symbolTables) {
  if (!isa<TensorType>(global.getType()) ||
      llvm::all_of(load->getResult(0).getUses(), isGovernor))
    return success();
  // A constant that holds widths is recorded to have no bits. Pruned biases
  // have none either, but are wider.
  auto bits = global->getAttrOfType<IntegerAttr>(CGMQDialect::kBitsAttrName);
  if (bits && bits.getInt() == 0 &&
      getElementTypeOrSelf(global.getType()).isInteger(8))
    return success();
  ParameterBits parameter = getStored(global);
  QuantizeOp quantize = getQuantizer(load);
  if (quantize && parameter.numElements > 0) {
    FailureOr<GateValue> gate = readGate(quantize, symbolTables);
    if (failed(gate))
      return failure();
    parameter.gate = gate->global;
    parameter.widths = std::move(gate->widths);
    parameter.leastWidths.assign(parameter.widths.size(),
                                 quantize.getGatedType().getWidths().front());
    parameter.storedBits = 0;
  }
  auto [number, isNew] = numbers.try_emplace(global, parameters.size());
  if (isNew) {
    parameters.push_back(std::move(parameter));
    return success();
  }
  // Where two loads are quantized unlike, the parameter is kept as it is.
  ParameterBits &known = parameters[number->second];
  if (known.gate != parameter.gate || known.widths != parameter.widths ||
      known.leastWidths != parameter.leastWidths)
    known = getStored(global);
  return success();
}
