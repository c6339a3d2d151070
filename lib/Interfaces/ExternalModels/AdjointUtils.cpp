//===- AdjointUtils.cpp - What gradient rules are built of -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AdjointUtils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cgmq;
using utils::IteratorType;

//===----------------------------------------------------------------------===//
// Scalar
//===----------------------------------------------------------------------===//

Scalar Scalar::constant(double number) const {
  auto attr = builder->getFloatAttr(value.getType(), number);
  return {*builder, arith::ConstantOp::create(*builder, attr)};
}

template <typename OpTy, typename... Args>
Scalar Scalar::build(Args &&...args) const {
  return {*builder, OpTy::create(*builder, std::forward<Args>(args)...)};
}

namespace mlir::cgmq {
using arith::CmpFPredicate;

Scalar operator-(Scalar a) { return a.build<arith::NegFOp>(a.value); }
Scalar operator+(Scalar a, Scalar b) {
  return a.build<arith::AddFOp>(a.value, b.value);
}
Scalar operator-(Scalar a, Scalar b) {
  return a.build<arith::SubFOp>(a.value, b.value);
}
Scalar operator*(Scalar a, Scalar b) {
  return a.build<arith::MulFOp>(a.value, b.value);
}
Scalar operator/(Scalar a, Scalar b) {
  return a.build<arith::DivFOp>(a.value, b.value);
}
Scalar cos(Scalar a) { return a.build<math::CosOp>(a.value); }
Scalar exp(Scalar a) { return a.build<math::ExpOp>(a.value); }
Scalar log(Scalar a) { return a.build<math::LogOp>(a.value); }
Scalar pow(Scalar a, Scalar b) {
  return a.build<math::PowFOp>(a.value, b.value);
}
Scalar sin(Scalar a) { return a.build<math::SinOp>(a.value); }
Scalar operator>(Scalar a, Scalar b) {
  return a.build<arith::CmpFOp>(CmpFPredicate::OGT, a.value, b.value);
}
Scalar operator>=(Scalar a, Scalar b) {
  return a.build<arith::CmpFOp>(CmpFPredicate::OGE, a.value, b.value);
}
Scalar operator==(Scalar a, Scalar b) {
  return a.build<arith::CmpFOp>(CmpFPredicate::OEQ, a.value, b.value);
}
Scalar operator&(Scalar a, Scalar b) {
  return a.build<arith::AndIOp>(a.value, b.value);
}
Scalar select(Scalar condition, Scalar a, Scalar b) {
  return a.build<arith::SelectOp>(condition.value, a.value, b.value);
}
Scalar sum(Scalar a, Scalar b) {
  return a.build<arith::AddFOp>(a.value, b.value,
                                arith::FastMathFlags::reassoc);
}
} // namespace mlir::cgmq

//===----------------------------------------------------------------------===//
// Operations on tensors
//===----------------------------------------------------------------------===//

static RankedTensorType getType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

Value cgmq::buildZeros(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes,
                       Type elementType) {
  Value empty = tensor::EmptyOp::create(b, sizes, elementType);
  Value zero = arith::ConstantOp::create(b, b.getFloatAttr(elementType, 0.0));
  return linalg::FillOp::create(b, zero, empty).getResult(0);
}

Value cgmq::buildZeros(ImplicitLocOpBuilder &b, Value like) {
  return buildZeros(b, tensor::getMixedSizes(b, b.getLoc(), like),
                    getType(like).getElementType());
}

Value cgmq::buildGeneric(ImplicitLocOpBuilder &b, ValueRange inputs, Value init,
                         ArrayRef<AffineMap> maps,
                         ArrayRef<IteratorType> iterators, Formula formula) {
  auto *body = new Block();
  SmallVector<Scalar> arguments;
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(body);
    for (Value operand : llvm::concat<Value>(SmallVector<Value>(inputs),
                                             SmallVector<Value>({init})))
      arguments.emplace_back(
          b, body->addArgument(getType(operand).getElementType(), b.getLoc()));
    Scalar result = formula(arguments);
    linalg::YieldOp::create(b, result.getValue());
  }

  // Leave out what the formula does not read, unless it is what tells the
  // extent of a loop.
  SmallVector<Value> usedInputs(inputs);
  SmallVector<AffineMap> usedMaps(maps);
  for (unsigned i = inputs.size(); i-- > 0;) {
    if (!body->getArgument(i).use_empty())
      continue;
    SmallVector<AffineMap> rest(usedMaps);
    rest.erase(rest.begin() + i);
    if (!inversePermutation(concatAffineMaps(rest, b.getContext())))
      continue;
    usedMaps = rest;
    usedInputs.erase(usedInputs.begin() + i);
    body->eraseArgument(i);
  }
  auto generic =
      linalg::GenericOp::create(b, TypeRange(init.getType()), usedInputs,
                                ValueRange(init), usedMaps, iterators);
  generic.getRegion().push_back(body);
  return generic.getResult(0);
}

