//===- IntegerFloats.cpp - Floats between integers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What has no integer form is computed in floats, as the simulation does: what
// it reads is scaled, and a quantizer makes codes of what it leaves.
//
//===----------------------------------------------------------------------===//

#include "IntegerFunction.h"

#include "../QuantizerCodes.h"
#include "../UnitQuantizer.h"
#include "IntegerOps.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<Value> IntegerFunction::getFloats(Operation *user, Value value) {
  Value &result = floats[value];
  if (result)
    return result;
  Parameter *parameter = lookupParameter(value);
  if (parameter && !parameter->codes) {
    FailureOr<SmallVector<float>> numbers = getFloatValues(parameter->global);
    if (failed(numbers))
      return failure();
    auto type = cast<RankedTensorType>(value.getType());
    ml_program::GlobalOp constant =
        buildConstantGlobal(symbols, parameter->global, type);
    constant.setValueAttr(DenseElementsAttr::get(type, ArrayRef(*numbers)));
    replacements.add(parameter->global, constant);
    return result = ml_program::GlobalLoadConstOp::create(
               builder, value.getLoc(), type, FlatSymbolRefAttr::get(constant));
  }
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    result = function.getBody().front().addArgument(argument.getType(),
                                                    argument.getLoc());
    inputs.push_back({argument, {}, {}});
    return result;
  }
  FailureOr<IntegerTensor> tensor = lookup(user, value, /*apply=*/false);
  if (failed(tensor))
    return failure();
  Location loc = value.getLoc();
  Value numbers = buildFloats(
      builder, loc,
      buildOffset(builder, loc, tensor->value, -tensor->zeroPoint), *tensor);
  if (std::isfinite(tensor->lower) || std::isfinite(tensor->upper)) {
    auto getBound = [&](float bound) {
      return builder.getF32FloatAttr(
          std::clamp(bound, -std::numeric_limits<float>::max(),
                     std::numeric_limits<float>::max()));
    };
    numbers =
        tosa::ClampOp::create(builder, loc, numbers.getType(), numbers,
                              getBound(tensor->lower), getBound(tensor->upper));
  }
  // The map may have grown.
  return floats[value] = numbers;
}

LogicalResult IntegerFunction::lowerFloat(Operation *op) {
  IRMapping mapping;
  for (Value operand : op->getOperands()) {
    Operation *definition = operand.getDefiningOp();
    if (definition && (definition->hasTrait<OpTrait::ConstantLike>() ||
                       isa<tosa::ConstShapeOp>(definition))) {
      if (!mapping.contains(operand))
        builder.clone(*definition, mapping);
      continue;
    }
    FailureOr<Value> numbers = getFloats(op, operand);
    if (failed(numbers))
      return failure();
    mapping.map(operand, *numbers);
  }
  Operation *clone = builder.clone(*op, mapping);
  for (auto [original, result] :
       llvm::zip_equal(op->getResults(), clone->getResults()))
    floats[original] = result;
  return success();
}

LogicalResult IntegerFunction::quantizeFloat(Operation *op, Value input,
                                             const Input &meaning,
                                             IntegerTensor &result) {
  FailureOr<IntegerType> type = emitter.getCodeType(op, result);
  if (failed(type))
    return failure();
  Location loc = op->getLoc();
  if (ml_program::GlobalOp global = meaning.widths) {
    Value widths = ml_program::GlobalLoadConstOp::create(
        builder, loc, global.getType(), FlatSymbolRefAttr::get(global));
    result.value = buildUnitCodes(builder, loc, input, widths, meaning.range,
                                  meaning.type, *type);
  } else {
    result.value =
        buildQuantizerCodes(builder, loc, input, meaning.type, *type);
  }
  result.value = buildOffset(builder, loc, result.value, result.zeroPoint);
  return success();
}
