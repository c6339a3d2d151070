//===- IntegerEmitter.h - What integer functions are made of -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTTOINTEGER_INTEGEREMITTER_H
#define CGMQ_LIB_CONVERSION_QUANTTOINTEGER_INTEGEREMITTER_H

#include "../CodeConstants.h"
#include "cgmq/Conversion/QuantToInteger/Requantization.h"
#include "cgmq/Support/AveragePool.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Builders.h"

namespace mlir::cgmq {

/// What an integer tensor stands for: `integer * step`, where the integer is
/// what is stored less the zero point.
struct IntegerTensor {
  Value value;
  float step = 0.0f;
  bool isSigned = true;
  /// The width of codes in bits; zero for an accumulator.
  int64_t width = 0;
  /// Proven bounds of the integers.
  int64_t min = 0, max = 0;
  /// Real numbers that elements are yet to be clamped to, since a quantizer
  /// after a rectifier may do so for nothing, and others are no integers.
  float lower = -std::numeric_limits<float>::infinity();
  float upper = std::numeric_limits<float>::infinity();
  /// The widths of the units of codes, where they differ; `width` is the
  /// finest.
  ml_program::GlobalOp widths;
  /// The number in storage that stands for zero.
  int64_t zeroPoint = 0;
};

/// A parameter of the network: codes, or plain floats where `codes` is null.
struct Parameter {
  ml_program::GlobalOp global;
  DenseIntElementsAttr codes;
  quant::UniformQuantizedType type;
  /// The widths of its units, where they differ.
  ml_program::GlobalOp widths;

  SmallVector<int64_t> getCodes() const {
    return *cgmq::getCodes(codes, type.isSigned());
  }
  ArrayRef<int64_t> getShape() {
    return cast<RankedTensorType>(global.getType()).getShape();
  }
  float getStep() const { return static_cast<float>(type.getScale()); }
  int64_t getWidth() const { return type.getStorageTypeIntegralWidth(); }
};

/// Emits the operations of an integer function in one of the forms that there
/// are. What a tensor stands for, how far it reaches and by which numbers it is
/// requantized is known by then. Each method fails, with an error at the
/// operation of the original, where the form has no way to say it.
class IntegerEmitter {
public:
  virtual ~IntegerEmitter() = default;

  /// The element type that holds codes, whose zero point it sets.
  virtual FailureOr<IntegerType> getCodeType(Operation *op,
                                             IntegerTensor &codes) = 0;
  /// The element type that holds accumulators in [min, max].
  virtual FailureOr<IntegerType> getAccumulatorType(Operation *op, int64_t min,
                                                    int64_t max) = 0;

  /// Integers as they are stored, which stand in for the parameter `original`
  /// unless that is null.
  virtual Value buildConstant(OpBuilder &builder, Location loc,
                              ml_program::GlobalOp original,
                              RankedTensorType type,
                              ArrayRef<int64_t> integers) = 0;

  /// A convolution into accumulators that start at `bias`, one for each filter,
  /// of `biasParameter` unless that is null; `sum` has their bounds.
  virtual FailureOr<Value>
  buildConv2D(OpBuilder &builder, tosa::Conv2DOp op, const IntegerTensor &input,
              Parameter &weight, ArrayRef<int64_t> bias,
              Parameter *biasParameter, const IntegerTensor &sum) = 0;
  virtual FailureOr<Value>
  buildDepthwiseConv2D(OpBuilder &builder, tosa::DepthwiseConv2DOp op,
                       const IntegerTensor &input, Parameter &weight,
                       ArrayRef<int64_t> bias, Parameter *biasParameter,
                       const IntegerTensor &sum) = 0;
  /// A product of matrices; `weight` is the parameter that `rhs` is, if any.
  virtual FailureOr<Value> buildMatMul(OpBuilder &builder, tosa::MatMulOp op,
                                       const IntegerTensor &lhs,
                                       const IntegerTensor &rhs,
                                       Parameter *weight,
                                       const IntegerTensor &sum) = 0;

  /// A sum, or a difference, in `type`, the type of accumulators. Operands
  /// broadcast to the result of `op`.
  virtual FailureOr<Value> buildSum(OpBuilder &builder, Operation *op,
                                    const IntegerTensor &lhs,
                                    const IntegerTensor &rhs, bool isDifference,
                                    IntegerType type) = 0;
  /// The parts one after the other, in `type`, less the zero point of `joined`.
  virtual FailureOr<Value> buildConcat(OpBuilder &builder, tosa::ConcatOp op,
                                       ArrayRef<IntegerTensor> parts,
                                       const IntegerTensor &joined,
                                       IntegerType type) = 0;
  /// The sums over windows, times the ratios of `average`, in `type`, the type
  /// of accumulators.
  virtual FailureOr<Value> buildSumPool2D(OpBuilder &builder,
                                          tosa::AvgPool2dOp op,
                                          const IntegerTensor &input,
                                          const AveragePool &average,
                                          IntegerType type) = 0;
  /// The sums along an axis, in `type`, the type of accumulators.
  virtual FailureOr<Value> buildReduceSum(OpBuilder &builder,
                                          tosa::ReduceSumOp op,
                                          const IntegerTensor &input,
                                          IntegerType type) = 0;
  virtual FailureOr<Value> buildMaxPool2D(OpBuilder &builder,
                                          tosa::MaxPool2dOp op,
                                          const IntegerTensor &input) = 0;
  /// Integers of zero around `input`: before and after, of each dimension.
  virtual FailureOr<Value> buildPad(OpBuilder &builder, tosa::PadOp op,
                                    const IntegerTensor &input,
                                    ArrayRef<int64_t> padding) = 0;
  /// min(max(input, min), max), each bound if there is one.
  virtual FailureOr<Value> buildClamp(OpBuilder &builder, Operation *op,
                                      const IntegerTensor &input,
                                      std::optional<int64_t> min,
                                      std::optional<int64_t> max) = 0;
  /// The codes of `result` by its rules, one for each width in use.
  virtual FailureOr<Value>
  buildRequantization(OpBuilder &builder, Operation *op,
                      const IntegerTensor &source, IntegerTensor &result,
                      ArrayRef<UnitRequantization> rules) = 0;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOINTEGER_INTEGEREMITTER_H
