//===- NetworkPasses.td - Passes on a network in floats -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_NETWORKPASSES_TD
#define CGMQ_TRANSFORMS_NETWORKPASSES_TD

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
    ```

    becomes

    ```mlir
    ml_program.global private mutable @w(dense_resource<w> : tensor<32x5x5x1xf32>) : tensor<32x5x5x1xf32>
    ```
  }];
}

def FoldBatchNormPass : Pass<"cgmq-fold-batch-norm", "ModuleOp"> {
  let summary = "Fold batch norms into the weights and biases before them";
  let description = [{
    Batch normalization with fixed statistics is, for each channel c, an affine
    function `a[c] * x + b[c]`, which frameworks leave as `tosa.sub`, `tosa.mul`
    and `tosa.add` behind a contraction. The pass gives the contraction the
    weights and biases of the whole,

        weight'[c, ...] = a[c] * weight[c, ...]
        bias'[c]        = a[c] * bias[c] + b[c]

    evaluated in double and rounded once, and removes the chain. What is left
    can be trained, bounded and quantized; `cgmq-insert-gates` refuses a
    `tosa.mul` of an activation by more than one number.

    A chain is folded where

    - it follows a `tosa.conv2d`, `tosa.depthwise_conv2d`,
      `tosa.transpose_conv2d` or a `tosa.matmul` whose second factor is a
      weight; reshapes and transposes that leave the channels whole may stand
      between, and stay;
    - it multiplies each channel by a factor of its own: additions of biases,
      products with one number and with activations are no batch norms;
    - its operands are one number or one for each channel, made of constants
      and parameters that nothing stores to by reshape, transpose, add, sub,
      mul, pow, reciprocal and rsqrt. Where another operand comes after the
      factor, the chain is folded up to it;
    - nothing else uses the contraction's result or a value inside the chain,
      weight and bias are made as operands are, and the new ones are finite.

    A batch norm that does not fit stays as it is, with a remark; chains that are
    no batch norms stay without one. Parameters need values: numbers, or
    `#cgmq.he_uniform`, which becomes numbers.

    Numbers change in the globals that hold them. A global that others see as
    well (another load, or its module's users, if it is public) keeps its
    numbers, and a copy of a new name gets the new ones. The addition of a
    parameter that follows a matmul at once is its bias; a contraction without a
    bias, or with a constant for bias or weight, gets a new mutable global.
    Globals that only the chain used are erased: scale and statistics no longer
    train apart. A `cgmq.width` on the chain goes to what now gives its result.
    Fold before inserting gates and before a loss is built.

    Example, a batch norm of variance 4 and mean 1, thus a = 1 / 2 and
    b = -1 / 2, and of a scale of 3 and an offset of 1 after that:

    ```mlir
    ml_program.global private mutable @w(dense<[[[2.0], [4.0]]]> : tensor<1x2x1xf32>) : tensor<1x2x1xf32>
    ml_program.global private @variance(dense<4.0> : tensor<1x1x1xf32>) : tensor<1x1x1xf32>
    func.func @f(%x: tensor<1x?x2xf32>) -> tensor<1x?x1xf32> {
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %one = "tosa.const"() <{values = dense<1.0> : tensor<1x1x1xf32>}> : () -> tensor<1x1x1xf32>
      %three = "tosa.const"() <{values = dense<3.0> : tensor<1x1x1xf32>}> : () -> tensor<1x1x1xf32>
      %w = ml_program.global_load @w : tensor<1x2x1xf32>
      %y = tosa.matmul %x, %w, %zero, %zero
          : (tensor<1x?x2xf32>, tensor<1x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x1xf32>
      %variance = ml_program.global_load @variance : tensor<1x1x1xf32>
      %factor = tosa.rsqrt %variance : (tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
      %centred = tosa.sub %y, %one : (tensor<1x?x1xf32>, tensor<1x1x1xf32>) -> tensor<1x?x1xf32>
      %normal = tosa.mul %centred, %factor, %shift
          : (tensor<1x?x1xf32>, tensor<1x1x1xf32>, tensor<1xi8>) -> tensor<1x?x1xf32>
      %scaled = tosa.mul %normal, %three, %shift
          : (tensor<1x?x1xf32>, tensor<1x1x1xf32>, tensor<1xi8>) -> tensor<1x?x1xf32>
      %z = tosa.add %scaled, %one : (tensor<1x?x1xf32>, tensor<1x1x1xf32>) -> tensor<1x?x1xf32>
      return %z : tensor<1x?x1xf32>
    }
    ```

    becomes, with a = 3 / 2 and b = 3 * -1 / 2 + 1,

    ```mlir
    ml_program.global private mutable @w(dense<[[[3.0], [6.0]]]> : tensor<1x2x1xf32>) : tensor<1x2x1xf32>
    ml_program.global private mutable @w.bias(dense<-0.5> : tensor<1x1x1xf32>) : tensor<1x1x1xf32>
    func.func @f(%x: tensor<1x?x2xf32>) -> tensor<1x?x1xf32> {
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %w = ml_program.global_load @w : tensor<1x2x1xf32>
      %y = tosa.matmul %x, %w, %zero, %zero
          : (tensor<1x?x2xf32>, tensor<1x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x1xf32>
      %bias = ml_program.global_load @w.bias : tensor<1x1x1xf32>
      %z = tosa.add %y, %bias : (tensor<1x?x1xf32>, tensor<1x1x1xf32>) -> tensor<1x?x1xf32>
      return %z : tensor<1x?x1xf32>
    }
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "Function to work on; needed where the module holds several">
  ];
  let dependentDialects = ["::mlir::ml_program::MLProgramDialect",
                           "::mlir::tosa::TosaDialect"];
}

def DecomposeTransposeConvPass
    : Pass<"cgmq-decompose-transpose-conv", "ModuleOp"> {
  let summary = "Make convolutions of transposed ones, weights included";
  let description = [{
    Makes of each `tosa.transpose_conv2d` a `tosa.conv2d`, which can be trained,
    bounded, quantized and lowered as any other. With strides (s, t) a result
    has s x t phases, each of which is a convolution of the input by every s-th
    row and t-th column of the kernel, reversed. All phases are one convolution
    with s * t * OC channels, which a reshape and a transpose interleave and a
    slice trims; where both strides are one there are none of these.

    | operand, of a kernel of KH x KW | before           | after                                           |
    |---------------------------------|------------------|-------------------------------------------------|
    | weight                          | [OC, KH, KW, IC] | [s * t * OC, ceil(KH / s), ceil(KW / t), IC]    |
    | bias                            | [OC] or [1]      | [s * t * OC]                                    |

    The result is the same, but for the order of sums. Costs are those of the
    convolution that is done: with kernels whose extents are multiples of the
    strides IC * OC * KH * KW multiply-accumulates for each position of the
    input, and for some around it; other kernels are filled up with zeros,
    which count. In training each phase has a bias of its own, and what was
    filled up learns as well.

    Requires f32, extents that are static but for the batch, and a weight and a
    bias that are constants or parameters that nothing stores to, moved by what
    `cgmq-fold-batch-norm` knows; all else is an error at the operation. The
    numbers in the parameters' globals are laid out anew, once; a global that
    others see keeps its own, and a copy gets the new ones. A `cgmq.width` goes
    to what gives the result. A batch norm behind it is folded before
    (`cgmq-fold-batch-norm`), as channels do not stay whole. Without a
    transposed convolution the pass does nothing.

    Example, of a kernel of 2 x 2 with strides of two, each element of which is
    a phase:

    ```mlir
    ml_program.global private mutable @w(dense<[[[[1.0], [2.0]], [[3.0], [4.0]]]]> : tensor<1x2x2x1xf32>) : tensor<1x2x2x1xf32>
    ml_program.global private mutable @b(dense<0.5> : tensor<1xf32>) : tensor<1xf32>
    func.func @f(%x: tensor<?x3x3x1xf32>) -> tensor<?x6x6x1xf32> {
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %w = ml_program.global_load @w : tensor<1x2x2x1xf32>
      %b = ml_program.global_load @b : tensor<1xf32>
      %y = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x3x3x1xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x6x6x1xf32>
      return %y : tensor<?x6x6x1xf32>
    }
    ```

    becomes

    ```mlir
    ml_program.global private mutable @w(dense<[[[[1.0]]], [[[2.0]]], [[[3.0]]], [[[4.0]]]]> : tensor<4x1x1x1xf32>) : tensor<4x1x1x1xf32>
    ml_program.global private mutable @b(dense<0.5> : tensor<4xf32>) : tensor<4xf32>
    func.func @f(%x: tensor<?x3x3x1xf32>) -> tensor<?x6x6x1xf32> {
      %w = ml_program.global_load @w : tensor<4x1x1x1xf32>
      %b = ml_program.global_load @b : tensor<4xf32>
      %phases = tosa.conv2d %x, %w, %b, ... -> tensor<?x3x3x4xf32>
      %split = tosa.reshape %phases, ... -> tensor<?x3x3x2x2x1xf32>
      %rows = tosa.transpose %split {perms = array<i32: 0, 1, 3, 2, 4, 5>} : (tensor<?x3x3x2x2x1xf32>) -> tensor<?x3x2x3x2x1xf32>
      %y = tosa.reshape %rows, ... -> tensor<?x6x6x1xf32>
      return %y : tensor<?x6x6x1xf32>
    }
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "Function to work on; needed where the module holds several">
  ];
  let dependentDialects = ["::mlir::ml_program::MLProgramDialect",
                           "::mlir::tosa::TosaDialect"];
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
    ```

    becomes

    ```mlir
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

