//===- LowerTransposes.cpp - Transposes in registers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorAccess.h"
#include "cgmq/Execution/Machine.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERTRANSPOSESPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Squares of this many elements are transposed at once.
static constexpr int64_t kSquare = 16;
static constexpr int64_t kVectorBits = kSquare * 32;
/// Below this many elements threads take longer to start.
static constexpr int64_t kLeastParallelElements = 1 << 15;

namespace {

/// How a transpose runs in vectors.
enum class Kind {
  /// Squares of elements of 32 bits.
  Words,
  /// The same for groups of four bytes, innermost in both buffers.
  Groups,
  /// Groups of bytes from four rows of bytes.
  Rows
};

std::optional<Kind> getKind(linalg::TransposeOp op) {
  Value input = op.getInput(), output = op.getInit();
  auto type = dyn_cast<MemRefType>(output.getType());
  if (!type || !type.hasStaticShape() || type.getNumElements() == 0 ||
      !hasVectorLayout(input) || !hasVectorLayout(output))
    return std::nullopt;
  ArrayRef<int64_t> permutation = op.getPermutation();
  int64_t last = type.getRank() - 1;
  if (type.getElementTypeBitWidth() == 32 && permutation.back() != last)
    return Kind::Words;
  if (!hasGroupLayout(output))
    return std::nullopt;
  if (hasGroupLayout(input) && permutation.back() == last &&
      permutation[last - 1] != last - 1)
    return Kind::Groups;
  if (permutation[last - 1] == last)
    return Kind::Rows;
  return std::nullopt;
}

/// Emits the loops of one transpose. Dims are those of the output, without the
/// bytes of groups that stay together; `row` is the one that is contiguous in
/// the input.
class LoopEmitter {
public:
  LoopEmitter(OpBuilder &builder, linalg::TransposeOp op, Kind kind,
              int64_t threads)
      : builder(builder), loc(op.getLoc()), access(builder, loc, kSquare),
        kind(kind), input(op.getInput()), output(op.getInit()),
        shape(cast<MemRefType>(output.getType()).getShape()),
        permutation(op.getPermutation()), threads(threads) {
    if (kind == Kind::Groups) {
      shape = shape.drop_back();
      permutation = permutation.drop_back();
    }
    column = shape.size() - 1;
    row = llvm::find(permutation, column) - permutation.begin();
    MLIRContext *context = builder.getContext();
    inputMap =
        inversePermutation(AffineMap::getPermutationMap(permutation, context));
    outputMap = builder.getMultiDimIdentityMap(shape.size());
    if (kind == Kind::Groups) {
      input = access.collapseGroups(input);
      inputMap = getByteIndices(inputMap);
    }
    if (kind == Kind::Rows)
      outputMap = outputMap.dropResult(column);
    if (kind != Kind::Words) {
      output = access.collapseGroups(output);
      outputMap = getByteIndices(outputMap);
    }
  }

  void emit() {
    begin.assign(shape.size(), access.getConstant(0));
    extent.assign(shape.size(), 1);
    dividedDim = chooseDividedDim();
    if (!dividedDim) {
      emitLoops(0);
      return;
    }
    unsigned dim = *dividedDim;
    int64_t full = shape[dim] / getStep(dim) * getStep(dim);
    access.createParts(full, getStep(dim),
                       std::min(full / getStep(dim), threads),
                       [&](Value, Value from, Value to) {
                         part = {from, to};
                         emitLoops(0);
                         part = {};
                       });
    if (full == shape[dim])
      return;
    begin[dim] = access.getConstant(full);
    extent[dim] = shape[dim] - full;
    emitLoops(0);
  }

private:
  int64_t getStep(unsigned dim) const {
    if (kind == Kind::Rows && dim == column)
      return kDotBytes;
    return dim == row || dim == column ? kSquare : 1;
  }

  std::optional<unsigned> chooseDividedDim() const {
    std::optional<unsigned> best;
    double least = 1;
    if (llvm::product_of(shape) < kLeastParallelElements)
      return best;
    for (unsigned dim = 0; dim < shape.size(); ++dim) {
      double share = getLongestShare(shape[dim], getStep(dim), threads);
      if (share >= least * 0.999)
        continue;
      least = share;
      best = dim;
    }
    return best;
  }

