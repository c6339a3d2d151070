//===- Movement.cpp - What moves elements -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Raiser.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cgmq;

static constexpr llvm::StringLiteral kStaticExtents =
    "export the network with static extents beside the batch";

/// A view of another shape, whose one extent that is not known may be by now.
static LogicalResult raiseReshape(Raiser &raiser, Operation *op, Value source) {
  FailureOr<Value> value = raiser.getWhole(op, source);
  if (failed(value))
    return failure();
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || type.getNumDynamicDims() > 1)
    return raiser.refuse(op,
                         "expects at most one extent that is not known, the "
                         "batch",
                         kStaticExtents);
  SmallVector<int64_t> shape(type.getShape());
  RankedTensorType from = TosaBuilder::getType(*value);
  if (from.hasStaticShape() && !type.hasStaticShape()) {
    int64_t known = 1;
    for (int64_t extent : shape)
      known *= ShapedType::isDynamic(extent) ? 1 : extent;
    if (known == 0)
      return raiser.refuse(op, "expects tensors with elements");
    for (int64_t &extent : shape)
      if (ShapedType::isDynamic(extent))
        extent = from.getNumElements() / known;
  }
  raiser.set(op->getResult(0), raiser.b.reshape(*value, shape));
  return success();
}

/// Says more or less about the extents, which follow from the operands here.
static LogicalResult raiseCast(Raiser &raiser, tensor::CastOp op) {
  Value value = raiser.get(op.getSource());
  auto wanted = dyn_cast<RankedTensorType>(op.getType());
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!wanted || !type)
    return raiser.refuse(op, "expects tensors whose rank is known",
                         "export the network with ranked tensors");
  for (auto [from, to] : llvm::zip_equal(type.getShape(), wanted.getShape()))
    if (ShapedType::isDynamic(from) && !ShapedType::isDynamic(to))
      return raiser.refuse(op, "expects to know the extents that it states",
                           kStaticExtents);
  raiser.set(op.getResult(), value);
  return success();
}

static LogicalResult raisePad(Raiser &raiser, tensor::PadOp op) {
  Value filler = op.getConstantPaddingValue();
  TypedAttr number;
  if (Operation *source = filler ? filler.getDefiningOp() : nullptr) {
    raiser.fold(source);
    number = raiser.getNumber(filler);
  }
  if (!number)
    return raiser.refuse(op, "expects to pad by a number that is known at "
                             "compile time");
  auto getAmounts = [&](ArrayRef<OpFoldResult> amounts)
      -> std::optional<SmallVector<int64_t>> {
    SmallVector<int64_t> result;
    for (OpFoldResult amount : amounts) {
      std::optional<int64_t> known = getConstantIntValue(amount);
      if (auto value = dyn_cast<Value>(amount); !known && value)
        if (auto attr =
                dyn_cast_if_present<IntegerAttr>(raiser.getNumber(value)))
          known = attr.getInt();
      if (!known)
        return std::nullopt;
      result.push_back(*known);
    }
    return result;
  };
  auto before = getAmounts(op.getMixedLowPad());
  auto after = getAmounts(op.getMixedHighPad());
  if (!before || !after)
    return raiser.refuse(op,
                         "expects to pad by amounts that are known at "
                         "compile time",
                         kStaticExtents);
  FailureOr<Value> value = raiser.getWhole(op, op.getSource());
  if (failed(value))
    return failure();
  // Less than nothing is cut off.
  for (int64_t i : llvm::seq<int64_t>(before->size())) {
    int64_t first = std::min<int64_t>((*before)[i], 0);
    int64_t last = std::min<int64_t>((*after)[i], 0);
    if (first == 0 && last == 0)
      continue;
    int64_t size = TosaBuilder::getShape(*value)[i];
    if (ShapedType::isDynamic(size) || size + first + last < 1)
      return raiser.refuse(op, "expects to cut less than a known extent");
    value = raiser.b.slice(*value, i, -first, size + first + last);
    (*before)[i] -= first;
    (*after)[i] -= last;
  }
  double filling =
      isa<FloatAttr>(number)
          ? cast<FloatAttr>(number).getValueAsDouble()
          : static_cast<double>(cast<IntegerAttr>(number).getInt());
  raiser.set(op.getResult(), raiser.b.pad(*value, *before, *after, filling));
  return success();
}

static LogicalResult raiseConcat(Raiser &raiser, tensor::ConcatOp op) {
  SmallVector<Value> values;
  for (Value input : op.getInputs()) {
    FailureOr<Value> value = raiser.getWhole(op, input);
    if (failed(value))
      return failure();
    values.push_back(*value);
  }
  raiser.set(op.getResult(),
             raiser.b.concat(values, static_cast<int64_t>(op.getDim())));
  return success();
}

