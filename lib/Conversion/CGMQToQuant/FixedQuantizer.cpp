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

SmallVector<float> FixedQuantizer::quantize(ArrayRef<float> values) const {
  SmallVector<float> codes;
  for (auto [value, unit] : llvm::zip_equal(values, getUnits(layout, {})))
    codes.push_back(grids.quantize(value, gate.widths[unit]));
  return codes;
}

SmallVector<float> FixedQuantizer::round(ArrayRef<float> values) const {
  HostArithmetic arith;
  return llvm::map_to_vector(quantize(values), [&](float code) {
    return arith.mul(code, grids.step);
  });
}
