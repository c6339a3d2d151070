//===- FoldBatchNorm.cpp - Batch norms into weights and biases ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "BatchNormChain.h"
#include "ConstantEvaluator.h"
#include "QuantizedValues.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

#include <cmath>
#include <numeric>

namespace mlir::cgmq {
#define GEN_PASS_DEF_FOLDBATCHNORMPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

static RankedTensorType getType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Says why the batch norm that `op` belongs to stays as it is.
static LogicalResult keep(Operation *op, const Twine &expected,
                          Value got = {}) {
  InFlightDiagnostic remark = op->emitRemark()
                              << "keeps this batch norm: expects " << expected;
  if (got) {
    remark << ", but got " << got.getType();
    if (Operation *producer = got.getDefiningOp())
      remark << " from '" << producer->getName() << "'";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// BatchNormFolder
//===----------------------------------------------------------------------===//

/// What the chain makes of each channel: from the sum of products x to
/// `scales * x + offsets`.
static LogicalResult evaluate(ConstantEvaluator &evaluator, ChannelLayer layer,
                              ArrayRef<ChainStep> steps,
                              MutableArrayRef<double> scales,
                              MutableArrayRef<double> offsets) {
  if (layer.bias) {
    FailureOr<SmallVector<double>> biases =
        evaluator.evaluate(layer.bias->get());
    if (failed(biases))
      return failure();
    for (auto [channel, offset] : llvm::enumerate(offsets))
      offset = (*biases)[channel % biases->size()];
  }
  for (const ChainStep &step : steps) {
    FailureOr<SmallVector<double>> operands =
        evaluator.evaluate(step.constant->get());
    if (failed(operands))
      return failure();
    for (auto [channel, scale, offset] : llvm::enumerate(scales, offsets)) {
      // One number is one for all channels.
      double operand = (*operands)[channel % operands->size()];
      if (isa<tosa::MulOp>(step.op)) {
        scale *= operand;
        offset *= operand;
      } else if (isa<tosa::AddOp>(step.op)) {
        offset += operand;
      } else if (step.data->getOperandNumber() == 0) {
        offset -= operand;
      } else {
        scale = -scale;
        offset = operand - offset;
      }
    }
  }
  return success();
}

namespace {
class BatchNormFolder {
public:
  BatchNormFolder(func::FuncOp function)
      : function(function), module(function->getParentOfType<ModuleOp>()),
        symbols(module), builder(function.getContext()) {}

  /// Folds what follows each contraction. Fails, with an error, where a
  /// parameter has no value.
  LogicalResult run();

private:
  LogicalResult fold(Operation *op, ChannelLayer layer);
  void rewrite(Operation *op, ChannelLayer layer, ArrayRef<ChainStep> steps,
               ArrayRef<float> weights, ArrayRef<float> biases);

  /// Gives `operand` new numbers, in the order of its elements: in the global
  /// that it loads, if it does (in a copy, if others see the global), else in a
  /// new one.
  void assign(OpOperand &operand, RankedTensorType type, ArrayRef<float> values,
              const Twine &name);
  /// Loads a new parameter before `op`.
  Value createParameter(Operation *op, RankedTensorType type,
                        ArrayRef<float> values, const Twine &name);
  Value load(Operation *op, ml_program::GlobalOp global);
  /// True where nothing but `operand` sees the global that it comes from.
  bool isOwned(OpOperand &operand, ml_program::GlobalOp global);

  /// Marks what `value` follows from to be erased if nothing uses it any more.
  void release(Value value);
  void eraseReleased();

  func::FuncOp function;
  ModuleOp module;
  SymbolTable symbols;
  OpBuilder builder;
  llvm::SetVector<Operation *> released;
};
} // namespace

LogicalResult BatchNormFolder::run() {
  // Folding erases operations, but no contractions.
  SmallVector<Operation *> contractions;
  for (Operation &op : function.getBody().front())
    if (getChannelLayer(&op))
      contractions.push_back(&op);
  for (Operation *op : contractions)
    if (failed(fold(op, *getChannelLayer(op))))
      return failure();
  return success();
}

LogicalResult BatchNormFolder::fold(Operation *op, ChannelLayer layer) {
  Value result = op->getResult(0);
  auto type = dyn_cast<RankedTensorType>(result.getType());
  if (!type || !type.getElementType().isF32() ||
      !isIndependentOfArguments(layer.weight->get()))
    return success();
  int64_t dim = type.getRank() - 1, numChannels = type.getDimSize(dim);

  SmallVector<ChainStep> steps;
  for (OpOperand &use : result.getUses()) {
    steps = collectSteps(&use, dim);
    if (isBatchNorm(steps))
      break;
  }
  if (!isBatchNorm(steps))
    return success();
  if (!result.hasOneUse())
    return keep(steps.front().op,
                "a contraction whose result nothing else uses");
  // What stands behind an operand that is in the way stays.
  auto other = llvm::find_if(steps, [](ChainStep &step) {
    return step.kind == ChainStep::Kind::Other;
  });
  if (!isBatchNorm(ArrayRef(steps.begin(), other)))
    return keep(other->op,
                "operands that are constants or parameters, one number or one "
                "for each of " +
                    Twine(numChannels) + " channels",
                other->constant->get());
  steps.erase(other, steps.end());
  for (OpOperand *parameter : {layer.weight, layer.bias})
    if (parameter && !isConstantExpression(parameter->get()))
      return keep(steps.front().op,
                  "a weight and a bias that are constants or parameters",
                  parameter->get());
  auto weightType = getType(layer.weight->get());
  if (layer.isChannelFirst ? weightType.getDimSize(0) != numChannels
                           : weightType.getNumElements() % numChannels != 0)
    return keep(steps.front().op,
                "a weight of " + Twine(numChannels) + " channels",
                layer.weight->get());

  ConstantEvaluator evaluator;
  SmallVector<double> scales(numChannels, 1.0), offsets(numChannels, 0.0);
  if (failed(evaluate(evaluator, layer, steps, scales, offsets)))
    return failure();
  FailureOr<SmallVector<double>> weights =
      evaluator.evaluate(layer.weight->get());
  if (failed(weights))
    return failure();
  int64_t numTaps = weightType.getNumElements() / numChannels;
  SmallVector<float> newWeights, newBiases;
  for (auto [i, weight] : llvm::enumerate(*weights)) {
    int64_t channel = layer.isChannelFirst ? i / numTaps : i % numChannels;
    newWeights.push_back(static_cast<float>(weight * scales[channel]));
  }
  for (double offset : offsets)
    newBiases.push_back(static_cast<float>(offset));
  auto isFinite = [](float value) { return std::isfinite(value); };
  if (!llvm::all_of(newWeights, isFinite) || !llvm::all_of(newBiases, isFinite))
    return keep(steps.front().op,
                "factors that leave weights and biases finite");
  rewrite(op, layer, steps, newWeights, newBiases);
  // At once, so that the last user of a parameter is known to be the last.
  eraseReleased();
  return success();
}

void BatchNormFolder::rewrite(Operation *op, ChannelLayer layer,
                              ArrayRef<ChainStep> steps,
                              ArrayRef<float> weights, ArrayRef<float> biases) {
  Value result = op->getResult(0);
  ml_program::GlobalOp global = getLoadedGlobal(getSource(layer.weight->get()));
  StringRef base = global ? global.getSymName() : function.getSymName();
  base.consume_back(".weight");
  std::string weightName = (base + ".weight").str();
  std::string biasName = (base + ".bias").str();

  // A parameter that a matmul adds at once is its bias, and stays so.
  const ChainStep &first = steps.front();
  OpOperand *bias = layer.bias;
  if (!bias && isa<tosa::AddOp>(first.op) &&
      first.kind == ChainStep::Kind::Channel) {
    bias = first.constant;
    steps = steps.drop_front();
  }
  Operation *producer = op;
  Attribute width;
  for (const ChainStep &step : steps) {
    producer = step.data->get().getDefiningOp();
    if (Attribute pinned = step.op->getAttr(CGMQDialect::kWidthAttrName))
      width = pinned;
    step.op->getResult(0).replaceAllUsesWith(step.data->get());
    for (OpOperand &operand : step.op->getOpOperands())
      if (&operand != step.data)
        release(operand.get());
    step.op->erase();
  }

  assign(*layer.weight, getType(layer.weight->get()), weights, weightName);
  auto channels = static_cast<int64_t>(biases.size());
  if (bias) {
    auto type = getType(bias->get());
    if (type.getNumElements() != channels)
      type = type.clone({channels});
    assign(*bias, type, biases, biasName);
  } else {
    auto type = getType(result);
    SmallVector<int64_t> shape(type.getRank(), 1);
    shape.back() = channels;
    Operation *next = op->getNextNode();
    Value parameter =
        createParameter(next, type.clone(shape), biases, biasName);
    builder.setInsertionPoint(next);
    auto add =
        tosa::AddOp::create(builder, op->getLoc(), type, result, parameter);
    result.replaceAllUsesExcept(add, add);
    producer = producer == op ? add : producer;
  }
  // What now gives the result of the chain is what the pin on it is for.
  if (width)
    producer->setAttr(CGMQDialect::kWidthAttrName, width);
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

Value BatchNormFolder::load(Operation *op, ml_program::GlobalOp global) {
  builder.setInsertionPoint(op);
  return ml_program::GlobalLoadOp::create(
      builder, op->getLoc(), global.getType(),
      SymbolRefAttr::get(builder.getContext(), global.getSymName()));
}

Value BatchNormFolder::createParameter(Operation *op, RankedTensorType type,
                                       ArrayRef<float> values,
                                       const Twine &name) {
  OpBuilder detached(builder.getContext());
  auto global = ml_program::GlobalOp::create(
      detached, op->getLoc(), name.str(), type, /*is_mutable=*/true,
      /*value=*/Attribute(), builder.getStringAttr("private"));
  symbols.insert(global, Block::iterator(function));
  setFloatValues(global, values);
  return load(op, global);
}

bool BatchNormFolder::isOwned(OpOperand &operand, ml_program::GlobalOp global) {
  Value value = operand.get();
  for (; isa<tosa::ReshapeOp, tosa::TransposeOp>(value.getDefiningOp());
       value = value.getDefiningOp()->getOperand(0))
    if (!value.hasOneUse())
      return false;
  return value.hasOneUse() && global.isPrivate() &&
         llvm::hasSingleElement(*SymbolTable::getSymbolUses(global, module));
}

void BatchNormFolder::assign(OpOperand &operand, RankedTensorType type,
                             ArrayRef<float> values, const Twine &name) {
  Value old = operand.get(), source = getSource(old);
  ml_program::GlobalOp global = getLoadedGlobal(source);
  if (!global || type != old.getType()) {
    operand.set(createParameter(operand.getOwner(), type, values, name));
    release(old);
    return;
  }
  // Which element of the global is each of the operand's.
  SmallVector<double> elements(values.size());
  std::iota(elements.begin(), elements.end(), 0.0);
  ConstantEvaluator evaluator;
  evaluator.define(source, elements);
  SmallVector<float> ordered(values.size());
  for (auto [element, value] :
       llvm::zip_equal(*evaluator.evaluate(old), values))
    ordered[static_cast<size_t>(element)] = value;

  if (!isOwned(operand, global)) {
    global = global.clone();
    global.setPrivate();
    symbols.insert(global, Block::iterator(function));
    IRMapping mapping;
    mapping.map(source, load(operand.getOwner(), global));
    SmallVector<Operation *> movers;
    for (Value value = old; value != source;
         value = value.getDefiningOp()->getOperand(0))
      movers.push_back(value.getDefiningOp());
    for (Operation *mover : llvm::reverse(movers))
      builder.clone(*mover, mapping);
    operand.set(mapping.lookup(old));
    release(old);
  }
  setFloatValues(global, ordered);
}

void BatchNormFolder::release(Value value) {
  Operation *op = value.getDefiningOp();
  if (op && released.insert(op))
    for (Value operand : op->getOperands())
      release(operand);
}

void BatchNormFolder::eraseReleased() {
  llvm::SetVector<ml_program::GlobalOp> globals;
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.getBody().front()))) {
    if (!released.contains(&op) || !op.use_empty())
      continue;
    if (ml_program::GlobalOp global = getLoadedGlobal(op.getResult(0)))
      globals.insert(global);
    else if (!isMemoryEffectFree(&op))
      continue;
    op.erase();
  }
  for (ml_program::GlobalOp global : globals)
    if (global.isPrivate() && SymbolTable::symbolKnownUseEmpty(global, module))
      symbols.erase(global);
  released.clear();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct FoldBatchNorm : public cgmq::impl::FoldBatchNormPassBase<FoldBatchNorm> {
  using FoldBatchNormPassBase::FoldBatchNormPassBase;

  void runOnOperation() override {
    FailureOr<func::FuncOp> model = getModelFunction(getOperation(), function);
    if (failed(model) || failed(BatchNormFolder(*model).run()))
      signalPassFailure();
  }
};
} // namespace
