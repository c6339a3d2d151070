//===- ElementwiseLoops.cpp - Loops of elementwise ops -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLoops.h"

#include "VectorAccess.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Below this many points an op takes less time than threads to start.
static constexpr int64_t kLeastParallelPoints = 1 << 15;
/// Points that a tile unrolls: a window of 4 x 4.
static constexpr int64_t kMostUnrolledPoints = 16;

bool cgmq::isLanewise(Operation &op) {
  return (OpTrait::hasElementwiseMappableTraits(&op) &&
          !isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp,
               arith::CeilDivSIOp, arith::CeilDivUIOp, arith::FloorDivSIOp>(
              op)) ||
         isa<linalg::IndexOp, linalg::YieldOp, arith::ConstantOp>(op);
}

bool cgmq::canVectorize(AffineMap map, unsigned dim) {
  for (auto [index, expr] : llvm::enumerate(map.getResults())) {
    if (!expr.isFunctionOfDim(dim))
      continue;
    if (index + 1 != map.getNumResults())
      return false;
    AffineExpr one = getAffineConstantExpr(1, map.getContext());
    AffineExpr d = getAffineDimExpr(dim, map.getContext());
    AffineExpr step = simplifyAffineExpr(expr.replace(d, d + one) - expr,
                                         map.getNumDims(), 0);
    if (step != one)
      return false;
  }
  return true;
}

namespace {

/// Bits of the widest element that an op computes with; nothing if one is not
/// an integer or a float.
std::optional<int64_t> getWidestElement(linalg::LinalgOp op) {
  int64_t widest = 8;
  auto add = [&](Type type) {
    if (type.isIndex())
      widest = std::max<int64_t>(widest, 64);
    else if (type.isIntOrFloat())
      widest = std::max<int64_t>(widest, type.getIntOrFloatBitWidth());
    else
      return false;
    return true;
  };
  for (Operation &nested : op->getRegion(0).front())
    for (Type type : nested.getResultTypes())
      if (!add(type))
        return std::nullopt;
  for (Value operand : op->getOperands())
    if (!add(getElementTypeOrSelf(operand.getType())))
      return std::nullopt;
  return widest;
}

/// The op that adds an element to an output, if its order is free.
Operation *getCombiner(linalg::LinalgOp op, unsigned output) {
  SmallVector<Operation *, 4> combiners;
  if (!matchReduction(op.getRegionOutputArgs(), output, combiners) ||
      combiners.size() != 1 || !linalg::getCombinerOpKind(combiners[0]) ||
      !arith::getNeutralElement(combiners[0]))
    return nullptr;
  // Rounding depends on the order of sums and products.
  if (isa<arith::AddFOp, arith::MulFOp>(combiners[0]) &&
      !arith::bitEnumContainsAny(
          cast<arith::ArithFastMathInterface>(combiners[0])
              .getFastMathFlagsAttr()
              .getValue(),
          arith::FastMathFlags::reassoc))
    return nullptr;
  return combiners[0];
}

} // namespace

/// Unrolls short loops that an input does not depend on, if each point has
/// results of its own.
void ElementwiseLoops::unroll(linalg::LinalgOp op, ArrayRef<int64_t> extents) {
  if (!llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
        return op.getMatchingIndexingMap(&init).isPermutation();
      }))
    return;
  int64_t numPoints = 1;
  llvm::erase_if(outer, [&](unsigned dim) {
    bool isShared =
        llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *input) {
          AffineMap map = op.getMatchingIndexingMap(input);
          return map.isFunctionOfDim(vectorDim) && !map.isFunctionOfDim(dim);
        });
    if (!isShared || numPoints * extents[dim] > kMostUnrolledPoints)
      return false;
    numPoints *= extents[dim];
    unrolled.push_back(dim);
    return true;
  });
}

bool ElementwiseLoops::readsOwnTile(linalg::LinalgOp op, OpOperand &input,
                                    OpOperand &init) const {
  AffineMap from = op.getMatchingIndexingMap(&input);
  AffineMap to = op.getMatchingIndexingMap(&init);
  return input.get().getType() == init.get().getType() && to.isPermutation() &&
         llvm::all_of(
             llvm::zip_equal(from.getResults(), to.getResults()),
             [&](auto exprs) {
               auto [read, written] = exprs;
               return read == written ||
                      (isa<AffineConstantExpr>(read) &&
                       llvm::is_contained(
                           unrolled,
                           cast<AffineDimExpr>(written).getPosition()));
             });
}

