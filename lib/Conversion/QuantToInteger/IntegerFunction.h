//===- IntegerFunction.h - The integer half of a function -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTTOINTEGER_INTEGERFUNCTION_H
#define CGMQ_LIB_CONVERSION_QUANTTOINTEGER_INTEGERFUNCTION_H

#include "../CodeConstants.h"
#include "IntegerEmitter.h"
#include "cgmq/Analysis/UnitWidths.h"
#include "cgmq/Transforms/FloatParts.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

namespace mlir::cgmq {

/// Translates the operations of a frozen function, in order, to a function on
/// integers. The original is read only.
class IntegerFunction {
public:
  /// An argument of the original that is quantized to become one of the integer
  /// function; without a type one that stays float.
  struct Input {
    BlockArgument argument;
    quant::UniformQuantizedType type;
    /// The widths of units and the range that they share, if they differ.
    ml_program::GlobalOp widths;
    float range = 0.0f;
    int64_t zeroPoint = 0;
  };

  IntegerFunction(func::FuncOp original, SymbolTableCollection &symbolTables,
                  GlobalReplacements &replacements, IntegerEmitter &emitter);

  /// Builds the function under a free name. Fails, with an error at an
  /// operation that cannot be carried on integers.
  LogicalResult build();

  func::FuncOp getFunction() { return function; }
  ArrayRef<Input> getInputs() const { return inputs; }
  /// What the results of the function stand for; nothing, if they are floats.
  ArrayRef<std::optional<IntegerTensor>> getResults() const { return results; }

private:
  LogicalResult lower(Operation *op);
  LogicalResult lower(quant::QuantizeCastOp op);
  LogicalResult lower(QuantizeUnitsOp op);
  LogicalResult lower(quant::StorageCastOp op);
  LogicalResult lower(quant::DequantizeCastOp op);
  LogicalResult lower(tosa::Conv2DOp op);
  LogicalResult lower(tosa::DepthwiseConv2DOp op);
  LogicalResult lower(tosa::MatMulOp op);
  LogicalResult lower(tosa::AddOp op) { return lowerSum(op, false); }
  LogicalResult lower(tosa::SubOp op) { return lowerSum(op, true); }
  LogicalResult lower(tosa::ConcatOp op);
  LogicalResult lower(tosa::AvgPool2dOp op);
  LogicalResult lower(tosa::ReduceSumOp op);
  LogicalResult lower(tosa::MulOp op);
  LogicalResult lower(tosa::ClampOp op);
  LogicalResult lower(tosa::MaxPool2dOp op);
  LogicalResult lower(tosa::PadOp op);
  LogicalResult lower(func::ReturnOp op);
  template <typename ConvOp>
  using BuildConvolution = FailureOr<Value> (IntegerEmitter::*)(
      OpBuilder &, ConvOp, const IntegerTensor &, Parameter &,
      ArrayRef<int64_t>, Parameter *, const IntegerTensor &);
  /// Lowers a convolution whose weight has a filter for each index of
  /// `numDims` dimensions from `firstDim` on.
  template <typename ConvOp>
  LogicalResult lowerConvolution(ConvOp op, unsigned firstDim, unsigned numDims,
                                 BuildConvolution<ConvOp> build);
  LogicalResult lowerMovement(Operation *op);
  /// Computes floats as the original does.
  LogicalResult lowerFloat(Operation *op);
  LogicalResult lowerSum(Operation *op, bool isDifference);

  /// A width that a quantizer rounds to, seen from the codes of its result.
  struct WidthGrid {
    int64_t width, ratio;
    float step;
    int64_t minCode, maxCode;
  };
  /// Gives `result` the codes of `input`, which are those that simulation sees.
  LogicalResult requantize(Operation *op, Value input,
                           ArrayRef<WidthGrid> grids, IntegerTensor &result);
  /// Gives `result` codes from outside, for the argument of `meaning`.
  LogicalResult addInput(Operation *op, Input meaning, IntegerTensor &result);
  /// Gives `result` the codes of `constant`: those that `getCode` gives for the
  /// element of a number.
  LogicalResult addConstant(Operation *op, DenseFPElementsAttr constant,
                            function_ref<int64_t(float, size_t)> getCode,
                            IntegerTensor &result);
  /// Gives `result`, and so the value that `op` leaves, codes in one of these
  /// three ways.
  LogicalResult quantize(Operation *op, Input meaning,
                         ArrayRef<WidthGrid> grids,
                         function_ref<int64_t(float, size_t)> getCode,
                         IntegerTensor result);
  /// Clamps integers to what their real numbers are yet to be clamped to.
  /// Fails, with an error at `user`, where a bound is none of their numbers.
  LogicalResult applyBounds(Operation *user, IntegerTensor &tensor);

  /// Gives `result` the codes of a float, by the quantizer's rule.
  LogicalResult quantizeFloat(Operation *op, Value input, const Input &meaning,
                              IntegerTensor &result);
  /// The floats that `value` is, and no integers; null otherwise.
  Value lookupFloats(Value value) {
    return tensors.contains(value) ? Value() : floats.lookup(value);
  }
  /// The real numbers of `value`, whatever it is here.
  FailureOr<Value> getFloats(Operation *user, Value value);

  /// The integers of `value`, or an error at `user` if it stays float; with
  /// bounds applied if `apply` says so.
  FailureOr<IntegerTensor> lookup(Operation *user, Value value,
                                  bool apply = true);
  /// The parameter that `value` is; null where it is none.
  Parameter *lookupParameter(Value value);
  /// The integers of a bias on the grid of `step`.
  FailureOr<SmallVector<int64_t>> getBias(Operation *user, Value value,
                                          float step);
  /// The same for the filters of a convolution, which may share one number.
  FailureOr<SmallVector<int64_t>> getFilterBias(Operation *user, Value value,
                                                float step, int64_t numFilters);
  LogicalResult emitFloatError(Operation *user, Value value);

  func::FuncOp original;
  SymbolTableCollection &symbolTables;
  SymbolTable &symbols;
  GlobalReplacements &replacements;
  IntegerEmitter &emitter;
  OpBuilder builder;
  func::FuncOp function;
  SmallVector<Input> inputs;
  SmallVector<std::optional<IntegerTensor>> results;
  DenseMap<Value, IntegerTensor> tensors;
  /// The parts that compute floats, and the real numbers of values.
  FloatParts floatParts;
  DenseMap<Value, Value> floats;
  DenseMap<Value, Parameter> parameters;
};

/// The uniform type of a quantized tensor whose codes this conversion carries:
/// at most 16 bits unless `isBias`, f32, without a zero point.
FailureOr<quant::UniformQuantizedType> getCarriedType(Operation *op, Type type,
                                                      bool isBias = false);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOINTEGER_INTEGERFUNCTION_H
