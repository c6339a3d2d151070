//===- BatchExtents.cpp - Dynamic extents of one sample --------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BatchExtents.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;
using namespace mlir::cgmq;

/// A tensor of which one extent is dynamic; null for others.
static RankedTensorType getDynamicType(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getNumDynamicDims() == 1 ? type : RankedTensorType();
}

static int64_t countStatic(RankedTensorType type) {
  int64_t count = 1;
  for (int64_t extent : type.getShape())
    if (!ShapedType::isDynamic(extent))
      count *= extent;
  return count;
}

void BatchExtents::visit(Operation *op) {
  Value input;
  for (Value operand : llvm::reverse(op->getOperands()))
    if (getDynamicType(operand))
      input = operand;
  if (!input)
    return;
  int64_t extent = get(input);
  bool isReshape =
      isa<tosa::ReshapeOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op);
  for (Value result : op->getResults()) {
    RankedTensorType type = getDynamicType(result);
    if (!type)
      continue;
    int64_t own = extent;
    if (isReshape) {
      int64_t size = countStatic(getDynamicType(input)) * extent;
      int64_t rest = countStatic(type);
      own = rest > 0 && size % rest == 0 ? size / rest : 1;
    }
    if (own != 1)
      extents[result] = own;
  }
}
