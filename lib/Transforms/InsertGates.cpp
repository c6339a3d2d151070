//===- InsertGates.cpp - Gated quantizers around contractions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "GateSites.h"
#include "QuantizedValues.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Dialect/CGMQ/IR/Verification.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"
#include "cgmq/Transforms/BudgetOption.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_INSERTGATESPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// The width of the codes that index tables: each has 256 entries.
static constexpr int64_t kTableIndexWidth = 8;

//===----------------------------------------------------------------------===//
// GateInserter
//===----------------------------------------------------------------------===//

namespace {
class GateInserter {
public:
  GateInserter(func::FuncOp function, const GateSites &sites,
               ArrayRef<int64_t> widths, InputWidth inputWidth)
      : function(function), sites(sites),
        symbols(function->getParentOfType<ModuleOp>()),
        builder(function.getContext()), widths(widths), inputWidth(inputWidth) {
  }

  /// Puts quantizers where the sites say.
  void insert();

private:
  /// The gated tensor of a source, made on first sight.
  Value getQuantized(Value source);
  void insert(const GatedOperands &operands);
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
  const GateSites &sites;
  SymbolTable symbols;
  OpBuilder builder;
  ArrayRef<int64_t> widths;
  InputWidth inputWidth;
  DenseMap<Value, Value> quantized;
  /// What tables take instead of their sources.
  DenseMap<Value, Value> indices;
  llvm::StringMap<ml_program::GlobalOp> ranges, gates;
  int numActivations = 0;
};
} // namespace

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
  SmallVector<int64_t> shape = sites.getGateShape(source);
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

void GateInserter::insert(const GatedOperands &operands) {
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
  return origin && (isa<DequantizeOp>(origin) || sites.isJoined(origin));
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
  for (const ElementFunction &table : sites.getFloats().getTables()) {
    Value source = table.source;
    source.replaceUsesWithIf(getIndex(source), [&](OpOperand &use) {
      return table.ops.contains(use.getOwner());
    });
  }
  // Contractions and joins quantize what they take, others do not.
  auto quantizesOperands = [&](Operation *user) {
    auto cost = dyn_cast<BopCostOpInterface>(user);
    return isa<QuantizeOp, tosa::ReshapeOp, tosa::TransposeOp>(user) ||
           sites.isJoined(user) || (cost && cost.getFactors().first) ||
           user->hasTrait<OpTrait::IsTerminator>() ||
           sites.getFloats().contains(user);
  };
  for (const ElementFunction &table : sites.getFloats().getTables())
    if (!llvm::all_of(table.result.getUsers(), quantizesOperands))
      getQuantized(table.result);
}

void GateInserter::insert() {
  insertTables();
  for (const GatedOperands &operands : sites.getContractions())
    insert(operands);
  for (const Join &join : sites.getJoins())
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

    GateSites sites(*model, granularity, functions);
    if (failed(sites.analyze()))
      return failure();
    GateInserter(*model, sites, *widths, input).insert();
    if (budgets)
      (*model)->setAttr(CGMQDialect::kBudgetAttrName, budgets);
    return success();
  }
};
} // namespace
