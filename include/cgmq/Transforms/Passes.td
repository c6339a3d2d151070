//===- Passes.td - Transforms passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_PASSES_TD
#define CGMQ_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def InitializeParametersPass
    : Pass<"cgmq-initialize-parameters", "ModuleOp"> {
  let summary = "Replace initialization rules by numbers";
  let description = [{
    Replaces each `#cgmq.he_uniform` value of a global by the numbers that it
    stands for: text where there are at most 16 of them, else a
    `dense_resource`. The rule must stand on a parameter of static shape and
    element type f32. Globals with another value stay as they are.

    Example:

    ```mlir
    ml_program.global private mutable @w(#cgmq.he_uniform<fan_in = 25, seed = 1>) : tensor<32x5x5x1xf32>
    // becomes
    ml_program.global private mutable @w(dense_resource<w> : tensor<32x5x5x1xf32>) : tensor<32x5x5x1xf32>
    ```
  }];
}

def InsertGatesPass : Pass<"cgmq-insert-gates", "ModuleOp"> {
  let summary = "Pass weights, biases and activations through gated quantizers";
  let description = [{
    Takes a float function (one block, each operation with a known cost, at
    least one contraction) and puts a `cgmq.quantize` / `cgmq.dequantize` pair

    - after the load of each parameter that is a factor or the bias of a
      contraction (signed);
    - after each activation that is a factor of a contraction: where it is
      produced, before any reshape or transpose, once for all its users.
      Activations that cannot be negative get unsigned codes: what a clamp at
      zero or a like operation gives, and an argument that carries
      `cgmq.nonnegative`.

    A bias also passes `cgmq.align`, which rounds it to the grid on which its
    contraction accumulates. The result of the function stays as it is.

    Each pair has a range (1.0 until `cgmq-calibrate` sets it) and a gate (5.5,
    that is 32 bits) in new globals named for the parameter, `@w.range` and
    `@w.gate`, or for the function and the position, `@f.act0.range`. A gate
    belongs to a whole tensor. With `input=8` the gate of the model's input is
    a constant.

    An activation's pair replaces it for all users but the return. Weights
    that are computed or constant, and functions that hold quantizers already,
    are refused.

    Example, with `budget=0.9%`:

    ```mlir
    func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x2xf32> {
      %w = ml_program.global_load @w : tensor<1x4x2xf32>
      %y = tosa.matmul %x, %w, %zero, %zero : ...
      return %y : tensor<1x?x2xf32>
    }
    // becomes
    func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x2xf32>
        attributes {cgmq.budget = #cgmq.budget<0.9 percent>} {
      %xr = ml_program.global_load @f.act0.range : tensor<f32>
      %xg = ml_program.global_load @f.act0.gate : tensor<f32>
      %xq = cgmq.quantize %x, %xr, %xg : ...
      %xd = cgmq.dequantize %xq : ...
      %w = ml_program.global_load @w : tensor<1x4x2xf32>
      ...
      %y = tosa.matmul %xd, %wd, %zero, %zero : ...
      return %y : tensor<1x?x2xf32>
    }
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "Function to work on; needed where the module holds several">,
    Option<"budget", "budget", "std::string", /*default=*/"",
           "Bound to put on the function: percent of the cost at 32 bits, "
           "0.9%, or bit-operations, 38912000 (default: none)">,
    ListOption<"widths", "widths", "int64_t",
               "Allowed widths in bits, ascending, out of 2, 4, 8, 16 and 32 "
               "(default: all)",
               "llvm::cl::list_init<int64_t>({2, 4, 8, 16, 32})">,
    Option<"granularity", "granularity", "::mlir::cgmq::Granularity",
           /*default=*/"::mlir::cgmq::Granularity::Layer",
           "What one gate decides the width of (default: layer)", [{
             ::llvm::cl::values(
               clEnumValN(::mlir::cgmq::Granularity::Layer, "layer",
                          "a whole tensor"),
               clEnumValN(::mlir::cgmq::Granularity::Channel, "channel",
                          "an output channel of a weight"),
               clEnumValN(::mlir::cgmq::Granularity::Element, "element",
                          "a single element"))}]>,
    Option<"input", "input", "::mlir::cgmq::InputWidth",
           /*default=*/"::mlir::cgmq::InputWidth::Gated",
           "Width of the model's input (default: gated)", [{
             ::llvm::cl::values(
               clEnumValN(::mlir::cgmq::InputWidth::Gated, "gated",
                          "learned, like all others"),
               clEnumValN(::mlir::cgmq::InputWidth::Fixed8, "8",
                          "fixed at 8 bits"))}]>
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::cgmq::CGMQDialect",
                           "::mlir::ml_program::MLProgramDialect"];
}

def SetBatchPass : Pass<"cgmq-set-batch", "ModuleOp"> {
  let summary = "Give a function of any batch a fixed one";
  let description = [{
    Sets the dynamic leading extent of the arguments of one function to
    `batch`, and makes all shapes in it static, as the operations' own shape
    inference says. Functions that it calls are changed along with it, so
    nothing else may call them.

    Requires functions of one block in which every dynamic shape follows from
    the batch. An argument of static shape keeps it; if the leading extent is
    `batch` already, nothing changes. Does not copy the function.

    Example, with `batch=128`:

    ```mlir
    func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
      %y = tosa.tanh %x : (tensor<?x8xf32>) -> tensor<?x8xf32>
      return %y : tensor<?x8xf32>
    }
    // becomes
    func.func @f(%x: tensor<128x8xf32>) -> tensor<128x8xf32> {
      %y = tosa.tanh %x : (tensor<128x8xf32>) -> tensor<128x8xf32>
      return %y : tensor<128x8xf32>
    }
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "Function to change; may be left out where there is only one">,
    Option<"batch", "batch", "int64_t", /*default=*/"1",
           "Samples in a batch, at least 1 (default 1)">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

#endif // CGMQ_TRANSFORMS_PASSES_TD
