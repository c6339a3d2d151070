//===- InsertGates.cpp - Gated quantizers around contractions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "Joins.h"
#include "QuantizedValues.h"

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Dialect/CGMQ/IR/Verification.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"
#include "cgmq/Transforms/BudgetOption.h"
#include "cgmq/Transforms/FloatParts.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_INSERTGATESPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// The width of the codes that index tables: each has 256 entries.
static constexpr int64_t kTableIndexWidth = 8;

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
               InputWidth inputWidth, Granularity granularity,
               ElementFunctionForm functions)
      : function(function), symbols(function->getParentOfType<ModuleOp>()),
        builder(function.getContext()), widths(widths), inputWidth(inputWidth),
        granularity(granularity),
        floats(function, /*isFrozen=*/false,
               functions == ElementFunctionForm::Tables) {}

  /// Finds the contractions and the joins; changes nothing.
  LogicalResult analyze();
  /// Inserts what `analyze` found wanting.
  void insert();

private:
  LogicalResult analyzeContraction(Operation *op);
  LogicalResult analyzeJoins();
  /// Checks what multiplies activations by more than one number.
  LogicalResult verifyProducts();
  LogicalResult verifyFactor(Operation *op, Value factor);
  /// Checks that what is pinned is quantized.
  LogicalResult verifyPins();

  /// The dimensions of a parameter that run over output channels, for a factor
  /// of `op` that the parameter reaches by transposes and by reshapes that add
  /// or drop extents of one. Fails, with an error at `op`, for other paths.
  FailureOr<SmallVector<bool>> findChannels(Operation *op, OpOperand *factor);
  /// The shape of the gate of a source.
  SmallVector<int64_t> getGateShape(Value source);

  /// The gated tensor of a source, made on first sight.
  Value getQuantized(Value source);
  void insert(const Operands &operands);
  void insert(const Join &join);
  void insertTables();
  /// The codes that index the tables of functions of `source`, dequantized;
  /// made on first sight.
  Value getIndex(Value source);
  /// Whether the elements of `value` are codes, or integers made of them.
  bool isOnGrid(Value value);

  /// The name of the next activation's range and gate.
  std::string getActivationName() {
    return (function.getSymName() + ".act" + Twine(numActivations++)).str();
  }
  Value load(Location loc, ml_program::GlobalOp global) {
    return ml_program::GlobalLoadOp::create(builder, loc, global.getType(),
                                            FlatSymbolRefAttr::get(global));
  }
  Value quantize(Location loc, Value value, Value range, Value gate,
                 Signedness signedness, ArrayRef<int64_t> allowed);
  /// A gate that stays at `width`.
  Value createGate(Location loc, int64_t width) {
    auto scalar = RankedTensorType::get({}, builder.getF32Type());
    return arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(scalar, getGateOfWidth(width)));
  }
  /// The globals that govern a quantizer, made on first sight: a parameter that
  /// is loaded twice has one of each.
  ml_program::GlobalOp getRange(StringRef name);
  ml_program::GlobalOp getGate(StringRef name, ArrayRef<int64_t> shape);
  ml_program::GlobalOp createGlobal(const Twine &name, float value,
                                    ArrayRef<int64_t> shape = {});

  func::FuncOp function;
  SymbolTable symbols;
  OpBuilder builder;
  ArrayRef<int64_t> widths;
  InputWidth inputWidth;
  Granularity granularity;
  FloatParts floats;
  SmallVector<Operands> contractions;
  SmallVector<Join> joins;
  llvm::SmallPtrSet<Operation *, 8> joinOps;
  /// Of the parameters that are factors, which dimensions are channels.
  DenseMap<Operation *, SmallVector<bool>> channelsOfParameter;
  DenseMap<Value, Value> quantized;
  /// What tables take instead of their sources.
  DenseMap<Value, Value> indices;
  llvm::StringMap<ml_program::GlobalOp> ranges, gates;
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

