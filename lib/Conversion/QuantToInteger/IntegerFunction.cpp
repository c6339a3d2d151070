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
      builder(original.getContext()) {}

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
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<quant::QuantizeCastOp, QuantizeUnitsOp, quant::StorageCastOp,
            quant::DequantizeCastOp, tosa::Conv2DOp, tosa::MatMulOp,
            tosa::AddOp, tosa::ClampOp, tosa::MaxPool2dOp, func::ReturnOp>(
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
        InFlightDiagnostic diag = op->emitOpError()
                                  << "cannot be carried on integers";
        diag.attachNote() << "contractions, biases, rectifiers, max-pooling "
                             "and the movement of elements can; quantize the "
                             "operands and the result of others apart";
        return diag;
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
  if (!apply || !tensor.rectified)
    return tensor;
  tensor.rectified = false;
  if (tensor.isSigned && tensor.min < 0) {
    FailureOr<Value> value = emitter.buildRelu(builder, user, tensor);
    if (failed(value))
      return failure();
    tensor.value = *value;
  }
  tensor.min = std::max<int64_t>(tensor.min, 0);
  tensor.max = std::max<int64_t>(tensor.max, 0);
  return it->second = tensor;
}

FailureOr<IntegerTensor> IntegerFunction::lookupCodes(Operation *user,
                                                      Value value) {
  FailureOr<IntegerTensor> tensor = lookup(user, value);
  if (succeeded(tensor) && tensor->width == 0) {
    InFlightDiagnostic diag = user->emitOpError()
                              << "expects quantized factors, but got the "
                                 "accumulators of another contraction";
    diag.attachNote(value.getLoc()) << "quantize this value";
    return diag;
  }
  return tensor;
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

LogicalResult IntegerFunction::lower(tosa::AddOp op) {
  Value lhs = op.getInput1(), rhs = op.getInput2();
  if (lookupParameter(lhs))
    std::swap(lhs, rhs);
  FailureOr<IntegerTensor> a = lookup(op, lhs);
  if (failed(a))
    return failure();

  IntegerTensor b;
  SmallVector<int64_t> codes;
  Parameter *parameter = lookupParameter(rhs);
  if (parameter) {
    FailureOr<SmallVector<int64_t>> bias = getBias(op, rhs, a->step);
    if (failed(bias))
      return failure();
    codes = *bias;
    b.min = *llvm::min_element(codes);
    b.max = *llvm::max_element(codes);
  } else {
    FailureOr<IntegerTensor> other = lookup(op, rhs);
    if (failed(other))
      return failure();
    b = *other;
    if (a->step != b.step)
      return op.emitOpError() << "expects addends of one step, but got "
                              << a->step << " and " << b.step;
    if (op.getInput1().getType() != op.getInput2().getType())
      return op.emitOpError() << "expects addends of one type";
  }

  IntegerTensor sum;
  sum.step = a->step;
  sum.min = a->min + b.min;
  sum.max = a->max + b.max;
  FailureOr<IntegerType> type = emitter.getAccumulatorType(
      op, std::min(sum.min, a->min), std::max(sum.max, a->max));
  if (failed(type))
    return failure();
  if (parameter)
    b.value = emitter.buildConstant(
        builder, op.getLoc(), parameter->global,
        RankedTensorType::get(parameter->getShape(), *type), codes);
  FailureOr<Value> value = emitter.buildAdd(builder, op, *a, b, *type);
  if (failed(value))
    return failure();
  sum.value = *value;
  tensors[op.getResult()] = sum;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::ClampOp op) {
  FailureOr<IntegerTensor> tensor = lookup(op, op.getInput(), /*apply=*/false);
  if (failed(tensor))
    return failure();
  if (!cast<BopCostOpInterface>(op.getOperation()).preservesCodes()) {
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects to clamp at zero alone on integers";
    diag.attachNote() << "a quantizer's range takes the place of other bounds; "
                         "allow widths of at most 16 bits for the result";
    return diag;
  }
  tensor->rectified = true;
  tensors[op.getResult()] = *tensor;
  return success();
}

LogicalResult IntegerFunction::lower(tosa::MaxPool2dOp op) {
  // The maximum and a rectifier may be taken in either order.
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

LogicalResult IntegerFunction::lower(func::ReturnOp op) {
  SmallVector<Value> values;
  for (Value operand : op.getOperands()) {
    FailureOr<IntegerTensor> tensor = lookup(op, operand);
    if (failed(tensor))
      return failure();
    results.push_back(*tensor);
    values.push_back(tensor->value);
  }
  func::ReturnOp::create(builder, op.getLoc(), values);
  return success();
}
