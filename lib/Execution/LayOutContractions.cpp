//===- LayOutContractions.cpp - Layouts for vectors -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OperandLayout.h"
#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

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

/// Whether a value is known at compile time, and so is any layout of it.
static bool isKnown(Value value) {
  while (isa_and_present<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(
      value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return matchPattern(value, m_Constant());
}

static double getTransposeCycles(Value value) {
  return isKnown(value)
             ? 0
             : getTransposeCycles(cast<RankedTensorType>(value.getType()));
}

/// Cycles of packing groups of bytes, which are transposed as elements of 32
/// bits are.
static double getPackCycles(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  int64_t groups = llvm::divideCeil(type.getNumElements(), kDotBytes);
  return isKnown(value)
             ? 0
             : getTransposeCycles(RankedTensorType::get(
                   {groups}, IntegerType::get(type.getContext(), 32)));
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
  Value getOperand(unsigned operand) const {
    return contraction.op->getOperand(operand);
  }

  void considerVectors(unsigned dim) {
    FailureOr<RegisterTile> tile = chooseTile(contraction, dim, machine);
    if (failed(tile))
      return;
    double cycles = tile->cycles;
    for (auto [operand, index] : getMisplaced(contraction, dim))
      cycles += getTransposeCycles(getOperand(operand));
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
    double cycles = tile->cycles + getPackCycles(getOperand(vector));
    if (contraction.extents[dot] % kDotBytes)
      cycles +=
          kCopyCycles *
          cast<RankedTensorType>(getOperand(scalar).getType()).getNumElements();
    for (auto [operand, index] : getMisplaced(contraction, dim))
      if (operand == Contraction::Out)
        cycles += getTransposeCycles(getOperand(operand));
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

/// The factor that is to be cut into panels as wide as the widest tile, if
/// vectors run along `dim`, and their width. A tile reads all of its panel. In
/// one piece, its loads are in order; of several reductions, no blocks would be
/// small enough to stay in the nearest cache, and loads that are far apart
/// wait.
static std::optional<std::pair<unsigned, int64_t>>
findPanels(const Contraction &contraction, const Choice &choice,
           const Machine &machine) {
  unsigned dim = choice.vectorDim;
  constexpr double kMostShare = 0.02;
  int64_t width = RegisterTile::kMostVectors * machine.vectorBits /
                  contraction.bits[Contraction::Out];
  if (contraction.extents[dim] <= width || contraction.extents[dim] % width ||
      !contraction.uses(Contraction::Out, dim) ||
      contraction.uses(Contraction::Lhs, dim) ==
          contraction.uses(Contraction::Rhs, dim))
    return std::nullopt;
  unsigned factor = contraction.uses(Contraction::Lhs, dim) ? Contraction::Lhs
                                                            : Contraction::Rhs;
  int64_t numReductions = 0;
  for (unsigned other = 0; other < contraction.getNumDims(); ++other)
    numReductions += !contraction.uses(Contraction::Out, other);
  auto isLoop = [&](unsigned operand) {
    std::optional<unsigned> index = contraction.getIndexAlong(operand, dim);
    return index &&
           isa<AffineDimExpr>(contraction.maps[operand].getResult(*index));
  };
  if (!isLoop(factor) || !isLoop(Contraction::Out))
    return std::nullopt;
  // Where groups of bytes are packed, they are so in any order.
  if (choice.dotDim && factor != choice.scalar &&
      isKnown(contraction.op->getOperand(factor)))
    return std::pair(factor, width);
  if (choice.dotDim || numReductions < 2)
    return std::nullopt;
  FailureOr<RegisterTile> tile = chooseTile(contraction, dim, machine);
  auto type = cast<RankedTensorType>(contraction.operands[factor].getType());
  if (failed(tile) || getTransposeCycles(type) > kMostShare * tile->cycles)
    return std::nullopt;
  return std::pair(factor, width);
}

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
  std::optional<std::pair<unsigned, int64_t>> panels =
      findPanels(*contraction, *best, machine);
  if (misplaced.empty() && !best->dotDim && !panels)
    return;
  OperandLayout layout(rewriter, *generic);
  for (auto [operand, index] : misplaced)
    if (operand == Contraction::Out || !best->dotDim)
      layout.moveToEnd(operand, index);
  if (best->dotDim)
    layout.splitForDots(*best->dotDim, best->scalar, best->vectorDim);
  if (panels)
    layout.splitIntoPanels(panels->first, best->vectorDim, panels->second);
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

    // Reshapes that the dropped loops left; and what is constant is laid out
    // here and now.
    RewritePatternSet patterns(&getContext());
    auto isWanted = [](OpOperand *) { return true; };
    linalg::populateConstantFoldLinalgOperations(patterns, isWanted);
    tensor::populateRewriteAsConstantPatterns(patterns, isWanted);
    linalg::ControlDropUnitDims options;
    linalg::populateFoldUnitExtentDimsCanonicalizationPatterns(patterns,
                                                               options);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