/// Offsets of a slice; none where it has strides, or offsets that are not
/// known.
static std::optional<SmallVector<int64_t>>
getOffsets(Raiser &raiser, OffsetSizeAndStrideOpInterface op) {
  SmallVector<int64_t> offsets;
  for (OpFoldResult offset : op.getMixedOffsets()) {
    std::optional<int64_t> known = getConstantIntValue(offset);
    if (auto value = dyn_cast<Value>(offset); !known && value)
      if (auto attr = dyn_cast_if_present<IntegerAttr>(raiser.getNumber(value)))
        known = attr.getInt();
    if (!known)
      return std::nullopt;
    offsets.push_back(*known);
  }
  if (!llvm::all_of(op.getMixedStrides(), isOneInteger))
    return std::nullopt;
  return offsets;
}

static LogicalResult raiseExtract(Raiser &raiser, tensor::ExtractSliceOp op) {
  std::optional<SmallVector<int64_t>> offsets = getOffsets(raiser, op);
  FailureOr<Value> whole = raiser.getWhole(op, op.getSource());
  if (failed(whole))
    return failure();
  SmallVector<int64_t> sizes(op.getStaticSizes());
  ArrayRef<int64_t> shape = TosaBuilder::getShape(*whole);
  bool isKnown = offsets.has_value();
  for (size_t i = 0; isKnown && i < sizes.size(); ++i) {
    // All samples of a batch, as the one dimension whose extent is not known.
    bool isBatch = ShapedType::isDynamic(sizes[i]);
    if (isBatch)
      sizes[i] = shape[i];
    isKnown =
        isBatch ? (*offsets)[i] == 0
                : (*offsets)[i] >= 0 && (!ShapedType::isDynamic(shape[i]) &&
                                         (*offsets)[i] + sizes[i] <= shape[i]);
  }
  if (!isKnown)
    return raiser.refuse(op, "expects a slice of steps of one, at offsets and "
                             "of extents that are known at compile time");
  Value value = *whole;
  for (size_t i = 0; i < sizes.size(); ++i)
    value =
        raiser.b.slice(value, static_cast<int64_t>(i), (*offsets)[i], sizes[i]);
  SmallVector<int64_t> rest;
  llvm::SmallBitVector dropped = op.getDroppedDims();
  for (size_t i = 0; i < sizes.size(); ++i)
    if (!dropped.test(i))
      rest.push_back(sizes[i]);
  raiser.set(op.getResult(), raiser.b.reshape(value, rest));
  return success();
}

