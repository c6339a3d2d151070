//===- Elementwise.cpp - Element by element, and reductions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Raiser.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

#include <limits>

using namespace mlir;
using namespace mlir::cgmq;

/// Brings the dimensions of an operand into the order of the loops, with an
/// extent of one for each loop that it does not depend on.
static FailureOr<Value> toLoops(Raiser &raiser, Operation *op, Value value,
                                AffineMap map) {
  FailureOr<SmallVector<int64_t>> positions = getPositions(map);
  if (failed(positions))
    return raiser.refuse(op, "expects operands whose indices are loops, each "
                             "once, or zero");
  for (auto [expr, extent] :
       llvm::zip_equal(map.getResults(), TosaBuilder::getShape(value)))
    if (isa<AffineConstantExpr>(expr) && extent != 1)
      return raiser.refuse(op,
                           "expects an extent of one where an index is zero");
  SmallVector<SmallVector<int64_t>> groups;
  SmallVector<int64_t> fixed;
  for (auto [i, expr] : llvm::enumerate(map.getResults()))
    if (isa<AffineConstantExpr>(expr))
      fixed.push_back(static_cast<int64_t>(i));
  // Extents of one may stand anywhere: where they are, nothing moves for them.
  bool isSorted = true;
  int64_t last = -1;
  for (int64_t position : *positions) {
    if (position == -1)
      continue;
    isSorted &= position > last;
    last = position;
  }
  SmallVector<int64_t> shape;
  for (int64_t position : *positions) {
    groups.push_back({});
    if (position != -1)
      groups.back().push_back(position);
    shape.push_back(position == -1 ? 1
                                   : TosaBuilder::getShape(value)[position]);
  }
  if (isSorted)
    return raiser.b.reshape(value, shape);
  if (groups.empty())
    groups.push_back({});
  llvm::append_range(groups.front(), fixed);
  return raiser.group(value, groups);
}

/// The result of loops, of which those that reduce have one element.
static FailureOr<Value> fromLoops(Raiser &raiser, Operation *op, Value value,
                                  AffineMap map) {
  FailureOr<SmallVector<int64_t>> positions = getPositions(map);
  if (failed(positions))
    return raiser.refuse(op, "expects results whose indices are loops, each "
                             "once, or zero");
  SmallVector<int64_t> perms, shape;
  for (AffineExpr expr : map.getResults()) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    shape.push_back(dim ? TosaBuilder::getShape(value)[dim.getPosition()] : 1);
    if (dim)
      perms.push_back(dim.getPosition());
  }
  // Loops that are not in the result have one element, wherever they are.
  if (!llvm::is_sorted(perms)) {
    for (auto [loop, position] : llvm::enumerate(*positions))
      if (position == -1)
        perms.push_back(static_cast<int64_t>(loop));
    value = raiser.b.transpose(value, perms);
  }
  return raiser.b.reshape(value, shape);
}

namespace {
/// The scalars of a body, as tensors over the loops.
class Body {
public:
  Body(Raiser &raiser, linalg::LinalgOp op) : raiser(raiser), op(op) {}

  /// The tensor that `scalar` stands for; what it needs is raised first.
  FailureOr<Value> raise(Value scalar);

private:
  FailureOr<Value> get(Value scalar);
  FailureOr<Value> getArgument(BlockArgument argument);

  Raiser &raiser;
  linalg::LinalgOp op;
  DenseMap<Value, Value> values;
};
} // namespace

FailureOr<Value> Body::getArgument(BlockArgument argument) {
  OpOperand *operand = op.getMatchingOpOperand(argument);
  auto rank = static_cast<int64_t>(op.getNumLoops());
  if (!isa<RankedTensorType>(operand->get().getType())) {
    if (TypedAttr number = raiser.getNumber(operand->get()))
      return raiser.getConstant(number, rank);
    return raiser.refuse(op, "expects scalars that are known at compile time");
  }
  if (op.isDpsInit(operand)) {
    if (op.getNumReductionLoops() > 0)
      return raiser.refuse(op, "expects its accumulator to be combined with "
                               "one value, by an operation without rounding "
                               "to other types");
    if (operand->get().getDefiningOp<tensor::EmptyOp>())
      return raiser.refuse(op, "expects a tensor with elements to accumulate "
                               "into, but got an empty one");
  }
  return toLoops(raiser, op, raiser.get(operand->get()),
                 op.getMatchingIndexingMap(operand));
}

FailureOr<Value> Body::get(Value scalar) {
  if (Value known = values.lookup(scalar))
    return known;
  FailureOr<Value> value;
  if (TypedAttr number = raiser.getNumber(scalar))
    value = raiser.getConstant(number, static_cast<int64_t>(op.getNumLoops()));
  else if (auto argument = dyn_cast<BlockArgument>(scalar);
           argument && argument.getOwner() == op.getBlock())
    value = getArgument(argument);
  else
    return raiser.refuse(op, "expects scalars that are known at compile time");
  if (succeeded(value))
    values[scalar] = *value;
  return value;
}

