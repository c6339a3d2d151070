//===- EvenDirection.cpp - All gates alike -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NPU.h"

#include "cgmq/Training/Direction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace {
/// 1, and -1, whatever the statistics: each gate moves as fast as any other.
class EvenDirection : public cgmq::NormalizedDirection {
  Value buildUnsat(OpBuilder &builder, Location loc,
                   cgmq::GateStatistics) const override {
    return arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(1));
  }
  Value buildSat(OpBuilder &builder, Location loc,
                 cgmq::GateStatistics statistics) const override {
    return buildUnsat(builder, loc, statistics);
  }
};
} // namespace

void npu::registerEvenDirection() {
  cgmq::registerDirection("even",
                          [] { return std::make_unique<EvenDirection>(); });
}
