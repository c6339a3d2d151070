//===- Indexing.cpp - Elements at given places -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The indices as TOSA has them: i32, counted from the front.
static FailureOr<Value> getIndices(Node &node, int64_t extent) {
  TosaBuilder &b = node.b;
  auto type = node.getType(1).clone(b.getI32Type());
  if (const Constant *constant = node.getConstant(1)) {
    SmallVector<int64_t> indices = constant->getIntegers();
    for (int64_t &index : indices) {
      if (index < -extent || index >= extent)
        return node.emitError()
               << "expects indices below " << extent << ", but got " << index;
      index = index < 0 ? index + extent : index;
    }
    return b.getConstant(Constant::fromIntegers(type, indices).getAttr());
  }
  Value indices = b.cast(node.getOperand(1), b.getI32Type());
  Value zero = b.getNumber(indices, 0);
  Value fromBack =
      b.add(indices, b.getNumber(indices, static_cast<double>(extent)));
  return b.select(b.compare<tosa::GreaterOp>(zero, indices), fromBack, indices);
}

static LogicalResult importGather(Node &node) {
  TosaBuilder &b = node.b;
  int64_t rank = node.getRank(0);
  FailureOr<int64_t> axis = node.getAxis(node.getInt("axis", 0), rank);
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(node.getShape(0)), indexShape(node.getShape(1));
  if (ShapedType::isDynamic(shape[*axis]))
    return node.emitError() << "expects to gather along an extent that is "
                               "known, but got axis "
                            << *axis << " of " << node.getType(0);
  Value data = node.getOperand(0);
  SmallVector<int64_t> rest = shape;
  rest.erase(rest.begin() + *axis);
  const Constant *constant = node.getConstant(1);
  if (constant && constant->getNumElements() == 1) {
    int64_t index = constant->getIntegers().front();
    if (index < -shape[*axis] || index >= shape[*axis])
      return node.emitError() << "expects an index below " << shape[*axis]
                              << ", but got " << index;
    Value part =
        b.slice(data, *axis, index < 0 ? index + shape[*axis] : index, 1);
    rest.insert(rest.begin() + *axis, indexShape.begin(), indexShape.end());
    return node.setResult(b.reshape(part, rest));
  }

  // The axis in front, and all others as one.
  SmallVector<int64_t> perms{*axis};
  for (int64_t i : llvm::seq(rank))
    if (i != *axis)
      perms.push_back(i);
  FailureOr<Value> indices = getIndices(node, shape[*axis]);
  if (failed(indices))
    return failure();
  Value values =
      b.reshape(b.transpose(data, perms), {1, shape[*axis], b.multiply(rest)});
  Value result =
      b.infer<tosa::GatherOp>(TosaBuilder::getElement(data), values,
                              b.reshape(*indices, {1, b.multiply(indexShape)}));
  if (!isa<RankedTensorType>(result.getType()))
    return node.setResult(result);
  SmallVector<int64_t> gathered = indexShape;
  llvm::append_range(gathered, rest);
  result = b.reshape(result, gathered);
  // The indices' dimensions to where the axis was.
  auto numIndices = static_cast<int64_t>(indexShape.size());
  SmallVector<int64_t> back;
  llvm::append_range(back, llvm::seq(numIndices, numIndices + *axis));
  llvm::append_range(back, llvm::seq<int64_t>(0, numIndices));
  llvm::append_range(back,
                     llvm::seq<int64_t>(numIndices + *axis, gathered.size()));
  return node.setResult(b.transpose(result, back));
}

void cgmq::addIndexing(OpTable &table) { table["Gather"] = importGather; }
