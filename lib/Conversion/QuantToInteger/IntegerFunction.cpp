//===- IntegerFunction.cpp - The integer half of a function -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerFunction.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cgmq;

IntegerFunction::IntegerFunction(func::FuncOp original,
                                 SymbolTableCollection &symbolTables,
                                 GlobalReplacements &replacements,
                                 IntegerEmitter &emitter)
    : original(original), symbolTables(symbolTables),
      symbols(
          symbolTables.getSymbolTable(original->getParentOfType<ModuleOp>())),
      replacements(replacements), emitter(emitter),
      builder(original.getContext()), floatParts(original, /*isFrozen=*/true) {}

LogicalResult IntegerFunction::build() {
  if (!original.getBody().hasOneBlock())
    return emitError(original.getLoc()) << "expects a body of one block";
  std::string name = (original.getSymName() + "_integer").str();
  if (Operation *other = symbols.lookup(name))
    return emitError(other->getLoc())
           << "expects the name '" << name
           << "' to be free for the integer function";
  function = func::FuncOp::create(original.getLoc(), name,
                                  builder.getFunctionType({}, {}));
  symbols.insert(function, std::next(Block::iterator(original)));
  builder.setInsertionPointToStart(function.addEntryBlock());
  for (Operation &op : original.getBody().front())
    if (failed(lower(&op)))
      return failure();
  Block &body = function.getBody().front();
  function.setFunctionType(builder.getFunctionType(
      body.getArgumentTypes(), body.getTerminator()->getOperandTypes()));
  return success();
}

