//===- Contractions.cpp - Products of matrices -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Raiser.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"

using namespace mlir;
using namespace mlir::cgmq;

bool cgmq::sumsProducts(linalg::LinalgOp op) {
  return op.getNumDpsInputs() == 2 && op.getNumDpsInits() == 1 &&
         linalg::detail::isContractionBody(
             *op.getBlock(), [](Operation *first, Operation *second) {
               return isa<arith::MulFOp, arith::MulIOp>(first) &&
                      isa<arith::AddFOp, arith::AddIOp>(second);
             });
}

namespace {
/// What each loop of a product does, by the operands that depend on it.
struct Loops {
  SmallVector<int64_t> batch, rows, columns, inner;

  SmallVector<int64_t> getOutput() const {
    SmallVector<int64_t> result(batch);
    llvm::append_range(result, rows);
    llvm::append_range(result, columns);
    return result;
  }
};
} // namespace

/// Positions of `loops` in an operand.
static SmallVector<int64_t> at(ArrayRef<int64_t> positions,
                               ArrayRef<int64_t> loops) {
  return llvm::map_to_vector(loops,
                             [&](int64_t loop) { return positions[loop]; });
}

LogicalResult cgmq::raiseContraction(Raiser &raiser, linalg::LinalgOp op) {
  TosaBuilder &b = raiser.b;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  FailureOr<SmallVector<int64_t>> left = getPositions(maps[0]),
                                  right = getPositions(maps[1]),
                                  out = getPositions(maps[2]);
  if (failed(left) || failed(right) || failed(out) ||
      !llvm::all_of(maps,
                    [](AffineMap map) { return map.isProjectedPermutation(); }))
    return raiser.refuse(op, "expects operands whose indices are loops, each "
                             "once");
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  Loops loops;
  for (int64_t loop : llvm::seq<int64_t>(op.getNumLoops())) {
    bool inLeft = (*left)[loop] != -1, inRight = (*right)[loop] != -1;
    bool isParallel = linalg::isParallelIterator(iterators[loop]);
    if (inLeft && inRight)
      (isParallel ? loops.batch : loops.inner).push_back(loop);
    else if (isParallel && (inLeft || inRight))
      (inLeft ? loops.rows : loops.columns).push_back(loop);
    else
      return raiseReduction(raiser, op);
  }
  Type element = TosaBuilder::getElement(op->getResult(0));
  for (Value operand : op->getOperands())
    if (getElementTypeOrSelf(operand) != element || !isa<FloatType>(element))
      return raiser.refuse(op, "expects factors and sums of one type of floats",
                           "take the network as it is before quantization");

  // A matrix that is repeated for the batch multiplies all rows at once.
  Value rhs = raiser.get(op->getOperand(1));
  SmallVector<int64_t> batches = at(*right, loops.batch);
  bool isRepeated = llvm::all_of(
      batches, [&](int64_t i) { return TosaBuilder::getShape(rhs)[i] == 1; });
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  bool isBatched = llvm::any_of(
      loops.batch, [&](int64_t loop) { return extents[loop] != 1; });
  FailureOr<Value> lhs = raiser.getWhole(op, op->getOperand(0));
  bool isOneMatrix = isRepeated && isBatched;
  if (succeeded(lhs) && isOneMatrix) {
    SmallVector<int64_t> whole = llvm::to_vector(
        cast<RankedTensorType>(op->getOperand(1).getType()).getShape());
    for (int64_t i : batches)
      whole[i] = 1;
    FailureOr<Value> matrix = raiser.repeat(op, rhs, whole);
    if (failed(matrix))
      return failure();
    rhs = *matrix;
    loops.rows.insert(loops.rows.begin(), loops.batch.begin(),
                      loops.batch.end());
  } else if (succeeded(lhs)) {
    FailureOr<Value> whole = raiser.getWhole(op, op->getOperand(1));
    if (failed(whole))
      return failure();
    rhs = *whole;
  }
  if (failed(lhs))
    return failure();
  SmallVector<int64_t> none;
  ArrayRef<int64_t> batch = isOneMatrix ? none : loops.batch;
  Value leftMatrix = raiser.group(
      *lhs, {at(*left, batch), at(*left, loops.rows), at(*left, loops.inner)});
  SmallVector<int64_t> first = at(*right, isOneMatrix ? loops.batch : batch);
  Value rightMatrix = raiser.group(
      rhs, {first, at(*right, loops.inner), at(*right, loops.columns)});

  SmallVector<int64_t> shape;
  for (int64_t loop : loops.batch)
    if (!isOneMatrix)
      shape.push_back(TosaBuilder::getShape(*lhs)[(*left)[loop]]);
  for (int64_t loop : loops.rows)
    shape.push_back(TosaBuilder::getShape(*lhs)[(*left)[loop]]);
  for (int64_t loop : loops.columns)
    shape.push_back(TosaBuilder::getShape(rhs)[(*right)[loop]]);
  if (llvm::count_if(shape, ShapedType::isDynamic) > 1)
    return raiser.refuse(op,
                         "expects at most one extent that is not known, the "
                         "batch",
                         "export the network with static extents beside the "
                         "batch");
  if (isOneMatrix)
    loops.batch.clear();
  SmallVector<int64_t> order = loops.getOutput();
  Value result = b.reshape(b.matmul(leftMatrix, rightMatrix), shape);
  SmallVector<int64_t> perms(order.size());
  for (auto [i, loop] : llvm::enumerate(order))
    perms[(*out)[loop]] = static_cast<int64_t>(i);
  result = b.transpose(result, perms);

  Value start = raiser.get(op.getDpsInitOperand(0)->get());
  if (getUniform(start) != 0.0)
    result = b.add(result, start);
  raiser.set(op->getResult(0), result);
  return success();
}
