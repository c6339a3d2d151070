//===- TosaPasses.td - Conversions from and to TOSA -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_CONVERSION_TOSAPASSES_TD
#define CGMQ_CONVERSION_TOSAPASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// LinalgToTosa
//===----------------------------------------------------------------------===//

def RaiseLinalgPass : Pass<"cgmq-raise-linalg", "::mlir::ModuleOp"> {
  let summary = "Raise networks of linalg to TOSA, their constants to parameters";
  let description = [{
    Takes functions of linalg on tensors, as torch-mlir lowers networks to, and
    says what they compute in TOSA, for which gradients, costs and integers are
    defined. Named operations and `linalg.generic` are read alike, by their
    indexing maps and bodies:

    | what | becomes |
    |---|---|
    | sums of products: `linalg.matmul`, `batch_matmul`, `matvec`, `vecmat`, `dot`, `contract` and the like, in any order of dimensions | `tosa.matmul` |
    | windows over one or two dimensions, in any order of dimensions: `linalg.conv_*`, depthwise and grouped ones as well | `tosa.conv2d`, `tosa.depthwise_conv2d` |
    | maxima and sums of windows: `linalg.pooling_*` | `tosa.max_pool2d`, `tosa.avg_pool2d` times the number of elements, which a division by it takes away again |
    | bodies of `arith` and `math` without reductions: `linalg.add`, `map`, `elementwise`, `fill`, `broadcast`, `transpose` | an operation each, which broadcasts as the maps say; a comparison that selects the greater or lesser, a clamp |
    | sums, products, maxima and minima | `tosa.reduce_*` |
    | `linalg.softmax`, `tensor.pad`, `concat`, `extract_slice`, `insert_slice`, `expand_shape`, `collapse_shape`, `reshape`, `cast`, `splat` | the like |

    What a product or convolution accumulates into is no operation where it is
    zero, the bias of a convolution where it is one number for each channel, and
    an addition elsewhere. Padding by zero before a convolution, and by the least
    number before a maximum, is the operation's own.

    A constant of floats that is a factor, or of more than one element, becomes a
    private `ml_program.global`, named for the layer that it belongs to
    (`@conv1.weight`, `@linear2.bias`, `@parameter1`). They can be trained, but
    for means and variances of batch norms. A constant whose elements are equal
    becomes a parameter for each operation that uses it. A scalar global of
    integers that nothing uses is erased.

    The batch may be an extent that is not known; all else has to be. Types of
    results say afterwards what follows from the arguments'. Transposes are moved
    as by `cgmq-sink-transposes`, then the module is canonicalized. With
    `layout=nhwc` arguments and results of four dimensions get their channels
    last, as data sets have them.

    Refused, each at its operation: what has no counterpart in TOSA (gathers,
    `linalg.index`, steps and flips), poolings with dilations, quantized products,
    three spatial dimensions, scalars that are computed from data, control flow.
    NaN is not promised to be what it was. What was changed before an error stays
    so. A function without linalg and tensor operations stays as it is.

    Example:

    ```mlir
    #rows = affine_map<(d0, d1) -> (d0, d1)>
    #bias = affine_map<(d0, d1) -> (d1)>
    func.func @f(%x: tensor<?x2xf32>) -> tensor<?x3xf32> {
      %zero = arith.constant 0.0 : f32
      %i = arith.constant 0 : index
      %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
      %b = arith.constant dense<[7.0, 8.0, 9.0]> : tensor<3xf32>
      %n = tensor.dim %x, %i : tensor<?x2xf32>
      %e = tensor.empty(%n) : tensor<?x3xf32>
      %init = linalg.fill ins(%zero : f32) outs(%e : tensor<?x3xf32>) -> tensor<?x3xf32>
      %y = linalg.matmul ins(%x, %w : tensor<?x2xf32>, tensor<2x3xf32>) outs(%init : tensor<?x3xf32>) -> tensor<?x3xf32>
      %z = linalg.generic {indexing_maps = [#rows, #bias, #rows], iterator_types = ["parallel", "parallel"]}
          ins(%y, %b : tensor<?x3xf32>, tensor<3xf32>) outs(%e : tensor<?x3xf32>) {
      ^bb0(%in: f32, %bias: f32, %out: f32):
        %sum = arith.addf %in, %bias : f32
        %positive = arith.cmpf ugt, %sum, %zero : f32
        %relu = arith.select %positive, %sum, %zero : f32
        linalg.yield %relu : f32
      } -> tensor<?x3xf32>
      return %z : tensor<?x3xf32>
    }
    ```

    becomes

    ```mlir
    ml_program.global private mutable @linear1.weight(dense<[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]> : tensor<1x2x3xf32>) : tensor<1x2x3xf32>
    ml_program.global private mutable @linear1.bias(dense<[[7.0, 8.0, 9.0]]> : tensor<1x3xf32>) : tensor<1x3xf32>
    func.func @f(%x: tensor<?x2xf32>) -> tensor<?x3xf32> {
      %w = ml_program.global_load @linear1.weight : tensor<1x2x3xf32>
      %rows = tosa.reshape %x, ... -> tensor<1x?x2xf32>
      %y = tosa.matmul %rows, %w, ... -> tensor<1x?x3xf32>
      ...
      %sum = tosa.add ...
      %relu = tosa.clamp %sum {min_val = 0.0 : f32, ...}
      return %relu : tensor<?x3xf32>
    }
    ```
  }];
  let options = [
    Option<"layout", "layout", "::mlir::cgmq::ImageLayout",
           /*default=*/"::mlir::cgmq::ImageLayout::NCHW",
           "Layout of arguments and results of four dimensions (default nchw)",
           [{::llvm::cl::values(
               clEnumValN(::mlir::cgmq::ImageLayout::NCHW, "nchw",
                          "as the function has them"),
               clEnumValN(::mlir::cgmq::ImageLayout::NHWC, "nhwc",
                          "channels last, as data sets have them, in a function "
                          "that has them first"))}]>,
    Option<"nonnegative", "nonnegative", "bool", /*default=*/"false",
           "The arguments are never negative, as pixels in [0, 1] are: they get "
           "unsigned codes (default false)">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cgmq::CGMQDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::ml_program::MLProgramDialect",
    "::mlir::tensor::TensorDialect", "::mlir::tosa::TosaDialect"
  ];
}

