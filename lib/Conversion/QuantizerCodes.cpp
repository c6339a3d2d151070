//===- QuantizerCodes.cpp - Codes of one width -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QuantizerCodes.h"

#include "cgmq/Dialect/CGMQ/IR/EmittedArithmetic.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Support/Elementwise.h"

using namespace mlir;
using namespace mlir::cgmq;

Value cgmq::buildQuantizerCodes(OpBuilder &builder, Location loc, Value input,
                                quant::UniformQuantizedType type,
                                IntegerType storage) {
  HostArithmetic host;
  float step = static_cast<float>(type.getScale());
  float inverseStep = getInverseStep(host, step);
  return buildElementwise(
      builder, loc, input, storage,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        EmittedArithmetic arith(nested, loc, nested.getF32Type());
        Value code = clamp(
            arith, roundToGrid(arith, args[0], arith.constant(inverseStep)),
            arith.constant(type.getStorageTypeMin()),
            arith.constant(type.getStorageTypeMax()));
        if (type.isSigned())
          return arith::FPToSIOp::create(nested, loc, storage, code);
        return arith::FPToUIOp::create(nested, loc, storage, code);
      });
}
