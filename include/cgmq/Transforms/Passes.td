//===- Passes.td - Transforms passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_PASSES_TD
#define CGMQ_TRANSFORMS_PASSES_TD

include "cgmq/Transforms/NetworkPasses.td"
include "mlir/Pass/PassBase.td"

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
    `@w.gate`, or for the function and the position, `@f.act0.range`. With
    `input=8` the gate of the model's input is a constant.

    Integers can be added, or put side by side, where they count the same steps.
    So each operation that joins activations has quantizers of its own, right
    before it, with one range and one gate for all of its operands, which are
    signed where any of them may be negative:

    - `tosa.add` (but for a bias), `tosa.sub` and `tosa.concat`, whose operands
      are activations, parameters or constants; what is quantized already, for a
      contraction say, is quantized again, from one grid to the other;
    - `tosa.avg_pool2d` and `tosa.reduce_sum`, unless their operand is quantized
      already or comes from a join, by what moves or rectifies at most.

    What is computed element by element from one activation and single numbers,
    and has no integer form (a sigmoid, a tanh, a GELU, a hard-swish, in whatever
    operations it is written), becomes a table by `cgmq-tabulate-floats` if codes
    of few bits go in. So the activation passes a quantizer of 8 bits on its way
    there, or of what `cgmq.width` says, and what the function gives is quantized
    as any activation is. With `functions=floats` nothing is put before it, and
    it is computed in floats; so it is in any case where it reads what stays float
    or where nothing takes it but floats and the return.

    What joins nothing but what stays float gets none: operations without an
    integer form (see `cgmq-lower-to-integer`), what takes their results before a
    contraction does, and sums that only they read, as in a layer norm. A
    `tosa.mul` by several numbers of an activation that is not float anyway, or of
    what a contraction gives with constants added, is refused: it is a batch norm,
    which `cgmq-fold-batch-norm` takes into weights.

    A join costs nothing, so its gate may keep 8 bits under any bound; it never
    prunes. An argument that is joined has a quantizer of its own as well, so
    that it comes in once. An operand that is no activation, parameter or
    constant is refused.

    A width is pinned by `cgmq.width`, of type i64, on the operation whose result
    is quantized, on the argument, or on the parameter's global: then the gate is
    a constant, and no more widths are allowed; a join takes what is pinned as
    what is quantized already. An attribute on a value that no contraction and no
    join takes is an error.

    With 0 among the `widths` a gate may prune what it decides for: it is zero
    then, and costs nothing. So that the result keeps depending on the input, a
    tensor with one gate is never pruned, nor may a width be pinned to 0, and
    `cgmq-optimize` never prunes the first channel of an activation, nor the
    weights that lead from the first channel of what a contraction takes to the
    first channel of what it gives. `cgmq-remove-pruned-channels` takes out of
    the integer program what says nothing any more.

    The range is one number for a tensor; `granularity` says how many gates it
    has:

    | granularity | weight                  | activation             | bias    |
    |-------------|-------------------------|------------------------|---------|
    | `layer`     | one                     | one                    | one     |
    | `channel`   | each output channel     | each of its last extent| each    |
    | `element`   | each                    | each of a sample       | each    |

    The gate has the rank of the tensor and extents of one where gates are
    shared (a scalar where there is one): `tensor<32x1x1x1xf32>` for the
    channels of a kernel, `tensor<1x12x12x32xf32>` for the elements of an
    activation. The operands of a join share a gate where an extent is not the
    same for all of them: with `channel`, tensors of 8 and 16 channels that are
    concatenated have one gate, and with `element` one for each position. The
    batch, whose samples share gates, is the dynamic extent or,
    in a static shape, the leading one. With `channel`, a weight reaches its
    contraction by transposes and by reshapes that add or drop extents of one.

    The option `budget` puts a bound on the function, which `cgmq-optimize` and
    `cgmq-verify-budget` hold it to: on bit-operations or, by `cost-model`, on
    the bits of weights and biases (`memory`) or on what a table of costs says
    (`table:FILE`), for which see `#cgmq.budget` and `#cgmq.cost_table`. Several
    bounds, each with its model (`budget=bop:0.9%,memory:20%,table:npu.json:40%`)
    have to hold together. What a table says is put into the IR. The file is a
    JSON object of the same form, with a row for each width of the activation:

    ```json
    { "name": "npu",
      "widths": [4, 8, 32],
      "costs": {
        "default": [[1, 1, 16], [1, 1, 16], [16, 16, 16]],
        "matmul": [[0.5, 1, 16], [0.5, 1, 16], [16, 16, 16]] } }
    ```

    Keys that start with `_` may say more; others are refused.

    An activation's pair replaces it for all users but the return. Weights
    that are computed or constant, and functions that hold quantizers already,
    are refused.

    Example, with `budget=0.9%`:

    ```mlir
    ml_program.global private mutable @w(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
    func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x2xf32> {
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %w = ml_program.global_load @w : tensor<1x4x2xf32>
      %y = tosa.matmul %x, %w, %zero, %zero
          : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
      return %y : tensor<1x?x2xf32>
    }
    ```

    becomes

    ```mlir
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
           "0.9%, or a number in the model's unit, 38912000; several as "
           "bop:0.9%,memory:20% (default: none)">,
    Option<"costModel", "cost-model", "std::string", /*default=*/"",
           "What a budget without a model bounds: bop, memory, or table:FILE "
           "(default: bop)">,
    ListOption<"widths", "widths", "int64_t",
               "Allowed widths in bits, ascending, out of 2, 4, 8, 16 and 32, "
               "and 0 to prune channels or elements (default: all but 0)",
               "llvm::cl::list_init<int64_t>({2, 4, 8, 16, 32})">,
    Option<"granularity", "granularity", "::mlir::cgmq::Granularity",
           /*default=*/"::mlir::cgmq::Granularity::Layer",
           "What one gate decides the width of (default: layer)", [{
             ::llvm::cl::values(
               clEnumValN(::mlir::cgmq::Granularity::Layer, "layer",
                          "a whole tensor"),
               clEnumValN(::mlir::cgmq::Granularity::Channel, "channel",
                          "an output channel of a weight, a channel of an "
                          "activation"),
               clEnumValN(::mlir::cgmq::Granularity::Element, "element",
                          "a single element"))}]>,
    Option<"input", "input", "::mlir::cgmq::InputWidth",
           /*default=*/"::mlir::cgmq::InputWidth::Gated",
           "Width of the model's input (default: gated)", [{
             ::llvm::cl::values(
               clEnumValN(::mlir::cgmq::InputWidth::Gated, "gated",
                          "learned, like all others"),
               clEnumValN(::mlir::cgmq::InputWidth::Fixed8, "8",
                          "fixed at 8 bits"))}]>,
    Option<"functions", "functions", "::mlir::cgmq::ElementFunctionForm",
           /*default=*/"::mlir::cgmq::ElementFunctionForm::Tables",
           "What functions of elements become, such as a GELU (default: tables)",
           [{::llvm::cl::values(
               clEnumValN(::mlir::cgmq::ElementFunctionForm::Tables, "tables",
                          "lookups by a code of 8 bits"),
               clEnumValN(::mlir::cgmq::ElementFunctionForm::Floats, "floats",
                          "floats, of whatever they are functions of"))}]>
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::cgmq::CGMQDialect",
                           "::mlir::ml_program::MLProgramDialect"];
}

def BuildCostPass : Pass<"cgmq-build-cost", "ModuleOp"> {
  let summary = "Write the cost of a gated function as a program of its gates";
  let description = [{
    Adds `@<function>_cost() -> tensor<f64>`, which computes the bit-operations
    of one sample from the gates as they stand when it runs: the sum over the
    function's contractions of multiply-accumulates times the widths of both
    factors. Widths that no gate decides (pinned, of a storage type, 32 bits
    of what stays float) are constants in it.

    Where a factor has gates for channels or elements, the widths of each factor
    are summed over the loops that the other does not depend on, and the sums
    are multiplied: for a convolution one sum for each tap and input channel.
    That is exact and takes time linear in the elements, not in the
    multiply-accumulates. Products with padding count, as they do in the cost at
    32 bits: padding is as wide as the element beside it.

    Requires operations of known cost, at least one contraction, gates in
    globals or constants, no more than reshapes and transposes between gates
    finer than a tensor and the contraction, and a module without a symbol of
    the new function's name. Changes nothing else.

    Example, of a matmul with 1 * 4 * 2 = 8 multiply-accumulates for a sample
    and an input of 8 bits (8 * 8 = 64):

    ```mlir
    !w = tensor<1x4x2x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
    ml_program.global private mutable @w(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
    ml_program.global private mutable @w.range(dense<1.0> : tensor<f32>) : tensor<f32>
    ml_program.global private mutable @w.gate(dense<1.5> : tensor<f32>) : tensor<f32>
    func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x2xf32> {
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %xq = quant.qcast %x : tensor<1x?x4xf32> to tensor<1x?x4x!quant.uniform<u8:f32, 0.5>>
      %xd = quant.dcast %xq : tensor<1x?x4x!quant.uniform<u8:f32, 0.5>> to tensor<1x?x4xf32>
      %w = ml_program.global_load @w : tensor<1x4x2xf32>
      %range = ml_program.global_load @w.range : tensor<f32>
      %gate = ml_program.global_load @w.gate : tensor<f32>
      %wq = cgmq.quantize %w, %range, %gate : tensor<1x4x2xf32>, tensor<f32>, tensor<f32> -> !w
      %wd = cgmq.dequantize %wq : !w -> tensor<1x4x2xf32>
      %y = tosa.matmul %xd, %wd, %zero, %zero
          : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
      return %y : tensor<1x?x2xf32>
    }
    ```

    is joined by

    ```mlir
    func.func @f_cost() -> tensor<f64> {
      %gate = ml_program.global_load @w.gate : tensor<f32>
      %width = cgmq.bit_width %gate, [2, 4, 8, 16, 32] : tensor<f32> -> tensor<f64>
      %factor = arith.constant dense<64.0> : tensor<f64>
      %cost = arith.mulf %factor, %width : tensor<f64>
      return %cost : tensor<f64>
    }
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "Function to work on; needed where the module holds several">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::cgmq::CGMQDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::ml_program::MLProgramDialect",
                           "::mlir::tensor::TensorDialect"];
}

