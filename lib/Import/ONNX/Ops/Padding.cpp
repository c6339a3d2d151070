//===- Padding.cpp - Elements around a tensor -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

using namespace mlir;
using namespace mlir::cgmq;

/// `count` elements beside the first or last of an axis: copies of it, or the
/// mirror image of what is behind it.
static FailureOr<Value> buildBorder(Node &node, Value value, int64_t axis,
                                    bool isFront, int64_t count,
                                    bool isMirror) {
  TosaBuilder &b = node.b;
  int64_t extent = TosaBuilder::getShape(value)[axis];
  if (!isMirror) {
    SmallVector<int64_t> multiples(TosaBuilder::getRank(value), 1);
    multiples[axis] = count;
    return b.tile(b.slice(value, axis, isFront ? 0 : extent - 1, 1), multiples);
  }
  if (count >= extent)
    return node.emitError() << "expects to reflect fewer elements than the "
                            << extent << " that there are, but got " << count;
  Value part = b.slice(value, axis, isFront ? 1 : extent - 1 - count, count);
  return b.infer<tosa::ReverseOp>(TosaBuilder::getElement(value), part,
                                  b.getI32IntegerAttr(axis));
}

static LogicalResult importPad(Node &node) {
  TosaBuilder &b = node.b;
  StringRef mode = node.getString("mode", "constant");
  if (mode != "constant" && mode != "reflect" && mode != "edge")
    return node.emitError() << "expects attribute 'mode' to be constant, "
                               "reflect or edge, but got '"
                            << mode << "'";
  FailureOr<SmallVector<int64_t>> pads = node.getIntegers(1, "pads");
  FailureOr<double> number = node.getNumber(2, "value", 0);
  if (failed(pads) || failed(number))
    return failure();
  Value value = node.getOperand(0);
  int64_t rank = TosaBuilder::getRank(value);
  if (static_cast<int64_t>(pads->size()) != 2 * rank)
    return node.emitError() << "expects " << 2 * rank << " pads for "
                            << node.getType(0) << ", but got " << pads->size();
  SmallVector<int64_t> before(pads->begin(), pads->begin() + rank);
  SmallVector<int64_t> after(pads->begin() + rank, pads->end());
  for (int64_t axis : llvm::seq(rank)) {
    if (before[axis] == 0 && after[axis] == 0)
      continue;
    int64_t extent = TosaBuilder::getShape(value)[axis];
    if (ShapedType::isDynamic(extent))
      return node.emitError() << "expects to pad extents that are known, but "
                                 "got axis "
                              << axis << " of " << node.getType(0);
    // Padding by less than nothing takes away.
    int64_t start = std::max<int64_t>(-before[axis], 0);
    int64_t size = extent - start - std::max<int64_t>(-after[axis], 0);
    if (size < 1)
      return node.emitError() << "expects to leave an element of axis " << axis
                              << " of " << node.getType(0);
    value = b.slice(value, axis, start, size);
    before[axis] = std::max<int64_t>(before[axis], 0);
    after[axis] = std::max<int64_t>(after[axis], 0);
    if (mode == "constant")
      continue;
    SmallVector<Value> parts{value};
    for (bool isFront : {true, false}) {
      int64_t count = isFront ? before[axis] : after[axis];
      if (count == 0)
        continue;
      FailureOr<Value> border =
          buildBorder(node, value, axis, isFront, count, mode == "reflect");
      if (failed(border))
        return failure();
      parts.insert(isFront ? parts.begin() : parts.end(), *border);
    }
    value = b.concat(parts, axis);
  }
  if (mode == "constant")
    value = b.pad(value, before, after, *number);
  return node.setResult(value);
}

void cgmq::addPadding(OpTable &table) { table["Pad"] = importPad; }
