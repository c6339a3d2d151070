//===- CGMQOps.td - Operations of the cgmq dialect -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_DIALECT_CGMQ_IR_CGMQOPS_TD
#define CGMQ_DIALECT_CGMQ_IR_CGMQOPS_TD

include "cgmq/Dialect/CGMQ/IR/CGMQCosts.td"
include "cgmq/Dialect/CGMQ/IR/CGMQTypes.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/OpBase.td"

class CGMQ_Op<string opMnemonic, list<Trait> traits = []>
    : Op<CGMQ_Dialect, opMnemonic, traits>;

def CGMQ_GatedTensor : TensorOf<[CGMQ_GatedType]>;

def CGMQ_QuantizeOp : CGMQ_Op<"quantize",
    [Pure, AllShapesMatch<["input", "result"]>]> {
  let summary = "Round a float tensor to the width that a gate selects";
  let description = [{
    Rounds each element x of `input` to the grid that `range` (beta) and
    `gate` (g) select:

    ```
    b = T(g): 2 if g <= 1, 4 if g <= 2, 8 if g <= 3, 16 if g <= 4, else 32,
        then the least allowed width >= that (the largest, where none is);
        0 if g <= 0, where 0 is allowed
    s = (beta - alpha) / (2^b - 1),   alpha = signed ? -beta : 0
    code = clamp(floor(x * (1 / s) + 0.5), lo, hi)
    ```

    all in f32, where lo/hi are -/+(2^(b-1) - 1) if signed, else 0 and
    2^b - 1. Ties go up. At 32 bits the element is clipped to [alpha, beta]
    and stays float. At 0 bits, where it is pruned, its code is zero. A range
    <= 0 makes every code zero.

    `range` is a scalar. The shape of `gate` is the granularity: a scalar (one
    width for the tensor), or the rank of `input` with every extent either 1
    or that of `input` (one width for each channel, or each element; an extent
    of 1 for the batch is shared by its samples).

    Because grids nest, a tensor of several widths lies on the finest grid in
    use: its codes are `code * (2^f - 1) / (2^b - 1)` in steps of s_f, where f
    is the widest T(g) of the tensor. Those factors are integers (1, 5, 17, 85,
    257, ...). Where f is 32 the codes are `code * s` and the step is one; where
    all is pruned it is that of 2 bits.

    Gradient (straight-through rounding; dq is the cotangent of the
    dequantized result xq):

    ```
    d input = dq where alpha <= x <= beta, else 0
    d range = sum of dq * (xq - x) / beta  where alpha <= x <= beta
            + sum of dq                    where x > beta
            - sum of dq                    where x < alpha, if signed
    d gate  = none: gates are moved by a direction
    ```

    What is pruned adds nothing to either. The cotangent dq itself, of which
    directions read how much an element matters, is there all the same.

    Constraints:
    - (C1) `input` is a tensor of the expressed type of the result.
    - (C2) `range` is a scalar tensor of the expressed type.
    - (C3) `gate` is a scalar, or of the rank of `input` with extents 1 or
      equal to those of `input`.

    Example:

    ```mlir
    !x = tensor<?x28x28x1x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>
    func.func @f(%x: tensor<?x28x28x1xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> !x {
      %q = cgmq.quantize %x, %range, %gate
          : tensor<?x28x28x1xf32>, tensor<f32>, tensor<f32> -> !x
      return %q : !x
    }
    ```
  }];
  let arguments = (ins
    RankedTensorOf<[F32]>:$input,
    0DTensorOf<[F32]>:$range,
    RankedTensorOf<[F32]>:$gate);
  let results = (outs CGMQ_GatedTensor:$result);
  let assemblyFormat = [{
    $input `,` $range `,` $gate attr-dict `:` type($input) `,` type($range)
    `,` type($gate) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = [{
    GatedType getGatedType() {
      return ::llvm::cast<GatedType>(getResult().getType().getElementType());
    }
  }];
}

def CGMQ_QuantizeUnitsOp : CGMQ_Op<"quantize_units",
    [Pure, AllShapesMatch<["input", "result"]>]> {
  let summary = "Round a float tensor to widths that differ within it";
  let description = [{
    What is left of `cgmq.quantize` when its gates stand and give the units of
    the tensor (channels, elements) different widths. `!quant.uniform` and
    `quant.qcast` know one width for a tensor; here the result has the finest
    one in use, f, and each element x is rounded to the grid of its own:

    ```
    b = its number in `widths`
    s = (beta - alpha) / (2^b - 1),   beta = `range`, alpha = signed ? -beta : 0
    code = clamp(floor(x * (1 / s) + 0.5), lo, hi) * (2^f - 1) / (2^b - 1)
    ```

    all in f32, where lo/hi are the bounds of b bits as in `cgmq.quantize`. The
    last factor is an integer (1, 5, 17, 85, 257, ...), so that nothing is
    rounded twice.

    `widths` has the rank of `input` and extents of one where elements share a
    unit, as the gate had. Its numbers are 0 (the code is zero), 2, 4, 8 or 16
    and at most f.

    Constraints:
    - (C1) `widths` has the rank of `input` and extents 1 or equal to its.
    - (C2) The result has a `!quant.uniform` type of f32 without a zero point,
      of 2, 4, 8 or 16 bits, with the bounds of `cgmq.quantize`.
    - (C3) The scale of the result is the step of its width in `range`.

    Example:

    ```mlir
    !q = tensor<?x3x!quant.uniform<u4:f32, 0.5>>
    ml_program.global private @x.widths(dense<[[2, 4, 2]]> : tensor<1x3xi8>) : tensor<1x3xi8>
    func.func @f(%x: tensor<?x3xf32>) -> !q {
      %widths = ml_program.global_load_const @x.widths : tensor<1x3xi8>
      %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<?x3xf32>, tensor<1x3xi8> -> !q
      return %q : !q
    }
    ```
  }];
  let arguments = (ins
    RankedTensorOf<[F32]>:$input,
    RankedTensorOf<[I8]>:$widths,
    F32Attr:$range);
  let results = (outs RankedTensorOf<[AnyType]>:$result);
  let assemblyFormat = [{
    $input `,` $widths `range` $range attr-dict `:` type($input) `,`
    type($widths) `->` type($result)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::quant::UniformQuantizedType getUniformType() {
      return ::llvm::cast<::mlir::quant::UniformQuantizedType>(
          getResult().getType().getElementType());
    }
  }];
}

def CGMQ_DequantizeOp : CGMQ_Op<"dequantize",
    [Pure, AllShapesMatch<["input", "result"]>]> {
  let summary = "Give the real numbers that a gated tensor stands for";
  let description = [{
    The float tensor of values `code * step` of a gated tensor (at 32 bits,
    the clipped value itself).

    Gradient: the identity; the cotangent of a gated tensor is a float tensor.

    Constraints:
    - (C1) The element type of the result is the expressed type of the input.

    Example:

    ```mlir
    !q = tensor<4x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
    func.func @f(%q: !q) -> tensor<4xf32> {
      %x = cgmq.dequantize %q : !q -> tensor<4xf32>
      return %x : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins CGMQ_GatedTensor:$input);
  let results = (outs RankedTensorOf<[F32]>:$result);
  let assemblyFormat =
      "$input attr-dict `:` type($input) `->` type($result)";
}

def CGMQ_AlignOp : CGMQ_Op<"align",
    [Pure, AllTypesMatch<["bias", "result"]>]> {
  let summary = "Round a bias to the accumulator grid of a contraction";
  let description = [{
    An integer contraction of codes of `lhs` and `rhs` accumulates in units of
    `s = step(lhs) * step(rhs)`, so its bias has to be an integer multiple of
    s. This op rounds it to one, so that training sees what inference does:

    ```
    result = s * floor(bias * (1 / s) + 0.5)
    ```

    with step(t) the step of the finest width in use in t. Where one of the
    two stands at 32 bits the contraction is float and the bias stays as it
    is.

    Gradient: straight-through to `bias`, none to `lhs` and `rhs`.

    Example:

    ```mlir
    !x = tensor<?x28x28x1x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>
    !w = tensor<32x5x5x1x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
    func.func @f(%b: tensor<32xf32>, %x: !x, %w: !w) -> tensor<32xf32> {
      %b1 = cgmq.align %b, %x, %w : tensor<32xf32>, !x, !w
      return %b1 : tensor<32xf32>
    }
    ```
  }];
  let arguments = (ins
    RankedTensorOf<[F32]>:$bias,
    CGMQ_GatedTensor:$lhs,
    CGMQ_GatedTensor:$rhs);
  let results = (outs RankedTensorOf<[F32]>:$result);
  let assemblyFormat = [{
    $bias `,` $lhs `,` $rhs attr-dict `:` type($bias) `,` type($lhs) `,`
    type($rhs)
  }];
}

def CGMQ_BitWidthOp : CGMQ_Op<"bit_width",
    [Pure, AllShapesMatch<["gate", "result"]>]> {
  let summary = "Give the widths that gates select";
  let description = [{
    The width rule T(g) of `cgmq.quantize`, in bits, for each gate of a
    tensor: cost functions are built of it.

    Constraints:
    - (C1) `widths` is a non-empty, strictly increasing list out of
      0, 2, 4, 8, 16 and 32, with one from 2 to 16 where it has 0.

    Example:

    ```mlir
    func.func @f(%gate: tensor<f32>) -> tensor<f64> {
      %b = cgmq.bit_width %gate, [2, 4, 8] : tensor<f32> -> tensor<f64>
      return %b : tensor<f64>
    }
    ```
  }];
  let arguments = (ins
    RankedTensorOf<[F32]>:$gate,
    DenseI64ArrayAttr:$widths);
  let results = (outs RankedTensorOf<[F64]>:$result);
  let assemblyFormat = [{
    $gate `,` $widths attr-dict `:` type($gate) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def CGMQ_ScaleOp : CGMQ_Op<"scale",
    [Pure, AllTypesMatch<["codes", "result"]>]> {
  let summary = "Multiply codes by their step";
  let description = [{
    The real numbers `codes * step`. When quantizers are lowered to float
    arithmetic, a quantized tensor becomes codes (integral floats) and one
    step, and this op joins them. It is moved below contractions, so that they
    sum integers, which single precision does exactly up to 2^24.

    Example:

    ```mlir
    func.func @f(%codes: tensor<?x12x12x32xf32>, %step: f32) -> tensor<?x12x12x32xf32> {
      %x = cgmq.scale %codes, %step : tensor<?x12x12x32xf32>
      return %x : tensor<?x12x12x32xf32>
    }
    ```
  }];
  let arguments = (ins RankedTensorOf<[F32]>:$codes, F32:$step);
  let results = (outs RankedTensorOf<[F32]>:$result);
  let assemblyFormat = "$codes `,` $step attr-dict `:` type($codes)";
}

#endif // CGMQ_DIALECT_CGMQ_IR_CGMQOPS_TD
