//===- RemovePrunedChannels.cpp - Channels that say nothing, taken out ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "../CodeConstants.h"
#include "ChannelConsumer.h"
#include "cgmq/Analysis/CostBounds.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_REMOVEPRUNEDCHANNELSPASS
#include "cgmq/Conversion/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

//===----------------------------------------------------------------------===//
// ChannelRemoval
//===----------------------------------------------------------------------===//

namespace {

/// Takes channels out of the tensors of a group.
class ChannelRemoval {
public:
  ChannelRemoval(const ChannelGroup &group, SymbolTableCollection &symbolTables,
                 SymbolTable &symbols, GlobalReplacements &replacements)
      : group(group), symbolTables(symbolTables), symbols(symbols),
        replacements(replacements) {}

  /// Removes what says nothing; false where there is none of it.
  bool run();

private:
  /// Finds the channels that are left, and has the others folded.
  void findKept();
  void shrink(Value value, const ChannelLayout &layout);
  void shrinkWidths(linalg::GenericOp contraction, StringRef name, Value codes);

  bool isKept(const ChannelLayout &layout, int64_t index) const {
    return kept[layout.channels[index]];
  }
  /// The indices along the dimension of the channels that are left.
  int64_t countKept(const ChannelLayout &layout) const {
    return llvm::count_if(layout.channels,
                          [&](int32_t channel) { return kept[channel]; });
  }
  RankedTensorType getShrunk(RankedTensorType type,
                             const ChannelLayout &layout) const;
  /// The integers that are left.
  DenseElementsAttr getShrunk(Attribute integers,
                              const ChannelLayout &layout) const;
  /// A global of what is left of another one, made on first sight.
  ml_program::GlobalOp getShrunk(ml_program::GlobalOp global,
                                 const ChannelLayout &layout);
  /// Records the bits that what is left of a weight takes.
  void updateBits(linalg::GenericOp contraction);

  const ChannelGroup &group;
  SymbolTableCollection &symbolTables;
  SymbolTable &symbols;
  GlobalReplacements &replacements;
  SmallVector<bool> kept;
  DenseMap<std::pair<Operation *, int64_t>, ml_program::GlobalOp> shrunk;
};

} // namespace

void ChannelRemoval::findKept() {
  auto ranges = group.findRanges(symbolTables);
  SmallVector<ChannelConsumer> consumers;
  for (linalg::GenericOp op : group.getConsumers())
    consumers.emplace_back(op, group, symbolTables);
  // Nothing is read of a channel that meets zeros, nor of a constant that is
  // folded.
  auto getCode = [&](ChannelConsumer &consumer, int64_t channel) {
    std::optional<APInt> weight =
        ranges.find(consumer.getWeight())->second[channel].getConstantValue();
    std::optional<APInt> code =
        ranges.find(consumer.getCodes())->second[channel].getConstantValue();
    if (weight && weight->isZero())
      return std::optional(APInt(64, 0));
    if (code && !code->isZero() && !consumer.canFold())
      code.reset();
    return code;
  };
  for (int64_t channel = 0; channel < group.getNumChannels(); ++channel)
    kept.push_back(llvm::any_of(consumers, [&](ChannelConsumer &consumer) {
      return !getCode(consumer, channel);
    }));
  // Of tensors something is left.
  if (!llvm::is_contained(kept, true))
    kept.front() = true;
  for (ChannelConsumer &consumer : consumers) {
    for (int64_t channel = 0; channel < group.getNumChannels(); ++channel)
      if (!kept[channel])
        consumer.fold(channel, *getCode(consumer, channel));
    consumer.finish(replacements, symbols);
  }
}

RankedTensorType ChannelRemoval::getShrunk(RankedTensorType type,
                                           const ChannelLayout &layout) const {
  SmallVector<int64_t> shape(type.getShape());
  shape[layout.dim] = countKept(layout);
  return type.clone(shape);
}

DenseElementsAttr ChannelRemoval::getShrunk(Attribute attr,
                                            const ChannelLayout &layout) const {
  auto type = cast<RankedTensorType>(cast<ElementsAttr>(attr).getType());
  int64_t extent = type.getDimSize(layout.dim);
  int64_t stride =
      ShapedType::getNumElements(type.getShape().drop_front(layout.dim + 1));
  SmallVector<int64_t> integers;
  for (auto [element, integer] :
       llvm::enumerate(*getCodes(attr, /*isSigned=*/true)))
    if (isKept(layout, static_cast<int64_t>(element) / stride % extent))
      integers.push_back(integer);
  return getCodesAttr(getShrunk(type, layout), integers);
}

