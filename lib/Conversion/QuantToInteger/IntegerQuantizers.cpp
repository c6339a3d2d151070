//===- IntegerQuantizers.cpp - Quantized tensors as integers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerFunction.h"

#include "cgmq/Analysis/GateUnits.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<quant::UniformQuantizedType>
cgmq::getCarriedType(Operation *op, Type type, bool isBias) {
  auto uniform =
      dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(type));
  if (uniform && uniform.getZeroPoint() == 0 &&
      uniform.getExpressedType().isF32() &&
      (isBias || uniform.getStorageTypeIntegralWidth() <= 16))
    return uniform;
  return op->emitOpError()
         << "expects a !quant.uniform type of f32 and at most 16 bits with one "
            "scale and no zero point, but got "
         << type;
}

LogicalResult IntegerFunction::lower(quant::StorageCastOp op) {
  Parameter *parameter = lookupParameter(op.getInput());
  bool isBias = parameter && getElementTypeOrSelf(op.getInput()).isInteger(32);
  FailureOr<quant::UniformQuantizedType> type =
      getCarriedType(op, op.getType(), isBias);
  if (failed(type))
    return failure();
  std::optional<SmallVector<int64_t>> codes;
  if (parameter)
    codes = getCodes(parameter->global.getValueAttr(), type->isSigned());
  if (!codes || codes->empty())
    return op.emitOpError() << "expects codes from a constant global";
  FailureOr<std::optional<UnitWidths>> units = readUnitWidths(op, symbolTables);
  if (failed(units))
    return failure();
  Parameter result{parameter->global, std::move(codes), *type, {}};
  if (*units)
    result.widths = (*units)->global;
  parameters[op.getResult()] = std::move(result);
  return success();
}

