//===- TosaMovementRules.cpp - Rules of what moves elements ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaMovementRules.h"
#include "AdjointUtils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The part of `tensor` that begins at `offsets` and has the shape of `like`.
static Value buildPart(ImplicitLocOpBuilder &b, Value tensor,
                       ArrayRef<int64_t> offsets, Value like) {
  SmallVector<OpFoldResult> strides(offsets.size(), b.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(
      b, tensor, getAsIndexOpFoldResult(b.getContext(), offsets),
      tensor::getMixedSizes(b, b.getLoc(), like), strides);
}

/// The numbers of a shape, or an error at `op` where they are not constant.
static FailureOr<SmallVector<int64_t>> getShapeValues(Operation *op,
                                                      Value shape) {
  SmallVector<int64_t> values;
  Operation *definition = shape.getDefiningOp();
  if (definition && tosa::getConstShapeValues(definition, values))
    return values;
  return op->emitOpError()
         << "expects shapes that are constant to have a gradient";
}

/// The type that the gradient of `operand` is reshaped to, or an error at `op`.
static FailureOr<RankedTensorType> getReshapableType(Operation *op,
                                                     Value operand) {
  auto type = dyn_cast<RankedTensorType>(operand.getType());
  if (type && type.getNumDynamicDims() <= 1)
    return type;
  return op->emitOpError() << "expects an operand with at most one dynamic "
                              "extent to have a gradient, but got "
                           << operand.getType();
}

/// `tensor` in the shape of `type`, of which one extent may be dynamic.
static Value buildReshape(ImplicitLocOpBuilder &b, RankedTensorType type,
                          Value tensor) {
  SmallVector<int64_t> extents(type.getShape());
  llvm::replace(extents, ShapedType::kDynamic, int64_t(-1));
  Value shape = tosa::ConstShapeOp::create(
      b, tosa::shapeType::get(b.getContext(), type.getRank()),
      b.getIndexTensorAttr(extents));
  return tosa::ReshapeOp::create(b, type, tensor, shape);
}

namespace {

struct ReshapeRule : GradientRule<ReshapeRule, tosa::ReshapeOp> {
  static LogicalResult build(tosa::ReshapeOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    FailureOr<RankedTensorType> type = getReshapableType(op, op.getInput1());
    if (failed(type))
      return failure();
    operandCotangents[0] = buildReshape(b, *type, cotangent);
    return success();
  }
};

struct TransposeRule : GradientRule<TransposeRule, tosa::TransposeOp> {
  static LogicalResult build(tosa::TransposeOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    ArrayRef<int32_t> perms = op.getPerms();
    SmallVector<int32_t> inverse(perms.size());
    for (auto [i, perm] : llvm::enumerate(perms))
      inverse[perm] = i;
    operandCotangents[0] = tosa::TransposeOp::create(
        b, op.getInput1().getType(), cotangent, inverse);
    return success();
  }
};

struct ReverseRule : GradientRule<ReverseRule, tosa::ReverseOp> {
  static LogicalResult build(tosa::ReverseOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    operandCotangents[0] = tosa::ReverseOp::create(b, cotangent.getType(),
                                                   cotangent, op.getAxis());
    return success();
  }
};

struct ConcatRule : GradientRule<ConcatRule, tosa::ConcatOp> {
  static LogicalResult build(tosa::ConcatOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<int64_t> offsets(type.getRank(), 0);
    int64_t &offset = offsets[op.getAxis()];
    for (auto [i, operand] : llvm::enumerate(op.getOperands())) {
      auto part = cast<RankedTensorType>(operand.getType());
      if (part.isDynamicDim(op.getAxis()))
        return op.emitOpError() << "expects static extents along its axis to "
                                   "have a gradient, but got "
                                << part;
      if (active[i])
        operandCotangents[i] = buildPart(b, cotangent, offsets, operand);
      offset += part.getDimSize(op.getAxis());
    }
    return success();
  }
};

struct PadRule : GradientRule<PadRule, tosa::PadOp> {
  static LogicalResult build(tosa::PadOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    if (active[2])
      return op.emitOpError()
             << "expects to pad by a constant to have a gradient";
    auto padding = getShapeValues(op, op.getPadding());
    if (failed(padding))
      return failure();
    SmallVector<int64_t> offsets;
    for (size_t dim = 0; dim < padding->size() / 2; ++dim)
      offsets.push_back((*padding)[2 * dim]);
    operandCotangents[0] = buildPart(b, cotangent, offsets, op.getInput1());
    return success();
  }
};

struct SliceRule : GradientRule<SliceRule, tosa::SliceOp> {
  static LogicalResult build(tosa::SliceOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    auto start = getShapeValues(op, op.getStart());
    if (failed(start))
      return failure();
    auto type = cast<RankedTensorType>(op.getInput1().getType());
    auto part = cast<RankedTensorType>(op.getType());
    SmallVector<int64_t> after;
    for (auto [whole, extent, first] :
         llvm::zip_equal(type.getShape(), part.getShape(), *start)) {
      if (ShapedType::isDynamic(whole) || ShapedType::isDynamic(extent))
        return op.emitOpError()
               << "expects static extents to have a gradient, but got " << type;
      after.push_back(whole - extent - first);
    }
    Value zero = arith::ConstantOp::create(
        b, b.getFloatAttr(type.getElementType(), 0.0));
    operandCotangents[0] = tensor::PadOp::create(
        b, type, cotangent, getAsIndexOpFoldResult(b.getContext(), *start),
        getAsIndexOpFoldResult(b.getContext(), after), zero);
    return success();
  }
};

struct TileRule : GradientRule<TileRule, tosa::TileOp> {
  static LogicalResult build(tosa::TileOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    auto multiples = getShapeValues(op, op.getMultiples());
    if (failed(multiples))
      return failure();
    FailureOr<RankedTensorType> type = getReshapableType(op, op.getInput1());
    if (failed(type))
      return failure();
    // Each extent as copies of what is copied, over which is summed.
    SmallVector<int64_t> shape;
    for (auto [multiple, extent] :
         llvm::zip_equal(*multiples, type->getShape())) {
      shape.push_back(multiple);
      shape.push_back(extent);
    }
    Value sum = buildReshape(b, type->clone(shape), cotangent);
    for (auto [dim, multiple] : llvm::enumerate(*multiples)) {
      if (multiple == 1)
        continue;
      shape[2 * dim] = 1;
      sum = tosa::ReduceSumOp::create(b, type->clone(shape), sum,
                                      static_cast<uint32_t>(2 * dim));
    }
    operandCotangents[0] = buildReshape(b, *type, sum);
    return success();
  }
};

/// Rows that are gathered several times add up. Each row looks at all indices,
/// so that no sum depends on threads; a large dictionary takes long.
struct GatherRule : GradientRule<GatherRule, tosa::GatherOp> {
  static LogicalResult build(tosa::GatherOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    Value zeros = buildZeros(b, op.getValues());
    AffineExpr sample, row, channel, position;
    bindDims(b.getContext(), sample, row, channel, position);
    auto maps = AffineMap::inferFromExprList(
        ArrayRef<ArrayRef<AffineExpr>>{{sample, position},
                                       {sample, position, channel},
                                       {sample, row, channel}},
        b.getContext());
    SmallVector<utils::IteratorType> iterators(3,
                                               utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    operandCotangents[0] =
        linalg::GenericOp::create(
            b, zeros.getType(), ValueRange{op.getIndices(), cotangent}, zeros,
            maps, iterators,
            [](OpBuilder &nested, Location loc, ValueRange args) {
              Value row = arith::IndexCastOp::create(
                  nested, loc, args[0].getType(),
                  linalg::IndexOp::create(nested, loc, 1));
              Value isRow = arith::CmpIOp::create(
                  nested, loc, arith::CmpIPredicate::eq, args[0], row);
              Value sum = arith::AddFOp::create(nested, loc, args[2], args[1]);
              linalg::YieldOp::create(
                  nested, loc,
                  arith::SelectOp::create(nested, loc, isRow, sum, args[2])
                      .getResult());
            })
            .getResult(0);
    return success();
  }
};

} // namespace

void cgmq::attachTosaMovementRules(MLIRContext *context) {
  using namespace tosa;
  ReshapeOp::attachInterface<ReshapeRule>(*context);
  TransposeOp::attachInterface<TransposeRule>(*context);
  ReverseOp::attachInterface<ReverseRule>(*context);
  ConcatOp::attachInterface<ConcatRule>(*context);
  PadOp::attachInterface<PadRule>(*context);
  SliceOp::attachInterface<SliceRule>(*context);
  GatherOp::attachInterface<GatherRule>(*context);
  TileOp::attachInterface<TileRule>(*context);
}
