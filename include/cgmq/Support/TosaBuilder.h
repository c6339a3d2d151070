//===- TosaBuilder.h - Operations of TOSA with their types -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_SUPPORT_TOSABUILDER_H
#define CGMQ_SUPPORT_TOSABUILDER_H

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cgmq {

/// Builds operations whose results' shapes follow from their operands. Shapes
/// have at most one dynamic extent.
class TosaBuilder : public ImplicitLocOpBuilder {
public:
  using ImplicitLocOpBuilder::ImplicitLocOpBuilder;

  static RankedTensorType getType(Value value) {
    return llvm::cast<RankedTensorType>(value.getType());
  }
  static ArrayRef<int64_t> getShape(Value value) {
    return getType(value).getShape();
  }
  static int64_t getRank(Value value) { return getType(value).getRank(); }
  static Type getElement(Value value) {
    return getType(value).getElementType();
  }
  static bool isFloat(Value value) { return isa<FloatType>(getElement(value)); }

  /// An operation with elements of type `element`.
  template <typename Op, typename... Args>
  Value infer(Type element, Args &&...args) {
    return tosa::CreateOpAndInferShape<Op>(
               *this, UnrankedTensorType::get(element), args...)
        ->getResult(0);
  }

  /// Operands of an elementwise operation, of one rank.
  void equalizeRanks(MutableArrayRef<Value> values);

  template <typename Op> Value unary(Value value) {
    return infer<Op>(getElement(value), value);
  }
  template <typename Op> Value binary(Value lhs, Value rhs) {
    Value values[] = {lhs, rhs};
    equalizeRanks(values);
    return infer<Op>(getElement(lhs), values[0], values[1]);
  }
  template <typename Op> Value compare(Value lhs, Value rhs) {
    Value values[] = {lhs, rhs};
    equalizeRanks(values);
    return infer<Op>(getI1Type(), values[0], values[1]);
  }
  /// Reduces `axis` to one element.
  template <typename Op> Value reduce(Value value, int64_t axis) {
    return infer<Op>(getElement(value), value, getI32IntegerAttr(axis));
  }

  Value add(Value lhs, Value rhs) { return binary<tosa::AddOp>(lhs, rhs); }
  Value sub(Value lhs, Value rhs) { return binary<tosa::SubOp>(lhs, rhs); }
  Value mul(Value lhs, Value rhs);
  Value mul(Value lhs, double rhs) { return mul(lhs, getNumber(lhs, rhs)); }
  Value add(Value lhs, double rhs) { return add(lhs, getNumber(lhs, rhs)); }
  Value div(Value lhs, Value rhs);
  Value negate(Value value) {
    return infer<tosa::NegateOp>(getElement(value), value);
  }
  /// The reciprocal, or of a reciprocal what it is that of.
  Value reciprocal(Value value);
  Value clamp(Value value, double least, double greatest);
  Value relu(Value value);
  Value select(Value condition, Value lhs, Value rhs);
  /// As ONNX does it: towards zero from floats to integers.
  Value cast(Value value, Type element);
  Value mean(Value value, ArrayRef<int64_t> axes);
  /// e^x / sum(e^x) over `axis`, and its logarithm.
  Value softmax(Value value, int64_t axis);
  Value logSoftmax(Value value, int64_t axis);

  /// A constant.
  Value getConstant(ElementsAttr values);
  /// One number of the element type and the rank of `like`.
  Value getNumber(Value like, double number);
  Value getShapeValue(ArrayRef<int64_t> shape);

  Value reshape(Value value, ArrayRef<int64_t> shape);
  Value transpose(Value value, ArrayRef<int64_t> perms);
  Value concat(ArrayRef<Value> values, int64_t axis);
  /// `size` elements of `axis` from `start` on.
  Value slice(Value value, int64_t axis, int64_t start, int64_t size);
  /// Adds `before[i]` and `after[i]` elements to dimension i.
  Value pad(Value value, ArrayRef<int64_t> before, ArrayRef<int64_t> after,
            double number);
  Value tile(Value value, ArrayRef<int64_t> multiples);
  /// The elements of each matrix and vector of a batch multiplied.
  Value matmul(Value lhs, Value rhs);

  /// The permutations between N, C, spatial... and N, spatial..., C.
  static SmallVector<int64_t> getPermsToLast(int64_t rank);
  static SmallVector<int64_t> getPermsToFirst(int64_t rank);
  Value toChannelsLast(Value value) {
    return transpose(value, getPermsToLast(getRank(value)));
  }
  Value toChannelsFirst(Value value) {
    return transpose(value, getPermsToFirst(getRank(value)));
  }

  /// The product of extents, dynamic if one is.
  static int64_t multiply(ArrayRef<int64_t> extents);
};

} // namespace mlir::cgmq

#endif // CGMQ_SUPPORT_TOSABUILDER_H
