//===- LowerToInteger.cpp - Quantized functions to integer programs ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "../UnitQuantizer.h"
#include "IntegerFunction.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/EmittedArithmetic.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERTOINTEGERPASS
#include "cgmq/Conversion/Passes.h.inc"
} // namespace mlir::cgmq

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
  HostArithmetic host;
  float step = static_cast<float>(type.getScale());
  float inverseStep = getInverseStep(host, step);
  return buildElementwise(
      builder, loc, input.argument, storage,
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

/// Makes `function` the float border of `integer`: it quantizes its arguments,
/// calls, and scales the results.
static void buildBorder(func::FuncOp function, IntegerFunction &integer) {
  Location loc = function.getLoc();
  Block &body = function.getBody().front();
  while (!body.empty())
    body.back().erase();
  OpBuilder builder = OpBuilder::atBlockBegin(&body);
  SmallVector<Value> codes;
  for (const IntegerFunction::Input &input : integer.getInputs())
    codes.push_back(buildCodes(builder, loc, input));
  auto call = func::CallOp::create(builder, loc, integer.getFunction(), codes);
  SmallVector<Value> results;
  for (auto [value, meaning, type] :
       llvm::zip_equal(call.getResults(), integer.getResults(),
                       function.getResultTypes())) {
    Value floats = buildFloats(builder, loc, value, meaning);
    if (floats.getType() != type)
      floats = tensor::CastOp::create(builder, loc, type, floats);
    results.push_back(floats);
  }
  func::ReturnOp::create(builder, loc, results);
}

/// Whether a function holds quantized tensors of fixed width.
static bool isFrozen(func::FuncOp function) {
  return function
      .walk([](Operation *op) {
        return isa<quant::DequantizeCastOp>(op) ? WalkResult::interrupt()
                                                : WalkResult::advance();
      })
      .wasInterrupted();
}

namespace {
struct LowerToInteger : cgmq::impl::LowerToIntegerPassBase<LowerToInteger> {
  LogicalResult lower(func::FuncOp function,
                      SymbolTableCollection &symbolTables,
                      GlobalReplacements &replacements) {
    IntegerFunction integer(function, symbolTables, replacements);
    if (failed(integer.build()))
      return failure();
    buildBorder(function, integer);
    return success();
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTableCollection symbolTables;
    GlobalReplacements replacements(symbolTables.getSymbolTable(module));
    auto functions =
        llvm::filter_to_vector(module.getOps<func::FuncOp>(), isFrozen);
    if (functions.empty()) {
      InFlightDiagnostic diag =
          emitError(module.getLoc())
          << "expects a function with quantized tensors, but got none";
      diag.attachNote() << "cgmq-freeze makes them";
      return signalPassFailure();
    }
    for (func::FuncOp function : functions)
      if (failed(lower(function, symbolTables, replacements)))
        return signalPassFailure();
    if (failed(replacements.finish()))
      return signalPassFailure();
  }
};
} // namespace
