//===- FoldBatchNorm.cpp - Batch norms into weights and biases ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "BatchNormChain.h"
#include "ConstantEvaluator.h"
#include "ParameterEditor.h"
#include "QuantizedValues.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"

#include <cmath>

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
      : function(function), parameters(function) {}

  /// Folds what follows each contraction. Fails, with an error, where a
  /// parameter has no value.
  LogicalResult run();

private:
  LogicalResult fold(Operation *op, ChannelLayer layer);
  void rewrite(Operation *op, ChannelLayer layer, ArrayRef<ChainStep> steps,
               ArrayRef<float> weights, ArrayRef<float> biases);

  func::FuncOp function;
  ParameterEditor parameters;
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
  parameters.eraseReleased();
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
        parameters.release(operand.get());
    step.op->erase();
  }

  parameters.assign(*layer.weight, getType(layer.weight->get()), weights,
                    weightName);
  auto channels = static_cast<int64_t>(biases.size());
  if (bias) {
    auto type = getType(bias->get());
    if (type.getNumElements() != channels)
      type = type.clone({channels});
    parameters.assign(*bias, type, biases, biasName);
  } else {
    auto type = getType(result);
    SmallVector<int64_t> shape(type.getRank(), 1);
    shape.back() = channels;
    Operation *next = op->getNextNode();
    Value parameter =
        parameters.create(next, type.clone(shape), biases, biasName);
    OpBuilder builder(next);
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