Value cgmq::mapReduce(ImplicitLocOpBuilder &b, ValueRange inputs, Value like,
                      Formula formula) {
  RankedTensorType likeType = getType(like);
  int64_t rank = likeType.getRank();
  for (Value input : inputs)
    rank = std::max(rank, getType(input).getRank());
  // `like` is aligned at the last dimension; it has extent one in front.
  int64_t missing = rank - likeType.getRank();
  auto isOneInLike = [&](int64_t dim) {
    return dim < missing || likeType.getDimSize(dim - missing) == 1;
  };

  SmallVector<bool> isOne(rank, true);
  for (int64_t dim = 0; dim < rank; ++dim)
    isOne[dim] = isOneInLike(dim) && llvm::all_of(inputs, [&](Value input) {
                   RankedTensorType type = getType(input);
                   return type.getRank() == 0 || type.getDimSize(dim) == 1;
                 });

  SmallVector<AffineMap> maps;
  for (Value input : inputs) {
    SmallVector<AffineExpr> exprs;
    for (auto [dim, extent] : llvm::enumerate(getType(input).getShape()))
      exprs.push_back(extent == 1 && !isOne[dim] ? b.getAffineConstantExpr(0)
                                                 : b.getAffineDimExpr(dim));
    maps.push_back(AffineMap::get(rank, 0, exprs, b.getContext()));
  }

  SmallVector<OpFoldResult> likeSizes =
      tensor::getMixedSizes(b, b.getLoc(), like);
  SmallVector<OpFoldResult> sizes;
  SmallVector<AffineExpr> kept;
  SmallVector<IteratorType> iterators;
  SmallVector<ReassociationIndices> reassociation;
  ReassociationIndices group;
  for (int64_t dim = 0; dim < rank; ++dim) {
    bool isReduced = dim < missing || (isOneInLike(dim) && !isOne[dim]);
    iterators.push_back(isReduced ? IteratorType::reduction
                                  : IteratorType::parallel);
    if (dim >= missing)
      group.push_back(dim - missing);
    if (isReduced)
      continue;
    sizes.push_back(likeSizes[dim - missing]);
    kept.push_back(b.getAffineDimExpr(dim));
    reassociation.push_back(std::exchange(group, {}));
  }
  if (!reassociation.empty())
    llvm::append_range(reassociation.back(), group);
  maps.push_back(AffineMap::get(rank, 0, kept, b.getContext()));

  bool reduces = llvm::is_contained(iterators, IteratorType::reduction);
  Type elementType = likeType.getElementType();
  Value init = reduces
                   ? buildZeros(b, sizes, elementType)
                   : tensor::EmptyOp::create(b, sizes, elementType).getResult();
  Value result = buildGeneric(b, inputs, init, maps, iterators,
                              [&](ArrayRef<Scalar> args) {
                                Scalar term = formula(args.drop_back());
                                return reduces ? sum(args.back(), term) : term;
                              });
  if (getType(result).getRank() == likeType.getRank())
    return result;
  return tensor::ExpandShapeOp::create(b, likeType, result, reassociation);
}

Value cgmq::sumTo(ImplicitLocOpBuilder &b, Value cotangent, Value like) {
  RankedTensorType type = getType(cotangent), likeType = getType(like);
  bool isSameShape = type.getRank() == likeType.getRank();
  for (auto [extent, likeExtent] :
       llvm::zip(type.getShape(), likeType.getShape()))
    isSameShape &= likeExtent != 1 || extent == 1;
  if (isSameShape)
    return cotangent;
  return mapReduce(b, cotangent, like,
                   [](ArrayRef<Scalar> args) { return args[0]; });
}

Value cgmq::contract(ImplicitLocOpBuilder &b, Value lhs, Value rhs, Value init,
                     ArrayRef<AffineMap> maps,
                     ArrayRef<IteratorType> iterators) {
  return buildGeneric(
      b, {lhs, rhs}, init, maps, iterators,
      [](ArrayRef<Scalar> args) { return args[2] + args[0] * args[1]; });
}

Value cgmq::buildMaxAdjoint(ImplicitLocOpBuilder &b, Value input, Value max,
                            Value cotangent) {
  Value count = mapReduce(b, {input, max}, max, [](ArrayRef<Scalar> args) {
    return (args[0] == args[1]).gate(args[0].constant(1.0));
  });
  Value share =
      mapReduce(b, {cotangent, count}, max,
                [](ArrayRef<Scalar> args) { return args[0] / args[1]; });
  return mapReduce(b, {input, max, share}, input, [](ArrayRef<Scalar> args) {
    return (args[0] == args[1]).gate(args[2]);
  });
}
