//===- GateSites.cpp - What gets gated quantizers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GateSites.h"

#include "QuantizedValues.h"

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cgmq;

static bool isZero(Value value) {
  return matchPattern(value, m_AnyZeroFloat());
}

LogicalResult GateSites::analyze() {
  for (Operation &op : function.getBody().front())
    if (isa<QuantizeOp, DequantizeOp>(op)) {
      InFlightDiagnostic diag =
          op.emitOpError()
          << "expects a float function, but got one that is gated already";
      diag.attachNote() << "insert gates once, into the float model";
      return diag;
    } else if (isa<tosa::TransposeConv2DOp>(op)) {
      InFlightDiagnostic diag =
          op.emitOpError() << "expects to be an ordinary convolution before "
                              "gates are inserted";
      diag.attachNote() << "cgmq-decompose-transpose-conv makes it one";
      return diag;
    }
  FailureOr<CostAnalysis> cost = CostAnalysis::create(function);
  if (failed(cost))
    return failure();
  for (const ContractionCost &contraction : cost->getContractions())
    if (failed(analyzeContraction(contraction.op)))
      return failure();
  return failure(failed(analyzeJoins()) || failed(verifyPins()));
}

LogicalResult GateSites::analyzeJoins() {
  llvm::SmallPtrSet<Operation *, 8> biasAdditions;
  for (const GatedOperands &operands : contractions)
    for (OpOperand *bias : operands.biases)
      biasAdditions.insert(bias->getOwner());
  if (failed(verifyProducts()))
    return failure();
  for (Operation &op : function.getBody().front()) {
    if (!isJoin(&op) || biasAdditions.contains(&op) || floats.contains(&op) ||
        !isa<FloatType>(getElementTypeOrSelf(op.getResult(0))) ||
        isIndependentOfArguments(op.getResult(0)))
      continue;
    FailureOr<Join> join = analyzeJoin(&op, granularity);
    if (failed(join))
      return failure();
    joins.push_back(std::move(*join));
    joinOps.insert(&op);
  }
  return success();
}

/// Whether `value` is what a contraction gives, and constants added to it. If
/// it is float, it is so for the sake of a product that could be folded.
static bool isShiftedSum(Value value) {
  Operation *op = getSource(value).getDefiningOp();
  while (isa_and_present<tosa::AddOp, tosa::SubOp>(op)) {
    bool isSecond = isIndependentOfArguments(op->getOperand(0));
    if (!isSecond && !isIndependentOfArguments(op->getOperand(1)))
      return false;
    op = getSource(op->getOperand(isSecond)).getDefiningOp();
  }
  auto cost = dyn_cast_if_present<BopCostOpInterface>(op);
  return cost && cost.getFactors().first;
}

LogicalResult GateSites::verifyProducts() {
  for (auto product : function.getBody().front().getOps<tosa::MulOp>()) {
    bool isInTable =
        llvm::any_of(floats.getTables(), [&](const ElementFunction &table) {
          return table.ops.contains(product);
        });
    if (!floats.contains(product) || isInTable)
      continue;
    for (unsigned number : {0, 1}) {
      Value other = product->getOperand(1 - number);
      Operation *definition = other.getDefiningOp();
      // What is float anyway may be multiplied.
      if (!isIndependentOfArguments(product->getOperand(number)) ||
          isIndependentOfArguments(other) ||
          (definition && floats.contains(definition) && !isShiftedSum(other)))
        continue;
      InFlightDiagnostic diag =
          product.emitOpError()
          << "expects a product with one constant above zero, or of "
             "activations";
      diag.attachNote() << "cgmq-fold-batch-norm takes others into weights";
      return diag;
    }
  }
  return success();
}

LogicalResult GateSites::verifyPins() {
  llvm::SmallDenseSet<Value> sources;
  for (const GatedOperands &operands : contractions) {
    sources.insert(getSource(operands.lhs->get()));
    sources.insert(getSource(operands.rhs->get()));
    for (OpOperand *bias : operands.biases)
      sources.insert(getSource(bias->get()));
  }
  for (const Join &join : joins)
    for (OpOperand &operand : join.getOperands())
      sources.insert(getSource(operand.get()));
  for (const ElementFunction &table : floats.getTables())
    sources.insert(table.source);
  auto emitUnused = [](InFlightDiagnostic diag) -> LogicalResult {
    diag << "expects '" << CGMQDialect::kWidthAttrName
         << "' on a value that is quantized, but no contraction and no join "
            "takes this one";
    diag.attachNote() << "a reshape or transpose between it and what takes it "
                         "has to stand after it";
    return diag;
  };
  for (Operation &op : function.getBody().front())
    if (op.hasAttr(CGMQDialect::kWidthAttrName) &&
        (op.getNumResults() != 1 || !sources.contains(op.getResult(0))))
      return emitUnused(op.emitOpError());
  for (BlockArgument argument : function.getArguments())
    if (getPinnedWidth(argument) && !sources.contains(argument))
      return emitUnused(function.emitOpError()
                        << "argument #" << argument.getArgNumber() << ' ');
  return success();
}

