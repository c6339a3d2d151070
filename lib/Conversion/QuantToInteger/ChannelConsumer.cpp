//===- ChannelConsumer.cpp - What sums over channels -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChannelConsumer.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cgmq;

ml_program::GlobalOp cgmq::getGlobal(Value value, SymbolTable &symbols) {
  auto load = value.getDefiningOp<ml_program::GlobalLoadConstOp>();
  if (!load)
    return {};
  return symbols.lookup<ml_program::GlobalOp>(
      load.getGlobal().getLeafReference());
}

ChannelConsumer::ChannelConsumer(linalg::GenericOp op,
                                 const ChannelGroup &group,
                                 SymbolTableCollection &symbolTables)
    : op(op), layout(group.getLayouts().find(getWeight())->second),
      weight(getIntegers(getWeight(), symbolTables)) {
  // The one loop that the weight and the result have, but for batches of one.
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  auto weightType = cast<RankedTensorType>(getWeight().getType());
  int64_t numFilterLoops = 0;
  for (int64_t dim = 0; dim < weightType.getRank(); ++dim) {
    std::optional<unsigned> loop = getLoop(maps[1], dim);
    bool isSingle = weightType.getDimSize(dim) == 1;
    if (!loop || !maps[2].isFunctionOfDim(*loop) ||
        (isSingle && numFilterLoops > 0))
      continue;
    numFilterLoops += !isSingle;
    weightDim = dim;
    resultDim = getDim(maps[2], *loop).value_or(-1);
  }
  Value init = op.getDpsInitOperand(0)->get();
  // What has the group's channels itself, by way of an addition, changes shape.
  hasFilters = weight && numFilterLoops <= 1 && resultDim >= 0 &&
               !group.getLayouts().contains(init);
  if (auto fill = init.getDefiningOp<linalg::FillOp>()) {
    isZeroed = matchPattern(fill.value(), m_Zero());
  } else if (auto broadcast = init.getDefiningOp<linalg::BroadcastOp>()) {
    bool isByFilter = !llvm::is_contained(broadcast.getDimensions(), resultDim);
    if (DenseIntElementsAttr bias =
            getIntegers(broadcast.getInput(), symbolTables);
        bias && isByFilter)
      start = *cgmq::getCodes(bias, /*isSigned=*/true);
  }
}

void ChannelConsumer::fold(int32_t channel, const APInt &code) {
  auto isUnsigned = [&](unsigned argument) {
    return llvm::any_of(
        op.getBody()->getArgument(argument).getUsers(),
        [](Operation *user) { return isa<arith::ExtUIOp>(user); });
  };
  int64_t number =
      isUnsigned(0) ? int64_t(code.getZExtValue()) : code.getSExtValue();
  if (number == 0)
    return;
  hasFolded = true;
  auto type = cast<RankedTensorType>(weight.getType());
  auto getIndex = [&](size_t element, int64_t dim) {
    int64_t stride =
        ShapedType::getNumElements(type.getShape().drop_front(dim + 1));
    return static_cast<int64_t>(element) / stride % type.getDimSize(dim);
  };
  start.resize(type.getDimSize(weightDim), 0);
  bool isSigned = !isUnsigned(1);
  for (auto [element, factor] : llvm::enumerate(weight.getValues<APInt>()))
    if (layout.channels[getIndex(element, layout.dim)] == channel)
      start[getIndex(element, weightDim)] +=
          number * (isSigned ? factor.getSExtValue()
                             : static_cast<int64_t>(factor.getZExtValue()));
}

void ChannelConsumer::finish(GlobalReplacements &replacements,
                             SymbolTable &symbols) {
  if (!hasFolded)
    return;
  OpBuilder builder(op);
  Operation *init = op.getDpsInitOperand(0)->get().getDefiningOp();
  auto broadcast = dyn_cast<linalg::BroadcastOp>(init);
  Value out = broadcast ? broadcast.getInit()
                        : cast<linalg::FillOp>(init).getOutputs()[0];
  auto outType = cast<RankedTensorType>(out.getType());
  auto type = RankedTensorType::get(static_cast<int64_t>(start.size()),
                                    outType.getElementType());
  // Sums that wrap around do so to the same number.
  ml_program::GlobalOp original, bias;
  if (broadcast)
    original = getGlobal(broadcast.getInput(), symbols);
  if (original) {
    bias = buildConstantGlobal(symbols, original, type);
    replacements.add(original, bias);
  } else {
    // No parameter of the network, so that it counts no bits.
    ml_program::GlobalOp weightGlobal = getGlobal(getWeight(), symbols);
    bias = buildConstantGlobal(symbols, weightGlobal, type);
    bias->setAttr(CGMQDialect::kBitsAttrName, builder.getI64IntegerAttr(0));
    symbols.remove(bias);
    bias.setSymName((weightGlobal.getSymName() + ".start").str());
    symbols.insert(bias);
  }
  bias.setValueAttr(getCodesAttr(type, start));
  Value load = ml_program::GlobalLoadConstOp::create(
      builder, op.getLoc(), type, FlatSymbolRefAttr::get(bias));
  SmallVector<int64_t> added;
  for (int64_t dim = 0; dim < outType.getRank(); ++dim)
    if (dim != resultDim)
      added.push_back(dim);
  auto started =
      linalg::BroadcastOp::create(builder, op.getLoc(), load, out, added);
  op.getDpsInitOperand(0)->set(started->getResult(0));
  if (init->use_empty())
    init->erase();
}