def SinkTransposesPass : Pass<"cgmq-sink-transposes", "ModuleOp"> {
  let summary = "Move transposes towards results and into parameters";
  let description = [{
    Networks that keep channels before height and width come with a transpose
    before and one after each convolution and pooling of TOSA, which keep them
    last. The pass moves each transpose below the operations that use it, until
    it meets its inverse, and both vanish:

    - below elementwise operations, where all operands are transposed alike, or
      can be for nothing: constants, parameters, and tensors of which one
      dimension alone has several elements;
    - below reductions, `tosa.concat`, `tosa.pad`, `tosa.slice` and `tosa.tile`;
    - a sample that is transposed, flattened and multiplied by a weight is
      flattened as it is, and the rows of the weight are transposed;
    - a transpose or reshape of a private parameter that nothing else uses is
      done to its value.

    What every function computes stays the same, and so do their types: a
    transpose that no inverse follows ends before the result, or before an
    operation that it cannot pass. There is no error: what does not match stays.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x8x8x3xf32>) -> tensor<?x4x4x3xf32> {
      %0 = tosa.transpose %x {perms = array<i32: 0, 3, 1, 2>} : (tensor<?x8x8x3xf32>) -> tensor<?x3x8x8xf32>
      %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x3x8x8xf32>) -> tensor<?x3x8x8xf32>
      %2 = tosa.transpose %1 {perms = array<i32: 0, 2, 3, 1>} : (tensor<?x3x8x8xf32>) -> tensor<?x8x8x3xf32>
      %3 = tosa.max_pool2d %2 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x8x8x3xf32>) -> tensor<?x4x4x3xf32>
      return %3 : tensor<?x4x4x3xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<?x8x8x3xf32>) -> tensor<?x4x4x3xf32> {
      %0 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x8x8x3xf32>) -> tensor<?x8x8x3xf32>
      %1 = tosa.max_pool2d %0 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x8x8x3xf32>) -> tensor<?x4x4x3xf32>
      return %1 : tensor<?x4x4x3xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
}

#endif // CGMQ_TRANSFORMS_NETWORKPASSES_TD
