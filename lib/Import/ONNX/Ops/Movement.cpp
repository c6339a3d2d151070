//===- Movement.cpp - Elements in other places and shapes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"
#include "../Shapes.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace mlir::cgmq;

template <FailureOr<SmallVector<int64_t>> (*getResultShape)(Node &)>
static LogicalResult importReshape(Node &node) {
  FailureOr<SmallVector<int64_t>> shape = getResultShape(node);
  if (failed(shape))
    return failure();
  return node.setResult(node.b.reshape(node.getOperand(0), *shape));
}

static FailureOr<SmallVector<int64_t>> getFlattened(Node &node) {
  ArrayRef<int64_t> shape = node.getShape(0);
  int64_t rank = node.getRank(0), axis = node.getInt("axis", 1);
  if (axis < -rank || axis > rank)
    return node.emitError()
           << "expects an axis of " << node.getType(0) << ", but got " << axis;
  axis = axis < 0 ? axis + rank : axis;
  return SmallVector<int64_t>{TosaBuilder::multiply(shape.take_front(axis)),
                              TosaBuilder::multiply(shape.drop_front(axis))};
}

static LogicalResult importTranspose(Node &node) {
  int64_t rank = node.getRank(0);
  SmallVector<int64_t> reversed =
      llvm::to_vector(llvm::reverse(llvm::seq(rank)));
  FailureOr<SmallVector<int64_t>> perms =
      node.getAxes(node.getInts("perm", reversed), rank);
  if (failed(perms))
    return failure();
  if (static_cast<int64_t>(perms->size()) != rank)
    return node.emitError() << "expects attribute 'perm' to name each of "
                            << rank << " dimensions";
  return node.setResult(node.b.transpose(node.getOperand(0), *perms));
}

static LogicalResult importConcat(Node &node) {
  FailureOr<int64_t> axis =
      node.getAxis(node.getInt("axis", 1), node.getRank(0));
  if (failed(axis))
    return failure();
  SmallVector<Value> values;
  for (unsigned i = 0; i < node.getNumOperands(); ++i)
    values.push_back(node.getOperand(i));
  return node.setResult(node.b.concat(values, *axis));
}

static LogicalResult importSplit(Node &node) {
  auto split = getSplit(node);
  if (failed(split))
    return failure();
  auto &[axis, sizes] = *split;
  Value value = node.getOperand(0);
  int64_t start = 0;
  for (auto [i, size] : llvm::enumerate(sizes)) {
    Value part = node.b.slice(value, axis, start, size);
    if (failed(node.setResult(i, part)))
      return failure();
    start += size;
  }
  return success();
}

/// Every `step`th of `size * step` elements at the most.
static Value takeEvery(TosaBuilder &b, Value value, int64_t axis, int64_t step,
                       int64_t size) {
  SmallVector<int64_t> shape(TosaBuilder::getShape(value));
  int64_t rank = TosaBuilder::getRank(value);
  SmallVector<int64_t> before(rank, 0), after(rank, 0);
  after[axis] = size * step - shape[axis];
  value = b.pad(value, before, after, 0);
  SmallVector<int64_t> split = shape;
  split[axis] = size;
  split.insert(split.begin() + axis + 1, step);
  shape[axis] = size;
  return b.reshape(b.slice(b.reshape(value, split), axis + 1, 0, 1), shape);
}

static LogicalResult importSlice(Node &node) {
  TosaBuilder &b = node.b;
  FailureOr<SmallVector<SliceRange>> slices = getSlices(node);
  if (failed(slices))
    return failure();
  Value value = node.getOperand(0);
  for (const SliceRange &range : *slices) {
    if (range.size == 0)
      return node.emitError() << "expects at least one element, but got none "
                                 "along axis "
                              << range.axis << " of " << node.getType(0);
    int64_t step = std::abs(range.step);
    int64_t distance = (range.size - 1) * step;
    bool isReversed = range.step < 0;
    value = b.slice(value, range.axis,
                    isReversed ? range.start - distance : range.start,
                    distance + 1);
    if (isReversed)
      value = b.infer<tosa::ReverseOp>(TosaBuilder::getElement(value), value,
                                       b.getI32IntegerAttr(range.axis));
    if (step > 1)
      value = takeEvery(b, value, range.axis, step, range.size);
  }
  return node.setResult(value);
}

