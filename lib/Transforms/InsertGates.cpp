//===- InsertGates.cpp - Gated quantizers around contractions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

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
#include "llvm/ADT/SetVector.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_INSERTGATESPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

//===----------------------------------------------------------------------===//
// Facts about the float function
//===----------------------------------------------------------------------===//

/// The value that `value` is but for the order and shape of its elements. A
/// quantizer stands there: rounding commutes with moving data, and what other
/// users see then is the same codes. (Max-pooling and clamping commute as well,
/// but a quantizer before them has more to do and wastes codes on the sign.)
static Value getSource(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tosa::ReshapeOp, tosa::TransposeOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

/// Visits `value` and, again and again, the values that `visit` asks for, each
/// once. False as soon as it answers nothing.
static bool walkBackward(Value value,
                         function_ref<std::optional<ValueRange>(Value)> visit) {
  llvm::SetVector<Value> values;
  values.insert(value);
  for (size_t i = 0; i < values.size(); ++i) {
    std::optional<ValueRange> next = visit(values[i]);
    if (!next)
      return false;
    values.insert(next->begin(), next->end());
  }
  return true;
}

/// True where no element can be below zero.
static bool isNonnegative(Value value) {
  return walkBackward(value, [](Value value) -> std::optional<ValueRange> {
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      auto function =
          dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
      if (function && function.getArgAttr(argument.getArgNumber(),
                                          CGMQDialect::kNonnegativeAttrName))
        return ValueRange();
      return std::nullopt;
    }
    Operation *op = value.getDefiningOp();
    if (auto clamp = dyn_cast<tosa::ClampOp>(op)) {
      auto minimum = dyn_cast<FloatAttr>(clamp.getMinValAttr());
      if (minimum && !minimum.getValue().isNegative())
        return ValueRange();
    }
    if (isa<tosa::AddOp>(op))
      return op->getOperands();
    auto cost = dyn_cast<BopCostOpInterface>(op);
    if (isa<tosa::AvgPool2dOp>(op) || (cost && cost.preservesCodes()))
      return op->getOperands().take_front();
    return std::nullopt;
  });
}

/// True where no argument of the function has a part in `value`.
static bool isIndependentOfArguments(Value value) {
  return walkBackward(value, [](Value value) -> std::optional<ValueRange> {
    if (isa<BlockArgument>(value))
      return std::nullopt;
    return value.getDefiningOp()->getOperands();
  });
}

static bool isLoad(Value value) {
  return value.getDefiningOp<ml_program::GlobalLoadOp>() != nullptr;
}

static bool isZero(Value value) {
  return matchPattern(value, m_AnyZeroFloat());
}

/// The operand by which a bias joins the result of a contraction that has been
/// reshaped at most; null where there is none.
static OpOperand *getAddedBias(Value result) {
  while (result.hasOneUse()) {
    Operation *user = *result.user_begin();
    if (isa<tosa::AddOp>(user)) {
      OpOperand &other =
          user->getOpOperand(1 - result.use_begin()->getOperandNumber());
      return isLoad(getSource(other.get())) ? &other : nullptr;
    }
    if (!isa<tosa::ReshapeOp, tosa::TransposeOp>(user))
      return nullptr;
    result = user->getResult(0);
  }
  return nullptr;
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

/// The two globals that govern a quantizer: a scalar range, and a gate.
struct Governors {
  ml_program::GlobalOp range;
  ml_program::GlobalOp gate;
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

  /// The dimensions of a parameter that run over output channels, for a factor
  /// of `op` that the parameter reaches by transposes and by reshapes that add
  /// or drop extents of one. Fails, with an error at `op`, for other paths.
  FailureOr<SmallVector<bool>> findChannels(Operation *op, OpOperand *factor);
  /// The shape of the gate of a source.
  SmallVector<int64_t> getGateShape(Value source);

  /// The gated tensor of a source, made on first sight.
  Value getQuantized(Value source);
  Governors createGovernors(StringRef name, ArrayRef<int64_t> gateShape);
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
  DenseMap<Operation *, Governors> governorsOfParameter;
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
  return success();
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

Governors GateInserter::createGovernors(StringRef name,
                                        ArrayRef<int64_t> gateShape) {
  ml_program::GlobalOp range = createGlobal(name + ".range", 1.0f);
  return {range, createGlobal(name + ".gate", kInitialGate, gateShape)};
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

  bool isInput = isa<BlockArgument>(source);
  Value range, gate;
  ArrayRef<int64_t> allowed = widths;
  Signedness signedness = Signedness::Signed;
  if (ml_program::GlobalOp parameter = getLoadedGlobal(source)) {
    auto [it, isNew] = governorsOfParameter.try_emplace(parameter);
    if (isNew)
      it->second =
          createGovernors(parameter.getSymName(), getGateShape(source));
    range = load(it->second.range);
    gate = load(it->second.gate);
  } else {
    if (isNonnegative(source))
      signedness = Signedness::Unsigned;
    std::string name =
        (function.getSymName() + ".act" + Twine(numActivations++)).str();
    if (isInput && inputWidth == InputWidth::Fixed8) {
      static constexpr int64_t kFixedWidth[] = {8};
      allowed = kFixedWidth;
      range = load(createGlobal(name + ".range", 1.0f));
      auto scalar = RankedTensorType::get({}, builder.getF32Type());
      gate = arith::ConstantOp::create(
          builder, loc, DenseElementsAttr::get(scalar, getGateOfWidth(8)));
    } else {
      Governors governors = createGovernors(name, getGateShape(source));
      range = load(governors.range);
      gate = load(governors.gate);
    }
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
    BudgetAttr budgetAttr;
    if (!budget.empty()) {
      FailureOr<BudgetAttr> parsed =
          parseBudget(&getContext(), budget, emitOptionError);
      if (failed(parsed))
        return failure();
      budgetAttr = *parsed;
    }

    GateInserter inserter(*model, *widths, input, granularity);
    if (failed(inserter.analyze()))
      return failure();
    inserter.insert();
    if (budgetAttr)
      (*model)->setAttr(CGMQDialect::kBudgetAttrName, budgetAttr);
    return success();
  }
};
} // namespace
