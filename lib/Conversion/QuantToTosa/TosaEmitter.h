//===- TosaEmitter.h - Integer functions in TOSA -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTTOTOSA_TOSAEMITTER_H
#define CGMQ_LIB_CONVERSION_QUANTTOTOSA_TOSAEMITTER_H

#include "../CodeConstants.h"
#include "../QuantToInteger/IntegerEmitter.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cgmq {

/// Extensions of TOSA's integer profile that may be used.
struct TosaExtensions {
  bool int4, int16;
};

/// Emits the integer profile of TOSA 1.0: codes in i8, in i4 where they are
/// weights, and in i16, all signed, so that unsigned codes that need all bits
/// have a zero point, of which TOSA knows for i8 alone; accumulators in i32;
/// constants in place.
class TosaEmitter : public IntegerEmitter {
public:
  TosaEmitter(TosaExtensions extensions, GlobalReplacements &replacements)
      : extensions(extensions), replacements(replacements) {}

  FailureOr<IntegerType> getCodeType(Operation *op,
                                     IntegerTensor &codes) override;
  FailureOr<IntegerType> getAccumulatorType(Operation *op, int64_t min,
                                            int64_t max) override;
  Value buildConstant(OpBuilder &builder, Location loc,
                      ml_program::GlobalOp original, RankedTensorType type,
                      ArrayRef<int64_t> integers) override;
  FailureOr<Value> buildConv2D(OpBuilder &builder, tosa::Conv2DOp op,
                               const IntegerTensor &input, Parameter &weight,
                               ArrayRef<int64_t> bias, Parameter *biasParameter,
                               const IntegerTensor &sum) override;
  FailureOr<Value> buildMatMul(OpBuilder &builder, tosa::MatMulOp op,
                               const IntegerTensor &lhs,
                               const IntegerTensor &rhs, Parameter *weight,
                               const IntegerTensor &sum) override;
  FailureOr<Value> buildAdd(OpBuilder &builder, Operation *op,
                            const IntegerTensor &lhs, const IntegerTensor &rhs,
                            IntegerType type) override;
  FailureOr<Value> buildMaxPool2D(OpBuilder &builder, tosa::MaxPool2dOp op,
                                  const IntegerTensor &input) override;
  FailureOr<Value> buildRelu(OpBuilder &builder, Operation *op,
                             const IntegerTensor &input) override;
  FailureOr<Value>
  buildRequantization(OpBuilder &builder, Operation *op,
                      const IntegerTensor &source, IntegerTensor &result,
                      ArrayRef<UnitRequantization> rules) override;

private:
  /// A convolution by `filters`, the codes of `weight` in the shape
  /// `filterShape`, whose first extent is that of the filters.
  FailureOr<Value>
  buildConvolution(ImplicitLocOpBuilder &builder, Operation *op,
                   RankedTensorType resultType, const IntegerTensor &input,
                   Value image, Parameter &weight,
                   ArrayRef<int64_t> filterShape, ArrayRef<int64_t> filters,
                   ArrayRef<int64_t> bias, ArrayRef<int64_t> pad,
                   ArrayRef<int64_t> stride, ArrayRef<int64_t> dilation);
  /// A product with a constant matrix as a convolution of one position, which
  /// takes weights that a product does not.
  FailureOr<Value> buildPointwise(OpBuilder &builder, tosa::MatMulOp op,
                                  const IntegerTensor &lhs, Parameter &weight);

  TosaExtensions extensions;
  GlobalReplacements &replacements;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOTOSA_TOSAEMITTER_H