/// A tensor with a part of it replaced: what is before and after the part, and
/// the part, side by side. Around a number that is a padding, and nothing is
/// around parts that follow each other in an empty tensor.
static LogicalResult raiseInsert(Raiser &raiser, tensor::InsertSliceOp op) {
  TosaBuilder &b = raiser.b;
  std::optional<SmallVector<int64_t>> offsets = getOffsets(raiser, op);
  FailureOr<Value> part = raiser.getWhole(op, op.getSource());
  if (failed(part))
    return failure();
  SmallVector<int64_t> sizes(op.getStaticSizes());
  SmallVector<int64_t> shape(op.getType().getShape());
  if (op.getSourceType().getRank() != op.getType().getRank()) {
    if (llvm::count_if(sizes, ShapedType::isDynamic) > 1)
      return raiser.refuse(op, "expects at most one extent that is not known",
                           kStaticExtents);
    *part = b.reshape(*part, sizes);
  }
  sizes = llvm::to_vector(TosaBuilder::getShape(*part));
  SmallVector<int64_t> before, after, axes;
  bool isKnown = offsets.has_value();
  for (size_t i = 0; isKnown && i < sizes.size(); ++i) {
    if (ShapedType::isDynamic(shape[i])) {
      isKnown = (*offsets)[i] == 0;
      before.push_back(0);
      after.push_back(0);
      continue;
    }
    isKnown = !ShapedType::isDynamic(sizes[i]);
    before.push_back((*offsets)[i]);
    after.push_back(shape[i] - (*offsets)[i] - sizes[i]);
    if (before.back() != 0 || after.back() != 0)
      axes.push_back(static_cast<int64_t>(i));
    isKnown &= before.back() >= 0 && after.back() >= 0;
  }
  if (!isKnown)
    return raiser.refuse(op, "expects a slice of steps of one, at offsets and "
                             "of extents that are known at compile time");
  if (axes.empty()) {
    raiser.set(op.getResult(), *part);
    return success();
  }
  // Parts that begin where the one before ends.
  if (axes.size() == 1 && before[axes[0]] != 0) {
    int64_t axis = axes[0], end = before[axis];
    SmallVector<Value> parts{*part};
    auto previous = op.getDest().getDefiningOp<tensor::InsertSliceOp>();
    while (end > 0 && previous) {
      std::optional<SmallVector<int64_t>> start = getOffsets(raiser, previous);
      FailureOr<Value> value = raiser.getWhole(previous, previous.getSource());
      if (failed(value))
        return failure();
      bool isAligned = start && TosaBuilder::getRank(*value) ==
                                    static_cast<int64_t>(shape.size());
      for (int64_t i : llvm::seq<int64_t>(shape.size()))
        isAligned =
            isAligned &&
            (i == axis ? (*start)[i] + TosaBuilder::getShape(*value)[i] == end
                       : (*start)[i] == 0 &&
                             TosaBuilder::getShape(*value)[i] == sizes[i]);
      if (!isAligned)
        break;
      parts.insert(parts.begin(), *value);
      end = (*start)[axis];
      previous = previous.getDest().getDefiningOp<tensor::InsertSliceOp>();
    }
    if (end == 0 && after[axis] == 0) {
      raiser.set(op.getResult(), b.concat(parts, axis));
      return success();
    }
  }
  // In an empty tensor, others come later.
  Value dest = op.getDest();
  while (auto insert = dest.getDefiningOp<tensor::InsertSliceOp>())
    dest = insert.getDest();
  if (dest.getDefiningOp<tensor::EmptyOp>()) {
    if (llvm::all_of(op->getUsers(), [&](Operation *user) {
          auto next = dyn_cast<tensor::InsertSliceOp>(user);
          return next && next.getDest() == op.getResult();
        }))
      return success();
    return raiser.refuse(op, "expects the parts of an empty tensor to fill it, "
                             "one after the other along one dimension");
  }
  Value around = raiser.get(op.getDest());
  if (std::optional<double> number = getUniform(around)) {
    raiser.set(op.getResult(), b.pad(*part, before, after, *number));
    return success();
  }
  if (axes.size() > 1)
    return raiser.refuse(op,
                         "expects to replace a part along one dimension, or "
                         "in a tensor of one number");
  FailureOr<Value> whole = raiser.getWhole(op, op.getDest());
  if (failed(whole))
    return failure();
  int64_t axis = axes[0];
  SmallVector<Value> parts{*part};
  if (before[axis] > 0)
    parts.insert(parts.begin(), b.slice(*whole, axis, 0, before[axis]));
  if (after[axis] > 0)
    parts.push_back(
        b.slice(*whole, axis, shape[axis] - after[axis], after[axis]));
  raiser.set(op.getResult(), b.concat(parts, axis));
  return success();
}

LogicalResult cgmq::raiseMovement(Raiser &raiser, Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([](tensor::EmptyOp) { return success(); })
      .Case([](tensor::DimOp) { return success(); })
      .Case<tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::ReshapeOp>(
          [&](auto view) {
            return raiseReshape(raiser, view, view->getOperand(0));
          })
      .Case([&](tensor::CastOp op) { return raiseCast(raiser, op); })
      .Case([&](tensor::PadOp op) { return raisePad(raiser, op); })
      .Case([&](tensor::ConcatOp op) { return raiseConcat(raiser, op); })
      .Case([&](tensor::ExtractSliceOp op) { return raiseExtract(raiser, op); })
      .Case([&](tensor::InsertSliceOp op) { return raiseInsert(raiser, op); })
      .Case([&](tensor::SplatOp op) -> LogicalResult {
        TypedAttr number = raiser.getNumber(op.getInput());
        if (!number)
          return raiser.refuse(op, "expects a number that is known at compile "
                                   "time");
        raiser.set(op.getResult(),
                   raiser.getConstant(number, op.getType().getRank()));
        return success();
      })
      .Case([&](linalg::SoftmaxOp op) -> LogicalResult {
        FailureOr<Value> value = raiser.getWhole(op, op.getInput());
        if (failed(value))
          return failure();
        auto axis = static_cast<int64_t>(op.getDimension());
        raiser.set(op->getResult(0), raiser.b.softmax(*value, axis));
        return success();
      })
      .Default([&](Operation *op) {
        return raiser.refuse(op, "has no counterpart in TOSA");
      });
}