static LogicalResult importExpand(Node &node) {
  TosaBuilder &b = node.b;
  FailureOr<SmallVector<int64_t>> shape = node.getIntegers(1, "shape");
  if (failed(shape))
    return failure();
  Value value = node.getOperand(0);
  SmallVector<int64_t> from(TosaBuilder::getShape(value));
  size_t rank = std::max(from.size(), shape->size());
  from.insert(from.begin(), rank - from.size(), 1);
  shape->insert(shape->begin(), rank - shape->size(), 1);
  SmallVector<int64_t> multiples(rank, 1);
  for (auto [multiple, extent, wanted] :
       llvm::zip_equal(multiples, from, *shape)) {
    if (wanted == 1 || extent == wanted)
      continue;
    if (extent != 1 || wanted < 1)
      return node.emitError() << "expects to repeat extents of one by numbers "
                                 "that are known, but got "
                              << node.getType(0) << " and [" << *shape << "]";
    multiple = wanted;
  }
  return node.setResult(b.tile(b.reshape(value, from), multiples));
}

static LogicalResult importTile(Node &node) {
  FailureOr<SmallVector<int64_t>> multiples = node.getIntegers(1, "repeats");
  if (failed(multiples))
    return failure();
  if (static_cast<int64_t>(multiples->size()) != node.getRank(0) ||
      llvm::any_of(*multiples, [](int64_t multiple) { return multiple < 1; }))
    return node.emitError()
           << "expects to repeat each dimension of " << node.getType(0)
           << " at least once, but got [" << *multiples << "]";
  return node.setResult(node.b.tile(node.getOperand(0), *multiples));
}

/// Between channels and blocks of height and width.
template <bool toSpace> static LogicalResult importBlocks(Node &node) {
  TosaBuilder &b = node.b;
  int64_t block = node.getInt("blocksize", 1);
  StringRef mode = node.getString("mode", "DCR");
  ArrayRef<int64_t> shape = node.getShape(0);
  int64_t divisor = toSpace ? block * block : 1;
  if (shape.size() != 4 || block < 1 || shape[1] % divisor ||
      (!toSpace && (shape[2] % block || shape[3] % block)))
    return node.emitError()
           << "expects an input of four dimensions that blocks "
              "of "
           << block << " divide, but got " << node.getType(0);
  int64_t n = shape[0], c = shape[1], h = shape[2], w = shape[3];
  Value value = node.getOperand(0);
  if (!toSpace) {
    value = b.reshape(value, {n, c, h / block, block, w / block, block});
    value = b.transpose(value, {0, 3, 5, 1, 2, 4});
    return node.setResult(
        b.reshape(value, {n, c * block * block, h / block, w / block}));
  }
  c /= divisor;
  if (mode == "DCR") {
    value = b.reshape(value, {n, block, block, c, h, w});
    value = b.transpose(value, {0, 3, 4, 1, 5, 2});
  } else {
    value = b.reshape(value, {n, c, block, block, h, w});
    value = b.transpose(value, {0, 1, 4, 2, 5, 3});
  }
  return node.setResult(b.reshape(value, {n, c, h * block, w * block}));
}

void cgmq::addMovement(OpTable &table) {
  table["Reshape"] = importReshape<getReshaped>;
  table["Squeeze"] = importReshape<getSqueezed>;
  table["Unsqueeze"] = importReshape<getUnsqueezed>;
  table["Flatten"] = importReshape<getFlattened>;
  table["Transpose"] = importTranspose;
  table["Concat"] = importConcat;
  table["Split"] = importSplit;
  table["Slice"] = importSlice;
  table["Expand"] = importExpand;
  table["Tile"] = importTile;
  table["DepthToSpace"] = importBlocks<true>;
  table["SpaceToDepth"] = importBlocks<false>;
}
