//===- UnrollReductions.cpp - Short reductions as elementwise ops -*- C++ -*-=//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_UNROLLREDUCTIONSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// The most elements that one result is made of: a window of 4 x 4.
static constexpr int64_t kMostPoints = 16;

namespace {

/// Rewrites one op: its inputs are read once for each point of the reduction.
class Unroller {
public:
  explicit Unroller(linalg::LinalgOp op)
      : op(op), ranges(op.getStaticLoopRanges()) {
    op.getReductionDims(reductions);
    for (unsigned dim : reductions)
      extents.push_back(ranges[dim]);
  }

  /// True if there are few points, and vectors can run along each operand's
  /// last dimension.
  bool canUnroll() {
    if (reductions.empty() || !op.hasPureTensorSemantics() ||
        op.hasDynamicShape() || op.hasIndexSemantics() ||
        reductions.size() == ranges.size() || llvm::is_contained(ranges, 0) ||
        llvm::product_of(extents) > kMostPoints ||
        succeeded(Contraction::match(op)))
      return false;
    for (OpOperand &init : op.getDpsInitsMutable()) {
      AffineMap map = op.getMatchingIndexingMap(&init);
      if (!map.isProjectedPermutation() ||
          map.getNumResults() + reductions.size() != ranges.size())
        return false;
    }
    return llvm::all_of(op.getDpsInputOperands(),
                        [&](OpOperand *input) {
                          return !op.payloadUsesValueFromOperand(input) ||
                                 keepsExtents(*input);
                        }) &&
           llvm::none_of(op.getDpsInputOperands(), [&](OpOperand *input) {
             AffineMap map = op.getMatchingIndexingMap(input);
             return op.payloadUsesValueFromOperand(input) &&
                    map.getNumResults() > 0 &&
                    llvm::any_of(reductions, [&](unsigned dim) {
                      return map.getResults().back().isFunctionOfDim(dim);
                    });
           });
  }

  void run(IRRewriter &rewriter) {
    rewriter.setInsertionPoint(op);
    SmallVector<SmallVector<int64_t>> points = getPoints();
    // For each point the number of the operand that each input has become.
    SmallVector<SmallVector<unsigned>> numbers(points.size());
    for (OpOperand *input : op.getDpsInputOperands()) {
      AffineMap map = op.getMatchingIndexingMap(input);
      bool varies = llvm::any_of(
          reductions, [&](unsigned dim) { return map.isFunctionOfDim(dim); });
      for (auto [index, point] : llvm::enumerate(points)) {
        if (op.payloadUsesValueFromOperand(input) && (varies || index == 0)) {
          inputs.push_back(input->get());
          maps.push_back(fix(map, point));
        }
        numbers[index].push_back(inputs.size() - 1);
      }
    }
    unsigned firstStart = inputs.size();
    SmallVector<Value> empties;
    for (OpOperand &init : op.getDpsInitsMutable()) {
      inputs.push_back(init.get());
      maps.push_back(fix(op.getMatchingIndexingMap(&init), points.front()));
      auto type = cast<RankedTensorType>(init.get().getType());
      empties.push_back(tensor::EmptyOp::create(
          rewriter, op.getLoc(), type.getShape(), type.getElementType()));
    }
    for (AffineMap map : ArrayRef(maps).drop_front(firstStart))
      outputMaps.push_back(map);
    llvm::append_range(maps, outputMaps);
    auto generic = linalg::GenericOp::create(
        rewriter, op.getLoc(), ValueRange(empties).getTypes(), inputs, empties,
        maps,
        SmallVector<utils::IteratorType>(op.getNumParallelLoops(),
                                         utils::IteratorType::parallel),
        [&](OpBuilder &builder, Location loc, ValueRange args) {
          SmallVector<Value> results(args.slice(firstStart, empties.size()));
          for (ArrayRef<unsigned> operands : numbers)
            results = cloneBody(builder, operands, args, results);
          linalg::YieldOp::create(builder, loc, results);
        });
    rewriter.replaceOp(op, generic);
  }

private:
  /// False if a loop would run over the whole of a longer dimension: linalg
  /// takes a loop's extent from an operand that it indexes alone, which is what
  /// a window at offset zero and stride one does.
  bool keepsExtents(OpOperand &input) {
    AffineMap map = op.getMatchingIndexingMap(&input);
    SmallVector<int64_t> parallel;
    for (auto [dim, extent] : llvm::enumerate(ranges))
      if (!llvm::is_contained(reductions, dim))
        parallel.push_back(extent);
    ArrayRef<int64_t> shape = op.getShape(&input);
    return llvm::all_of(getPoints(), [&](ArrayRef<int64_t> point) {
      return llvm::all_of(llvm::zip_equal(fix(map, point).getResults(), shape),
                          [&](auto pair) {
                            auto [expr, size] = pair;
                            auto dim = dyn_cast<AffineDimExpr>(expr);
                            return !dim || parallel[dim.getPosition()] == size;
                          });
    });
  }

  SmallVector<SmallVector<int64_t>> getPoints() const {
    SmallVector<int64_t> strides = computeStrides(extents);
    SmallVector<SmallVector<int64_t>> points;
    for (int64_t point = 0; point < llvm::product_of(extents); ++point)
      points.push_back(delinearize(point, strides));
    return points;
  }

  /// `map` over the parallel loops, at one point of the reduction.
  AffineMap fix(AffineMap map, ArrayRef<int64_t> point) {
    MLIRContext *context = op.getContext();
    SmallVector<AffineExpr> exprs;
    unsigned numParallel = 0;
    for (unsigned dim = 0; dim < ranges.size(); ++dim) {
      const auto *reduction = llvm::find(reductions, dim);
      exprs.push_back(
          reduction == reductions.end()
              ? getAffineDimExpr(numParallel++, context)
              : getAffineConstantExpr(point[reduction - reductions.begin()],
                                      context));
    }
    return simplifyAffineMap(
        map.replaceDimsAndSymbols(exprs, {}, numParallel, 0));
  }

  /// The body at one point; returns what it yields.
  SmallVector<Value> cloneBody(OpBuilder &builder, ArrayRef<unsigned> operands,
                               ValueRange args, ArrayRef<Value> outputs) {
    Block &body = op->getRegion(0).front();
    IRMapping mapping;
    for (OpOperand *input : op.getDpsInputOperands())
      if (op.payloadUsesValueFromOperand(input))
        mapping.map(op.getMatchingBlockArgument(input),
                    args[operands[input->getOperandNumber()]]);
    mapping.map(ValueRange(op.getRegionOutputArgs()), outputs);
    for (Operation &nested : body.without_terminator())
      builder.clone(nested, mapping);
    return llvm::map_to_vector(
        body.getTerminator()->getOperands(),
        [&](Value value) { return mapping.lookupOrDefault(value); });
  }

  linalg::LinalgOp op;
  SmallVector<int64_t> ranges, extents;
  SmallVector<unsigned> reductions;
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps, outputMaps;
};

struct UnrollReductions
    : public cgmq::impl::UnrollReductionsPassBase<UnrollReductions> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops) {
      Unroller unroller(op);
      if (unroller.canUnroll())
        unroller.run(rewriter);
    }
  }
};

} // namespace
