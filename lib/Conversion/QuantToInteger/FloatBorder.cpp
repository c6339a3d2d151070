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
#include "cgmq/Dialect/CGMQ/IR/EmittedArithmetic.h"
#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cgmq;

/// `integers + addend`, which may wrap around.
static Value buildOffset(OpBuilder &builder, Location loc, Value integers,
                         int64_t addend) {
  if (addend == 0)
    return integers;
  Type type = getElementTypeOrSelf(integers);
  return buildElementwise(
      builder, loc, integers, type,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value constant = arith::ConstantOp::create(
            nested, loc, nested.getIntegerAttr(type, addend));
        return arith::AddIOp::create(nested, loc, args[0], constant);
      });
}

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

/// The real numbers that an integer tensor stands for.
static Value buildFloats(OpBuilder &builder, Location loc, Value integers,
                         const IntegerTensor &meaning) {
  return buildElementwise(
      builder, loc, integers, builder.getF32Type(),
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        EmittedArithmetic arith(nested, loc, nested.getF32Type());
        Type type = nested.getF32Type();
        Value integer =
            meaning.isSigned
                ? Value(arith::SIToFPOp::create(nested, loc, type, args[0]))
                : Value(arith::UIToFPOp::create(nested, loc, type, args[0]));
        return arith.mul(integer, arith.constant(meaning.step));
      });
}

void cgmq::buildFloatBorder(func::FuncOp function, IntegerFunction &integer) {
  Location loc = function.getLoc();
  Block &body = function.getBody().front();
  while (!body.empty())
    body.back().erase();
  OpBuilder builder = OpBuilder::atBlockBegin(&body);
  SmallVector<Value> codes;
  for (const IntegerFunction::Input &input : integer.getInputs())
    codes.push_back(buildOffset(builder, loc, buildCodes(builder, loc, input),
                                input.zeroPoint));
  auto call = func::CallOp::create(builder, loc, integer.getFunction(), codes);
  SmallVector<Value> results;
  for (auto [value, meaning, type] :
       llvm::zip_equal(call.getResults(), integer.getResults(),
                       function.getResultTypes())) {
    Value integers = buildOffset(builder, loc, value, -meaning.zeroPoint);
    Value floats = buildFloats(builder, loc, integers, meaning);
    if (floats.getType() != type)
      floats = tensor::CastOp::create(builder, loc, type, floats);
    results.push_back(floats);
  }
  func::ReturnOp::create(builder, loc, results);
}
