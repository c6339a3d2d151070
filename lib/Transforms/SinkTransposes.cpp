//===- SinkTransposes.cpp - Transposes towards results and parameters ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_SINKTRANSPOSESPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

static RankedTensorType getType(Value value) {
  return dyn_cast<RankedTensorType>(value.getType());
}

static SmallVector<int64_t> getPerms(tosa::TransposeOp transpose) {
  return llvm::to_vector_of<int64_t>(transpose.getPerms());
}

static Value transpose(RewriterBase &rewriter, Location loc, Value value,
                       ArrayRef<int64_t> perms) {
  RankedTensorType type = getType(value);
  return tosa::TransposeOp::create(
      rewriter, loc, type.clone(applyPermutation(type.getShape(), perms)),
      value, llvm::to_vector_of<int32_t>(perms));
}

static Value reshape(RewriterBase &rewriter, Location loc, Value value,
                     ArrayRef<int64_t> shape) {
  ImplicitLocOpBuilder builder(loc, rewriter);
  auto extents = llvm::map_to_vector(shape, [](int64_t extent) {
    return ShapedType::isDynamic(extent) ? -1 : extent;
  });
  return tosa::ReshapeOp::create(rewriter, loc, getType(value).clone(shape),
                                 value,
                                 tosa::getTosaConstShape(builder, extents));
}

/// Rebuilds `op`, which takes what `perms` makes of its data, on data as they
/// are before, and transposes the result.
static void sink(RewriterBase &rewriter, Operation *op, ValueRange operands,
                 ArrayRef<int64_t> perms,
                 function_ref<void(Operation *)> change = nullptr) {
  Operation *moved = rewriter.clone(*op);
  moved->setOperands(operands);
  RankedTensorType type = getType(op->getResult(0));
  moved->getResult(0).setType(type.clone(
      applyPermutation(type.getShape(), invertPermutationVector(perms))));
  if (change)
    change(moved);
  rewriter.replaceOp(
      op, transpose(rewriter, op->getLoc(), moved->getResult(0), perms));
}

//===----------------------------------------------------------------------===//
// Towards results
//===----------------------------------------------------------------------===//

/// The operands of an elementwise operation that are its data; none of others.
static MutableArrayRef<OpOperand> getElementwiseData(Operation *op) {
  MutableArrayRef<OpOperand> operands = op->getOpOperands();
  if (isa<tosa::MulOp>(op))
    return operands.take_front(2);
  if (isa<tosa::NegateOp>(op))
    return operands.take_front(1);
  if (isa<tosa::CastOp>(op) ||
      op->hasTrait<OpTrait::tosa::TosaElementwiseOperator>())
    return operands;
  return {};
}

/// Whether a transpose of `value` moves nothing when the program runs: it is
/// known before, or a row of elements.
static bool isFree(Value value) {
  if (isa_and_present<tosa::ConstOp, ml_program::GlobalLoadOp,
                      ml_program::GlobalLoadConstOp>(value.getDefiningOp()))
    return true;
  return llvm::count_if(getType(value).getShape(),
                        [](int64_t extent) { return extent != 1; }) <= 1;
}

namespace {
struct SinkBelowElementwise : RewritePattern {
  SinkBelowElementwise(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    MutableArrayRef<OpOperand> data = getElementwiseData(op);
    tosa::TransposeOp first;
    for (OpOperand &operand : data) {
      if (!getType(operand.get()))
        return failure();
      if (!first)
        first = operand.get().getDefiningOp<tosa::TransposeOp>();
    }
    if (!first || !getType(op->getResult(0)))
      return failure();
    SmallVector<int64_t> perms = getPerms(first);
    auto isSame = [&](Value value) {
      auto other = value.getDefiningOp<tosa::TransposeOp>();
      return other && getPerms(other) == perms;
    };
    if (llvm::any_of(data, [&](OpOperand &operand) {
          return !isSame(operand.get()) && !isFree(operand.get());
        }))
      return rewriter.notifyMatchFailure(op, "operands in other orders");
    SmallVector<Value> operands(op->getOperands());
    for (OpOperand &operand : data) {
      Value &value = operands[operand.getOperandNumber()];
      value = isSame(value) ? value.getDefiningOp()->getOperand(0)
                            : transpose(rewriter, op->getLoc(), value,
                                        invertPermutationVector(perms));
    }
    sink(rewriter, op, operands, perms);
    return success();
  }
};

template <typename Op> struct SinkBelowReduction : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getInput().template getDefiningOp<tosa::TransposeOp>();
    if (!transpose)
      return failure();
    SmallVector<int64_t> perms = getPerms(transpose);
    auto axis = static_cast<uint32_t>(perms[op.getAxis()]);
    sink(rewriter, op, transpose.getInput1(), perms,
         [&](Operation *moved) { cast<Op>(moved).setAxis(axis); });
    return success();
  }
};