def VerifyBudgetPass : Pass<"cgmq-verify-budget", "ModuleOp"> {
  let summary = "Check that each function keeps the bounds on its costs";
  let description = [{
    Recomputes the costs of each function that carries `cgmq.budget` from the IR
    as it stands (float, gated, frozen or integer) and fails, with an error at
    the function, where one exceeds its bound. Bit-operations and tables follow
    from the widths that meet in contractions, memory from those of parameters;
    a frozen bias, which is on the grid of its accumulators, has a record of its
    bits, `cgmq.bits`, on its global. A module without such a function
    is an error too: what passes is certified. Emits an analysis remark of
    category `cgmq-cost` with the cost and the bound for each budget. Changes
    nothing.

    Example, of two 8-bit factors, with an RBOP of 8 * 8 / (32 * 32) = 6.25 %:

    ```mlir
    func.func @f(%x: tensor<1x?x4x!quant.uniform<u8:f32, 0.5>>,
                 %w: tensor<1x4x2x!quant.uniform<i8<-127:127>:f32, 0.25>>)
        -> tensor<1x?x2xf32> attributes {cgmq.budget = #cgmq.budget<6.25 percent>} {
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %xd = quant.dcast %x : tensor<1x?x4x!quant.uniform<u8:f32, 0.5>> to tensor<1x?x4xf32>
      %wd = quant.dcast %w : tensor<1x4x2x!quant.uniform<i8<-127:127>:f32, 0.25>> to tensor<1x4x2xf32>
      %y = tosa.matmul %xd, %wd, %zero, %zero
          : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
      return %y : tensor<1x?x2xf32>
    }
    ```

    A bound of `5.0 percent` is refused:

    ```
    error: expects at most 5 % of the bit-operations at 32 bits, but got 6.25 %
    ```
  }];
}