LogicalResult IntegerFunction::lower(Operation *op) {
  if (floatParts.contains(op))
    return lowerFloat(op);
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<quant::QuantizeCastOp, QuantizeUnitsOp, quant::StorageCastOp,
            quant::DequantizeCastOp, tosa::Conv2DOp, tosa::DepthwiseConv2DOp,
            tosa::MatMulOp, tosa::AddOp, tosa::SubOp, tosa::ConcatOp,
            tosa::AvgPool2dOp, tosa::ReduceSumOp, tosa::MulOp, tosa::ClampOp,
            tosa::MaxPool2dOp, tosa::PadOp, func::ReturnOp>(
          [&](auto typedOp) { return lower(typedOp); })
      .Case<ml_program::GlobalLoadOp, ml_program::GlobalLoadConstOp>(
          [&](auto load) {
            if (ml_program::GlobalOp global = load.getGlobalOp(symbolTables))
              parameters[load.getResult()] = {global, {}, {}, {}};
            return success();
          })
      .Default([&](Operation *) -> LogicalResult {
        // Constants are looked at where they are used.
        if (op->hasTrait<OpTrait::ConstantLike>() ||
            isa<tosa::ConstShapeOp>(op))
          return success();
        auto cost = dyn_cast<BopCostOpInterface>(op);
        if (cost && cost.preservesCodes())
          return lowerMovement(op);
        return op->emitOpError() << "cannot be carried on integers";
      });
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

LogicalResult IntegerFunction::emitFloatError(Operation *user, Value value) {
  InFlightDiagnostic diag = user->emitOpError()
                            << "expects operands on integers, but got a value "
                               "that stays float";
  diag.attachNote(value.getLoc())
      << "the value is defined here; allow widths of at most 16 bits for it";
  return diag;
}

Parameter *IntegerFunction::lookupParameter(Value value) {
  auto it = parameters.find(value);
  return it == parameters.end() ? nullptr : &it->second;
}

FailureOr<IntegerTensor> IntegerFunction::lookup(Operation *user, Value value,
                                                 bool apply) {
  auto it = tensors.find(value);
  if (it == tensors.end()) {
    Parameter *parameter = lookupParameter(value);
    if (!parameter || !parameter->codes)
      return emitFloatError(user, value);
    IntegerTensor tensor;
    tensor.step = parameter->getStep();
    tensor.isSigned = parameter->type.isSigned();
    tensor.width = parameter->type.getStorageTypeIntegralWidth();
    tensor.widths = parameter->widths;
    tensor.min = *llvm::min_element(*parameter->codes);
    tensor.max = *llvm::max_element(*parameter->codes);
    FailureOr<IntegerType> type = emitter.getCodeType(user, tensor);
    if (failed(type))
      return failure();
    int64_t zeroPoint = tensor.zeroPoint;
    tensor.value = emitter.buildConstant(
        builder, value.getLoc(), parameter->global,
        RankedTensorType::get(parameter->getShape(), *type),
        llvm::map_to_vector(*parameter->codes,
                            [&](int64_t code) { return code + zeroPoint; }));
    return tensors[value] = tensor;
  }
  IntegerTensor tensor = it->second;
  if (!apply)
    return tensor;
  if (failed(applyBounds(user, tensor)))
    return failure();
  return tensors[value] = tensor;
}

LogicalResult IntegerFunction::applyBounds(Operation *user,
                                           IntegerTensor &tensor) {
  HostArithmetic arith;
  auto getNumber = [&](int64_t integer) {
    return arith.mul(static_cast<float>(integer), tensor.step);
  };
  // The first integer in reach for which a property holds that those before it
  // lack.
  auto findFirst = [&](function_ref<bool(float)> holds) {
    int64_t low = tensor.min, high = tensor.max;
    while (low < high) {
      int64_t middle = low + (high - low) / 2;
      if (holds(getNumber(middle)))
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  };
  std::optional<int64_t> min, max;
  for (bool isLower : {true, false}) {
    float bound = isLower ? tensor.lower : tensor.upper;
    bool isReached =
        isLower ? getNumber(tensor.min) < bound : getNumber(tensor.max) > bound;
    if (!isReached)
      continue;
    int64_t integer =
        bound == 0.0f ? 0 : findFirst([&](float x) { return x >= bound; });
    if (getNumber(integer) != bound) {
      InFlightDiagnostic diag = user->emitOpError()
                                << "expects numbers clamped to multiples of "
                                << tensor.step << ", but got a bound of "
                                << bound;
      diag.attachNote() << "a quantizer right after the clamp takes any bound";
      return diag;
    }
    (isLower ? min : max) = integer;
  }
  if (min || max) {
    FailureOr<Value> clamped =
        emitter.buildClamp(builder, user, tensor, min, max);
    if (failed(clamped))
      return failure();
    tensor.value = *clamped;
  }
  for (int64_t *bound : {&tensor.min, &tensor.max}) {
    *bound = std::max(*bound, min.value_or(*bound));
    *bound = std::min(*bound, max.value_or(*bound));
  }
  tensor.lower = -std::numeric_limits<float>::infinity();
  tensor.upper = std::numeric_limits<float>::infinity();
  return success();
}

FailureOr<SmallVector<int64_t>>
IntegerFunction::getBias(Operation *user, Value value, float step) {
  HostArithmetic arith;
  Parameter *parameter = lookupParameter(value);
  if (parameter && parameter->codes) {
    if (parameter->getStep() == step)
      return *parameter->codes;
    InFlightDiagnostic diag = user->emitOpError()
                              << "expects a bias on the grid of its "
                                 "accumulators, but got one of another step";
    diag.attachNote(value.getLoc()) << "cgmq.align puts it there";
    return diag;
  }
  SmallVector<float> values;
  DenseFPElementsAttr constant;
  if (parameter) {
    FailureOr<SmallVector<float>> floats = getFloatValues(parameter->global);
    if (failed(floats))
      return failure();
    values = *floats;
    replacements.addDead(parameter->global);
  } else if (matchPattern(value, m_Constant(&constant)) &&
             constant.getElementType().isF32()) {
    values = llvm::to_vector(constant.getValues<float>());
  } else {
    return emitFloatError(user, value);
  }
  // A float bias has to be on the grid, up to what f32 tells apart.
  SmallVector<int64_t> codes;
  float inverseStep = getInverseStep(arith, step);
  for (float x : values) {
    float code = roundToGrid(arith, x, inverseStep);
    if (std::fabs(code * step - x) > 0x1p-21f * std::fabs(x) ||
        std::fabs(code) > 0x1p60f) {
      InFlightDiagnostic diag = user->emitOpError()
                                << "expects a bias on the grid of its "
                                   "accumulators, but got "
                                << x << " for a step of " << step;
      diag.attachNote(value.getLoc()) << "cgmq.align puts it there";
      return diag;
    }
    codes.push_back(static_cast<int64_t>(code));
  }
  return codes;
}

//===----------------------------------------------------------------------===//
// Between contractions
//===----------------------------------------------------------------------===//

LogicalResult IntegerFunction::lower(tosa::ClampOp op) {
  FailureOr<IntegerTensor> tensor = lookup(op, op.getInput(), /*apply=*/false);
  if (failed(tensor))
    return failure();
  float min = cast<FloatAttr>(op.getMinValAttr()).getValue().convertToFloat();
  float max = cast<FloatAttr>(op.getMaxValAttr()).getValue().convertToFloat();
  tensor->lower = std::clamp(tensor->lower, min, max);
  tensor->upper = std::clamp(tensor->upper, min, max);
  tensors[op.getResult()] = *tensor;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::MaxPool2dOp op) {
  // The maximum and a clamp may be taken in either order.
  FailureOr<IntegerTensor> tensor = lookup(op, op.getInput(), /*apply=*/false);
  if (failed(tensor))
    return failure();
  FailureOr<Value> pooled = emitter.buildMaxPool2D(builder, op, *tensor);
  if (failed(pooled))
    return failure();
  tensor->value = *pooled;
  tensors[op.getResult()] = *tensor;
  return success();
}

LogicalResult IntegerFunction::lowerMovement(Operation *op) {
  FailureOr<IntegerTensor> tensor =
      lookup(op, op->getOperand(0), /*apply=*/false);
  if (failed(tensor))
    return failure();
  IRMapping mapping;
  mapping.map(op->getOperand(0), tensor->value);
  for (Value operand : op->getOperands().drop_front()) {
    Operation *shape = operand.getDefiningOp();
    if (!isa_and_present<tosa::ConstShapeOp>(shape))
      return op->emitOpError() << "expects shapes that are constant";
    builder.clone(*shape, mapping);
  }
  Operation *moved = builder.clone(*op, mapping);
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  moved->getResult(0).setType(
      type.clone(getElementTypeOrSelf(tensor->value.getType())));
  tensor->value = moved->getResult(0);
  tensors[op->getResult(0)] = *tensor;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::PadOp op) {
  FailureOr<IntegerTensor> tensor = lookup(op, op.getInput1());
  if (failed(tensor))
    return failure();
  SmallVector<int64_t> padding;
  if (!tosa::getConstShapeValues(op.getPadding().getDefiningOp(), padding))
    return op.emitOpError() << "expects shapes that are constant";
  if (!matchPattern(op.getPadConst(), m_AnyZeroFloat())) {
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects to pad by zero on integers";
    diag.attachNote() << "concatenate other constants, which can be quantized";
    return diag;
  }
  FailureOr<Value> padded = emitter.buildPad(builder, op, *tensor, padding);
  if (failed(padded))
    return failure();
  tensor->value = *padded;
  tensor->min = std::min<int64_t>(tensor->min, 0);
  tensor->max = std::max<int64_t>(tensor->max, 0);
  tensors[op.getResult()] = *tensor;
  return success();
}

LogicalResult IntegerFunction::lower(func::ReturnOp op) {
  SmallVector<Value> values;
  for (Value operand : op.getOperands()) {
    if (Value value = lookupFloats(operand)) {
      results.push_back(std::nullopt);
      values.push_back(value);
      continue;
    }
    FailureOr<IntegerTensor> tensor = lookup(op, operand);
    if (failed(tensor))
      return failure();
    results.push_back(*tensor);
    values.push_back(tensor->value);
  }
  func::ReturnOp::create(builder, op.getLoc(), values);
  return success();
}
