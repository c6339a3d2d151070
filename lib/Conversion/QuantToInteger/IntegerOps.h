//===- IntegerOps.h - Building operations on integer tensors -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTTOINTEGER_INTEGEROPS_H
#define CGMQ_LIB_CONVERSION_QUANTTOINTEGER_INTEGEROPS_H

#include "IntegerEmitter.h"
#include "cgmq/Conversion/QuantToInteger/Requantization.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Builders.h"

namespace mlir::cgmq {

/// One factor of an integer contraction: a tensor of codes.
struct CodeOperand {
  Value codes;
  bool isSigned;
  /// The width of the codes in bits; their storage may be wider.
  int64_t width;
};

/// The type in which codes of a width are stored: i8 or i16.
IntegerType getStorageType(MLIRContext *context, int64_t width);

/// The least of i32 and i64 that holds accumulators in [min, max].
IntegerType getAccumulatorType(MLIRContext *context, int64_t min, int64_t max);

/// An integer, which is cut to the bits of its type.
Value buildInteger(OpBuilder &builder, Location loc, Type type, int64_t value);

/// `input` extended (or as it is) to the type of an accumulator.
Value buildExtension(OpBuilder &builder, Location loc, Value input, Type type,
                     bool isSigned);

/// Builds an empty tensor for the result of `conv` on `input`.
Value buildConv2DResult(OpBuilder &builder, tosa::Conv2DOp conv, Value input,
                        Type elementType);

/// Builds the convolution of `conv` on codes in `out`: `weight` has the layout
/// [kernel height, kernel width, channel, filter], or that of TOSA where
/// filters come first, `bias`, if any, that of the filters and the type of
/// `out`.
Value buildConv2D(OpBuilder &builder, tosa::Conv2DOp conv, CodeOperand input,
                  CodeOperand weight, Value bias, Value out,
                  bool filtersFirst = false);

/// Builds the depthwise convolution of `conv` on codes: `weight` has the layout
/// [kernel height, kernel width, channel, multiple], `bias` [channel, multiple]
/// and the accumulators' type, both without the last dimension where there is
/// one result for each channel.
Value buildDepthwiseConv2D(OpBuilder &builder, tosa::DepthwiseConv2DOp conv,
                           CodeOperand input, CodeOperand weight, Value bias,
                           Type elementType);

/// Builds an empty tensor for the product of [b, m, k] and [b, k, n], or of
/// [m, k] and [k, n].
Value buildMatMulResult(OpBuilder &builder, Location loc, Value lhs, Value rhs,
                        Type elementType);

/// Builds that product in `out`.
Value buildMatMul(OpBuilder &builder, Location loc, CodeOperand lhs,
                  CodeOperand rhs, Value out);

/// Builds the maximum over the windows of `pool`.
Value buildMaxPool2D(OpBuilder &builder, tosa::MaxPool2dOp pool, Value input,
                     bool isSigned);

/// Builds the sums of what an average pool takes the average of, on integers or
/// on floats.
Value buildSumPool2D(OpBuilder &builder, tosa::AvgPool2dOp pool, Value input,
                     Type elementType, bool isSigned);

/// Builds the sums along the axis of `op`, on integers.
Value buildReduceSum(OpBuilder &builder, tosa::ReduceSumOp op, Value input,
                     Type elementType, bool isSigned);

/// Builds the codes that rules give for accumulators: the only one, or that of
/// the element's width in `widths`, a tensor of the same rank with extents of
/// one where elements share a width.
Value buildRequantization(OpBuilder &builder, Location loc, Value accumulators,
                          Value widths, ArrayRef<UnitRequantization> rules,
                          bool isSigned, IntegerType storageType);

/// Builds min(max(input, min), max), each bound if there is one.
Value buildClamp(OpBuilder &builder, Location loc, Value input,
                 std::optional<int64_t> min, std::optional<int64_t> max,
                 bool isSigned);

/// Builds `integers + addend`, which may wrap around.
Value buildOffset(OpBuilder &builder, Location loc, Value integers,
                  int64_t addend);

/// Builds the real numbers that integers without a zero point stand for.
Value buildFloats(OpBuilder &builder, Location loc, Value integers,
                  const IntegerTensor &meaning);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOINTEGER_INTEGEROPS_H