//===----------------------------------------------------------------------===//
// QuantToTosa
//===----------------------------------------------------------------------===//

def LowerToTosaPass : Pass<"cgmq-lower-to-tosa", "::mlir::ModuleOp"> {
  let summary = "Lower frozen functions to TOSA's integer profile";
  let description = [{
    The same program as that of `cgmq-lower-to-integer`, code for code, in the
    operations of TOSA 1.0 that its profile PRO-INT has, with constants in
    place: what other compilers take. Splits each function that holds
    `quant.dcast` into `@<f>_integer`, which holds nothing but TOSA, and a border
    of the old name and type, which quantizes the arguments, calls it, and
    scales the results.

    - Codes are carried in i8 and i16. Both are signed in TOSA: unsigned codes
      of 8 bits have a zero point of -128, narrower ones none. Those of 16 bits
      are stored less 32768, which goes into the bias of the convolution after
      them, as i16 has no zero point.
    - Weights of at most 4 bits are i4, where `int4` allows the extension. A
      product with a constant matrix is a convolution of one position then,
      since `tosa.matmul` takes no i4.
    - Convolutions take i8 by i4 or i8 into i32, and i16 by i8 into i48, products
      i8 by i8 into i32 and i16 by i16 into i48; from i48, sums are brought to
      i32, which holds them.
    - A quantizer after a contraction is a `tosa.rescale` of a multiplier of 31
      bits, rounded once, and a `tosa.clamp` where storage does not saturate by
      itself. Its rule is that of `cgmq-lower-to-integer`, so that the codes are
      those of `cgmq-lower-quantizers`. Where accumulators are corrected one by
      one, or units have several widths, it is computed in i32, by
      `tosa.equal`, `tosa.select`, `tosa.maximum`, `tosa.minimum` and `tosa.mul`.
    - A quantizer after a max-pooling goes before it: TOSA takes maxima of codes,
      and the maximum of codes is the code of the maximum.
    - Sums and differences are of i32, to which codes are brought; concatenated
      are codes, or i32 where a part is no code. An average over windows is a
      depthwise convolution by ones, one over whole images two
      `tosa.reduce_sum`. Zeros around a tensor are constants beside it, by
      `tosa.concat`.
    - Functions of elements between codes of 8 bits are `tosa.table`, as
      `cgmq-tabulate-floats` finds them; where units have several widths, one
      table for each width, and `tosa.select`.

    Requires what `cgmq-lower-to-integer` requires, and static extents
    (`cgmq-set-batch` fixes the batch). An error, at the operation, is what the
    profile has no form for: weights of 16 bits in convolutions; unsigned codes
    of 16 bits in products with anything but constants of 8; sums beyond i32; a
    pooling whose result is no code, or one with widths that differ between
    positions; an average over windows of what is no code; other floats.

    Leaves func, tosa, and in the border arith, math, linalg and tensor. Nothing
    of `cgmq` stays, since other tools refuse what they do not know: that the
    budget holds is to be verified before (`cgmq-verify-budget`).

    The result is valid for `--tosa-attach-target="profiles=pro_int
    extensions=int4,int16" --tosa-validate=strict-op-spec-alignment`, and goes
    through `--tosa-to-linalg-pipeline`.

    Example:

    ```mlir
    !x = tensor<1x8x4x!quant.uniform<u8:f32, 0.5>>
    !w = tensor<1x4x2x!quant.uniform<i4<-7:7>:f32, 0.25>>
    !y = tensor<1x8x2x!quant.uniform<i8<-127:127>:f32, 1.5>>
    ml_program.global private @w(dense<3> : tensor<1x4x2xi4>) : tensor<1x4x2xi4>
    func.func @f(%x: tensor<1x8x4xf32>) -> tensor<1x8x2xf32> {
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %xq = quant.qcast %x : tensor<1x8x4xf32> to !x
      %xd = quant.dcast %xq : !x to tensor<1x8x4xf32>
      %wc = ml_program.global_load_const @w : tensor<1x4x2xi4>
      %wq = quant.scast %wc : tensor<1x4x2xi4> to !w
      %wd = quant.dcast %wq : !w to tensor<1x4x2xf32>
      %y = tosa.matmul %xd, %wd, %zero, %zero
          : (tensor<1x8x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x2xf32>
      %yq = quant.qcast %y : tensor<1x8x2xf32> to !y
      %yd = quant.dcast %yq : !y to tensor<1x8x2xf32>
      return %yd : tensor<1x8x2xf32>
    }
    ```

    becomes, with `int4=false`,

    ```mlir
    func.func @f(%x: tensor<1x8x4xf32>) -> tensor<1x8x2xf32> { ... call @f_integer ... }
    func.func @f_integer(%x: tensor<1x8x4xi8>) -> tensor<1x8x2xi8> {
      %w = "tosa.const"() <{values = dense<3> : tensor<1x4x2xi8>}> : () -> tensor<1x4x2xi8>
      %xz = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}> : () -> tensor<1xi8>
      ...
      %sum = tosa.matmul %x, %w, %xz, %zero : (...) -> tensor<1x8x2xi32>
      %code = tosa.rescale %sum, %multiplier, %shift, %zero32, %zero
          {rounding_mode = SINGLE_ROUND, scale32 = true, ...} : (...) -> tensor<1x8x2xi8>
      %y = tosa.clamp %code {max_val = 127 : i8, min_val = -127 : i8} : (...) -> tensor<1x8x2xi8>
      return %y : tensor<1x8x2xi8>
    }
    ```
  }];
  let options = [
    Option<"int4", "int4", "bool", /*default=*/"true",
           "Store weights of at most 4 bits as i4, by the extension EXT-INT4 "
           "(default true)">,
    Option<"int16", "int16", "bool", /*default=*/"true",
           "Carry codes of 16 bits in i16, by the extension EXT-INT16; an error "
           "otherwise (default true)">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::ml_program::MLProgramDialect", "::mlir::quant::QuantDialect",
    "::mlir::tensor::TensorDialect", "::mlir::tosa::TosaDialect"
  ];
}