struct SinkBelowConcat : OpRewritePattern<tosa::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::ConcatOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> inputs;
    std::optional<SmallVector<int64_t>> perms;
    for (Value operand : op.getInput1()) {
      auto transpose = operand.getDefiningOp<tosa::TransposeOp>();
      if (!transpose || (perms && getPerms(transpose) != *perms))
        return failure();
      perms = getPerms(transpose);
      inputs.push_back(transpose.getInput1());
    }
    auto axis = static_cast<uint32_t>((*perms)[op.getAxis()]);
    sink(rewriter, op, inputs, *perms,
         [&](Operation *moved) { cast<tosa::ConcatOp>(moved).setAxis(axis); });
    return success();
  }
};

/// An operation whose other operands say something of each dimension,
/// `numPerDim` numbers one after the other.
template <typename Op, int64_t numPerDim>
struct SinkBelowShaped : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getInput1().template getDefiningOp<tosa::TransposeOp>();
    if (!transpose)
      return failure();
    SmallVector<int64_t> perms = getPerms(transpose);
    SmallVector<int64_t> inverse = invertPermutationVector(perms);
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    SmallVector<Value> operands(op->getOperands());
    operands.front() = transpose.getInput1();
    for (Value &operand : MutableArrayRef(operands).drop_front()) {
      if (!isa<tosa::shapeType>(operand.getType()))
        continue;
      SmallVector<int64_t> numbers;
      Operation *shape = operand.getDefiningOp();
      if (!shape || !tosa::getConstShapeValues(shape, numbers))
        return rewriter.notifyMatchFailure(op, "numbers that are not known");
      SmallVector<int64_t> moved;
      for (int64_t dim : inverse)
        llvm::append_range(moved,
                           ArrayRef(numbers).slice(dim * numPerDim, numPerDim));
      operand = tosa::getTosaConstShape(builder, moved);
    }
    sink(rewriter, op, operands, perms);
    return success();
  }
};

/// Two transposes are one, or none. (Upstream's pattern comes with one that
/// makes reshapes of transposes that move nothing, which then could not sink.)
struct ComposeTransposes : OpRewritePattern<tosa::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto first = op.getInput1().getDefiningOp<tosa::TransposeOp>();
    if (!first)
      return failure();
    SmallVector<int64_t> perms =
        applyPermutation(getPerms(first), getPerms(op));
    Value source = first.getInput1();
    rewriter.replaceOp(op,
                       isIdentityPermutation(perms)
                           ? source
                           : transpose(rewriter, op.getLoc(), source, perms));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Into parameters
//===----------------------------------------------------------------------===//

/// A product with rows that were transposed before they were flattened is one
/// with rows as they were by a weight whose rows are transposed instead.
struct SinkIntoWeight : OpRewritePattern<tosa::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::MatMulOp op,
                                PatternRewriter &rewriter) const override {
    Value flat = op.getA();
    while (auto reshape = flat.getDefiningOp<tosa::ReshapeOp>())
      flat = reshape.getInput1();
    auto moved = flat.getDefiningOp<tosa::TransposeOp>();
    RankedTensorType rows = getType(op.getA()), weight = getType(op.getB());
    if (!moved || !rows || !weight || !weight.hasStaticShape() ||
        weight.getDimSize(0) != 1 || !isFree(op.getB()))
      return failure();
    SmallVector<int64_t> perms = getPerms(moved);
    ArrayRef<int64_t> shape = getType(moved).getShape();
    // The batch stays, and a row is all of a sample.
    if (perms.front() != 0 || shape.size() < 2 ||
        ShapedType::isDynamicShape(shape.drop_front()) ||
        computeProduct(shape.drop_front()) != rows.getDimSize(2))
      return rewriter.notifyMatchFailure(op, "rows of parts of samples");
    Location loc = op.getLoc();
    // From the samples' dimensions as they are used to those before.
    SmallVector<int64_t> split(shape.drop_front()), back;
    split.push_back(weight.getDimSize(2));
    for (int64_t dim : ArrayRef(invertPermutationVector(perms)).drop_front())
      back.push_back(dim - 1);
    back.push_back(static_cast<int64_t>(split.size()) - 1);
    Value permuted = reshape(rewriter, loc, op.getB(), split);
    permuted = transpose(rewriter, loc, permuted, back);
    permuted = reshape(rewriter, loc, permuted, weight.getShape());
    Value samples = reshape(rewriter, loc, moved.getInput1(), rows.getShape());
    rewriter.modifyOpInPlace(op, [&] {
      op.getAMutable().set(samples);
      op.getBMutable().set(permuted);
    });
    return success();
  }
};

