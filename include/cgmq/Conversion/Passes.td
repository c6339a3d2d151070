//===- Passes.td - Conversion passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_CONVERSION_PASSES_TD
#define CGMQ_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// CGMQToLinalg
//===----------------------------------------------------------------------===//

def LowerQuantizersPass
    : Pass<"cgmq-lower-quantizers", "::mlir::ModuleOp"> {
  let summary = "Lower quantizers to float arithmetic on codes";
  let description = [{
    Turns every quantized tensor, gated (`cgmq.quantize`) or of fixed width
    (`quant.qcast`, `quant.scast`), into codes, which are integral floats, and
    one step, and moves the multiplication by the step below the contractions:
    `conv(sx * qx, sw * qw) + sx * sw * qb` becomes
    `sx * sw * (conv(qx, qw) + qb)`. The sum is of integers, so it is exact
    below 2^24 and equal to what an integer accumulator holds: this is what
    makes simulation and integer program agree code for code.

    Requires straight-line functions in which quantized tensors are used by
    dequantizes and aligns alone, and scalar gates. Leaves linalg, arith,
    tensor and what was there before; no op or type of `cgmq` or `quant`. Does
    not touch the widths themselves: the gates stay operands of the program.

    Example:

    ```mlir
    func.func @f(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> tensor<4xf32> {
      %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32>
          -> tensor<4x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
      %y = cgmq.dequantize %q : tensor<4x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>> -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cgmq::CGMQDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

#endif // CGMQ_CONVERSION_PASSES_TD
