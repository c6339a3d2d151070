//===- LayOutContractions.cpp - Layouts for vectors -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <numeric>

namespace mlir::cgmq {
#define GEN_PASS_DEF_LAYOUTCONTRACTIONSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Cycles of copying a byte of a factor that is to be longer.
static constexpr double kCopyCycles = 0.1;

/// Cycles of transposing a tensor: squares in registers, or single elements;
/// one that does not stay in cache waits for memory.
static double getTransposeCycles(RankedTensorType type) {
  constexpr int64_t kCacheBits = int64_t(8) << 20;
  int64_t bits = type.getElementTypeBitWidth();
  double perElement = bits == 32 ? 0.6 : 3;
  if (type.getNumElements() * bits > kCacheBits)
    perElement += 2.5;
  return type.getNumElements() * perElement;
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

/// Gives the operands of a contraction other layouts.
class OperandLayout {
public:
  OperandLayout(IRRewriter &rewriter, linalg::GenericOp op)
      : rewriter(rewriter), op(op), operands(op->getOperands()),
        maps(op.getIndexingMapsArray()), iterators(op.getIteratorTypesArray()) {
  }

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

  /// Splits a reduction into groups of bytes and the bytes of a group, a new
  /// innermost loop: index `vectorIndex` of the one factor, which runs along
  /// `vectorDim`, and the last index of the other, `scalar`.
  void splitForDots(unsigned dim, unsigned scalar, unsigned vectorDim) {
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
    maps[scalar] = maps[scalar].replace(groups, groups * kDotBytes + bytes,
                                        numDims + 1, 0);
    maps[Contraction::Out] = maps[Contraction::Out].shiftDims(1, numDims);

    // [..., c, ..., f, ...] -> [..., c / 4, ..., f, 4].
    unsigned split = *maps[vector].getResultPosition(groups);
    Value packed = createPad(operands[vector], split, padding);
    packed = createSplit(packed, split);
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

  void replace() {
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
  /// Gives a factor `padding` more elements. Where the last group of a row is
  /// not full, the elements that follow in memory, which zeros of the other
  /// factor cancel, fill it: one dim of all elements is longer in the end. Its
  /// rows are, if loops have their extents from this factor alone.
  void lengthen(unsigned operand, int64_t padding) {
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
      operands[operand] = tensor::CollapseShapeOp::create(
          rewriter, op.getLoc(), operands[operand], all);
    }
    operands[operand] = createPad(operands[operand], 0, padding);
  }

  /// Appends `padding` zeros along a dim.
  Value createPad(Value value, unsigned dim, int64_t padding) {
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
    return tensor::PadOp::create(rewriter, op.getLoc(), type.clone(shape),
                                 value, low, high, zero);
  }
  /// Splits a dim into groups of bytes and the bytes of a group.
  Value createSplit(Value value, unsigned dim) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[dim] /= kDotBytes;
    shape.insert(shape.begin() + dim + 1, kDotBytes);
    return tensor::ExpandShapeOp::create(
        rewriter, op.getLoc(), type.clone(shape), value,
        *getReassociationIndicesForReshape(type, type.clone(shape)));
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
  SmallVector<utils::IteratorType> iterators;
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

namespace {

/// A layout: vectors along a dim, and maybe dots along a reduction, of which
/// groups of the factor `scalar` are broadcast.
struct Choice {
  unsigned vectorDim;
  std::optional<unsigned> dotDim;
  unsigned scalar = 0;
};

/// Looks for the layout of least cost.
class LayoutSearch {
public:
  LayoutSearch(const Contraction &contraction, const Machine &machine)
      : contraction(contraction), machine(machine) {}

  std::optional<Choice> run() {
    for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
      considerVectors(dim);
    if (!machine.vnni || !contraction.multipliesBytes())
      return best;
    for (unsigned scalar : {Contraction::Lhs, Contraction::Rhs})
      for (unsigned dot = 0; dot < contraction.getNumDims(); ++dot) {
        FailureOr<Contraction> dots = contraction.splitForDots(dot, scalar);
        if (failed(dots))
          continue;
        for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
          considerDots(*dots, dim, dot);
      }
    return best;
  }

private:
  RankedTensorType getType(unsigned operand) const {
    return cast<RankedTensorType>(
        contraction.op->getOperand(operand).getType());
  }

  void considerVectors(unsigned dim) {
    FailureOr<RegisterTile> tile = chooseTile(contraction, dim, machine);
    if (failed(tile))
      return;
    double cycles = tile->cycles;
    for (auto [operand, index] : getMisplaced(contraction, dim))
      cycles += getTransposeCycles(getType(operand));
    consider(cycles, {dim, std::nullopt});
  }

  void considerDots(const Contraction &dots, unsigned dim, unsigned dot) {
    unsigned scalar = *dots.dotScalar, vector = dots.getDotVector();
    FailureOr<RegisterTile> tile = chooseTile(dots, dim, machine);
    if (failed(tile))
      return;
    // A run of groups, and no other loop, is an index of the packed factor.
    std::optional<unsigned> run = dots.getIndexAlong(vector, dim);
    if (!isa<AffineDimExpr>(dots.maps[vector].getResult(*run)))
      return;
    // Groups are packed as elements of 32 bits are transposed.
    double cycles = tile->cycles;
    RankedTensorType packed = getType(vector);
    cycles += getTransposeCycles(RankedTensorType::get(
        {int64_t(llvm::divideCeil(packed.getNumElements(), kDotBytes))},
        IntegerType::get(packed.getContext(), 32)));
    if (contraction.extents[dot] % kDotBytes)
      cycles += kCopyCycles * getType(scalar).getNumElements();
    for (auto [operand, index] : getMisplaced(contraction, dim))
      if (operand == Contraction::Out)
        cycles += getTransposeCycles(getType(operand));
    consider(cycles, {dim, dot, scalar});
  }

  void consider(double cycles, Choice choice) {
    if (best && cycles >= least)
      return;
    best = choice;
    least = cycles;
  }

  const Contraction &contraction;
  const Machine &machine;
  std::optional<Choice> best;
  double least = 0;
};

} // namespace

static void layOut(linalg::LinalgOp op, const Machine &machine,
                   IRRewriter &rewriter) {
  FailureOr<linalg::GenericOp> generic = normalize(op, rewriter);
  if (failed(generic))
    return;
  FailureOr<Contraction> contraction = Contraction::match(*generic);
  if (failed(contraction))
    return;
  std::optional<Choice> best = LayoutSearch(*contraction, machine).run();
  if (!best)
    return;
  auto misplaced = getMisplaced(*contraction, best->vectorDim);
  if (misplaced.empty() && !best->dotDim)
    return;
  OperandLayout layout(rewriter, *generic);
  for (auto [operand, index] : misplaced)
    if (operand == Contraction::Out || !best->dotDim)
      layout.moveToEnd(operand, index);
  if (best->dotDim)
    layout.splitForDots(*best->dotDim, best->scalar, best->vectorDim);
  layout.replace();
}

namespace {

struct LayOutContractions
    : public cgmq::impl::LayOutContractionsPassBase<LayOutContractions> {
  using LayOutContractionsPassBase::LayOutContractionsPassBase;

  void runOnOperation() override {
    FailureOr<Machine> machine =
        Machine::get(getOperation(), vectorBits, /*threads=*/1, vnni);
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
