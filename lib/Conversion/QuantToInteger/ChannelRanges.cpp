//===- ChannelRanges.cpp - What channels hold whatever the input is ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChannelGroup.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cgmq;

static ConstantIntRanges getAnyRange(Type type) {
  return ConstantIntRanges::maxRange(
      ConstantIntRanges::getStorageBitwidth(getElementTypeOrSelf(type)));
}

/// The range of a scalar.
static ConstantIntRanges getScalarRange(Value value) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return ConstantIntRanges::constant(constant);
  return getAnyRange(value.getType());
}

/// What the body of an element-wise operation yields for arguments in ranges.
static ConstantIntRanges interpret(Block &body,
                                   ArrayRef<ConstantIntRanges> arguments) {
  DenseMap<Value, ConstantIntRanges> ranges;
  auto lookup = [&](Value value) {
    auto found = ranges.find(value);
    return found == ranges.end() ? getScalarRange(value) : found->second;
  };
  for (auto [argument, range] : llvm::zip_equal(body.getArguments(), arguments))
    ranges.insert({argument, range});
  for (Operation &op : body.without_terminator()) {
    auto inferrable = dyn_cast<InferIntRangeInterface>(op);
    if (!inferrable)
      continue;
    inferrable.inferResultRanges(
        llvm::map_to_vector(op.getOperands(), lookup),
        [&](Value result, const ConstantIntRanges &range) {
          ranges.insert({result, range});
        });
  }
  return lookup(body.getTerminator()->getOperand(0));
}

namespace {
/// Follows the ranges of a group through the operations that make its tensors.
class RangeFinder {
public:
  RangeFinder(const ChannelGroup &group, SymbolTableCollection &symbolTables)
      : group(group), symbolTables(symbolTables) {}

  const ChannelRanges &find(Value value);
  DenseMap<Value, ChannelRanges> take() { return std::move(ranges); }

private:
  ChannelRanges compute(Value value);
  ChannelRanges getAny(Value value) {
    return ChannelRanges(group.getNumChannels(), getAnyRange(value.getType()));
  }
  /// Those of a tensor of the group, or of one that channels have in common.
  ChannelRanges findOrAny(Value value) {
    return group.getLayouts().contains(value) ? find(value) : getAny(value);
  }
  ChannelRanges compute(DenseIntElementsAttr integers,
                        const ChannelLayout &layout);
  ChannelRanges computeGeneric(linalg::GenericOp op);
  ChannelRanges computePool(Value input, Value init);

  const ChannelGroup &group;
  SymbolTableCollection &symbolTables;
  DenseMap<Value, ChannelRanges> ranges;
};
} // namespace

const ChannelRanges &RangeFinder::find(Value value) {
  if (auto found = ranges.find(value); found != ranges.end())
    return found->second;
  ChannelRanges computed = compute(value);
  return ranges[value] = std::move(computed);
}

ChannelRanges RangeFinder::compute(DenseIntElementsAttr integers,
                                   const ChannelLayout &layout) {
  auto type = cast<RankedTensorType>(integers.getType());
  int64_t extent = type.getDimSize(layout.dim);
  int64_t stride =
      ShapedType::getNumElements(type.getShape().drop_front(layout.dim + 1));
  SmallVector<std::optional<ConstantIntRanges>> known(group.getNumChannels());
  for (auto [element, integer] : llvm::enumerate(integers.getValues<APInt>())) {
    auto &range = known[layout.channels[element / stride % extent]];
    auto own = ConstantIntRanges::constant(integer);
    range = range ? range->rangeUnion(own) : own;
  }
  ChannelRanges result;
  for (auto &range : known)
    result.push_back(range.value_or(getAnyRange(type)));
  return result;
}

ChannelRanges RangeFinder::computeGeneric(linalg::GenericOp op) {
  ChannelRanges result;
  if (getContraction(op)) {
    // Without a weight nothing is added to what it starts from.
    ChannelRanges weight = findOrAny(op.getDpsInputOperand(1)->get());
    ChannelRanges init = findOrAny(op.getDpsInitOperand(0)->get());
    for (auto [factor, start] : llvm::zip_equal(weight, init)) {
      std::optional<APInt> constant = factor.getConstantValue();
      bool isZero = constant && constant->isZero();
      result.push_back(isZero ? start : getAnyRange(op.getResult(0).getType()));
    }
    return result;
  }
  SmallVector<ChannelRanges> operands;
  for (Value operand : op->getOperands())
    operands.push_back(findOrAny(operand));
  for (int64_t channel = 0; channel < group.getNumChannels(); ++channel)
    result.push_back(interpret(
        *op.getBody(), llvm::map_to_vector(operands, [&](ChannelRanges &of) {
          return of[channel];
        })));
  return result;
}

ChannelRanges RangeFinder::computePool(Value input, Value init) {
  // What is padded by what the maximum starts from changes nothing: each window
  // has an element that is not padding.
  auto fill = init.getDefiningOp<linalg::FillOp>();
  if (auto pad = input.getDefiningOp<tensor::PadOp>(); pad && fill) {
    APInt padding, start;
    if (matchPattern(pad.getConstantPaddingValue(), m_ConstantInt(&padding)) &&
        matchPattern(fill.value(), m_ConstantInt(&start)) && padding == start)
      input = pad.getSource();
  }
  return find(input);
}

ChannelRanges RangeFinder::compute(Value value) {
  return TypeSwitch<Operation *, ChannelRanges>(value.getDefiningOp())
      .Case<arith::ConstantOp, ml_program::GlobalLoadConstOp>([&](auto) {
        DenseIntElementsAttr integers = getIntegers(value, symbolTables);
        return integers
                   ? compute(integers, group.getLayouts().find(value)->second)
                   : getAny(value);
      })
      .Case([&](linalg::FillOp fill) {
        return ChannelRanges(group.getNumChannels(),
                             getScalarRange(fill.value()));
      })
      .Case([&](linalg::BroadcastOp broadcast) {
        return findOrAny(broadcast.getInput());
      })
      .Case([&](linalg::GenericOp generic) { return computeGeneric(generic); })
      .Case<linalg::PoolingNhwcMaxOp, linalg::PoolingNhwcMaxUnsignedOp>(
          [&](auto pool) {
            return computePool(pool.getInputs()[0], pool.getOutputs()[0]);
          })
      .Case([&](tensor::PadOp pad) {
        ConstantIntRanges padding =
            getScalarRange(pad.getConstantPaddingValue());
        ChannelRanges padded = find(pad.getSource());
        for (ConstantIntRanges &range : padded)
          range = range.rangeUnion(padding);
        return padded;
      })
      .Case<tensor::ExtractSliceOp, tosa::TransposeOp, tosa::ReshapeOp>(
          [&](auto op) { return find(op->getOperand(0)); })
      .Default([&](Operation *) { return getAny(value); });
}

DenseMap<Value, ChannelRanges>
ChannelGroup::findRanges(SymbolTableCollection &symbolTables) const {
  RangeFinder finder(*this, symbolTables);
  for (auto &[value, layout] : layouts)
    finder.find(value);
  return finder.take();
}