/// A reshape or transpose of a parameter that nothing else sees is done once
/// and for all.
struct FoldIntoParameter : RewritePattern {
  FoldIntoParameter(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/2, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!isa<tosa::ReshapeOp, tosa::TransposeOp>(op))
      return failure();
    Value source = op->getOperand(0);
    ml_program::GlobalOp global = getLoadedGlobal(source);
    if (!global || !source.hasOneUse() || !global.isPrivate())
      return failure();
    auto uses = SymbolTable::getSymbolUses(global, global->getParentOp());
    if (!uses || !llvm::hasSingleElement(*uses))
      return rewriter.notifyMatchFailure(op, "a parameter that others see");
    auto value = dyn_cast_if_present<ElementsAttr>(global.getValueAttr());
    RankedTensorType type = getType(source), result = getType(op->getResult(0));
    if (!value || value.getShapedType() != type || !result.hasStaticShape() ||
        type.getElementTypeBitWidth() % 8)
      return rewriter.notifyMatchFailure(op, "a parameter without elements");

    ElementsAttr moved;
    if (auto dense = dyn_cast<DenseElementsAttr>(value);
        dense && (dense.isSplat() || isa<tosa::ReshapeOp>(op))) {
      moved = dense.isSplat() ? ElementsAttr(dense.resizeSplat(result))
                              : ElementsAttr(dense.reshape(result));
    } else if (auto transpose = dyn_cast<tosa::TransposeOp>(op)) {
      moved = permute(value, result, getPerms(transpose));
    } else if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
      moved = DenseResourceElementsAttr::get(result, resource.getRawHandle());
    }
    if (!moved)
      return rewriter.notifyMatchFailure(op, "elements that are not there");
    rewriter.modifyOpInPlace(global, [&] {
      global.setType(result);
      global.setValueAttr(moved);
    });
    Operation *load = source.getDefiningOp();
    rewriter.modifyOpInPlace(load, [&] { source.setType(result); });
    rewriter.replaceOp(op, source);
    return success();
  }

private:
  /// The elements in another order, null where they are not there.
  static ElementsAttr permute(ElementsAttr value, RankedTensorType type,
                              ArrayRef<int64_t> perms) {
    ArrayRef<char> from;
    auto resource = dyn_cast<DenseResourceElementsAttr>(value);
    if (auto dense = dyn_cast<DenseElementsAttr>(value))
      from = dense.getRawData();
    else if (AsmResourceBlob *blob =
                 resource ? resource.getRawHandle().getBlob() : nullptr)
      from = blob->getData();
    size_t size = type.getElementTypeBitWidth() / 8;
    if (from.size() != type.getNumElements() * size)
      return nullptr;
    SmallVector<int64_t> strides = applyPermutation(
        computeStrides(
            cast<RankedTensorType>(value.getShapedType()).getShape()),
        perms);
    SmallVector<int64_t> order = computeStrides(type.getShape());
    std::vector<char> to(from.size());
    for (int64_t i : llvm::seq(type.getNumElements())) {
      int64_t element = linearize(delinearize(i, order), strides);
      llvm::copy(from.slice(element * size, size), to.begin() + i * size);
    }
    if (!resource)
      return DenseElementsAttr::getFromRawBuffer(type, to);
    return DenseResourceElementsAttr::get(
        type, resource.getRawHandle().getKey(),
        HeapAsmResourceBlob::allocateAndCopyWithAlign(to, alignof(double)));
  }
};

struct SinkTransposes
    : public cgmq::impl::SinkTransposesPassBase<SinkTransposes> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    RewritePatternSet patterns(context);
    patterns
        .add<SinkBelowElementwise, SinkBelowReduction<tosa::ReduceSumOp>,
             SinkBelowReduction<tosa::ReduceMaxOp>,
             SinkBelowReduction<tosa::ReduceMinOp>,
             SinkBelowReduction<tosa::ReduceProductOp>, SinkBelowConcat,
             SinkBelowShaped<tosa::PadOp, 2>, SinkBelowShaped<tosa::SliceOp, 1>,
             SinkBelowShaped<tosa::TileOp, 1>, ComposeTransposes,
             SinkIntoWeight, FoldIntoParameter>(context);
    tosa::ReshapeOp::getCanonicalizationPatterns(patterns, context);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
