//===- InsertGates.cpp - Gated quantizers around contractions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "QuantizedValues.h"

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Dialect/CGMQ/IR/Verification.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"
#include "cgmq/Transforms/BudgetOption.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_INSERTGATESPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

static bool isZero(Value value) {
  return matchPattern(value, m_AnyZeroFloat());
}

//===----------------------------------------------------------------------===//
// GateInserter
//===----------------------------------------------------------------------===//

namespace {
/// The operands of a contraction that get quantizers.
struct Operands {
  OpOperand *lhs, *rhs;
  SmallVector<OpOperand *> biases;
};

class GateInserter {
public:
  GateInserter(func::FuncOp function, ArrayRef<int64_t> widths,
               InputWidth inputWidth, Granularity granularity)
      : function(function), symbols(function->getParentOfType<ModuleOp>()),
        builder(function.getContext()), widths(widths), inputWidth(inputWidth),
        granularity(granularity) {}

  /// Finds the contractions; changes nothing.
  LogicalResult analyze();
  /// Inserts what `analyze` found wanting.
  void insert();

private:
  LogicalResult analyzeContraction(Operation *op);
  LogicalResult verifyFactor(Operation *op, Value factor);
  /// Checks that what is pinned is quantized.
  LogicalResult verifyPins();
  /// Finds the sources that have to share a gate.
  void findShared();

  /// The dimensions of a parameter that run over output channels, for a factor
  /// of `op` that the parameter reaches by transposes and by reshapes that add
  /// or drop extents of one. Fails, with an error at `op`, for other paths.
  FailureOr<SmallVector<bool>> findChannels(Operation *op, OpOperand *factor);
  /// The shape of the gate of a source.
  SmallVector<int64_t> getGateShape(Value source);

  /// The gated tensor of a source, made on first sight.
  Value getQuantized(Value source);
  /// The globals that govern the quantizer of a source, made on first sight: a
  /// parameter that is loaded twice has one of each.
  ml_program::GlobalOp getRange(StringRef name);
  ml_program::GlobalOp getGate(Value source, StringRef name);
  ml_program::GlobalOp createGlobal(const Twine &name, float value,
                                    ArrayRef<int64_t> shape = {});

  func::FuncOp function;
  SymbolTable symbols;
  OpBuilder builder;
  ArrayRef<int64_t> widths;
  InputWidth inputWidth;
  Granularity granularity;
  SmallVector<Operands> contractions;
  /// Of the parameters that are factors, which dimensions are channels.
  DenseMap<Operation *, SmallVector<bool>> channelsOfParameter;
  DenseMap<Value, Value> quantized;
  llvm::StringMap<ml_program::GlobalOp> ranges, gates;
  /// Sources that share a gate, and the gate of the leader of each class.
  llvm::EquivalenceClasses<Value> sharing;
  DenseMap<Value, ml_program::GlobalOp> sharedGates;
  int numActivations = 0;
};
} // namespace

LogicalResult GateInserter::analyze() {
  for (Operation &op : function.getBody().front())
    if (isa<QuantizeOp, DequantizeOp>(op)) {
      InFlightDiagnostic diag =
          op.emitOpError()
          << "expects a float function, but got one that is gated already";
      diag.attachNote() << "insert gates once, into the float model";
      return diag;
    }
  FailureOr<CostAnalysis> cost = CostAnalysis::create(function);
  if (failed(cost))
    return failure();
  for (const ContractionCost &contraction : cost->getContractions())
    if (failed(analyzeContraction(contraction.op)))
      return failure();
  if (failed(verifyPins()))
    return failure();
  findShared();
  return success();
}

