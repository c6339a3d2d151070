//===- SplitReductions.cpp - Contractions in parts -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_SPLITREDUCTIONSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Below this many points threads gain little.
static constexpr int64_t kLeastPoints = 1 << 20;

/// The number of equal parts of a loop, 1 if it has none.
static int64_t getNumParts(int64_t extent) {
  int64_t parts = std::min(kReductionParts, extent);
  while (extent % parts != 0)
    --parts;
  return parts;
}

/// The outermost reduction that can be split by a reshape of the factors.
static std::optional<unsigned> findSplitDim(const Contraction &contraction) {
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim) {
    bool isSplit =
        !contraction.uses(Contraction::Out, dim) &&
        getNumParts(contraction.extents[dim]) > 1 &&
        llvm::all_of(
            ArrayRef<unsigned>{Contraction::Lhs, Contraction::Rhs},
            [&](unsigned operand) {
              AffineMap map = contraction.maps[operand];
              return llvm::all_of(map.getResults(), [&](AffineExpr index) {
                return !index.isFunctionOfDim(dim) || isa<AffineDimExpr>(index);
              });
            });
    if (isSplit)
      return dim;
  }
  return std::nullopt;
}

namespace {

/// Rewrites one contraction.
class Splitter {
public:
  Splitter(IRRewriter &rewriter, linalg::GenericOp op, unsigned dim,
           int64_t parts)
      : rewriter(rewriter), op(op), loc(op.getLoc()), dim(dim), parts(parts) {}

  void run() {
    rewriter.setInsertionPoint(op);
    auto resultType = cast<RankedTensorType>(op.getResult(0).getType());
    Value partial = createParts(resultType);
    auto sum = linalg::ReduceOp::create(
        rewriter, loc, partial, op.getDpsInits()[0], ArrayRef<int64_t>{0},
        [&](OpBuilder &builder, Location, ValueRange values) {
          Value added =
              isa<FloatType>(resultType.getElementType())
                  ? arith::AddFOp::create(builder, loc, values[0], values[1])
                        .getResult()
                  : arith::AddIOp::create(builder, loc, values[0], values[1]);
          linalg::YieldOp::create(builder, loc, added);
        });
    rewriter.replaceOp(op, sum->getResults());
  }

private:
  /// The contraction with one more loop, outermost, over parts, each of which
  /// has a result of its own.
  Value createParts(RankedTensorType resultType) {
    SmallVector<int64_t> shape(resultType.getShape());
    shape.insert(shape.begin(), parts);
    Value empty = tensor::EmptyOp::create(rewriter, loc, shape,
                                          resultType.getElementType());
    Value zero = arith::ConstantOp::create(
        rewriter, loc, rewriter.getZeroAttr(resultType.getElementType()));
    Value zeros = linalg::FillOp::create(rewriter, loc, zero, empty).result();

    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    for (OpOperand *input : op.getDpsInputOperands()) {
      AffineMap map = op.getMatchingIndexingMap(input).shiftDims(1);
      Value factor = input->get();
      AffineExpr within = rewriter.getAffineDimExpr(dim + 1);
      if (std::optional<unsigned> index = map.getResultPosition(within)) {
        factor = createSplit(factor, *index);
        map = map.insertResult(rewriter.getAffineDimExpr(0), *index);
      }
      inputs.push_back(factor);
      maps.push_back(map);
    }
    AffineMap out =
        op.getMatchingIndexingMap(op.getDpsInitOperand(0)).shiftDims(1);
    maps.push_back(out.insertResult(rewriter.getAffineDimExpr(0), 0));
    SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
    iterators.insert(iterators.begin(), utils::IteratorType::parallel);
    auto split = linalg::GenericOp::create(rewriter, loc, zeros.getType(),
                                           inputs, zeros, maps, iterators);
    rewriter.inlineRegionBefore(op.getRegion(), split.getRegion(),
                                split.getRegion().begin());
    return split.getResult(0);
  }

  Value createSplit(Value factor, unsigned index) {
    auto type = cast<RankedTensorType>(factor.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[index] /= parts;
    shape.insert(shape.begin() + index, parts);
    SmallVector<ReassociationIndices> dims;
    for (int64_t from = 0, next = 0; from < type.getRank(); ++from) {
      dims.push_back({next++});
      if (from == index)
        dims.back().push_back(next++);
    }
    return tensor::ExpandShapeOp::create(rewriter, loc, type.clone(shape),
                                         factor, dims);
  }

  IRRewriter &rewriter;
  linalg::GenericOp op;
  Location loc;
  unsigned dim;
  int64_t parts;
};

struct SplitReductions
    : public cgmq::impl::SplitReductionsPassBase<SplitReductions> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<std::pair<linalg::GenericOp, unsigned>> ops;
    getOperation().walk([&](linalg::GenericOp op) {
      if (!op.hasPureTensorSemantics())
        return;
      FailureOr<Contraction> contraction = Contraction::match(op);
      if (failed(contraction) || !contraction->windows.empty() ||
          contraction->getNumPoints() < kLeastPoints ||
          cast<ShapedType>(op.getResult(0).getType()).getNumElements() >
              kMostPartialResults)
        return;
      if (std::optional<unsigned> dim = findSplitDim(*contraction))
        ops.emplace_back(op, *dim);
    });
    for (auto [op, dim] : ops)
      Splitter(rewriter, op, dim, getNumParts(op.getStaticLoopRanges()[dim]))
          .run();
  }
};

} // namespace
