//===- TosaOps.h - Building TOSA's integer operations -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTTOTOSA_TOSAOPS_H
#define CGMQ_LIB_CONVERSION_QUANTTOTOSA_TOSAOPS_H

#include "cgmq/Conversion/QuantToInteger/Requantization.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cgmq {

/// Builds a constant of the shape and element type of `type`.
Value buildTosaConstant(ImplicitLocOpBuilder &builder, RankedTensorType type,
                        ArrayRef<int64_t> integers);

/// Builds one number as a tensor with `rank` extents of one.
Value buildTosaScalar(ImplicitLocOpBuilder &builder, Type elementType,
                      int64_t rank, int64_t number);

/// Builds a mask of the units that have a width, in the shape of `widths`.
Value buildTosaMask(ImplicitLocOpBuilder &builder, ml_program::GlobalOp widths,
                    int64_t width);

/// Builds `input` in another shape.
Value buildTosaReshape(ImplicitLocOpBuilder &builder, Value input,
                       ArrayRef<int64_t> shape);

/// Builds a tensor with a margin of `fill`: before and after, of each
/// dimension.
Value buildTosaPad(ImplicitLocOpBuilder &builder, Value input,
                   ArrayRef<int64_t> padding, int64_t fill);

/// Builds the same integers in another type, which has to hold them; in storage
/// each has the zero point of its type added.
Value buildTosaIntegers(ImplicitLocOpBuilder &builder, Value input,
                        int64_t inputZeroPoint, IntegerType type,
                        int64_t zeroPoint);

/// Builds `((input - inputZeroPoint) * multiplier + 2^(shift-1)) >> shift +
/// zeroPoint` in `type`, at the bounds of which it saturates.
Value buildTosaRescale(ImplicitLocOpBuilder &builder, Value input,
                       int64_t inputZeroPoint, int64_t multiplier,
                       int64_t shift, IntegerType type, int64_t zeroPoint);

/// Builds the codes of a rule, in i32, for accumulators of i32 that are at most
/// `magnitude`.
Value buildTosaRule(ImplicitLocOpBuilder &builder, Value accumulators,
                    const Requantization &rule, int64_t magnitude);

/// The shift of a rule as `tosa.rescale` takes it; a multiplier of zero has
/// any.
int64_t getTosaShift(const Requantization &rule);

/// Whether `tosa.rescale` is defined for what is at most `magnitude`.
bool canRescale(int64_t shift, int64_t magnitude);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOTOSA_TOSAOPS_H