LogicalResult GateInserter::verifyPins() {
  llvm::SmallDenseSet<Value> sources;
  for (const Operands &operands : contractions) {
    sources.insert(getSource(operands.lhs->get()));
    sources.insert(getSource(operands.rhs->get()));
    for (OpOperand *bias : operands.biases)
      sources.insert(getSource(bias->get()));
  }
  auto emitUnused = [](InFlightDiagnostic diag) -> LogicalResult {
    diag << "expects '" << CGMQDialect::kWidthAttrName
         << "' on a value that is quantized, but no contraction takes this one";
    diag.attachNote() << "a reshape or transpose between it and the "
                         "contraction has to stand after it";
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

void GateInserter::findShared() {
  llvm::SmallDenseSet<Value> activations;
  for (const Operands &operands : contractions)
    for (OpOperand *factor : {operands.lhs, operands.rhs}) {
      Value source = getSource(factor->get());
      if (!isLoad(source) && !getPinnedWidth(source))
        activations.insert(source);
    }
  for (Operation &op : function.getBody().front()) {
    if (!isa<tosa::AddOp, tosa::ConcatOp>(op))
      continue;
    Value first;
    for (Value operand : op.getOperands()) {
      Value source = getSource(operand);
      bool fits = activations.contains(source) &&
                  (!first || getGateShape(first) == getGateShape(source));
      if (!fits)
        continue;
      if (first)
        sharing.unionSets(first, source);
      else
        first = source;
    }
  }
}

LogicalResult GateInserter::verifyFactor(Operation *op, Value factor) {
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

LogicalResult GateInserter::analyzeContraction(Operation *op) {
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
  Operands operands{lhs, rhs, {}};
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

FailureOr<SmallVector<bool>> GateInserter::findChannels(Operation *op,
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

SmallVector<int64_t> GateInserter::getGateShape(Value source) {
  auto type = cast<RankedTensorType>(source.getType());
  if (granularity == Granularity::Layer)
    return {};
  SmallVector<int64_t> shape = getSampleShape(type);
  if (ml_program::GlobalOp parameter = getLoadedGlobal(source)) {
    // Each element of a bias is a channel.
    auto channels = channelsOfParameter.find(parameter);
    if (channels != channelsOfParameter.end())
      for (auto [extent, isChannel] : llvm::zip_equal(shape, channels->second))
        extent = isChannel ? extent : 1;
  } else if (granularity == Granularity::Channel) {
    std::fill(shape.begin(), std::prev(shape.end()), 1);
  } else if (type.hasStaticShape()) {
    // No dynamic extent is the batch, whose samples share gates.
    shape.front() = 1;
  }
  // One gate is one for the tensor.
  if (llvm::all_of(shape, [](int64_t extent) { return extent == 1; }))
    shape.clear();
  return shape;
}

ml_program::GlobalOp GateInserter::createGlobal(const Twine &name, float value,
                                                ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  OpBuilder detached(builder.getContext());
  auto global = ml_program::GlobalOp::create(
      detached, function.getLoc(), name.str(), type, /*is_mutable=*/true,
      DenseElementsAttr::get(type, value), builder.getStringAttr("private"));
  symbols.insert(global, Block::iterator(function));
  return global;
}

ml_program::GlobalOp GateInserter::getRange(StringRef name) {
  ml_program::GlobalOp &range = ranges[name];
  if (!range)
    range = createGlobal(name + ".range", 1.0f);
  return range;
}

ml_program::GlobalOp GateInserter::getGate(Value source, StringRef name) {
  auto shared = sharing.findLeader(source);
  ml_program::GlobalOp &gate =
      shared != sharing.member_end() ? sharedGates[*shared] : gates[name];
  if (!gate)
    gate = createGlobal(name + ".gate", kInitialGate, getGateShape(source));
  return gate;
}

Value GateInserter::getQuantized(Value source) {
  if (Value result = quantized.lookup(source))
    return result;
  builder.setInsertionPointAfterValue(source);
  Location loc = source.getLoc();
  auto load = [&](ml_program::GlobalOp global) -> Value {
    return ml_program::GlobalLoadOp::create(
        builder, loc, global.getType(),
        SymbolRefAttr::get(builder.getContext(), global.getSymName()));
  };

  ml_program::GlobalOp parameter = getLoadedGlobal(source);
  Signedness signedness = !parameter && isNonnegative(source)
                              ? Signedness::Unsigned
                              : Signedness::Signed;
  int64_t pinned = getPinnedWidth(source);
  if (!pinned && isa<BlockArgument>(source) && inputWidth == InputWidth::Fixed8)
    pinned = 8;
  std::string name =
      parameter
          ? parameter.getSymName().str()
          : (function.getSymName() + ".act" + Twine(numActivations++)).str();
  Value range, gate;
  // One gate is that of all there is, which something has to be left of.
  ArrayRef<int64_t> allowed =
      getGateShape(source).empty() ? getKeptWidths(widths) : widths;
  if (pinned) {
    allowed = pinned;
    range = load(getRange(name));
    auto scalar = RankedTensorType::get({}, builder.getF32Type());
    gate = arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(scalar, getGateOfWidth(pinned)));
  } else {
    range = load(getRange(name));
    gate = load(getGate(source, name));
  }

  auto type = cast<RankedTensorType>(source.getType());
  auto gated = GatedType::get(builder.getContext(), signedness, allowed,
                              type.getElementType());
  auto quantize =
      QuantizeOp::create(builder, loc, type.clone(gated), source, range, gate);
  auto dequantize = DequantizeOp::create(builder, loc, type, quantize);
  source.replaceUsesWithIf(dequantize, [&](OpOperand &use) {
    Operation *user = use.getOwner();
    return user != quantize && !user->hasTrait<OpTrait::IsTerminator>();
  });
  quantized[source] = quantize;
  return quantize;
}

void GateInserter::insert() {
  for (Operands &operands : contractions) {
    // The sources are looked up before any use is replaced: a dequantize is no
    // data movement, and `quantized` knows only the values of the float model.
    auto quantizeOperand = [&](OpOperand *operand) -> Value {
      Value source = getSource(operand->get());
      if (auto dequantize = source.getDefiningOp<DequantizeOp>())
        return dequantize.getInput();
      return getQuantized(source);
    };
    Value lhs = quantizeOperand(operands.lhs);
    Value rhs = quantizeOperand(operands.rhs);
    for (OpOperand *bias : operands.biases) {
      quantizeOperand(bias);
      builder.setInsertionPoint(bias->getOwner());
      bias->set(AlignOp::create(builder, bias->get().getLoc(), bias->get(), lhs,
                                rhs));
    }
  }
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct InsertGates : public cgmq::impl::InsertGatesPassBase<InsertGates> {
  InsertGates() = default;
  /// Options given in C++ have no way to say "the default": no widths are all.
  InsertGates(InsertGatesPassOptions options)
      : InsertGatesPassBase(std::move(options)) {
    if (widths.empty())
      widths = GatedType::getDefaultWidths();
  }

  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    ModuleOp module = getOperation();
    FailureOr<func::FuncOp> model = getModelFunction(module, function);
    if (failed(model))
      return failure();
    auto emitOptionError = [&] { return emitError(model->getLoc()); };
    if (failed(verifyWidths(*widths, emitOptionError)))
      return failure();
    if (canPrune(*widths) && granularity == Granularity::Layer) {
      InFlightDiagnostic diag = emitOptionError()
                                << "expects option 'widths' without 0 where a "
                                   "gate decides for a whole tensor";
      diag.attachNote() << "without all of a tensor, nothing would depend on "
                           "the input; granularity 'channel' or 'element' "
                           "prunes parts";
      return diag;
    }
    Attribute budgets;
    if (!budget.empty() || !costModel.empty()) {
      auto parsed =
          parseBudgets(&getContext(), budget, costModel, emitOptionError);
      if (failed(parsed))
        return failure();
      budgets = getBudgetsAttr(*parsed);
    }

    GateInserter inserter(*model, *widths, input, granularity);
    if (failed(inserter.analyze()))
      return failure();
    inserter.insert();
    if (budgets)
      (*model)->setAttr(CGMQDialect::kBudgetAttrName, budgets);
    return success();
  }
};
} // namespace
