//===- Elementwise.cpp - Building element-wise linalg operations ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;

bool cgmq::isTosaElementwise(Operation *op) {
  return op->hasTrait<OpTrait::tosa::TosaElementwiseOperator>() ||
         isa<tosa::MulOp>(op);
}

/// The extents of a tensor that vary with a loop over `shape`; those of one
/// that are repeated do not.
static SmallVector<bool> getVarying(RankedTensorType type,
                                    ArrayRef<int64_t> shape) {
  SmallVector<bool> varying;
  if (type.getRank() == 0)
    varying.assign(shape.size(), false);
  for (auto [extent, loopExtent] : llvm::zip(type.getShape(), shape))
    varying.push_back(extent != 1 || loopExtent == 1);
  return varying;
}

/// How what varies of a tensor is indexed in a loop nest.
static AffineMap getVaryingMap(MLIRContext *context, ArrayRef<bool> varying) {
  SmallVector<AffineExpr> indices;
  for (auto [dim, varies] : llvm::enumerate(varying))
    if (varies)
      indices.push_back(getAffineDimExpr(dim, context));
  return AffineMap::get(varying.size(), 0, indices, context);
}

/// Drops the extents of one of a tensor that do not vary, so that each operand
/// of a loop nest is indexed by loops alone and loops can be merged.
static Value dropRepeated(OpBuilder &builder, Location loc, Value tensor,
                          ArrayRef<bool> varying) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.getRank() == 0 || llvm::all_of(varying, [](bool v) { return v; }))
    return tensor;
  SmallVector<int64_t> shape;
  for (auto [extent, varies] : llvm::zip_equal(type.getShape(), varying))
    if (varies)
      shape.push_back(extent);
  OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1);
  SmallVector<OpFoldResult> zeros(type.getRank(), zero),
      ones(type.getRank(), one);
  return tensor::ExtractSliceOp::create(
      builder, loc, type.clone(shape), tensor, zeros,
      tensor::getMixedSizes(builder, loc, tensor), ones);
}

/// Gets the inputs of a loop nest over `shape` ready and adds their maps.
static SmallVector<Value> prepareInputs(OpBuilder &builder, Location loc,
                                        ValueRange inputs,
                                        ArrayRef<int64_t> shape,
                                        SmallVectorImpl<AffineMap> &maps) {
  SmallVector<Value> prepared;
  for (Value input : inputs) {
    auto type = dyn_cast<RankedTensorType>(input.getType());
    SmallVector<bool> varying(shape.size(), false);
    if (type) {
      varying = getVarying(type, shape);
      input = dropRepeated(builder, loc, input, varying);
    }
    prepared.push_back(input);
    maps.push_back(getVaryingMap(builder.getContext(), varying));
  }
  return prepared;
}

Value cgmq::buildElementwise(
    OpBuilder &builder, Location loc, ValueRange inputs, Type elementType,
    function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  auto shapeType = cast<RankedTensorType>(inputs.front().getType());
  SmallVector<AffineMap> maps;
  SmallVector<Value> prepared =
      prepareInputs(builder, loc, inputs, shapeType.getShape(), maps);
  maps.push_back(builder.getMultiDimIdentityMap(shapeType.getRank()));
  Value empty = tensor::EmptyOp::create(
      builder, loc, tensor::getMixedSizes(builder, loc, inputs.front()),
      elementType);
  SmallVector<utils::IteratorType> iterators(shapeType.getRank(),
                                             utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, empty.getType(), prepared, empty, maps, iterators,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange arguments) {
        Value result = body(nested, nestedLoc, arguments.drop_back());
        linalg::YieldOp::create(nested, nestedLoc, result);
      });
  return generic.getResult(0);
}

/// Builds a reduction of `inputs` into a tensor of `shape`, starting at `init`.
static Value
buildReduction(OpBuilder &builder, Location loc, ValueRange inputs,
               ArrayRef<int64_t> shape, double init,
               function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  auto shapeType = cast<RankedTensorType>(inputs.front().getType());
  auto resultType = RankedTensorType::get(shape, builder.getF32Type());
  SmallVector<AffineMap> maps;
  SmallVector<Value> prepared =
      prepareInputs(builder, loc, inputs, shapeType.getShape(), maps);
  SmallVector<bool> varying = getVarying(resultType, shapeType.getShape());
  maps.push_back(getVaryingMap(builder.getContext(), varying));

  SmallVector<utils::IteratorType> iterators;
  SmallVector<int64_t> sumShape;
  // How the extents of the sum become those of the result.
  SmallVector<ReassociationIndices> groups;
  ReassociationIndices group;
  for (auto [dim, varies] : llvm::enumerate(varying)) {
    iterators.push_back(varies ? utils::IteratorType::parallel
                               : utils::IteratorType::reduction);
    if (!shape.empty())
      group.push_back(dim);
    if (!varies)
      continue;
    sumShape.push_back(shape[dim]);
    groups.push_back(std::exchange(group, {}));
  }
  if (!groups.empty())
    llvm::append_range(groups.back(), group);

  Value start =
      arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(init));
  Value empty =
      tensor::EmptyOp::create(builder, loc, sumShape, builder.getF32Type());
  Value filled =
      linalg::FillOp::create(builder, loc, start, empty).getResult(0);
  auto generic = linalg::GenericOp::create(
      builder, loc, filled.getType(), prepared, filled, maps, iterators,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange arguments) {
        Value result = body(nested, nestedLoc, arguments);
        linalg::YieldOp::create(nested, nestedLoc, result);
      });
  Value result = generic.getResult(0);
  if (result.getType() == resultType)
    return result;
  return tensor::ExpandShapeOp::create(builder, loc, resultType, result,
                                       groups);
}

Value cgmq::buildSum(
    OpBuilder &builder, Location loc, ValueRange inputs,
    ArrayRef<int64_t> shape,
    function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  return buildReduction(
      builder, loc, inputs, shape, 0.0,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value term = body(nested, loc, args.drop_back());
        return arith::AddFOp::create(nested, loc, args.back(), term,
                                     arith::FastMathFlags::reassoc);
      });
}

Value cgmq::buildMaximum(OpBuilder &builder, Location loc, Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.getRank() != 0)
    tensor = buildReduction(
        builder, loc, tensor, {}, -std::numeric_limits<float>::infinity(),
        [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
          return arith::MaximumFOp::create(nested, loc, args[0], args[1]);
        });
  return tensor::ExtractOp::create(builder, loc, tensor, ValueRange{});
}
