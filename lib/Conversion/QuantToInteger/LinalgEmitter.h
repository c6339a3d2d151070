//===- LinalgEmitter.h - Integer functions in linalg -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTTOINTEGER_LINALGEMITTER_H
#define CGMQ_LIB_CONVERSION_QUANTTOINTEGER_LINALGEMITTER_H

#include "../CodeConstants.h"
#include "IntegerEmitter.h"

namespace mlir::cgmq {

/// Emits linalg and arith on i8, i16, i32 and i64, with constants in globals.
class LinalgEmitter : public IntegerEmitter {
public:
  LinalgEmitter(SymbolTable &symbols, GlobalReplacements &replacements)
      : symbols(symbols), replacements(replacements) {}

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
  SymbolTable &symbols;
  GlobalReplacements &replacements;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOINTEGER_LINALGEMITTER_H