//===----------------------------------------------------------------------===//
// QuantToQDQ
//===----------------------------------------------------------------------===//

def LowerToQDQPass : Pass<"cgmq-lower-to-qdq", "::mlir::ModuleOp"> {
  let summary = "Leave a frozen network in upstream's dialects alone";
  let description = [{
    Turns what `cgmq-freeze` leaves into float operations between quantized and
    dequantized tensors (QDQ) that tools without the dialect `cgmq` take: stock
    `mlir-opt` and its `--lower-quant-ops`, `--strip-func-quant-types`,
    `--tosa-to-linalg-pipeline`.

    - Weights and biases stay codes that pass `quant.scast` and `quant.dcast`.
      Where their units have several widths, the codes are on the grid of the
      finest, so that one scale holds for all and nothing else has to be said.
    - With `quantizers=arithmetic`, the codes of an activation are computed by a
      `linalg.generic`, in the arithmetic of the quantizer's rule, also where
      units have several widths, and `quant.scast` says what they stand for.
    - With `quantizers=casts`, they stay `quant.qcast`, for converters that look
      for pairs of it and `quant.dcast`. Other than by such, it is not to be run:
      MLIR 22 folds the pair to nothing (`--canonicalize`), and its
      `--lower-quant-ops` rounds toward zero and does not clamp before it
      converts. Several widths within an activation are an error.
    - Immutable globals become constants in place, since upstream has no
      lowering of their loads.
    - Attributes `cgmq.*`, with them the budget, go: that the budget holds is to
      be verified before.

    Contractions remain float operations on dequantized values here, so that
    sums round as floats do: next to a tie a code may be another one than in
    simulation and the integer program, which sum codes.

    Requires what `cgmq-freeze` leaves, without other functions that hold
    operations or types of `cgmq`.

    Example:

    ```mlir
    !x = tensor<?x2x!quant.uniform<u4:f32, 0.5>>
    !w = tensor<1x2x!quant.uniform<i4<-7:7>:f32, 0.25>>
    ml_program.global private @w(dense<[[5, 3]]> : tensor<1x2xi4>) : tensor<1x2xi4> {cgmq.bits = 6 : i64}
    ml_program.global private @w.widths(dense<[[2, 4]]> : tensor<1x2xi8>) : tensor<1x2xi8>
    func.func @f(%x: tensor<?x2xf32> {cgmq.nonnegative}) -> tensor<?x2xf32>
        attributes {cgmq.budget = #cgmq.budget<5.0 percent>} {
      %q = quant.qcast %x : tensor<?x2xf32> to !x
      %d = quant.dcast %q : !x to tensor<?x2xf32>
      %c = ml_program.global_load_const @w : tensor<1x2xi4>
      %s = quant.scast %c {cgmq.unit_widths = @w.widths} : tensor<1x2xi4> to !w
      %w = quant.dcast %s : !w to tensor<1x2xf32>
      %y = tosa.add %d, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
      return %y : tensor<?x2xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
      %codes = linalg.generic {...} ins(%x : tensor<?x2xf32>) outs(... : tensor<?x2xi4>) {
        ... // clamp(floor(x * 2.0 + 0.5), 0, 15)
      } -> tensor<?x2xi4>
      %q = quant.scast %codes : tensor<?x2xi4> to tensor<?x2x!quant.uniform<u4:f32, 0.5>>
      %d = quant.dcast %q : tensor<?x2x!quant.uniform<u4:f32, 0.5>> to tensor<?x2xf32>
      %c = arith.constant dense<[[5, 3]]> : tensor<1x2xi4>
      %s = quant.scast %c : tensor<1x2xi4> to tensor<1x2x!quant.uniform<i4<-7:7>:f32, 0.25>>
      ...
    }
    ```
  }];
  let options = [
    Option<"quantizers", "quantizers", "::mlir::cgmq::QDQQuantizers",
           /*default=*/"::mlir::cgmq::QDQQuantizers::Arithmetic",
           "What quantizes activations: arithmetic or casts (default "
           "arithmetic)",
           [{::llvm::cl::values(
               clEnumValN(::mlir::cgmq::QDQQuantizers::Arithmetic, "arithmetic",
                          "the rule of the quantizer, written out"),
               clEnumValN(::mlir::cgmq::QDQQuantizers::Casts, "casts",
                          "quant.qcast"))}]>
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cgmq::CGMQDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::quant::QuantDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // CGMQ_CONVERSION_TOSAPASSES_TD