  void emitLoops(unsigned dim) {
    if (dim == shape.size()) {
      emitSquare();
      return;
    }
    int64_t step = getStep(dim);
    if (dim == dividedDim) {
      if (!part.first)
        return emitLoops(dim + 1);
      auto loop = scf::ForOp::create(builder, loc, part.first, part.second,
                                     access.getConstant(step));
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(loop.getBody()->getTerminator());
      begin[dim] = loop.getInductionVar();
      extent[dim] = step;
      return emitLoops(dim + 1);
    }
    int64_t full = shape[dim] / step * step;
    extent[dim] = step;
    if (full) {
      scf::ForOp loop = access.createLoop(0, full, step);
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(loop.getBody()->getTerminator());
      begin[dim] = loop.getInductionVar();
      emitLoops(dim + 1);
    }
    if (full != shape[dim]) {
      begin[dim] = access.getConstant(full);
      extent[dim] = shape[dim] - full;
      emitLoops(dim + 1);
    }
  }

  /// Loads a vector along `row`, at the given index along `column`.
  Value load(int64_t index) {
    SmallVector<int64_t> offsets(shape.size(), 0);
    offsets[column] = index;
    SmallVector<Value> indices = access.getIndices(inputMap, begin, offsets);
    if (kind != Kind::Groups)
      return access.load(input, indices, extent[row]);
    return vector::BitCastOp::create(
        builder, loc, access.getVectorType(builder.getI32Type()),
        access.loadGroups(input, indices, extent[row]));
  }

  void emitSquare() {
    if (kind == Kind::Rows)
      return emitRows();
    Type element = kind == Kind::Groups ? builder.getI32Type()
                                        : getElementTypeOrSelf(input);
    auto type = VectorType::get({kSquare, kSquare}, element);
    Value square = arith::ConstantOp::create(builder, loc, type,
                                             builder.getZeroAttr(type));
    for (int64_t index = 0; index < extent[column]; ++index)
      square =
          vector::InsertOp::create(builder, loc, load(index), square, index);
    square = vector::TransposeOp::create(builder, loc, square,
                                         ArrayRef<int64_t>{1, 0});
    SmallVector<int64_t> offsets(shape.size(), 0);
    for (int64_t index = 0; index < extent[row]; ++index) {
      offsets[row] = index;
      Value vector = vector::ExtractOp::create(builder, loc, square, index);
      SmallVector<Value> indices = access.getIndices(outputMap, begin, offsets);
      if (kind == Kind::Words) {
        access.store(vector, output, indices, extent[column]);
        continue;
      }
      Value bytes = vector::BitCastOp::create(
          builder, loc,
          VectorType::get({kSquare * kDotBytes}, builder.getI8Type()), vector);
      access.storeGroups(bytes, output, indices, extent[column]);
    }
  }

  /// Puts groups together from rows of bytes.
  void emitRows() {
    auto interleaveRows = [&](unsigned first, unsigned second) -> Value {
      Value lhs = load(first), rhs = load(second);
      return vector::InterleaveOp::create(builder, loc, lhs, rhs);
    };
    Value even = interleaveRows(0, 2), odd = interleaveRows(1, 3);
    Value groups = vector::InterleaveOp::create(builder, loc, even, odd);
    SmallVector<int64_t> offsets(shape.size(), 0);
    access.storeGroups(groups, output,
                       access.getIndices(outputMap, begin, offsets),
                       extent[row]);
  }

  OpBuilder &builder;
  Location loc;
  VectorAccess access;
  Kind kind;
  /// The buffers; where their elements are groups, views as bytes.
  Value input, output;
  ArrayRef<int64_t> shape, permutation;
  AffineMap inputMap, outputMap;
  int64_t threads;
  unsigned row, column;
  SmallVector<Value> begin;
  SmallVector<int64_t> extent;
  /// The dim that threads divide, and the part of it that loops are emitted
  /// for; without values after the parts.
  std::optional<unsigned> dividedDim;
  std::pair<Value, Value> part;
};

struct LowerTransposes
    : public cgmq::impl::LowerTransposesPassBase<LowerTransposes> {
  using LowerTransposesPassBase::LowerTransposesPassBase;

  void runOnOperation() override {
    FailureOr<Machine> machine =
        Machine::get(getOperation(), kVectorBits, threads);
    if (failed(machine))
      return signalPassFailure();
    SmallVector<std::pair<linalg::TransposeOp, Kind>> ops;
    getOperation().walk([&](linalg::TransposeOp op) {
      if (std::optional<Kind> kind = getKind(op))
        ops.emplace_back(op, *kind);
    });
    IRRewriter rewriter(&getContext());
    for (auto [op, kind] : ops) {
      rewriter.setInsertionPoint(op);
      LoopEmitter(rewriter, op, kind, machine->threads).emit();
      rewriter.eraseOp(op);
    }
    RewritePatternSet patterns(&getContext());
    vector::populateVectorTransposeLoweringPatterns(
        patterns, vector::VectorTransposeLowering::Shuffle16x16);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
