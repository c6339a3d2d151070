//===- Passes.td - Conversion passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_CONVERSION_PASSES_TD
#define CGMQ_CONVERSION_PASSES_TD

include "cgmq/Conversion/TosaPasses.td"
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
    makes simulation and integer program agree code for code. Sums, differences
    and concatenations of codes that count the same steps, as those of quantizers
    that share range and gate do, are taken as integers too, and so is an
    average: `avg(s * q)` becomes `(s * (1 / n)) * sum(q)` for windows of n
    elements. Where padding makes windows of several sizes, n is their least
    common multiple and each sum is multiplied by the number that is missing.

    Requires straight-line functions in which quantized tensors are used by
    dequantizes and aligns alone. A tensor with several gates has the step of
    its finest width in use, of which its elements count integer multiples, so
    that it too is summed as integers. With `contract-bytes`, for a machine that
    is faster at it, a contraction of unsigned by signed codes with one gate each
    has a second form on bytes, which an `scf.if` selects where both widths are
    at most 8 bits. Leaves linalg, arith, scf,
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
  let options = [
    Option<"contractBytes", "contract-bytes", "bool", /*default=*/"false",
           "Contract codes of at most 8 bits as bytes, as pays on machines with "
           "VNNI">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cgmq::CGMQDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

//===----------------------------------------------------------------------===//
// CGMQToQuant
//===----------------------------------------------------------------------===//

def FreezePass : Pass<"cgmq-freeze", "::mlir::ModuleOp"> {
  let summary = "Fix the widths that gates have chosen";
  let description = [{
    Turns gated quantizers into upstream's quantized types of the widths and
    ranges that gates and ranges hold at present.

    - A weight becomes an immutable global of codes in the storage type (i2,
      i4, i8, i16), which `quant.scast` and `quant.dcast` make real.
    - A bias that passes `cgmq.align` becomes codes (i32) on the accumulator
      grid of its contraction, computed in the same f32 arithmetic. Where a
      code needs more than 32 bits, which only factors of 16 bits bring about,
      the bias stays float, with the value that simulation sees.
    - An activation passes `quant.qcast` and `quant.dcast`.
    - At 32 bits a parameter is clipped, an activation passes `tosa.clamp`, and
      both stay float.
    - Where the gates of a tensor have chosen different widths, its codes are
      on the finest grid in use and have the type of that width. An immutable
      global, `@<name>.widths`, keeps the width of each unit, in i8 and the
      shape of the gates. The `quant.scast` of a weight names it as
      `cgmq.unit_widths`; an activation passes `cgmq.quantize_units`, which
      rounds each element to its own grid, in place of `quant.qcast`. So the
      cost of the function stays that of the gated one.

    What is pruned is a code of zero, and a width of 0 in `@<name>.widths`; a
    tensor that is pruned all over has no type to go to, and is an error.

    Signed codes are symmetric: `!quant.uniform<i4<-7:7>:f32, 0.125>`. Globals
    that nothing uses any more (float parameters, ranges, gates) are erased;
    `cgmq.budget` stays.

    Requires, for each quantizer, gates and a range that are constants or
    globals with a value, ranges greater than zero, parameters with a value and
    biases that are parameters. Gates that differ within a weight or an
    activation stand at 16 bits at most: floats and codes have no grid in
    common. Does not change the network's operations.

    Example:

    ```mlir
    !q = tensor<4x2x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
    ml_program.global private mutable @w(dense<0.5> : tensor<4x2xf32>) : tensor<4x2xf32>
    ml_program.global private mutable @w.range(dense<1.0> : tensor<f32>) : tensor<f32>
    ml_program.global private mutable @w.gate(dense<1.5> : tensor<f32>) : tensor<f32>
    func.func @f() -> tensor<4x2xf32> {
      %w = ml_program.global_load @w : tensor<4x2xf32>
      %range = ml_program.global_load @w.range : tensor<f32>
      %gate = ml_program.global_load @w.gate : tensor<f32>
      %q = cgmq.quantize %w, %range, %gate : tensor<4x2xf32>, tensor<f32>, tensor<f32> -> !q
      %x = cgmq.dequantize %q : !q -> tensor<4x2xf32>
      return %x : tensor<4x2xf32>
    }
    ```

    has this body afterwards:

    ```mlir
    %w = ml_program.global_load_const @w : tensor<4x2xi4>
    %q = quant.scast %w : tensor<4x2xi4> to tensor<4x2x!quant.uniform<i4<-7:7>:f32, 0.1333333>>
    %x = quant.dcast %q : tensor<4x2x!quant.uniform<i4<-7:7>:f32, 0.1333333>> to tensor<4x2xf32>
    ```
  }];
  let dependentDialects = [
    "::mlir::cgmq::CGMQDialect", "::mlir::ml_program::MLProgramDialect",
    "::mlir::quant::QuantDialect", "::mlir::tosa::TosaDialect"
  ];
}

//===----------------------------------------------------------------------===//
// QuantToInteger
//===----------------------------------------------------------------------===//

def LowerToIntegerPass : Pass<"cgmq-lower-to-integer", "::mlir::ModuleOp"> {
  let summary = "Lower frozen functions to programs on integers";
  let description = [{
    Splits each function that holds `quant.dcast` into `@<f>_integer`, which
    computes on integers wherever there is an integer form, and a border of the
    old name and type, which quantizes the arguments, calls it, and scales the
    results.

    - Codes are carried in i8 (at most 8 bits) and i16; unsigned ones in
      signless storage, extended by `arith.extui`.
    - A contraction is a `linalg.generic` that accumulates in i32, or in i64
      where the actual weights and bias do not prove that i32 holds the sums.
      It carries `cgmq.widths`, from which its cost is known. The weight of a
      convolution is laid out [kernel height, kernel width, channel, filter];
      that of a depthwise one has no last dimension where there is one result
      for each channel.
    - A quantizer after a contraction is (acc * m + 2^(k-1)) >> k, clamped, with
      a multiplier of at most 31 bits. It is chosen so that the codes of all
      accumulators in reach equal those of `cgmq-lower-quantizers`; single
      accumulators for which no multiplier does that get a comparison of their
      own. Where even that falls short, which only sums beyond the 24 bits of
      f32's mantissa bring about, a warning says by how much.
    - A quantizer after a quantizer is the same from codes to codes.
    - A clamp (ReLU, ReLU6) is taken over by the quantizer after it, whose codes
      end where the clamp does. Without one, its bounds have to be multiples of
      the step, as zero is.
    - Codes that count the same steps are added, subtracted and concatenated as
      they are. An average is a sum that counts smaller steps, see
      `cgmq-lower-quantizers`.
    - What has no integer form stays float, as the same operation: functions of
      elements (`tosa.exp`, `tosa.mul` of two activations and so on, as in a
      softmax, a layer norm, a GELU), contractions with a factor of 32 bits, and
      sums that nothing else reads. What it reads is scaled right before it, and
      the quantizer after it gives codes by the rule of `cgmq-lower-quantizers`.
      `cgmq-tabulate-floats` makes tables of functions of elements.
    - Where the units of a tensor have different widths, there is one multiplier
      and one pair of bounds for each width in use, of which each element
      selects by a constant tensor of widths, and its code is multiplied by the
      integer (1, 5, 17, 85, 257, ...) that brings it to the finest grid. The
      contraction names the widths as `cgmq.lhs_widths` and `cgmq.rhs_widths`,
      as its factors have them where their codes are made.

    Requires, for each function, a body of one block in which codes have at most
    16 bits, quantized weights and biases are constant globals (as `cgmq-freeze`
    leaves them), biases are on the grid of their accumulators, what tosa.add,
    tosa.sub and tosa.concat join on integers counts the same steps, and
    tosa.pad pads integers by zeros. Extents other than the batch are static.

    Leaves func, ml_program, linalg, tensor, arith, and the tosa operations that
    move elements or compute floats. `cgmq.budget` stays on the border, and `cgmq-verify-budget`
    holds for it. Float globals that nothing uses any more are erased.

    Example:

    ```mlir
    !x = tensor<1x?x4x!quant.uniform<u8:f32, 0.5>>
    !w = tensor<1x4x2x!quant.uniform<i4<-7:7>:f32, 0.25>>
    ml_program.global private @w(dense<3> : tensor<1x4x2xi4>) : tensor<1x4x2xi4>
    func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x2xf32> {
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %xq = quant.qcast %x : tensor<1x?x4xf32> to !x
      %xd = quant.dcast %xq : !x to tensor<1x?x4xf32>
      %wc = ml_program.global_load_const @w : tensor<1x4x2xi4>
      %wq = quant.scast %wc : tensor<1x4x2xi4> to !w
      %wd = quant.dcast %wq : !w to tensor<1x4x2xf32>
      %y = tosa.matmul %xd, %wd, %zero, %zero
          : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
      return %y : tensor<1x?x2xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x2xf32> { ... call @f_integer ... }
    func.func @f_integer(%x: tensor<1x?x4xi8>) -> tensor<1x?x2xi32> {
      %w = ml_program.global_load_const @w : tensor<1x4x2xi8>
      ...
      %y = linalg.generic {...} ins(%x, %w) outs(%zero) attrs = {cgmq.widths = array<i64: 8, 4>} { ... }
      return %y : tensor<1x?x2xi32>
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cgmq::CGMQDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::ml_program::MLProgramDialect",
    "::mlir::tensor::TensorDialect", "::mlir::tosa::TosaDialect"
  ];
}

def TabulateFloatsPass : Pass<"cgmq-tabulate-floats", "::mlir::ModuleOp"> {
  let summary = "Look up codes that floats would be computed for";
  let description = [{
    Makes a table of what an integer program computes in floats, element by
    element, from the codes of one tensor to other codes: a sigmoid, a tanh, a
    GELU, a hard-swish or any chain of such functions with constants between two
    quantizers. Codes of 8 bits are one of 256, so the table has as many entries;
    each is found by compiling and running the very operations that it replaces.
    No code changes.

    The table is an immutable global, `@<function>.table`, of codes as they are
    stored, in the order of the unsigned integers that index it. Where the units
    of the result have different widths, it has a row for each width in use.

    Requires what `cgmq-lower-to-integer` leaves. Leaves as they are: functions
    of several activations (a softmax, a layer norm, a product of two) or of
    several constants (a slope for each channel), codes that are stored in more
    than `index-bits` bits, and floats that leave the function.

    Example:

    ```mlir
    !q = !quant.uniform<i4<-7:7>:f32, 0.25>
    !p = !quant.uniform<u8:f32, 0.00392156886>
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
      %d = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
      %y = tosa.sigmoid %d : (tensor<4xf32>) -> tensor<4xf32>
      %p = quant.qcast %y : tensor<4xf32> to tensor<4x!p>
      %e = quant.dcast %p : tensor<4x!p> to tensor<4xf32>
      return %e : tensor<4xf32>
    }
    ```

    is after `cgmq-lower-to-integer` and this pass

    ```mlir
    ml_program.global private @f_integer.table(dense<...> : tensor<256xi8>) : tensor<256xi8>
    func.func @f_integer(%x: tensor<4xi8>) -> tensor<4xi8> {
      %table = ml_program.global_load_const @f_integer.table : tensor<256xi8>
      %y = linalg.generic {...} ins(%x : tensor<4xi8>) ... {
        %index = arith.index_castui %in : i8 to index
        %code = tensor.extract %table[%index] : tensor<256xi8>
        linalg.yield %code : i8
      }
      return %y : tensor<4xi8>
    }
    ```
  }];
  let options = [
    Option<"indexBits", "index-bits", "int64_t", /*default=*/"8",
           "Most bits in which the codes that index a table are stored: 8, or "
           "16 for tables of 65536 entries (default 8)">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::ml_program::MLProgramDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def RemovePrunedChannelsPass
    : Pass<"cgmq-remove-pruned-channels", "::mlir::ModuleOp"> {
  let summary = "Take channels that say nothing out of integer programs";
  let description = [{
    Shrinks the tensors of programs that `cgmq-lower-to-integer` leaves, so that
    pruning makes them smaller and faster, and not only cheaper by count. No
    result changes.

    A channel is a filter of a contraction and what comes of it: in the bias, in
    pools, rectifiers, quantizers, reshapes and transposes, in additions, and in
    the weights of the contractions that sum over it. It goes where each of these
    contractions

    - has no weight for it but zeros; or
    - sees a constant, whatever the input is: zero of a channel that the
      quantizer prunes, or what the bias alone makes of a filter that is pruned.
      A constant other than zero goes to where the accumulators start, that is
      the bias if there is one. Where it is padded by another number it is not
      the same everywhere, and stays.

    What a value is is found by the ranges that upstream's arithmetic infers.
    Channels are looked at from the last contraction to the first, and again
    until none goes: without a channel less is read of those before it. One
    channel of each tensor stays in any case.

    Leaves as they are: arguments and results of functions, and all that shares
    its channels with them (through an addition, for instance); contractions of
    two activations; rows and batches.

    A bound in percent becomes the number that it stands for, in `bop`, `bit` or
    `cost`, where something was removed: percents are of the function with all of
    its channels at 32 bits, and that is gone. `cgmq-verify-budget` holds.
    `cgmq-report` takes its percents of what is left.

    Example, of a filter of zeros with a bias of 9, which makes a code of 3, which
    the second weight multiplies by 5:

    ```mlir
    #lhs = affine_map<(b, m, n, k) -> (b, m, k)>
    #rhs = affine_map<(b, m, n, k) -> (b, k, n)>
    #out = affine_map<(b, m, n, k) -> (b, m, n)>
    #id = affine_map<(b, m, n) -> (b, m, n)>
    ml_program.global private @w(dense<[[[2, 0]]]> : tensor<1x1x2xi8>) : tensor<1x1x2xi8>
    ml_program.global private @b(dense<[1, 9]> : tensor<2xi32>) : tensor<2xi32>
    ml_program.global private @v(dense<[[[4], [5]]]> : tensor<1x2x1xi8>) : tensor<1x2x1xi8>
    func.func @f_integer(%x: tensor<1x8x1xi8>) -> tensor<1x8x1xi32> {
      %zero = arith.constant 0 : i32
      %w = ml_program.global_load_const @w : tensor<1x1x2xi8>
      %b = ml_program.global_load_const @b : tensor<2xi32>
      %v = ml_program.global_load_const @v : tensor<1x2x1xi8>
      %sum_empty = tensor.empty() : tensor<1x8x2xi32>
      %sum_start = linalg.broadcast ins(%b : tensor<2xi32>) outs(%sum_empty : tensor<1x8x2xi32>) dimensions = [0, 1]
      %sum = linalg.generic {
          indexing_maps = [#lhs, #rhs, #out],
          iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
          ins(%x, %w : tensor<1x8x1xi8>, tensor<1x1x2xi8>) outs(%sum_start : tensor<1x8x2xi32>)
          attrs = {cgmq.widths = array<i64: 2, 4>} {
        ^bb0(%in: i8, %weight: i8, %acc: i32):
          %a = arith.extui %in : i8 to i32
          %c = arith.extsi %weight : i8 to i32
          %product = arith.muli %a, %c : i32
          %next = arith.addi %acc, %product : i32
          linalg.yield %next : i32
      } -> tensor<1x8x2xi32>
      %codes_empty = tensor.empty() : tensor<1x8x2xi8>
      %codes = linalg.generic {
          indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]}
          ins(%sum : tensor<1x8x2xi32>) outs(%codes_empty : tensor<1x8x2xi8>) {
        ^bb0(%acc: i32, %out: i8):
          %greatest = arith.constant 3 : i32
          %low = arith.maxsi %acc, %zero : i32
          %code = arith.minsi %low, %greatest : i32
          %stored = arith.trunci %code : i32 to i8
          linalg.yield %stored : i8
      } -> tensor<1x8x2xi8>
      %y_empty = tensor.empty() : tensor<1x8x1xi32>
      %y_start = linalg.fill ins(%zero : i32) outs(%y_empty : tensor<1x8x1xi32>) -> tensor<1x8x1xi32>
      %y = linalg.generic {
          indexing_maps = [#lhs, #rhs, #out],
          iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
          ins(%codes, %v : tensor<1x8x2xi8>, tensor<1x2x1xi8>) outs(%y_start : tensor<1x8x1xi32>)
          attrs = {cgmq.widths = array<i64: 2, 4>} {
        ^bb0(%in: i8, %weight: i8, %acc: i32):
          %a = arith.extui %in : i8 to i32
          %c = arith.extsi %weight : i8 to i32
          %product = arith.muli %a, %c : i32
          %next = arith.addi %acc, %product : i32
          linalg.yield %next : i32
      } -> tensor<1x8x1xi32>
      return %y : tensor<1x8x1xi32>
    }
    ```

    becomes

    ```mlir
    ml_program.global private @w(dense<2> : tensor<1x1x1xi8>) : tensor<1x1x1xi8>
    ml_program.global private @b(dense<1> : tensor<1xi32>) : tensor<1xi32>
    ml_program.global private @v(dense<4> : tensor<1x1x1xi8>) : tensor<1x1x1xi8>
    ml_program.global private @v.start(dense<15> : tensor<1xi32>) : tensor<1xi32>
    func.func @f_integer(%x: tensor<1x8x1xi8>) -> tensor<1x8x1xi32> {
      %sum = linalg.generic {...} ins(%x, %w) outs(%b_broadcasted) {...} -> tensor<1x8x1xi32>
      %codes = linalg.generic {...} ins(%sum) {...} -> tensor<1x8x1xi8>
      %y = linalg.generic {...} ins(%codes, %v) outs(%v.start_broadcasted) {...} -> tensor<1x8x1xi32>
      return %y : tensor<1x8x1xi32>
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::cgmq::CGMQDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::ml_program::MLProgramDialect", "::mlir::tosa::TosaDialect"
  ];
}

//===----------------------------------------------------------------------===//
// IntegerBorder
//===----------------------------------------------------------------------===//

def LowerBorderPass : Pass<"cgmq-lower-border", "::mlir::ModuleOp"> {
  let summary = "Give an integer program the arguments of a plain function";
  let description = [{
    What `cgmq-lower-to-integer` leaves takes and gives floats at its border.
    This pass gives the border, under its name, flat arguments and results, as a
    function of C has them, of another kind:

    - `bytes`: an argument is bytes from 0 to 255, which stand for 0 to 1 as in
      a data set; a table of 256 codes, computed here in the very arithmetic of
      the border, takes the place of its quantizer (one for each width where
      those of the argument's elements differ). Results are the integers of the
      program, each of which stands for `cgmq.step`.
    - `codes`: arguments are codes already (`cgmq.unsigned` where they are
      unsigned), results as above.
    - `floats`: as before, only flat.

    The batch, if it is dynamic, is fixed to `batch` (as `cgmq-set-batch` does).

    Requires a border as
    `cgmq-lower-to-integer` leaves it: each argument has one use, an elementwise
    quantizer, and one call stands between quantizers and results. Leaves no
    float operation with `bytes` and `codes`; the called function becomes
    private.

    Example:

    ```mlir
    func.func @f(%x: tensor<1x3xf32>) -> tensor<1x3xf32> {
      %none = tensor.empty() : tensor<1x3xi8>
      %codes = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                               iterator_types = ["parallel", "parallel"]}
          ins(%x : tensor<1x3xf32>) outs(%none : tensor<1x3xi8>) {
      ^bb0(%in: f32, %out: i8):
        %scale = arith.constant 3.0 : f32
        %0 = arith.mulf %in, %scale : f32
        %1 = arith.fptoui %0 : f32 to i8
        linalg.yield %1 : i8
      } -> tensor<1x3xi8>
      %y = call @f_integer(%codes) : (tensor<1x3xi8>) -> tensor<1x3xi32>
      %float = tensor.empty() : tensor<1x3xf32>
      %z = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                           iterator_types = ["parallel", "parallel"]}
          ins(%y : tensor<1x3xi32>) outs(%float : tensor<1x3xf32>) {
      ^bb0(%in: i32, %out: f32):
        %step = arith.constant 0.5 : f32
        %0 = arith.sitofp %in : i32 to f32
        %1 = arith.mulf %0, %step : f32
        linalg.yield %1 : f32
      } -> tensor<1x3xf32>
      return %z : tensor<1x3xf32>
    }
    func.func private @f_integer(%x: tensor<1x3xi8>) -> tensor<1x3xi32> {
      %y = arith.extui %x : tensor<1x3xi8> to tensor<1x3xi32>
      return %y : tensor<1x3xi32>
    }
    ```

    becomes

    ```mlir
    ml_program.global private @f.codes(dense<...> : tensor<256xi8>) : tensor<256xi8>
    func.func @f(%bytes: tensor<3xi8> {cgmq.unsigned}) -> (tensor<3xi32> {cgmq.step = 5.0e-01 : f32}) {
      ... tensor.extract %table[%byte] ... call @f_integer ...
    }
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"\"\"",
           "Function whose border it is; may be left out where there is only "
           "one that no other calls">,
    Option<"batch", "batch", "int64_t", /*default=*/"1",
           "Samples that a call takes (default 1)">,
    Option<"border", "border", "::mlir::cgmq::Border",
           /*default=*/"::mlir::cgmq::Border::Bytes",
           "What arguments and results are: bytes, codes or floats (default "
           "bytes)",
           [{::llvm::cl::values(
               clEnumValN(::mlir::cgmq::Border::Bytes, "bytes",
                          "bytes in, integers out"),
               clEnumValN(::mlir::cgmq::Border::Codes, "codes",
                          "codes in, integers out"),
               clEnumValN(::mlir::cgmq::Border::Floats, "floats",
                          "floats in, floats out"))}]>
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cgmq::CGMQDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::ml_program::MLProgramDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

#endif // CGMQ_CONVERSION_PASSES_TD
