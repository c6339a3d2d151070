//===- CGMQDialect.td - The cgmq dialect -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_DIALECT_CGMQ_IR_CGMQDIALECT_TD
#define CGMQ_DIALECT_CGMQ_IR_CGMQDIALECT_TD

include "mlir/IR/DialectBase.td"

def CGMQ_Dialect : Dialect {
  let name = "cgmq";
  let cppNamespace = "::mlir::cgmq";
  let summary = "Quantization whose bit-widths are learned under a cost budget";
  let description = [{
    The dialect represents what Constraint Guided Model Quantization
    (arXiv 2409.20138) needs and upstream dialects lack: a quantized tensor
    whose width a *gate* decides, the step from float into it and back, and
    the *budget* that the widths of a function have to keep.

    Networks stay in their own dialect (TOSA). Around each of their
    contractions stand `cgmq.quantize` and `cgmq.dequantize`, the
    quantize-dequantize form that other compilers know:

    ```mlir
    ml_program.global private mutable @w(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
    ml_program.global private mutable @w.range(dense<1.0> : tensor<f32>) : tensor<f32>
    ml_program.global private mutable @w.gate(dense<5.5> : tensor<f32>) : tensor<f32>

    func.func @f() -> tensor<1x4x2xf32> {
      %w = ml_program.global_load @w : tensor<1x4x2xf32>
      %range = ml_program.global_load @w.range : tensor<f32>
      %gate = ml_program.global_load @w.gate : tensor<f32>
      %q = cgmq.quantize %w, %range, %gate
          : tensor<1x4x2xf32>, tensor<f32>, tensor<f32>
          -> tensor<1x4x2x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
      %x = cgmq.dequantize %q
          : tensor<1x4x2x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
          -> tensor<1x4x2xf32>
      return %x : tensor<1x4x2xf32>
    }
    ```

    Trainable parameters (weights, biases, ranges, gates) are mutable
    `ml_program.global`s. What a global is follows from its uses: a global
    loaded as the gate of a quantize is a gate, and so on.

    The dialect does not model networks, fixed-width quantized types (that is
    `!quant.uniform`, to which `cgmq-freeze` goes) or integer arithmetic.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let extraClassDeclaration = [{
    /// Discardable attribute of a function: the `#cgmq.budget` it has to keep,
    /// or an array of several.
    static constexpr ::llvm::StringLiteral kBudgetAttrName = "cgmq.budget";
    /// Discardable unit attribute of a function argument: its elements are
    /// never negative, so that it is quantized to unsigned codes.
    static constexpr ::llvm::StringLiteral kNonnegativeAttrName =
        "cgmq.nonnegative";
    /// Discardable attribute of a function argument, of an operation with a
    /// result or of a global: the width in bits that its value is quantized to,
    /// which no gate decides.
    static constexpr ::llvm::StringLiteral kWidthAttrName = "cgmq.width";
    /// Discardable attribute of a quantize: the ranges of least mean squared
    /// error, one for each width of the gated type, left by calibration.
    static constexpr ::llvm::StringLiteral kRangesAttrName = "cgmq.ranges";
    /// Discardable attribute of a quantize: the mean squared errors that these
    /// ranges leave.
    static constexpr ::llvm::StringLiteral kErrorsAttrName = "cgmq.errors";
    /// Discardable dictionary of a module that is a checkpoint of a run: where
    /// the run stands, beside the globals of the module.
    static constexpr ::llvm::StringLiteral kCheckpointAttrName =
        "cgmq.checkpoint";
    /// Discardable attribute of an integer contraction: the widths in bits of
    /// its two factors.
    static constexpr ::llvm::StringLiteral kWidthsAttrName = "cgmq.widths";
    /// Discardable attributes of an integer contraction, beside the former: the
    /// constant global that holds the widths of the units of its first or
    /// second factor, with the rank that the tensor has where its codes are
    /// made and extents of one where elements share a unit. The former then has
    /// the finest.
    static constexpr ::llvm::StringLiteral kLhsWidthsAttrName =
        "cgmq.lhs_widths";
    static constexpr ::llvm::StringLiteral kRhsWidthsAttrName =
        "cgmq.rhs_widths";
    /// Discardable attribute of a `quant.scast` to a quantized type: the global
    /// that holds the widths of the units of a weight, in the same form. The
    /// type has the finest of them.
    static constexpr ::llvm::StringLiteral kUnitWidthsAttrName =
        "cgmq.unit_widths";
    /// Discardable attribute of a global that stands in for a parameter: the
    /// bits that the parameter takes, by the widths of its units, where its
    /// storage is wider; zero for a constant that holds widths.
    static constexpr ::llvm::StringLiteral kBitsAttrName = "cgmq.bits";
    /// Discardable string attribute of a memref argument: the name of the
    /// `ml_program.global` whose storage it is.
    static constexpr ::llvm::StringLiteral kGlobalAttrName = "cgmq.global";
    /// Discardable unit attribute of a memref argument: room for the temporary
    /// buffers of the function.
    static constexpr ::llvm::StringLiteral kArenaAttrName = "cgmq.arena";
    /// Discardable unit attribute of a function argument of signless integers:
    /// they are unsigned.
    static constexpr ::llvm::StringLiteral kUnsignedAttrName = "cgmq.unsigned";
    /// Discardable f32 attribute of a function result of integers, or of the
    /// argument that it becomes: what one of them stands for.
    static constexpr ::llvm::StringLiteral kStepAttrName = "cgmq.step";

    /// Discardable attribute of the truncation that ends a requantization
    /// in integers: the two f32 that simulation multiplies the accumulator by,
    /// one after the other, before it rounds the product to a code.
    static constexpr ::llvm::StringLiteral kFactorsAttrName = "cgmq.factors";

    /// Discardable attribute of a function result: the global of which it is
    /// the gradient, as a symbol.
    static constexpr ::llvm::StringLiteral kGradientOfAttrName =
        "cgmq.gradient_of";

    void registerTypes();
    void registerAttributes();
  }];
}

#endif // CGMQ_DIALECT_CGMQ_IR_CGMQDIALECT_TD
