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
  FailureOr<Value>
  buildDepthwiseConv2D(OpBuilder &builder, tosa::DepthwiseConv2DOp op,
                       const IntegerTensor &input, Parameter &weight,
                       ArrayRef<int64_t> bias, Parameter *biasParameter,
                       const IntegerTensor &sum) override;
  FailureOr<Value> buildMatMul(OpBuilder &builder, tosa::MatMulOp op,
                               const IntegerTensor &lhs,
                               const IntegerTensor &rhs, Parameter *weight,
                               const IntegerTensor &sum) override;
  FailureOr<Value> buildSum(OpBuilder &builder, Operation *op,
                            const IntegerTensor &lhs, const IntegerTensor &rhs,
                            bool isDifference, IntegerType type) override;
  FailureOr<Value> buildConcat(OpBuilder &builder, tosa::ConcatOp op,
                               ArrayRef<IntegerTensor> parts,
                               const IntegerTensor &joined,
                               IntegerType type) override;
  FailureOr<Value> buildSumPool2D(OpBuilder &builder, tosa::AvgPool2dOp op,
                                  const IntegerTensor &input,
                                  const AveragePool &average,
                                  IntegerType type) override;
  FailureOr<Value> buildReduceSum(OpBuilder &builder, tosa::ReduceSumOp op,
                                  const IntegerTensor &input,
                                  IntegerType type) override;
  FailureOr<Value> buildMaxPool2D(OpBuilder &builder, tosa::MaxPool2dOp op,
                                  const IntegerTensor &input) override;
  FailureOr<Value> buildPad(OpBuilder &builder, tosa::PadOp op,
                            const IntegerTensor &input,
                            ArrayRef<int64_t> padding) override;
  FailureOr<Value> buildClamp(OpBuilder &builder, Operation *op,
                              const IntegerTensor &input,
                              std::optional<int64_t> min,
                              std::optional<int64_t> max) override;
  FailureOr<Value>
  buildRequantization(OpBuilder &builder, Operation *op,
                      const IntegerTensor &source, IntegerTensor &result,
                      ArrayRef<UnitRequantization> rules) override;

private:
  /// The weights of a convolution as TOSA lays them out: [filter, height,
  /// width, channel], or [height, width, channel, multiple] of a depthwise one.
  struct Filters {
    SmallVector<int64_t> shape, codes;
    bool isDepthwise;
    int64_t width;
    bool isSigned;
    /// The parameter that they are, or null.
    ml_program::GlobalOp global;

    int64_t getNumFilters() const {
      return isDepthwise ? shape[2] * shape[3] : shape[0];
    }
    void foldZeroPoint(SmallVectorImpl<int64_t> &bias, int64_t zeroPoint) const;
  };
  /// Where the windows of a convolution lie.
  struct Windows {
    SmallVector<int64_t> pad, stride, dilation;
  };

  /// A convolution of `image`, the codes of `input` in a shape for it.
  FailureOr<Value> buildConvolution(ImplicitLocOpBuilder &builder,
                                    Operation *op, RankedTensorType resultType,
                                    const IntegerTensor &input, Value image,
                                    const Filters &filters,
                                    ArrayRef<int64_t> bias,
                                    const Windows &windows);
  template <typename ConvOp>
  FailureOr<Value>
  buildWithParameter(OpBuilder &builder, ConvOp op, const IntegerTensor &input,
                     Parameter &weight, ArrayRef<int64_t> bias,
                     Parameter *biasParameter, const IntegerTensor &sum);
  /// The sums of codes over the windows of a pool, which are a depthwise
  /// convolution by ones.
  FailureOr<Value> buildWindowSums(ImplicitLocOpBuilder &builder,
                                   tosa::AvgPool2dOp op,
                                   const IntegerTensor &input);
  /// A product with a constant matrix as a convolution of one position, which
  /// takes weights that a product does not.
  FailureOr<Value> buildPointwise(OpBuilder &builder, tosa::MatMulOp op,
                                  const IntegerTensor &lhs, Parameter &weight);

  TosaExtensions extensions;
  GlobalReplacements &replacements;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOTOSA_TOSAEMITTER_H
