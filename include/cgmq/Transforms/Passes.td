//===- Passes.td - Transforms passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_PASSES_TD
#define CGMQ_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def BuildLossPass : Pass<"cgmq-build-loss", "::mlir::ModuleOp"> {
  let summary = "Add the loss of a function as a function";
  let description = [{
    Requires a function of one block that returns one float tensor whose first
    dimension is the batch. Adds `@<function>_loss`, which takes what the
    function takes and then what it should have returned, and gives one number;
    the function itself stays as it is. Its body is copied, and the loss follows
    in TOSA:

    - `cross-entropy`: the result is a matrix of logits, one row for each
      sample; labels are integers in [0, number of columns), which nothing
      checks: a label outside counts as a loss of zero. The loss is the mean
      over the batch of `log(sum(exp(logits))) - logits[label]`, computed after
      the greatest logit of the row was subtracted.
    - `mse`: the target has the type of the result; the loss is the mean over
      all elements of the squared difference.

    Example, with `function=f`:

    ```mlir
    func.func @f(%x: tensor<8x3xf32>) -> tensor<8x3xf32>
    func.func @f_loss(%x: tensor<8x3xf32>, %labels: tensor<8xi32>) -> tensor<f32>
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"""",
           "Name of the function (default: the only one of the module)">,
    Option<"loss", "loss", "::mlir::cgmq::Loss",
           /*default=*/"::mlir::cgmq::Loss::CrossEntropy",
           "Which loss (default: cross-entropy)",
           [{::llvm::cl::values(
               clEnumValN(::mlir::cgmq::Loss::CrossEntropy, "cross-entropy",
                          "softmax and negative log-likelihood of a label"),
               clEnumValN(::mlir::cgmq::Loss::MeanSquaredError, "mse",
                          "mean of squared differences to a target"))}]>
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect",
    "::mlir::tosa::TosaDialect"
  ];
}

def DifferentiatePass : Pass<"cgmq-differentiate", "::mlir::ModuleOp"> {
  let summary = "Add the vector-Jacobian product of a function";
  let description = [{
    Requires a function of one block in which every operation on a path from
    what is differentiated to a float result has a DifferentiableOpInterface;
    an operation without one is an error, and so is control flow. Adds
    `@<function>_vjp`, which takes what the function takes and then a cotangent
    for each float result, and gives the results and then the cotangents of what
    `wrt` names: the reverse sweep stands after the copied body. The function
    itself stays as it is, and nothing is simplified: canonicalization and CSE
    remove what the rules build twice.

    Parameters are the mutable globals of float elements that the function
    loads, in the order of their first loads; cotangents of several loads of one
    global are added up, and the result says `cgmq.gradient_of = @global`.
    Stores to globals are not followed. What no result depends on, and the gate
    of a quantize, has a cotangent of zeros. Two dynamic extents that meet in an
    operation are taken to be equal.

    Example, with `function=f`:

    ```mlir
    ml_program.global private mutable @w(dense<2.0> : tensor<4xf32>) : tensor<4xf32>
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %w = ml_program.global_load @w : tensor<4xf32>
      %y = tosa.add %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    // Added:
    func.func @f_vjp(%x: tensor<4xf32>, %dy: tensor<4xf32>)
        -> (tensor<4xf32>, tensor<4xf32> {cgmq.gradient_of = @w}) {
      %w = ml_program.global_load @w : tensor<4xf32>
      %y = tosa.add %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %y, %dy : tensor<4xf32>, tensor<4xf32>
    }
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"""",
           "Name of the function (default: the only one of the module)">,
    Option<"wrt", "wrt", "::mlir::cgmq::DifferentiateWrt",
           /*default=*/"::mlir::cgmq::DifferentiateWrt::Parameters",
           "With respect to what (default: parameters)",
           [{::llvm::cl::values(
               clEnumValN(::mlir::cgmq::DifferentiateWrt::Parameters,
                          "parameters", "mutable globals"),
               clEnumValN(::mlir::cgmq::DifferentiateWrt::Arguments,
                          "arguments", "float arguments"),
               clEnumValN(::mlir::cgmq::DifferentiateWrt::All, "all",
                          "float arguments, then mutable globals"))}]>
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cgmq::CGMQDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
    "::mlir::tosa::TosaDialect"
  ];
}

#endif // CGMQ_TRANSFORMS_PASSES_TD
