//===- FixedQuantizer.cpp - A quantizer whose gates stand -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FixedQuantizer.h"

using namespace mlir;
using namespace mlir::cgmq;

FixedQuantizer::FixedQuantizer(QuantizeOp op, GateValue gateValue, float range)
    : gate(std::move(gateValue)), layout{getSampleShape(
                                             op.getInput().getType()),
                                         getSampleShape(
                                             op.getGate().getType())},
      range(range),
      width(*std::max_element(gate.widths.begin(), gate.widths.end())),
      hasSign(op.getGatedType().isSigned()), grids(range, width, hasSign) {}

FailureOr<FixedQuantizer>
FixedQuantizer::read(QuantizeOp op, SymbolTableCollection &symbolTables) {
  FailureOr<GateValue> gate = readGate(op, symbolTables);
  if (failed(gate))
    return failure();
  if (gate->widths.empty())
    return op.emitOpError()
           << "expects at least one gate, but got " << op.getGate().getType();
  FailureOr<float> range = readScalar(op, op.getRange(), "range", symbolTables);
  if (failed(range))
    return failure();
  return FixedQuantizer(op, std::move(*gate), *range);
}

SmallVector<float> FixedQuantizer::quantize(SmallVector<float> values) const {
  if (gate.widths.size() == 1) {
    for (float &value : values)
      value = grids.quantize(value, gate.widths.front());
    return values;
  }
  for (auto [value, unit] : llvm::zip_equal(values, getUnits(layout, {})))
    value = grids.quantize(value, gate.widths[unit]);
  return values;
}

SmallVector<float> FixedQuantizer::round(SmallVector<float> values) const {
  HostArithmetic arith;
  values = quantize(std::move(values));
  for (float &value : values)
    value = arith.mul(value, grids.step);
  return values;
}