LogicalResult IntegerFunction::lower(quant::DequantizeCastOp op) {
  if (Parameter *parameter = lookupParameter(op.getInput())) {
    Parameter copy = *parameter;
    parameters[op.getResult()] = std::move(copy);
    return success();
  }
  FailureOr<IntegerTensor> tensor = lookup(op, op.getInput());
  if (failed(tensor))
    return failure();
  tensors[op.getResult()] = *tensor;
  return success();
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

static IntegerTensor getCodeTensor(quant::UniformQuantizedType type) {
  IntegerTensor tensor;
  tensor.step = static_cast<float>(type.getScale());
  tensor.isSigned = type.isSigned();
  tensor.width = type.getStorageTypeIntegralWidth();
  tensor.min = type.getStorageTypeMin();
  tensor.max = type.getStorageTypeMax();
  return tensor;
}

LogicalResult IntegerFunction::addInput(Operation *op, Input meaning,
                                        IntegerTensor &result) {
  FailureOr<IntegerType> type = emitter.getCodeType(op, result);
  if (failed(type))
    return failure();
  meaning.zeroPoint = result.zeroPoint;
  auto shape = cast<RankedTensorType>(meaning.argument.getType());
  result.value = function.getBody().front().addArgument(
      shape.clone(*type), meaning.argument.getLoc());
  inputs.push_back(meaning);
  return success();
}

LogicalResult
IntegerFunction::addConstant(Operation *op, DenseFPElementsAttr constant,
                             function_ref<int64_t(float, size_t)> getCode,
                             IntegerTensor &result) {
  FailureOr<IntegerType> type = emitter.getCodeType(op, result);
  if (failed(type))
    return failure();
  SmallVector<int64_t> codes;
  for (auto [index, number] : llvm::enumerate(constant.getValues<float>()))
    codes.push_back(getCode(number, index));
  result.min = *llvm::min_element(codes);
  result.max = *llvm::max_element(codes);
  for (int64_t &code : codes)
    code += result.zeroPoint;
  result.value = emitter.buildConstant(
      builder, op->getOperand(0).getLoc(), /*original=*/{},
      cast<RankedTensorType>(constant.getType()).clone(*type), codes);
  return success();
}

LogicalResult IntegerFunction::requantize(Operation *op, Value input,
                                          ArrayRef<WidthGrid> grids,
                                          IntegerTensor &result) {
  FailureOr<IntegerTensor> source = lookup(op, input, /*apply=*/false);
  if (failed(source))
    return failure();
  SmallVector<UnitRequantization> rules;
  int64_t numMismatches = 0;
  result.min = result.max = 0;
  for (const WidthGrid &grid : grids) {
    SimulatedRequantization simulated{source->step,  grid.step,
                                      grid.minCode,  grid.maxCode,
                                      source->lower, source->upper};
    Requantization rule =
        findRequantization(simulated, source->min, source->max);
    numMismatches += rule.numMismatches;
    result.min = std::min(result.min, grid.ratio * rule.apply(source->min));
    result.max = std::max(result.max, grid.ratio * rule.apply(source->max));
    rules.push_back({grid.width, grid.ratio, std::move(rule)});
  }
  if (numMismatches > 0)
    op->emitWarning() << "differs from simulation by one code at "
                      << numMismatches << " of the accumulators from "
                      << source->min << " to " << source->max;
  FailureOr<Value> value =
      emitter.buildRequantization(builder, op, *source, result, rules);
  if (failed(value))
    return failure();
  result.value = *value;
  return success();
}

LogicalResult IntegerFunction::quantize(
    Operation *op, Input meaning, ArrayRef<WidthGrid> grids,
    function_ref<int64_t(float, size_t)> getCode, IntegerTensor result) {
  Value input = op->getOperand(0);
  DenseFPElementsAttr constant;
  LogicalResult quantized = success();
  meaning.argument = dyn_cast<BlockArgument>(input);
  if (Value numbers = lookupFloats(input))
    quantized = quantizeFloat(op, numbers, meaning, result);
  else if (meaning.argument)
    quantized = addInput(op, meaning, result);
  else if (matchPattern(input, m_Constant(&constant)) &&
           constant.getElementType().isF32())
    quantized = addConstant(op, constant, getCode, result);
  else
    quantized = requantize(op, input, grids, result);
  tensors[op->getResult(0)] = result;
  return quantized;
}

LogicalResult IntegerFunction::lower(quant::QuantizeCastOp op) {
  FailureOr<quant::UniformQuantizedType> type =
      getCarriedType(op, op.getType());
  if (failed(type))
    return failure();
  IntegerTensor tensor = getCodeTensor(*type);
  SimulatedRequantization simulated{/*accumulatorStep=*/1.0f, tensor.step,
                                    tensor.min, tensor.max};
  return quantize(
      op, {{}, *type, {}},
      WidthGrid{tensor.width, /*ratio=*/1, tensor.step, tensor.min, tensor.max},
      [&](float number, size_t) { return simulated.quantize(number); }, tensor);
}

LogicalResult IntegerFunction::lower(QuantizeUnitsOp op) {
  FailureOr<UnitWidths> units = readUnitWidths(op, symbolTables);
  if (failed(units))
    return failure();
  IntegerTensor tensor = getCodeTensor(op.getUniformType());
  float range = op.getRange().convertToFloat();
  NestedGrids nested(range, tensor.width, tensor.isSigned);
  SmallVector<WidthGrid> grids;
  if (llvm::is_contained(units->widths, kPrunedWidth))
    grids.push_back(
        {kPrunedWidth, /*ratio=*/1, nested.step, /*minCode=*/0, /*maxCode=*/0});
  for (auto [width, host] : llvm::zip(kGateWidths, nested.grids))
    if (llvm::is_contained(units->widths, width))
      grids.push_back({width, getNestedRatio(width, tensor.width),
                       host.grid.step, getMinCode(width, tensor.isSigned),
                       getMaxCode(width, tensor.isSigned)});
  tensor.widths = units->global;
  std::vector<int32_t> unitOf =
      getUnits({getSampleShape(op.getType()), units->shape}, {});
  auto getCode = [&](float number, size_t index) {
    return static_cast<int64_t>(
        nested.quantize(number, units->widths[unitOf[index]]));
  };
  return quantize(op, {{}, op.getUniformType(), units->global, range}, grids,
                  getCode, tensor);
}