LogicalResult GateInserter::analyzeJoins() {
  llvm::SmallPtrSet<Operation *, 8> biasAdditions;
  for (const Operands &operands : contractions)
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

LogicalResult GateInserter::verifyProducts() {
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
          (definition && floats.contains(definition)))
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

LogicalResult GateInserter::verifyPins() {
  llvm::SmallDenseSet<Value> sources;
  for (const Operands &operands : contractions) {
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

ml_program::GlobalOp GateInserter::getGate(StringRef name,
                                           ArrayRef<int64_t> shape) {
  ml_program::GlobalOp &gate = gates[name];
  if (!gate)
    gate = createGlobal(name + ".gate", kInitialGate, shape);
  return gate;
}

Value GateInserter::quantize(Location loc, Value value, Value range, Value gate,
                             Signedness signedness, ArrayRef<int64_t> allowed) {
  auto type = cast<RankedTensorType>(value.getType());
  auto gated = GatedType::get(builder.getContext(), signedness, allowed,
                              type.getElementType());
  return QuantizeOp::create(builder, loc, type.clone(gated), value, range,
                            gate);
}

Value GateInserter::getQuantized(Value source) {
  if (Value result = quantized.lookup(source))
    return result;
  builder.setInsertionPointAfterValue(source);
  Location loc = source.getLoc();
  ml_program::GlobalOp parameter = getLoadedGlobal(source);
  Signedness signedness = !parameter && isNonnegative(source)
                              ? Signedness::Unsigned
                              : Signedness::Signed;
  int64_t pinned = getPinnedWidth(source);
  if (!pinned && isa<BlockArgument>(source) && inputWidth == InputWidth::Fixed8)
    pinned = 8;
  std::string name =
      parameter ? parameter.getSymName().str() : getActivationName();
  SmallVector<int64_t> shape = getGateShape(source);
  // One gate is that of all there is, which something has to be left of.
  ArrayRef<int64_t> allowed = shape.empty() ? getKeptWidths(widths) : widths;
  Value range = load(loc, getRange(name)), gate;
  if (pinned) {
    allowed = pinned;
    gate = createGate(loc, pinned);
  } else {
    gate = load(loc, getGate(name, shape));
  }
  Value result = quantize(loc, source, range, gate, signedness, allowed);
  auto dequantize =
      DequantizeOp::create(builder, loc, source.getType(), result);
  source.replaceUsesWithIf(dequantize, [&](OpOperand &use) {
    Operation *user = use.getOwner();
    return user != result.getDefiningOp() &&
           !user->hasTrait<OpTrait::IsTerminator>();
  });
  quantized[source] = result;
  return result;
}

void GateInserter::insert(const Operands &operands) {
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
    bias->set(
        AlignOp::create(builder, bias->get().getLoc(), bias->get(), lhs, rhs));
  }
}

/// What `value` is made of by operations that preserve codes.
static Value getOrigin(Value value) {
  while (auto mover = value.getDefiningOp<BopCostOpInterface>()) {
    if (!mover.preservesCodes())
      break;
    value = mover->getOperand(0);
  }
  return value;
}

bool GateInserter::isOnGrid(Value value) {
  Operation *origin = getOrigin(value).getDefiningOp();
  return origin && (isa<DequantizeOp>(origin) || joinOps.contains(origin));
}

void GateInserter::insert(const Join &join) {
  // What has a width of its own, or comes from outside, is quantized there.
  for (OpOperand &operand : join.getOperands()) {
    Value source = getSource(operand.get());
    if (Value origin = getOrigin(source); isa<BlockArgument>(origin))
      getQuantized(origin);
    else if (!source.getDefiningOp<DequantizeOp>() && getPinnedWidth(source))
      getQuantized(source);
  }
  if (join.isUnary() && isOnGrid(join.op->getOperand(0)))
    return;

  builder.setInsertionPoint(join.op);
  Location loc = join.op->getLoc();
  std::string name = getActivationName();
  Value range = load(loc, getRange(name));
  Value gate = load(loc, getGate(name, join.gateShape));
  // No contraction asks for what is joined, so none would have it pruned.
  ArrayRef<int64_t> allowed = getKeptWidths(widths);
  DenseMap<Value, Value> rounded;
  auto round = [&](Value value) {
    Value &result = rounded[value];
    if (!result)
      result = DequantizeOp::create(
          builder, loc, value.getType(),
          quantize(loc, value, range, gate, join.signedness, allowed));
    return result;
  };
  for (OpOperand &operand : join.getOperands()) {
    // A parameter is rounded before it is moved, where it can become codes.
    SmallVector<Operation *> movements;
    Value value = operand.get(), source = getSource(value);
    if (isLoad(source))
      for (; value != source; value = value.getDefiningOp()->getOperand(0))
        movements.push_back(value.getDefiningOp());
    Value result = round(value);
    for (Operation *op : llvm::reverse(movements)) {
      Operation *moved = builder.clone(*op);
      moved->setOperand(0, result);
      result = moved->getResult(0);
    }
    operand.set(result);
  }
}

Value GateInserter::getIndex(Value source) {
  Value &index = indices[source];
  if (index)
    return index;
  builder.setInsertionPointAfterValue(source);
  Location loc = source.getLoc();
  int64_t width = getPinnedWidth(source);
  if (!width)
    width = kTableIndexWidth;
  Signedness signedness =
      isNonnegative(source) ? Signedness::Unsigned : Signedness::Signed;
  Value range = load(loc, getRange(getActivationName()));
  Value codes =
      quantize(loc, source, range, createGate(loc, width), signedness, width);
  return index = DequantizeOp::create(builder, loc, source.getType(), codes);
}

void GateInserter::insertTables() {
  for (const ElementFunction &table : floats.getTables()) {
    Value source = table.source;
    source.replaceUsesWithIf(getIndex(source), [&](OpOperand &use) {
      return table.ops.contains(use.getOwner());
    });
  }
  // Contractions and joins quantize what they take, others do not.
  auto quantizesOperands = [&](Operation *user) {
    auto cost = dyn_cast<BopCostOpInterface>(user);
    return isa<QuantizeOp, tosa::ReshapeOp, tosa::TransposeOp>(user) ||
           joinOps.contains(user) || (cost && cost.getFactors().first) ||
           user->hasTrait<OpTrait::IsTerminator>() || floats.contains(user);
  };
  for (const ElementFunction &table : floats.getTables())
    if (!llvm::all_of(table.result.getUsers(), quantizesOperands))
      getQuantized(table.result);
}

void GateInserter::insert() {
  insertTables();
  for (const Operands &operands : contractions)
    insert(operands);
  for (const Join &join : joins)
    insert(join);
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

    GateInserter inserter(*model, *widths, input, granularity, functions);
    if (failed(inserter.analyze()))
      return failure();
    inserter.insert();
    if (budgets)
      (*model)->setAttr(CGMQDialect::kBudgetAttrName, budgets);
    return success();
  }
};
} // namespace