LogicalResult GateSites::verifyFactor(Operation *op, Value factor) {
  auto type = dyn_cast<RankedTensorType>(factor.getType());
  if (!type || !type.getElementType().isF32())
    return op->emitOpError()
           << "expects factors that are ranked tensors of f32, but got "
           << factor.getType();
  Value source = getSource(factor);
  if (!isIndependentOfArguments(source))
    return success();
  auto load = source.getDefiningOp<ml_program::GlobalLoadOp>();
  ml_program::GlobalOp global = getLoadedGlobal(source);
  if (load && global && global.getIsMutable())
    return success();
  InFlightDiagnostic diag = op->emitOpError()
                            << "expects a weight that is a parameter, but got ";
  if (load)
    diag << "a load of a global that is not mutable";
  else
    diag << "the result of '" << source.getDefiningOp()->getName() << "'";
  diag.attachNote(source.getLoc())
      << "make the weight a mutable ml_program.global and load it here";
  return diag;
}

LogicalResult GateSites::analyzeContraction(Operation *op) {
  if (op->getBlock() != &function.getBody().front())
    return op->emitOpError()
           << "expects contractions in the body of '" << function.getSymName()
           << "' itself, but got one in a function it calls";
  auto [lhs, rhs] = cast<BopCostOpInterface>(op).getFactors();
  if (failed(verifyFactor(op, lhs->get())) ||
      failed(verifyFactor(op, rhs->get())))
    return failure();
  if (granularity == Granularity::Channel)
    for (OpOperand *factor : {lhs, rhs}) {
      ml_program::GlobalOp parameter =
          getLoadedGlobal(getSource(factor->get()));
      if (!parameter || channelsOfParameter.contains(parameter))
        continue;
      FailureOr<SmallVector<bool>> channels = findChannels(op, factor);
      if (failed(channels))
        return failure();
      channelsOfParameter[parameter] = *channels;
    }
  GatedOperands operands{lhs, rhs, {}};
  for (OpOperand &operand : op->getOpOperands()) {
    if (&operand == lhs || &operand == rhs || isZero(operand.get()))
      continue;
    if (failed(verifyFactor(op, operand.get())))
      return failure();
    if (!isIndependentOfArguments(operand.get()))
      return op->emitOpError()
             << "expects operand #" << operand.getOperandNumber()
             << " to be a parameter or zero, but got an activation";
    operands.biases.push_back(&operand);
  }
  if (OpOperand *bias = getAddedBias(op->getResult(0)))
    operands.biases.push_back(bias);
  contractions.push_back(std::move(operands));
  return success();
}

FailureOr<SmallVector<bool>> GateSites::findChannels(Operation *op,
                                                     OpOperand *factor) {
  auto cost = cast<BopCostOpInterface>(op);
  ContractionSpace space = cost.getSpace();
  AffineMap map = cost.getFactors().first == factor ? space.lhs : space.rhs;
  // The loop that each dimension runs over is one of the result's.
  SmallVector<bool> channels;
  for (AffineExpr index : map.getResults()) {
    auto loop = dyn_cast<AffineDimExpr>(index);
    channels.push_back(loop &&
                       space.result.isFunctionOfDim(loop.getPosition()));
  }
  // Back to the parameter.
  for (Value value = factor->get(); Operation *mover = value.getDefiningOp();
       value = mover->getOperand(0)) {
    if (auto transpose = dyn_cast<tosa::TransposeOp>(mover)) {
      SmallVector<bool> moved = channels;
      for (auto [to, from] : llvm::enumerate(transpose.getPerms()))
        channels[from] = moved[to];
      continue;
    }
    auto reshape = dyn_cast<tosa::ReshapeOp>(mover);
    if (!reshape)
      break;
    // The extents other than one have to be the same.
    auto getDims = [](Value tensor) {
      SmallVector<std::pair<int64_t, size_t>> dims;
      for (auto [dim, extent] :
           llvm::enumerate(cast<RankedTensorType>(tensor.getType()).getShape()))
        if (extent != 1)
          dims.push_back({extent, dim});
      return dims;
    };
    auto from = getDims(reshape.getInput1()), to = getDims(reshape.getOutput());
    SmallVector<bool> before(
        cast<RankedTensorType>(reshape.getInput1().getType()).getRank(), false);
    bool isSame = from.size() == to.size();
    for (auto [source, result] : llvm::zip(from, to)) {
      isSame &= source.first == result.first;
      before[source.second] = channels[result.second];
    }
    if (!isSame) {
      InFlightDiagnostic diag =
          op->emitOpError() << "expects a weight whose channels stay apart on "
                               "its way to the contraction, but got "
                            << reshape.getInput1().getType() << " reshaped to "
                            << reshape.getType();
      diag.attachNote(reshape.getLoc())
          << "granularity 'layer' or 'element' take it as it is";
      return diag;
    }
    channels = before;
  }
  return channels;
}

SmallVector<int64_t> GateSites::getGateShape(Value source) const {
  auto type = cast<RankedTensorType>(source.getType());
  ml_program::GlobalOp parameter = getLoadedGlobal(source);
  if (!parameter || granularity == Granularity::Layer)
    return getActivationGateShape(type, granularity);
  SmallVector<int64_t> shape = getSampleShape(type);
  // Each element of a bias is a channel.
  auto channels = channelsOfParameter.find(parameter);
  if (channels != channelsOfParameter.end())
    for (auto [extent, isChannel] : llvm::zip_equal(shape, channels->second))
      extent = isChannel ? extent : 1;
  // One gate is one for the tensor.
  if (llvm::all_of(shape, [](int64_t extent) { return extent == 1; }))
    shape.clear();
  return shape;
}
