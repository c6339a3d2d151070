//===- TestDirection.cpp - A direction that a library brings along ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For programs that load it: what it registers, the package knows at once.
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Direction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {
/// Each gate moves as fast as any other.
class EvenDirection : public NormalizedDirection {
  Value buildUnsat(OpBuilder &builder, Location loc,
                   GateStatistics) const override {
    return arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(1));
  }
  Value buildSat(OpBuilder &builder, Location loc,
                 GateStatistics statistics) const override {
    return buildUnsat(builder, loc, statistics);
  }
};
} // namespace

extern "C" void cgmqRegisterTestDirection() {
  registerDirection("test-even",
                    [] { return std::make_unique<EvenDirection>(); });
}
