//===- OperandLayout.cpp - Other layouts for a contraction -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OperandLayout.h"

#include "cgmq/Execution/Contraction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The permutation that moves dim `index` of an operand to the end.
static SmallVector<int64_t> getMoveToEnd(unsigned rank, unsigned index) {
  SmallVector<int64_t> permutation;
  for (unsigned dim = 0; dim < rank; ++dim)
    if (dim != index)
      permutation.push_back(dim);
  permutation.push_back(index);
  return permutation;
}

void OperandLayout::moveToEnd(unsigned operand, unsigned index) {
  SmallVector<int64_t> permutation =
      getMoveToEnd(maps[operand].getNumResults(), index);
  if (operand == Contraction::Out)
    outPermutation = permutation;
  rewriter.setInsertionPoint(op);
  auto fill = operands[operand].getDefiningOp<linalg::FillOp>();
  operands[operand] = operand == Contraction::Out && fill
                          ? createFill(fill, permutation)
                          : createTranspose(operands[operand], permutation);
  SmallVector<unsigned> positions(permutation.begin(), permutation.end());
  maps[operand] = maps[operand].getSubMap(positions);
}

void OperandLayout::splitForDots(unsigned dim, unsigned scalar,
                                 unsigned vectorDim) {
  rewriter.setInsertionPoint(op);
  unsigned numDims = maps[scalar].getNumDims(), vector = 1 - scalar;
  MLIRContext *context = op.getContext();
  AffineExpr groups = getAffineDimExpr(dim, context);
  AffineExpr bytes = getAffineDimExpr(numDims, context);
  iterators.push_back(utils::IteratorType::reduction);

  int64_t extent = op.getStaticLoopRanges()[dim];
  int64_t padding = llvm::alignTo(extent, kDotBytes) - extent;
  if (padding)
    lengthen(scalar, padding);
  maps[scalar] =
      maps[scalar].replace(groups, groups * kDotBytes + bytes, numDims + 1, 0);
  maps[Contraction::Out] = maps[Contraction::Out].shiftDims(1, numDims);

  // [..., c, ..., f, ...] -> [..., c / 4, ..., f, 4].
  unsigned split = *maps[vector].getResultPosition(groups);
  Value packed = createPad(operands[vector], split, padding);
  packed = createSplit(packed, split, kDotBytes);
  AffineMap map =
      maps[vector].shiftDims(1, numDims).insertResult(bytes, split + 1);
  unsigned rank = map.getNumResults();
  unsigned run = *map.getResultPosition(getAffineDimExpr(vectorDim, context));
  SmallVector<int64_t> permutation;
  for (unsigned index = 0; index < rank; ++index)
    if (index != split + 1 && index != run)
      permutation.push_back(index);
  permutation.append({run, split + 1});
  if (!isIdentityPermutation(permutation))
    packed = createTranspose(packed, permutation);
  operands[vector] = packed;
  maps[vector] = map.getSubMap(
      SmallVector<unsigned>(permutation.begin(), permutation.end()));
}

void OperandLayout::splitIntoPanels(unsigned operand, unsigned dim,
                                    int64_t width) {
  rewriter.setInsertionPoint(op);
  unsigned numDims = maps[operand].getNumDims();
  MLIRContext *context = op.getContext();
  AffineExpr panel = getAffineDimExpr(dim, context);
  AffineExpr inside = getAffineDimExpr(numDims, context);
  unsigned split = *maps[operand].getResultPosition(panel);
  iterators.push_back(utils::IteratorType::parallel);
  for (AffineMap &map : maps)
    map = map.replace(panel, panel * width + inside, numDims + 1, 0);
  // [..., f, ...] -> [f / width, ..., width, ...].
  SmallVector<int64_t> permutation = {split};
  for (unsigned index = 0; index <= maps[operand].getNumResults(); ++index)
    if (index != split)
      permutation.push_back(index);
  operands[operand] = createTranspose(
      createSplit(operands[operand], split, width), permutation);
  SmallVector<AffineExpr> indices(maps[operand].getResults());
  indices[split] = inside;
  indices.insert(indices.begin(), panel);
  maps[operand] = AffineMap::get(numDims + 1, 0, indices, context);
}

void OperandLayout::replace() {
  rewriter.setInsertionPoint(op);
  Value out = operands[Contraction::Out];
  auto transposed = linalg::GenericOp::create(
      rewriter, op.getLoc(), out.getType(),
      ArrayRef<Value>(operands).take_front(2), out, maps, iterators);
  transposed->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  rewriter.inlineRegionBefore(op.getRegion(), transposed.getRegion(),
                              transposed.getRegion().begin());
  Value result = transposed.getResult(0);
  if (!outPermutation.empty())
    result = createTranspose(result, invertPermutationVector(outPermutation));
  rewriter.replaceOp(op, result);
}

Value OperandLayout::createEmpty(Value like, ArrayRef<int64_t> permutation) {
  auto type = cast<RankedTensorType>(like.getType());
  return tensor::EmptyOp::create(rewriter, op.getLoc(),
                                 applyPermutation(type.getShape(), permutation),
                                 type.getElementType());
}

Value OperandLayout::createTranspose(Value value,
                                     ArrayRef<int64_t> permutation) {
  return linalg::TransposeOp::create(rewriter, op.getLoc(), value,
                                     createEmpty(value, permutation),
                                     permutation)
      ->getResult(0);
}

void OperandLayout::lengthen(unsigned operand, int64_t padding) {
  auto type = cast<RankedTensorType>(operands[operand].getType());
  AffineExpr index = rewriter.getAffineConstantExpr(0);
  for (auto [expr, stride] : llvm::zip_equal(maps[operand].getResults(),
                                             computeStrides(type.getShape())))
    index = index + expr * stride;
  AffineMap rows = maps[operand];
  maps[operand] = AffineMap::get(rows.getNumDims(), 0, index);
  if (!inversePermutation(concatAffineMaps(maps, op.getContext()))) {
    maps[operand] = rows;
    operands[operand] =
        createPad(operands[operand], type.getRank() - 1, padding);
    return;
  }
  if (type.getRank() > 1) {
    ReassociationIndices all =
        llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
    operands[operand] = tensor::CollapseShapeOp::create(rewriter, op.getLoc(),
                                                        operands[operand], all);
  }
  operands[operand] = createPad(operands[operand], 0, padding);
}

Value OperandLayout::createPad(Value value, unsigned dim, int64_t padding) {
  if (padding == 0)
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[dim] += padding;
  SmallVector<OpFoldResult> low(shape.size(), rewriter.getIndexAttr(0));
  SmallVector<OpFoldResult> high = low;
  high[dim] = rewriter.getIndexAttr(padding);
  Value zero = arith::ConstantOp::create(
      rewriter, op.getLoc(), rewriter.getZeroAttr(type.getElementType()));
  return tensor::PadOp::create(rewriter, op.getLoc(), type.clone(shape), value,
                               low, high, zero);
}

Value OperandLayout::createSplit(Value value, unsigned dim, int64_t size) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[dim] /= size;
  shape.insert(shape.begin() + dim + 1, size);
  return tensor::ExpandShapeOp::create(
      rewriter, op.getLoc(), type.clone(shape), value,
      *getReassociationIndicesForReshape(type, type.clone(shape)));
}

Value OperandLayout::createFill(linalg::FillOp fill,
                                ArrayRef<int64_t> permutation) {
  return linalg::FillOp::create(rewriter, op.getLoc(), fill.getInputs(),
                                createEmpty(fill.getResult(0), permutation))
      .getResult(0);
}