ml_program::GlobalOp ChannelRemoval::getShrunk(ml_program::GlobalOp global,
                                               const ChannelLayout &layout) {
  ml_program::GlobalOp &result = shrunk[{global, layout.dim}];
  if (result)
    return result;
  DenseElementsAttr integers = getShrunk(global.getValueAttr(), layout);
  auto type = cast<RankedTensorType>(integers.getType());
  result = buildConstantGlobal(symbols, global, type);
  result.setValueAttr(integers);
  replacements.add(global, result);
  // A bias does not tell which of its elements took how many bits: as many as
  // all of them at most.
  if (auto bits =
          global->getAttrOfType<IntegerAttr>(CGMQDialect::kBitsAttrName))
    result->setAttr(
        CGMQDialect::kBitsAttrName,
        IntegerAttr::get(
            bits.getType(),
            std::min(bits.getInt(), kFloatWidth * type.getNumElements())));
  return result;
}

void ChannelRemoval::updateBits(linalg::GenericOp contraction) {
  ml_program::GlobalOp weight =
      getGlobal(contraction.getDpsInputOperand(1)->get(), symbols);
  auto bits = weight->getAttrOfType<IntegerAttr>(CGMQDialect::kBitsAttrName);
  if (!bits)
    return;
  auto type = cast<RankedTensorType>(weight.getType());
  int64_t sum = 0;
  if (auto name = contraction->getAttrOfType<FlatSymbolRefAttr>(
          CGMQDialect::kRhsWidthsAttrName)) {
    auto widths = symbols.lookup<ml_program::GlobalOp>(name.getValue());
    auto unitType = cast<RankedTensorType>(widths.getType());
    SmallVector<int64_t> ofUnits =
        *getCodes(widths.getValueAttr(), /*isSigned=*/false);
    UnitLayout units{llvm::to_vector(type.getShape()),
                     llvm::to_vector(unitType.getShape())};
    for (int32_t unit : getUnits(units, {}))
      sum += ofUnits[unit];
  } else {
    auto widths = contraction->getAttrOfType<DenseI64ArrayAttr>(
        CGMQDialect::kWidthsAttrName);
    sum = type.getNumElements() * widths[1];
  }
  weight->setAttr(CGMQDialect::kBitsAttrName,
                  IntegerAttr::get(bits.getType(), sum));
}

/// The widths of the units of `codes`, which an operation names, as they are
/// where the codes are made.
void ChannelRemoval::shrinkWidths(linalg::GenericOp contraction, StringRef name,
                                  Value codes) {
  auto symbol = contraction->getAttrOfType<FlatSymbolRefAttr>(name);
  if (!symbol)
    return;
  while (Operation *op = codes.getDefiningOp()) {
    auto cost = dyn_cast<BopCostOpInterface>(op);
    if (!isa<tensor::PadOp>(op) && (!cost || !cost.preservesCodes()))
      break;
    codes = op->getOperand(0);
  }
  auto layout = group.getLayouts().find(codes);
  auto global = symbols.lookup<ml_program::GlobalOp>(symbol.getValue());
  if (layout == group.getLayouts().end() ||
      cast<RankedTensorType>(global.getType()).getDimSize(layout->second.dim) ==
          1)
    return;
  contraction->setAttr(
      name, FlatSymbolRefAttr::get(getShrunk(global, layout->second)));
}

void ChannelRemoval::shrink(Value value, const ChannelLayout &layout) {
  Operation *op = value.getDefiningOp();
  if (auto load = dyn_cast<ml_program::GlobalLoadConstOp>(op))
    load.setGlobalAttr(
        FlatSymbolRefAttr::get(getShrunk(getGlobal(value, symbols), layout)));
  auto type = getShrunk(cast<RankedTensorType>(value.getType()), layout);
  value.setType(type);
  // An empty tensor to write to is made for this one.
  if (auto destination = dyn_cast<DestinationStyleOpInterface>(op))
    for (OpOperand &init : destination.getDpsInitsMutable())
      if (auto empty = init.get().getDefiningOp<tensor::EmptyOp>()) {
        OpBuilder builder(op);
        init.set(tensor::EmptyOp::create(builder, op->getLoc(), type,
                                         empty.getDynamicSizes()));
        if (empty->use_empty())
          empty.erase();
      }
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    constant.setValueAttr(getShrunk(constant.getValue(), layout));
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
    slice.setStaticSizes(slice.getSourceType().getShape());
  if (auto reshape = dyn_cast<tosa::ReshapeOp>(op)) {
    OpBuilder builder(op);
    auto values = llvm::map_to_vector(type.getShape(), [](int64_t extent) {
      return ShapedType::isDynamic(extent) ? int64_t(-1) : extent;
    });
    Operation *old = reshape.getShape().getDefiningOp();
    reshape.getShapeMutable().assign(tosa::ConstShapeOp::create(
        builder, op->getLoc(), reshape.getShape().getType(),
        builder.getIndexTensorAttr(values)));
    if (old && old->use_empty())
      old->erase();
  }
}

