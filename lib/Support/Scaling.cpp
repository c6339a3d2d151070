//===- Scaling.cpp - Products with one number -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Support/Scaling.h"

#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<Scaling> cgmq::getScaling(tosa::MulOp op) {
  Value inputs[] = {op.getInput1(), op.getInput2()};
  for (int number : {0, 1}) {
    DenseFPElementsAttr factor;
    Value input = inputs[1 - number];
    if (!matchPattern(inputs[number], m_Constant(&factor)) ||
        !factor.isSplat() || !factor.getElementType().isF32() ||
        input.getType() != op.getType())
      continue;
    float value = factor.getSplatValue<float>();
    if (value > 0.0f && std::isfinite(value))
      return Scaling{input, value};
  }
  return failure();
}