/// Chooses the loop that parts divide.
void ElementwiseLoops::divide(ArrayRef<int64_t> extents, int64_t numOutputs,
                              int64_t threads) {
  int64_t numPoints = llvm::product_of(extents);
  if (numPoints < kLeastParallelPoints)
    return;
  double least = 1;
  auto consider = [&](unsigned dim) {
    double share = getLongestShare(extents[dim], getStep(dim), threads);
    if (share >= least * 0.999)
      return;
    least = share;
    dividedDim = dim;
    parts = std::min(threads, extents[dim] / getStep(dim));
  };
  if (threads > 1) {
    llvm::for_each(outer, consider);
    if (!reducesLanes)
      consider(vectorDim);
  }
  // A reduction to few elements is divided in the same way whatever the number
  // of threads, so that its rounding does not depend on it.
  if (!isReduction() || numOutputs > kMostPartialResults ||
      llvm::is_contained(combiners, nullptr))
    return;
  dividedDim = inner.empty() ? vectorDim : inner.front();
  for (unsigned dim : inner)
    if (extents[dim] > extents[*dividedDim])
      dividedDim = dim;
  parts =
      std::min(kReductionParts, extents[*dividedDim] / getStep(*dividedDim));
  if (parts <= 1)
    dividedDim.reset();
}

std::optional<ElementwiseLoops> ElementwiseLoops::plan(linalg::LinalgOp op,
                                                       const Machine &machine) {
  if (op.hasDynamicShape() || op->getNumRegions() != 1 ||
      op->getRegion(0).getNumArguments() != op->getNumOperands() ||
      !llvm::all_of(op->getRegion(0).front(), isLanewise))
    return std::nullopt;
  std::optional<int64_t> widest = getWidestElement(op);
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  if (!widest || *widest > machine.vectorBits / 2 || extents.empty() ||
      llvm::is_contained(extents, 0))
    return std::nullopt;
  for (OpOperand &operand : op->getOpOperands()) {
    bool isAccessed =
        op.isDpsInit(&operand) || op.payloadUsesValueFromOperand(&operand);
    if (isAccessed && isa<MemRefType>(operand.get().getType()) &&
        !hasVectorLayout(operand.get()))
      return std::nullopt;
  }

  // All outputs depend on the same loops.
  llvm::SmallBitVector outputDims;
  for (OpOperand &init : op.getDpsInitsMutable()) {
    AffineMap map = op.getMatchingIndexingMap(&init);
    llvm::SmallBitVector dims(extents.size());
    for (unsigned dim = 0; dim < extents.size(); ++dim)
      dims[dim] = map.isFunctionOfDim(dim);
    if (!outputDims.empty() && dims != outputDims)
      return std::nullopt;
    outputDims = dims;
  }

  ElementwiseLoops plan;
  plan.lanes = machine.vectorBits / *widest;
  SmallVector<Operation *> combiners;
  for (unsigned output = 0; output < op.getNumDpsInits(); ++output)
    combiners.push_back(getCombiner(op, output));
  std::optional<unsigned> best;
  for (unsigned dim = 0; dim < extents.size(); ++dim) {
    bool reduces = !outputDims[dim];
    if (reduces && llvm::is_contained(combiners, nullptr))
      continue;
    if (!llvm::all_of(op->getOpOperands(), [&](OpOperand &operand) {
          return canVectorize(op.getMatchingIndexingMap(&operand), dim);
        }))
      continue;
    // The fuller the vectors the better; then rather lanes of results.
    auto rate = [&](unsigned d) {
      return 2 * std::min(extents[d], plan.lanes) + outputDims[d];
    };
    if (best && rate(*best) >= rate(dim))
      continue;
    best = dim;
    plan.reducesLanes = reduces;
  }
  if (!best)
    return std::nullopt;
  plan.vectorDim = *best;
  plan.combiners = combiners;
  for (unsigned dim = 0; dim < extents.size(); ++dim)
    if (dim != plan.vectorDim && extents[dim] != 1)
      (outputDims[dim] ? plan.outer : plan.inner).push_back(dim);
  // What a loop carries has a start.
  if (plan.isReduction() &&
      !llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
        return op.payloadUsesValueFromOperand(&init);
      }))
    return std::nullopt;
  // A few vectors at a time; of a long body one, to keep it in registers.
  int64_t extent = extents[plan.vectorDim];
  int64_t vectors = plan.reducesLanes ? extent / plan.lanes
                                      : llvm::divideCeil(extent, plan.lanes);
  int64_t most = plan.isReduction()                                     ? 4
                 : op->getRegion(0).front().getOperations().size() > 16 ? 1
                                                                        : 2;
  plan.vectors = std::clamp<int64_t>(vectors, 1, most);
  if (!plan.isReduction())
    plan.unroll(op, extents);
  int64_t numOutputs = 1;
  for (unsigned dim : outputDims.set_bits())
    numOutputs *= extents[dim];
  plan.divide(extents, numOutputs, machine.threads);
  return plan;
}