bool ChannelRemoval::run() {
  // Constants are known but where a resource holds them.
  for (auto &[value, layout] : group.getLayouts())
    if (isa<arith::ConstantOp, ml_program::GlobalLoadConstOp>(
            value.getDefiningOp()) &&
        !getIntegers(value, symbolTables))
      return false;
  findKept();
  if (!llvm::is_contained(kept, false))
    return false;
  for (linalg::GenericOp op : group.getConsumers())
    shrinkWidths(op, CGMQDialect::kLhsWidthsAttrName,
                 op.getDpsInputOperand(0)->get());
  for (ArrayRef<linalg::GenericOp> ops :
       {group.getProducers(), group.getConsumers()})
    for (linalg::GenericOp op : ops)
      shrinkWidths(op, CGMQDialect::kRhsWidthsAttrName,
                   op.getDpsInputOperand(1)->get());
  // What a slice is of comes first.
  SmallVector<std::pair<Value, ChannelLayout>> layouts(
      group.getLayouts().begin(), group.getLayouts().end());
  llvm::stable_sort(layouts, [](auto &a, auto &b) {
    return a.first.getDefiningOp()->isBeforeInBlock(b.first.getDefiningOp());
  });
  for (auto &[value, layout] : layouts)
    shrink(value, layout);
  for (ArrayRef<linalg::GenericOp> ops :
       {group.getProducers(), group.getConsumers()})
    for (linalg::GenericOp op : ops)
      updateBits(op);
  return true;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// Bounds in percent as numbers in the unit of the model: the cost at 32 bits,
/// of which they are a part, is that of the function with all of its channels.
static FailureOr<Attribute> getAbsoluteBudgets(func::FuncOp function) {
  FailureOr<CostAnalysis> analysis = CostAnalysis::create(function);
  if (failed(analysis))
    return failure();
  FailureOr<CostBounds> bounds =
      CostBounds::create(*analysis, getBudgets(function));
  if (failed(bounds))
    return failure();
  SmallVector<BudgetAttr> budgets;
  for (const CostBound &bound : bounds->get()) {
    CostModelAttr model = bound.getModel();
    budgets.push_back(BudgetAttr::get(
        function.getContext(),
        FloatAttr::get(Float64Type::get(function.getContext()), bound.limit),
        *symbolizeBudgetUnit(model.getUnitName()), model));
  }
  return getBudgetsAttr(budgets);
}

namespace {
struct RemovePrunedChannels
    : cgmq::impl::RemovePrunedChannelsPassBase<RemovePrunedChannels> {
  /// Removes channels of a function, once; true if there were some.
  bool remove(func::FuncOp function) {
    SymbolTableCollection symbolTables;
    SymbolTable &symbols = symbolTables.getSymbolTable(getOperation());
    // From the last to the first: what is removed leaves less to read.
    auto contractions = llvm::filter_to_vector(
        function.getOps<linalg::GenericOp>(),
        [](linalg::GenericOp op) { return getContraction(op) != nullptr; });
    bool hasChanged = false;
    for (linalg::GenericOp contraction : llvm::reverse(contractions)) {
      FailureOr<ChannelGroup> group = ChannelGroup::create(contraction);
      if (failed(group))
        continue;
      GlobalReplacements replacements(symbols);
      if (!ChannelRemoval(*group, symbolTables, symbols, replacements).run())
        continue;
      hasChanged = true;
      hasFailed |= failed(replacements.finish());
    }
    return hasChanged && !hasFailed;
  }

  void runOnOperation() override {
    hasFailed = false;
    SmallVector<std::pair<func::FuncOp, Attribute>> absolute;
    for (func::FuncOp function : getBoundedFunctions(getOperation())) {
      FailureOr<Attribute> budgets = getAbsoluteBudgets(function);
      if (failed(budgets))
        return signalPassFailure();
      absolute.push_back({function, *budgets});
    }
    bool hasChanged = false;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      bool hasContraction =
          function.getBody().hasOneBlock() &&
          llvm::any_of(function.getOps<linalg::GenericOp>(), getContraction);
      if (!hasContraction)
        continue;
      // What contractions say of their widths is what it should be.
      if (failed(CostAnalysis::create(function)))
        return signalPassFailure();
      while (remove(function))
        hasChanged = true;
    }
    if (hasFailed)
      return signalPassFailure();
    if (hasChanged)
      for (auto [function, budgets] : absolute)
        function->setAttr(CGMQDialect::kBudgetAttrName, budgets);
  }

  bool hasFailed = false;
};
} // namespace