def ReportPass : Pass<"cgmq-report", "ModuleOp"> {
  let summary = "Report the cost of a function, layer by layer";
  let description = [{
    Computes the bit-operations of one sample of a function at any stage and
    reports them three ways: an analysis remark of category `cgmq-cost` at each
    contraction, a JSON object with the keys

    - `function`, `bops`, `full_bops` (all widths 32), `rbop_percent`,
    - `bound`: null, or an object of `value`, `unit` (`percent` or `bop`) and
      `bops`,
    - `bounds`: a list of `model`, `value`, `unit`, `limit`, `cost`, `full_cost`
      (at 32 bits) and `percent` (of that), one for each budget of the function,
    - `layers`: a list of `name`, `op`, `location`, `macs`, `lhs_bits`,
      `rhs_bits`, `bops` and `share` (of the function's cost, from 0 to 1);
      where a factor has several gates, its bits are the mean of them, and
      `lhs_units` or `rhs_units` counts the gates of each width; where other
      costs than bit-operations are bounded, `costs` has them by the name of
      the model,
    - `memory_bits`, and `parameters`: a list of `name`, `elements` and `bits`,

    and the same as a table of text. Files are replaced whole or not at all.
    Changes nothing.

    Example:

    ```mlir
    func.func @f(%x: tensor<1x?x4xf32>, %w: tensor<1x4x2xf32>) -> tensor<1x?x2xf32> {
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %y = tosa.matmul %x, %w, %zero, %zero
          : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
      return %y : tensor<1x?x2xf32>
    }
    ```

    The table, `--cgmq-report="table-file=-"`, of LeNet-5 with every width 4:

    ```
    layer                    MACs   bits           BOPs    share
    conv1.weight           460800    4x4        7372800   10.80%
    conv2.weight          3276800    4x4       52428800   76.79%
    fc1.weight             524288    4x4        8388608   12.29%
    fc2.weight               5120    4x4          81920    0.12%
    lenet5                4267008              68272128  RBOP 1.5625%
    memory                                      2328104  12.5%
    ```

    The last lines are the other costs: the bits of weights and biases, and what
    budgets bound.
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "Function to report (default: the one with a budget, else the only "
           "one)">,
    Option<"reportFile", "report-file", "std::string", /*default=*/"",
           "File for the JSON object, - for standard output (default: none)">,
    Option<"tableFile", "table-file", "std::string", /*default=*/"",
           "File for the table, - for standard output (default: none)">
  ];
  let dependentDialects = ["::mlir::cgmq::CGMQDialect"];
}

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
    - `distill`: result and target are matrices of logits; the loss is the mean
      over the batch of the Kullback-Leibler divergence
      `sum(p * (log(p) - log(q)))` of the softmax q of the result from the
      softmax p of the target.

    Example, with `function=f`:

    ```mlir
    func.func @f(%x: tensor<8x3xf32>) -> tensor<8x3xf32> {
      %y = tosa.tanh %x : (tensor<8x3xf32>) -> tensor<8x3xf32>
      return %y : tensor<8x3xf32>
    }
    ```

    is joined by

    ```mlir
    func.func @f_loss(%x: tensor<8x3xf32>, %labels: tensor<8xi32>) -> tensor<f32> {
      ...
    }
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"""",
           "Name of the function (default: the only one of the module)">,
    Option<"loss", "loss", "::mlir::cgmq::Loss",
           /*default=*/"::mlir::cgmq::Loss::CrossEntropy",
           "Which loss (default: cross-entropy)",
           [{::mlir::cgmq::getLossValues(/*withDistillation=*/true)}]>
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
    `wrt` names: the reverse sweep stands after the copied body, without the
    `cgmq.budget` of the function. The function itself stays as it is, and
    nothing is simplified: canonicalization and CSE remove what the rules build
    twice.

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
    ```

    is joined by

    ```mlir
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
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect", "::mlir::tosa::TosaDialect"
  ];
}

#endif // CGMQ_TRANSFORMS_PASSES_TD
