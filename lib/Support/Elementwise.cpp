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

using namespace mlir;

/// How an input of a loop nest over `shape` is indexed.
static AffineMap getBroadcastMap(MLIRContext *context, Type type,
                                 ArrayRef<int64_t> shape) {
  unsigned rank = shape.size();
  auto tensorType = dyn_cast<RankedTensorType>(type);
  if (!tensorType || tensorType.getRank() == 0)
    return AffineMap::get(rank, 0, context);
  SmallVector<AffineExpr> indices;
  for (auto [dim, extent] : llvm::enumerate(tensorType.getShape()))
    indices.push_back(extent == 1 && shape[dim] != 1
                          ? getAffineConstantExpr(0, context)
                          : getAffineDimExpr(dim, context));
  return AffineMap::get(rank, 0, indices, context);
}

Value cgmq::buildElementwise(
    OpBuilder &builder, Location loc, ValueRange inputs, Type elementType,
    function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  auto shapeType = cast<RankedTensorType>(inputs.front().getType());
  MLIRContext *context = builder.getContext();
  SmallVector<AffineMap> maps;
  for (Value input : inputs)
    maps.push_back(
        getBroadcastMap(context, input.getType(), shapeType.getShape()));
  maps.push_back(
      AffineMap::getMultiDimIdentityMap(shapeType.getRank(), context));
  Value empty = tensor::EmptyOp::create(
      builder, loc, tensor::getMixedSizes(builder, loc, inputs.front()),
      elementType);
  SmallVector<utils::IteratorType> iterators(shapeType.getRank(),
                                             utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, empty.getType(), inputs, empty, maps, iterators,
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
  MLIRContext *context = builder.getContext();
  auto resultType = RankedTensorType::get(shape, builder.getF32Type());
  SmallVector<AffineMap> maps;
  for (Value input : inputs)
    maps.push_back(
        getBroadcastMap(context, input.getType(), shapeType.getShape()));
  AffineMap resultMap =
      getBroadcastMap(context, resultType, shapeType.getShape());
  maps.push_back(resultMap);
  SmallVector<utils::IteratorType> iterators;
  for (int64_t dim = 0; dim < shapeType.getRank(); ++dim)
    iterators.push_back(resultMap.isFunctionOfDim(dim)
                            ? utils::IteratorType::parallel
                            : utils::IteratorType::reduction);
  Value start =
      arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(init));
  Value empty =
      tensor::EmptyOp::create(builder, loc, shape, builder.getF32Type());
  Value filled =
      linalg::FillOp::create(builder, loc, start, empty).getResult(0);
  auto generic = linalg::GenericOp::create(
      builder, loc, resultType, inputs, filled, maps, iterators,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange arguments) {
        Value result = body(nested, nestedLoc, arguments);
        linalg::YieldOp::create(nested, nestedLoc, result);
      });
  return generic.getResult(0);
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