FailureOr<Value> Body::raise(Value scalar) {
  // What the scalar needs, in the order of the body.
  llvm::SetVector<Operation *> needed;
  SmallVector<Value> worklist{scalar};
  for (Operation &inner : op.getBlock()->without_terminator())
    raiser.fold(&inner);
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    Operation *source = value.getDefiningOp();
    if (!source || source->getBlock() != op.getBlock() ||
        raiser.getNumber(value) || !needed.insert(source))
      continue;
    llvm::append_range(worklist, source->getOperands());
  }
  for (Operation &inner : op.getBlock()->without_terminator()) {
    if (!needed.contains(&inner) || values.count(inner.getResult(0)))
      continue;
    SmallVector<Value> operands;
    for (Value operand : inner.getOperands()) {
      FailureOr<Value> value = get(operand);
      if (failed(value))
        return failure();
      operands.push_back(*value);
    }
    FailureOr<Value> value = raiseScalar(raiser, &inner, operands);
    if (failed(value))
      return failure();
    values[inner.getResult(0)] = *value;
  }
  return get(scalar);
}

LogicalResult cgmq::raiseElementwise(Raiser &raiser, linalg::LinalgOp op) {
  Body body(raiser, op);
  Operation *yield = op.getBlock()->getTerminator();
  for (OpResult result : op->getResults()) {
    OpOperand *init = op.getDpsInitOperand(result.getResultNumber());
    FailureOr<Value> value =
        body.raise(yield->getOperand(result.getResultNumber()));
    if (succeeded(value))
      value = fromLoops(raiser, op, *value, op.getMatchingIndexingMap(init));
    if (failed(value))
      return failure();
    raiser.set(result, *value);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

namespace {
/// What folds many elements into one.
struct Combiner {
  Value (*reduce)(TosaBuilder &b, Value value, int64_t axis);
  Value (*combine)(TosaBuilder &b, Value lhs, Value rhs);
  /// Whether a number changes nothing.
  bool (*isNeutral)(double number);
};
} // namespace

template <typename Reduce, typename Combine>
static Combiner getCombiner(bool (*isNeutral)(double)) {
  return {[](TosaBuilder &b, Value value, int64_t axis) {
            return b.reduce<Reduce>(value, axis);
          },
          [](TosaBuilder &b, Value lhs, Value rhs) {
            return b.binary<Combine>(lhs, rhs);
          },
          isNeutral};
}

/// The least finite number, or minus infinity.
static bool isLeast(double number) {
  return number <= -static_cast<double>(std::numeric_limits<float>::max());
}

static std::optional<Combiner> getCombiner(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<Combiner>>(op)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) {
        return getCombiner<tosa::ReduceSumOp, tosa::AddOp>(
            [](double number) { return number == 0; });
      })
      .Case([](arith::MulFOp) {
        Combiner combiner = getCombiner<tosa::ReduceProductOp, tosa::AddOp>(
            [](double number) { return number == 1; });
        combiner.combine = [](TosaBuilder &b, Value lhs, Value rhs) {
          return b.mul(lhs, rhs);
        };
        return combiner;
      })
      .Case<arith::MaximumFOp, arith::MaxNumFOp>([](auto) {
        return getCombiner<tosa::ReduceMaxOp, tosa::MaximumOp>(isLeast);
      })
      .Case<arith::MinimumFOp, arith::MinNumFOp>([](auto) {
        return getCombiner<tosa::ReduceMinOp, tosa::MinimumOp>(
            [](double number) { return isLeast(-number); });
      })
      .Default([](auto) { return std::nullopt; });
}

LogicalResult cgmq::raiseReduction(Raiser &raiser, linalg::LinalgOp op) {
  Body body(raiser, op);
  TosaBuilder &b = raiser.b;
  Operation *yield = op.getBlock()->getTerminator();
  for (OpResult result : op->getResults()) {
    // The index of a maximum comes along with it, needed or not.
    if (result.use_empty())
      continue;
    OpOperand *init = op.getDpsInitOperand(result.getResultNumber());
    Value accumulator = op.getMatchingBlockArgument(init);
    Operation *last =
        yield->getOperand(result.getResultNumber()).getDefiningOp();
    std::optional<Combiner> combiner;
    if (last && last->getBlock() == op.getBlock())
      combiner = getCombiner(last);
    if (!combiner || !llvm::is_contained(last->getOperands(), accumulator))
      return raiser.refuse(op, "expects to reduce by a sum, product, maximum "
                               "or minimum");
    bool isFirst = last->getOperand(0) == accumulator;
    FailureOr<Value> value = body.raise(last->getOperand(isFirst ? 1 : 0));
    if (failed(value))
      return failure();
    SmallVector<int64_t> whole(TosaBuilder::getShape(*value));
    SmallVector<unsigned> loops;
    op.getReductionDims(loops);
    SmallVector<int64_t> extents = op.getStaticLoopRanges();
    for (unsigned loop : loops)
      if (whole[loop] == 1)
        whole[loop] = extents[loop];
    value = raiser.repeat(op, *value, whole);
    if (failed(value))
      return failure();
    for (unsigned loop : loops)
      value = combiner->reduce(b, *value, loop);
    value = fromLoops(raiser, op, *value, op.getMatchingIndexingMap(init));
    if (failed(value))
      return failure();
    if (init->get().getDefiningOp<tensor::EmptyOp>())
      return raiser.refuse(op, "expects a tensor with elements to accumulate "
                               "into, but got an empty one");
    Value start = raiser.get(init->get());
    std::optional<double> number = getUniform(start);
    if (!number || !combiner->isNeutral(*number))
      value = combiner->combine(b, *value, start);
    raiser.set(result, *value);
  }
  return success();
}
