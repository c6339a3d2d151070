//===- TosaBuilder.cpp - Operations of TOSA with their types -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Support/TosaBuilder.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

#include <limits>

using namespace mlir;
using namespace mlir::cgmq;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Value TosaBuilder::getConstant(ElementsAttr values) {
  return tosa::ConstOp::create(*this, values.getShapedType(), values);
}

/// An attribute of a number, rounded to the element type.
static TypedAttr getNumberAttr(Type element, double number) {
  if (isa<FloatType>(element))
    return FloatAttr::get(element, number);
  return IntegerAttr::get(element, static_cast<int64_t>(number));
}

Value TosaBuilder::getNumber(Value like, double number) {
  SmallVector<int64_t> ones(getRank(like), 1);
  Attribute attr = getNumberAttr(getElement(like), number);
  return getConstant(DenseElementsAttr::get(
      RankedTensorType::get(ones, getElement(like)), attr));
}

Value TosaBuilder::getShapeValue(ArrayRef<int64_t> shape) {
  return tosa::getTosaConstShape(*this, shape);
}

//===----------------------------------------------------------------------===//
// Elementwise operations
//===----------------------------------------------------------------------===//

void TosaBuilder::equalizeRanks(MutableArrayRef<Value> values) {
  int64_t rank = 0;
  for (Value value : values)
    rank = std::max(rank, getRank(value));
  for (Value &value : values) {
    SmallVector<int64_t> shape(rank - getRank(value), 1);
    llvm::append_range(shape, getShape(value));
    value = reshape(value, shape);
  }
}

Value TosaBuilder::mul(Value lhs, Value rhs) {
  Value values[] = {lhs, rhs};
  equalizeRanks(values);
  auto shiftType = RankedTensorType::get({1}, getI8Type());
  Value shift =
      getConstant(DenseElementsAttr::get(shiftType, static_cast<int8_t>(0)));
  auto op = tosa::CreateOpAndInferShape<tosa::MulOp>(
      *this, UnrankedTensorType::get(getElement(lhs)), values[0], values[1],
      shift);
  return op.getOutput();
}

Value TosaBuilder::reciprocal(Value value) {
  if (auto op = value.getDefiningOp<tosa::ReciprocalOp>())
    return op.getInput1();
  return unary<tosa::ReciprocalOp>(value);
}

Value TosaBuilder::div(Value lhs, Value rhs) {
  if (isFloat(lhs))
    return mul(lhs, reciprocal(rhs));
  return binary<tosa::IntDivOp>(lhs, rhs);
}

Value TosaBuilder::clamp(Value value, double least, double greatest) {
  Type element = getElement(value);
  if (auto type = dyn_cast<FloatType>(element)) {
    double limit =
        APFloat::getLargest(type.getFloatSemantics()).convertToDouble();
    least = std::max(least, -limit);
    greatest = std::min(greatest, limit);
    return infer<tosa::ClampOp>(element, value, getNumberAttr(element, least),
                                getNumberAttr(element, greatest));
  }
  unsigned width = element.getIntOrFloatBitWidth();
  APInt lowest = APInt::getSignedMinValue(width);
  APInt highest = APInt::getSignedMaxValue(width);
  auto getBound = [&](double bound) -> TypedAttr {
    APInt number =
        bound <= lowest.signedRoundToDouble() ? lowest
        : bound >= highest.signedRoundToDouble()
            ? highest
            : APInt(width, static_cast<int64_t>(bound), /*isSigned=*/true);
    return IntegerAttr::get(element, number);
  };
  return infer<tosa::ClampOp>(element, value, getBound(least),
                              getBound(greatest));
}

Value TosaBuilder::relu(Value value) {
  return clamp(value, 0, std::numeric_limits<double>::infinity());
}

Value TosaBuilder::select(Value condition, Value lhs, Value rhs) {
  Value values[] = {condition, lhs, rhs};
  equalizeRanks(values);
  return infer<tosa::SelectOp>(getElement(lhs), values[0], values[1],
                               values[2]);
}

Value TosaBuilder::cast(Value value, Type element) {
  if (getElement(value) == element)
    return value;
  if (isFloat(value) && element.isInteger(1)) {
    Value isZero = compare<tosa::EqualOp>(value, getNumber(value, 0));
    return unary<tosa::LogicalNotOp>(isZero);
  }
  // TOSA rounds to the nearest.
  if (isFloat(value) && element.isInteger()) {
    Value isPositive = compare<tosa::GreaterOp>(value, getNumber(value, 0));
    value = select(isPositive, unary<tosa::FloorOp>(value),
                   unary<tosa::CeilOp>(value));
  }
  return infer<tosa::CastOp>(element, value);
}

