//===- LayOutContractions.cpp - Layouts for vectors -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <numeric>

namespace mlir::cgmq {
#define GEN_PASS_DEF_LAYOUTCONTRACTIONSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Cycles to transpose a tensor, as cgmq-lower-transposes does it.
static double getTransposeCycles(RankedTensorType type) {
  return type.getNumElements() *
         (type.getElementTypeBitWidth() == 32 ? 0.6 : 3);
}

/// The op as a generic whose loops all have an extent above 1.
static FailureOr<linalg::GenericOp> normalize(linalg::LinalgOp op,
                                              IRRewriter &rewriter) {
  rewriter.setInsertionPoint(op);
  auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
  if (!generic) {
    FailureOr<linalg::GenericOp> generalized =
        linalg::generalizeNamedOp(rewriter, op);
    if (failed(generalized))
      return failure();
    generic = *generalized;
  }
  // Some loop remains.
  if (llvm::all_of(generic.getStaticLoopRanges(),
                   [](int64_t extent) { return extent == 1; }))
    return failure();
  linalg::ControlDropUnitDims options;
  rewriter.setInsertionPoint(generic);
  FailureOr<linalg::DropUnitDimsResult> dropped =
      linalg::dropUnitDims(rewriter, generic, options);
  if (failed(dropped))
    return generic;
  rewriter.replaceOp(generic, dropped->replacements);
  return cast<linalg::GenericOp>(dropped->resultOp.getOperation());
}

/// The permutation that moves dim `index` of an operand to the end.
static SmallVector<int64_t> getMoveToEnd(unsigned rank, unsigned index) {
  SmallVector<int64_t> permutation;
  for (unsigned dim = 0; dim < rank; ++dim)
    if (dim != index)
      permutation.push_back(dim);
  permutation.push_back(index);
  return permutation;
}

namespace {

/// Transposes the operands of a contraction.
class Transposer {
public:
  Transposer(IRRewriter &rewriter, linalg::GenericOp op)
      : rewriter(rewriter), op(op), operands(op->getOperands()),
        maps(op.getIndexingMapsArray()) {}

  void moveToEnd(unsigned operand, unsigned index) {
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

  void replace() {
    rewriter.setInsertionPoint(op);
    Value out = operands[Contraction::Out];
    auto transposed =
        linalg::GenericOp::create(rewriter, op.getLoc(), out.getType(),
                                  ArrayRef<Value>(operands).take_front(2), out,
                                  maps, op.getIteratorTypesArray());
    transposed->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    rewriter.inlineRegionBefore(op.getRegion(), transposed.getRegion(),
                                transposed.getRegion().begin());
    Value result = transposed.getResult(0);
    if (!outPermutation.empty())
      result = createTranspose(result, invertPermutationVector(outPermutation));
    rewriter.replaceOp(op, result);
  }

private:
  Value createEmpty(Value like, ArrayRef<int64_t> permutation) {
    auto type = cast<RankedTensorType>(like.getType());
    return tensor::EmptyOp::create(
        rewriter, op.getLoc(), applyPermutation(type.getShape(), permutation),
        type.getElementType());
  }
  Value createTranspose(Value value, ArrayRef<int64_t> permutation) {
    return linalg::TransposeOp::create(rewriter, op.getLoc(), value,
                                       createEmpty(value, permutation),
                                       permutation)
        ->getResult(0);
  }
  Value createFill(linalg::FillOp fill, ArrayRef<int64_t> permutation) {
    return linalg::FillOp::create(rewriter, op.getLoc(), fill.getInputs(),
                                  createEmpty(fill.getResult(0), permutation))
        .getResult(0);
  }

  IRRewriter &rewriter;
  linalg::GenericOp op;
  SmallVector<Value> operands;
  SmallVector<AffineMap> maps;
  SmallVector<int64_t> outPermutation;
};

} // namespace

/// Operands, by number and index, that are not contiguous along a dim.
static SmallVector<std::pair<unsigned, unsigned>>
getMisplaced(const Contraction &contraction, unsigned dim) {
  SmallVector<std::pair<unsigned, unsigned>> misplaced;
  for (unsigned operand :
       {Contraction::Lhs, Contraction::Rhs, Contraction::Out}) {
    std::optional<unsigned> index = contraction.getIndexAlong(operand, dim);
    if (index && *index + 1 != contraction.getRank(operand))
      misplaced.emplace_back(operand, *index);
  }
  return misplaced;
}

static void layOut(linalg::LinalgOp op, const Machine &machine,
                   IRRewriter &rewriter) {
  FailureOr<linalg::GenericOp> generic = normalize(op, rewriter);
  if (failed(generic))
    return;
  FailureOr<Contraction> contraction = Contraction::match(*generic);
  if (failed(contraction))
    return;
  std::optional<unsigned> best;
  double least = 0;
  for (unsigned dim = 0; dim < contraction->getNumDims(); ++dim) {
    FailureOr<RegisterTile> tile = chooseTile(*contraction, dim, machine);
    if (failed(tile))
      continue;
    double cycles = tile->cycles;
    for (auto [operand, index] : getMisplaced(*contraction, dim))
      cycles += getTransposeCycles(
          cast<RankedTensorType>((*generic)->getOperand(operand).getType()));
    if (best && cycles >= least)
      continue;
    best = dim;
    least = cycles;
  }
  if (!best)
    return;
  auto misplaced = getMisplaced(*contraction, *best);
  if (misplaced.empty())
    return;
  Transposer transposer(rewriter, *generic);
  for (auto [operand, index] : misplaced)
    transposer.moveToEnd(operand, index);
  transposer.replace();
}

namespace {

struct LayOutContractions
    : public cgmq::impl::LayOutContractionsPassBase<LayOutContractions> {
  using LayOutContractionsPassBase::LayOutContractionsPassBase;

  void runOnOperation() override {
    FailureOr<Machine> machine = Machine::get(getOperation(), vectorBits);
    if (failed(machine))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (op.hasPureTensorSemantics() && succeeded(Contraction::match(op)))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops)
      layOut(op, *machine, rewriter);

    // Reshapes that the dropped loops left.
    RewritePatternSet patterns(&getContext());
    linalg::ControlDropUnitDims options;
    linalg::populateFoldUnitExtentDimsCanonicalizationPatterns(patterns,
                                                               options);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
