//===- FloatBorder.cpp - Floats around an integer function -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatBorder.h"

#include "../QuantizerCodes.h"
#include "../UnitQuantizer.h"
#include "IntegerOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The codes of a float argument, as the quantizer's rule gives them.
static Value buildCodes(OpBuilder &builder, Location loc,
                        const IntegerFunction::Input &input) {
  quant::UniformQuantizedType type = input.type;
  IntegerType storage =
      getStorageType(builder.getContext(), type.getStorageTypeIntegralWidth());
  if (ml_program::GlobalOp global = input.widths) {
    Value widths = ml_program::GlobalLoadConstOp::create(
        builder, loc, global.getType(), FlatSymbolRefAttr::get(global));
    return buildUnitCodes(builder, loc, input.argument, widths, input.range,
                          type, storage);
  }
  return buildQuantizerCodes(builder, loc, input.argument, type, storage);
}

void cgmq::buildFloatBorder(func::FuncOp function, IntegerFunction &integer) {
  Location loc = function.getLoc();
  Block &body = function.getBody().front();
  while (!body.empty())
    body.back().erase();
  OpBuilder builder = OpBuilder::atBlockBegin(&body);
  SmallVector<Value> codes;
  for (const IntegerFunction::Input &input : integer.getInputs())
    codes.push_back(input.type ? buildOffset(builder, loc,
                                             buildCodes(builder, loc, input),
                                             input.zeroPoint)
                               : Value(input.argument));
  auto call = func::CallOp::create(builder, loc, integer.getFunction(), codes);
  SmallVector<Value> results;
  for (auto [value, meaning, type] :
       llvm::zip_equal(call.getResults(), integer.getResults(),
                       function.getResultTypes())) {
    Value floats = value;
    if (meaning)
      floats = buildFloats(
          builder, loc, buildOffset(builder, loc, value, -meaning->zeroPoint),
          *meaning);
    if (floats.getType() != type)
      floats = tensor::CastOp::create(builder, loc, type, floats);
    results.push_back(floats);
  }
  func::ReturnOp::create(builder, loc, results);
}