Value TosaBuilder::mean(Value value, ArrayRef<int64_t> axes) {
  double count = 1;
  for (int64_t axis : axes) {
    count *= getShape(value)[axis];
    value = reduce<tosa::ReduceSumOp>(value, axis);
  }
  return count == 1 ? value : mul(value, 1 / count);
}

Value TosaBuilder::softmax(Value value, int64_t axis) {
  Value greatest = reduce<tosa::ReduceMaxOp>(value, axis);
  Value powers = unary<tosa::ExpOp>(sub(value, greatest));
  return mul(powers, reciprocal(reduce<tosa::ReduceSumOp>(powers, axis)));
}

Value TosaBuilder::logSoftmax(Value value, int64_t axis) {
  Value shifted = sub(value, reduce<tosa::ReduceMaxOp>(value, axis));
  Value sum = reduce<tosa::ReduceSumOp>(unary<tosa::ExpOp>(shifted), axis);
  return sub(shifted, unary<tosa::LogOp>(sum));
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

int64_t TosaBuilder::multiply(ArrayRef<int64_t> extents) {
  if (ShapedType::isDynamicShape(extents))
    return ShapedType::kDynamic;
  return computeProduct(extents);
}

Value TosaBuilder::reshape(Value value, ArrayRef<int64_t> shape) {
  if (getShape(value) == shape)
    return value;
  auto extents = llvm::map_to_vector(shape, [](int64_t extent) {
    return ShapedType::isDynamic(extent) ? -1 : extent;
  });
  return infer<tosa::ReshapeOp>(getElement(value), value,
                                getShapeValue(extents));
}

Value TosaBuilder::transpose(Value value, ArrayRef<int64_t> perms) {
  if (isIdentityPermutation(perms))
    return value;
  SmallVector<int32_t> narrow(perms.begin(), perms.end());
  return infer<tosa::TransposeOp>(getElement(value), value,
                                  getDenseI32ArrayAttr(narrow));
}

Value TosaBuilder::concat(ArrayRef<Value> values, int64_t axis) {
  if (values.size() == 1)
    return values.front();
  SmallVector<Value> operands(values);
  return infer<tosa::ConcatOp>(getElement(values.front()), operands,
                               getI32IntegerAttr(axis));
}

Value TosaBuilder::slice(Value value, int64_t axis, int64_t start,
                         int64_t size) {
  SmallVector<int64_t> starts(getRank(value), 0), sizes(getShape(value));
  if (sizes[axis] == size)
    return value;
  starts[axis] = start;
  sizes[axis] = size;
  for (int64_t &extent : sizes)
    extent = ShapedType::isDynamic(extent) ? -1 : extent;
  return infer<tosa::SliceOp>(getElement(value), value, getShapeValue(starts),
                              getShapeValue(sizes));
}

Value TosaBuilder::pad(Value value, ArrayRef<int64_t> before,
                       ArrayRef<int64_t> after, double number) {
  SmallVector<int64_t> padding;
  for (auto [first, last] : llvm::zip_equal(before, after))
    padding.append({first, last});
  if (llvm::all_of(padding, [](int64_t extent) { return extent == 0; }))
    return value;
  auto type = RankedTensorType::get({1}, getElement(value));
  Value constant = getConstant(DenseElementsAttr::get(
      type, Attribute(getNumberAttr(getElement(value), number))));
  return infer<tosa::PadOp>(getElement(value), value, getShapeValue(padding),
                            constant);
}

Value TosaBuilder::tile(Value value, ArrayRef<int64_t> multiples) {
  if (llvm::all_of(multiples, [](int64_t extent) { return extent == 1; }))
    return value;
  return infer<tosa::TileOp>(getElement(value), value,
                             getShapeValue(multiples));
}

Value TosaBuilder::matmul(Value lhs, Value rhs) {
  return infer<tosa::MatMulOp>(getElement(lhs), lhs, rhs);
}

SmallVector<int64_t> TosaBuilder::getPermsToLast(int64_t rank) {
  SmallVector<int64_t> perms{0};
  llvm::append_range(perms, llvm::seq<int64_t>(2, rank));
  perms.push_back(1);
  return perms;
}

SmallVector<int64_t> TosaBuilder::getPermsToFirst(int64_t rank) {
  return invertPermutationVector(getPermsToLast(rank));
}
