//===- TensorPasses.td - Execution passes on tensors -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_TENSORPASSES_TD
#define CGMQ_EXECUTION_TENSORPASSES_TD

include "cgmq/Execution/PassOptions.td"

def DecomposeTosaPass : Pass<"cgmq-decompose-tosa", "::mlir::func::FuncOp"> {
  let summary = "Write operations of TOSA that linalg lacks in terms of others";
  let description = [{
    Makes of each `tosa.transpose_conv2d` a convolution: of the padded input by
    the reversed kernel where the strides are one, otherwise one for each phase
    of the strides, interleaved. Upstream has the patterns, but only in a pass
    that takes other operations apart as well.

    Requires static shapes; an operation of other shapes stays, for the lowering
    to linalg to refuse.

    Example:

    ```mlir
    func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x2x2x2xf32>, %b: tensor<3xf32>) -> tensor<1x5x5x3xf32> {
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %y = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x2x2x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x5x5x3xf32>
      return %y : tensor<1x5x5x3xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
}

def LowerTosaPass : Pass<"cgmq-lower-tosa", "func::FuncOp"> {
  let summary = "Lower operations of tosa that upstream lowers to a worse form";
  let description = [{
    Stands before upstream's passes, which take all the other operations:

    - `tosa.pad` by constant amounts becomes a `tensor.pad` that has them as
      attributes, on which later passes rely; upstream's has them as operands.
    - `tosa.depthwise_conv2d` of floats with one result for each channel and
      static extents, but for the batch, becomes a `linalg.generic` without a
      dimension for such results, so that channels are the last dimension of all
      tensors and vectors run along them.

    Leaves what it does not match.

    Example:

    ```mlir
    func.func @f(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
      %amounts = tosa.const_shape {values = dense<[0, 0, 1, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
      %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %y = tosa.pad %x, %amounts, %zero : (tensor<2x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<2x4xf32>
      return %y : tensor<2x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
      %zero = arith.constant 0.0 : f32
      %y = tensor.pad %x low[0, 1] high[0, 0] {
      ^bb0(%i: index, %j: index):
        tensor.yield %zero : f32
      } : tensor<2x3xf32> to tensor<2x4xf32>
      return %y : tensor<2x4xf32>
    }
    ```
  }];
  let dependentDialects = ["arith::ArithDialect", "linalg::LinalgDialect",
                           "tensor::TensorDialect", "tosa::TosaDialect"];
}

def ExpandMathPass : Pass<"cgmq-expand-math", "::mlir::func::FuncOp"> {
  let summary = "Write functions of floats as polynomials";
  let description = [{
    Replaces each `math.erf`, `math.exp`, `math.log` and `math.tanh` of f32 by
    upstream's polynomials, which vectorize as other arithmetic does, need no
    library, and give the same bits on every machine: products and sums are
    rounded apart, whether it could do both at once or not.

    Errors in f32, over all finite arguments whose results are normal: exp within
    3e-7 of the result (1e-7 for arguments from -5 to 5), log within 2e-7 of it,
    tanh and erf within 4e-7.

    Leaves other functions and element types to a library.

    Example:

    ```mlir
    func.func @f(%x: f32) -> f32 {
      %y = math.erf %x : f32
      return %y : f32
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def ShiftSignedFactorsPass : Pass<"cgmq-shift-signed-factors", "func::FuncOp"> {
  let summary = "Make signed bytes unsigned that are multiplied by known ones";
  let description = [{
    Where a contraction multiplies signed bytes by signed bytes that are
    constants, 128 is added to the former, which makes them unsigned, and 128
    times the sum of the constants is subtracted from what the sums start with.
    The results are the same, modulo 2^32 as before. VNNI multiplies unsigned by
    signed bytes, so that `cgmq-lay-out-contractions` finds dots then. Zeros that
    a `tensor.pad` puts around the bytes become 128. A contraction in which each
    byte meets only one constant, as in a depthwise convolution, stays.

    Example:

    ```mlir
    func.func @f(%a: tensor<8x16xi8>, %start: tensor<8x2xi32>) -> tensor<8x2xi32> {
      %w = arith.constant dense<1> : tensor<16x2xi8>
      %0 = linalg.matmul ins(%a, %w : tensor<8x16xi8>, tensor<16x2xi8>)
          outs(%start : tensor<8x2xi32>) -> tensor<8x2xi32>
      return %0 : tensor<8x2xi32>
    }
    ```

    becomes the product of `%a + 128`, extended by `arith.extui`, that starts
    with `%start - 2048`.
  }];
  let dependentDialects = ["arith::ArithDialect", "linalg::LinalgDialect",
                           "tensor::TensorDialect"];
}

def NarrowRescalesPass : Pass<"cgmq-narrow-rescales"> {
  let summary = "Rescale 32 bits by the upper half of a product";
  let description = [{
    A product of 32 by 32 bits that is rounded and shifted by more than 32 bits
    (the requantization of an integer program) needs the upper half of the product
    alone: no bit below it reaches the result. That is computed in 32 bits, of
    which a vector holds twice as many. Multiplier, rounding and shift are
    constants, or selections of constants; others stay.

    Example:

    ```mlir
    func.func @f(%sum: i32) -> i64 {
      %multiplier = arith.constant 1536482264 : i64
      %half = arith.constant 274877906944 : i64
      %shift = arith.constant 39 : i64
      %x = arith.extsi %sum : i32 to i64
      %p = arith.muli %x, %multiplier : i64
      %r = arith.addi %p, %half : i64
      %code = arith.shrsi %r, %shift : i64
      return %code : i64
    }
    ```

    becomes

    ```mlir
    %low, %high = arith.mulsi_extended %sum, %multiplier : i32
    %r = arith.addi %high, %c64 : i32
    %s = arith.shrsi %r, %c7 : i32
    %code = arith.extsi %s : i32 to i64
    ```
  }];
  let dependentDialects = ["arith::ArithDialect"];
}

def RescaleInFloatsPass : Pass<"cgmq-rescale-in-floats"> {
  let summary = "Rescale sums to codes of 8 bits by products of floats";
  let description = [{
    A requantization, a function of a sum of 32 bits to at most 256 codes that
    never falls, becomes a product of floats that is rounded to the nearest
    integer, where that gives the same code for each sum: a vector of them takes
    five instructions in place of eight to ten. The sum is clamped to those of the
    first and the last code; adding 1.5 * 2^23 rounds, and leaves the code in the
    low bits. That both agree is proved: as neither falls, they are equal if they
    are so on both sides of each of the at most 255 places where a code begins. If
    no float is near enough to the multiplier, two are tried, whose first product
    is rounded to a float, as happens in simulation; if none are found, or one of
    those places lies above 2^24, the integers stay.

    It wants a machine on which a fused multiply-add is an instruction.

    Example:

    ```mlir
    func.func @f(%sum: i32) -> i8 {
      %multiplier = arith.constant 1536482264 : i64
      %half = arith.constant 274877906944 : i64
      %shift = arith.constant 39 : i64
      %min = arith.constant 0 : i64
      %max = arith.constant 255 : i64
      %x = arith.extsi %sum : i32 to i64
      %p = arith.muli %x, %multiplier : i64
      %r = arith.addi %p, %half : i64
      %s = arith.shrsi %r, %shift : i64
      %low = arith.maxsi %s, %min : i64
      %high = arith.minsi %low, %max : i64
      %code = arith.trunci %high : i64 to i8
      return %code : i8
    }
    ```

    becomes

    ```mlir
    %low = arith.maxsi %sum, %c178 : i32
    %high = arith.minsi %low, %c91061 : i32
    %x = arith.sitofp %high : i32 to f32
    %rounded = math.fma %x, %multiplier, %c12582912 : f32
    %bits = arith.bitcast %rounded : f32 to i32
    %code = arith.trunci %bits : i32 to i8
    ```
  }];
  let dependentDialects = ["arith::ArithDialect", "math::MathDialect"];
}

def UnrollReductionsPass : Pass<"cgmq-unroll-reductions", "func::FuncOp"> {
  let summary = "Turn reductions over a few elements into elementwise ops";
  let description = [{
    A reduction whose results are made of at most 16 elements each, such as
    pooling over a small window, becomes an elementwise op that reads its input
    once for each of them. Such an op fuses with those before and after it (see
    `cgmq-fuse-elementwise`). Contractions stay, and reductions along the last
    dimension of an operand, where no vector could be loaded.

    Example:

    ```mlir
    #in = affine_map<(i, j) -> (j, i)>
    #out = affine_map<(i, j) -> (i)>
    func.func @f(%a: tensor<2x8xf32>, %init: tensor<8xf32>) -> tensor<8xf32> {
      %0 = linalg.generic {indexing_maps = [#in, #out],
                           iterator_types = ["parallel", "reduction"]}
          ins(%a : tensor<2x8xf32>) outs(%init : tensor<8xf32>) {
      ^bb0(%x: f32, %out: f32):
        %max = arith.maximumf %x, %out : f32
        linalg.yield %max : f32
      } -> tensor<8xf32>
      return %0 : tensor<8xf32>
    }
    ```

    becomes a parallel `linalg.generic` that reads `%a` at `(0, i)` and `(1, i)`
    and yields the maximum of the two and `%init`.
  }];
  let dependentDialects = ["linalg::LinalgDialect", "tensor::TensorDialect"];
}

def FuseElementwisePass : Pass<"cgmq-fuse-elementwise", "func::FuncOp"> {
  let summary = "Fuse elementwise linalg ops into their consumers";
  let description = [{
    Upstream's fusion of linalg ops on tensors, for a producer that nothing
    reads afterwards: it has one consumer, or takes a few operations on one
    tensor, which each of several elementwise consumers does again. A mere
    broadcast takes in no producer, which it would evaluate several times.
    Contractions (see `cgmq-lay-out-contractions`) take in no producer: they
    would evaluate it once for each multiplication, and would no longer be
    multiplications and additions alone.

    Example:

    ```mlir
    #id = affine_map<(i) -> (i)>
    func.func @f(%a: tensor<8xf32>) -> tensor<8xf32> {
      %empty = tensor.empty() : tensor<8xf32>
      %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
          ins(%a : tensor<8xf32>) outs(%empty : tensor<8xf32>) {
      ^bb0(%x: f32, %out: f32):
        %s = arith.addf %x, %x : f32
        linalg.yield %s : f32
      } -> tensor<8xf32>
      %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
          ins(%0 : tensor<8xf32>) outs(%empty : tensor<8xf32>) {
      ^bb0(%x: f32, %out: f32):
        %p = arith.mulf %x, %x : f32
        linalg.yield %p : f32
      } -> tensor<8xf32>
      return %1 : tensor<8xf32>
    }
    ```

    becomes one `linalg.generic` that adds and multiplies.
  }];
  let dependentDialects = ["affine::AffineDialect", "linalg::LinalgDialect",
                           "tensor::TensorDialect"];
}

def FuseReductionsPass : Pass<"cgmq-fuse-reductions", "func::FuncOp"> {
  let summary = "Merge reductions that read the same tensor";
  let description = [{
    Two reductions over the same loops that share an input and reduce the same
    of the loops become one `linalg.generic` with the results of both, which
    reads the input once. Neither may depend on the other; contractions stay as
    they are.

    Example:

    ```mlir
    #id = affine_map<(i) -> (i)>
    #sum = affine_map<(i) -> ()>
    func.func @f(%a: tensor<8xf32>, %init: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
      %0 = linalg.generic {indexing_maps = [#id, #sum], iterator_types = ["reduction"]}
          ins(%a : tensor<8xf32>) outs(%init : tensor<f32>) {
      ^bb0(%x: f32, %out: f32):
        %s = arith.addf %x, %out : f32
        linalg.yield %s : f32
      } -> tensor<f32>
      %1 = linalg.generic {indexing_maps = [#id, #sum], iterator_types = ["reduction"]}
          ins(%a : tensor<8xf32>) outs(%init : tensor<f32>) {
      ^bb0(%x: f32, %out: f32):
        %m = arith.maximumf %x, %out : f32
        linalg.yield %m : f32
      } -> tensor<f32>
      return %0, %1 : tensor<f32>, tensor<f32>
    }
    ```

    becomes one op that yields the sum and the maximum.
  }];
  let dependentDialects = ["linalg::LinalgDialect", "tensor::TensorDialect"];
}

def GatherSlicesPass : Pass<"cgmq-gather-slices", "func::FuncOp"> {
  let summary = "Compute parts of sums over windows alone";
  let description = [{
    A sum over windows, `y[h + p] += lhs[h] * rhs[p]`, of which only a part
    `y[start : start + size]` is used, becomes a sum for each element of the
    part, over products with a padded factor: `y'[i] += lhs'[i - p + P - 1] *
    rhs[p]` for p below P. Without the padding of a convolution, the gradient of
    its input is such a part. `cgmq-lower-contractions` reads the factor where
    it is, and makes no products with its zeros.

    Requires static shapes and steps of one; other sums stay.

    Example:

    ```mlir
    #h = affine_map<(h, p) -> (h)>
    #p = affine_map<(h, p) -> (p)>
    #y = affine_map<(h, p) -> (h + p)>
    func.func @f(%x: tensor<8xf32>, %w: tensor<3xf32>, %init: tensor<10xf32>) -> tensor<8xf32> {
      %0 = linalg.generic {indexing_maps = [#h, #p, #y], iterator_types = ["parallel", "reduction"]}
          ins(%x, %w : tensor<8xf32>, tensor<3xf32>) outs(%init : tensor<10xf32>) {
      ^bb0(%a: f32, %b: f32, %sum: f32):
        %1 = arith.mulf %a, %b : f32
        %2 = arith.addf %sum, %1 : f32
        linalg.yield %2 : f32
      } -> tensor<10xf32>
      %3 = tensor.extract_slice %0[1] [8] [1] : tensor<10xf32> to tensor<8xf32>
      return %3 : tensor<8xf32>
    }
    ```

    becomes

    ```mlir
    %padded = tensor.pad %x low[1] high[1] {...} : tensor<8xf32> to tensor<10xf32>
    %start = tensor.extract_slice %init[1] [8] [1] : tensor<10xf32> to tensor<8xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(i, p) -> (i - p + 2)>, affine_map<(i, p) -> (p)>, affine_map<(i, p) -> (i)>], ...}
        ins(%padded, %w : ...) outs(%start : ...) {...}
    ```
  }];
  let dependentDialects = ["arith::ArithDialect", "linalg::LinalgDialect",
                           "tensor::TensorDialect"];
}

def SplitReductionsPass
    : Pass<"cgmq-split-reductions", "func::FuncOp"> {
  let summary = "Split contractions with few results into parts";
  let description = [{
    A contraction (see `cgmq-lay-out-contractions`) of at least 2^20 products
    with at most 1024 sums, as the weight gradient of a first convolution is one,
    has no loop over results that is worth dividing among threads. It becomes one
    with partial sums for each of at most 16 equal parts of a reduction, the
    outermost that reshapes of the factors can split, and a `linalg.reduce` of
    them. The number of parts follows from the extent alone, so that no result
    depends on the number of threads.

    Example:

    ```mlir
    func.func @f(%a: tensor<4096x16xf32>, %b: tensor<4096x32xf32>, %init: tensor<16x32xf32>) -> tensor<16x32xf32> {
      %0 = linalg.generic {
          indexing_maps = [affine_map<(n, i, j) -> (n, i)>, affine_map<(n, i, j) -> (n, j)>, affine_map<(n, i, j) -> (i, j)>],
          iterator_types = ["reduction", "parallel", "parallel"]}
          ins(%a, %b : tensor<4096x16xf32>, tensor<4096x32xf32>) outs(%init : tensor<16x32xf32>) {
      ^bb0(%x: f32, %y: f32, %sum: f32):
        %1 = arith.mulf %x, %y : f32
        %2 = arith.addf %sum, %1 : f32
        linalg.yield %2 : f32
      } -> tensor<16x32xf32>
      return %0 : tensor<16x32xf32>
    }
    ```

    becomes

    ```mlir
    %parts = linalg.generic {...} ins(%a4, %b4 : tensor<16x256x16xf32>, tensor<16x256x32xf32>)
        outs(%zeros : tensor<16x16x32xf32>) {...}
    %0 = linalg.reduce { arith.addf } ins(%parts : ...) outs(%init : ...) dimensions = [0]
    ```
  }];
  let dependentDialects = ["arith::ArithDialect", "linalg::LinalgDialect",
                           "tensor::TensorDialect"];
}

def LayOutContractionsPass
    : Pass<"cgmq-lay-out-contractions", "func::FuncOp"> {
  let summary = "Give the operands of contractions the layout for vectors";
  let description = [{
    A contraction is a linalg op on tensors that computes
    `out[C(i)] += lhs[A(i)] * rhs[B(i)]` over static extents with linear maps,
    integers and floats alike: convolutions, their gradients, matrix products.
    Each becomes a `linalg.generic` without loops of extent 1, and where no loop
    is contiguous in all operands that depend on it, or another loop is worth
    it, `linalg.transpose`s before and after make it so. The choice is that of
    least estimated cost, as `cgmq-lower-contractions` will see it.

    Where several loops reduce, and vectors run along a loop longer than the
    widest tile, the factor is cut along it into panels of the tile's width, if
    it is small beside the work: `rhs[p, c, f]` becomes `rhs[f / 64, p, c, f % 64]`.
    So is a constant that is packed for dots (see below), however many reduce.

    With `vnni`, sums of products of unsigned and signed bytes with results of
    32 bits become sums of dots of four bytes, where that is worth it: the factor
    that vectors run over is packed with four values of a reduction innermost,
    padded with zeros, and both factors are read along that reduction by an
    additional loop of four.

    Other ops stay as they are.

    Example:

    ```mlir
    func.func @f(%x: tensor<8x12x12x32xf32>, %w: tensor<64x5x5x32xf32>, %init: tensor<8x8x8x64xf32>)
        -> tensor<8x8x8x64xf32> {
      %y = linalg.conv_2d_nhwc_fhwc
          ins(%x, %w : tensor<8x12x12x32xf32>, tensor<64x5x5x32xf32>)
          outs(%init : tensor<8x8x8x64xf32>) -> tensor<8x8x8x64xf32>
      return %y : tensor<8x8x8x64xf32>
    }
    ```

    becomes

    ```mlir
    %empty = tensor.empty() : tensor<5x5x32x64xf32>
    %wt = linalg.transpose ins(%w : tensor<64x5x5x32xf32>)
        outs(%empty : tensor<5x5x32x64xf32>) permutation = [1, 2, 3, 0]
    %y = linalg.generic {...} ins(%x, %wt : ...) outs(%init : ...) {...}
    ```
  }];
  let options = [VectorBitsOption<>, VnniOption<>];
  let dependentDialects = ["arith::ArithDialect", "linalg::LinalgDialect",
                           "tensor::TensorDialect"];
}

def LowerPadsPass : Pass<"cgmq-lower-pads", "func::FuncOp"> {
  let summary = "Fill borders first, so that padded tensors are written in place";
  let description = [{
    A `tensor.pad` by a constant becomes a tensor whose borders are filled, made
    ahead of what computes the source, and a `tensor.insert_slice`: an op that
    computes the source can then write it where it belongs
    (`eliminate-empty-tensors`).

    A contraction that makes no products with zeros around a factor
    (`cgmq-lower-contractions`) reads the source, where it gains by that: it
    gets a `tensor.pad` of its own, right before it, which stays.

    Example:

    ```mlir
    func.func @f(%x: tensor<6xf32>) -> tensor<8xf32> {
      %zero = arith.constant 0.0 : f32
      %y = tensor.pad %x low[1] high[1] {
      ^bb0(%i: index):
        tensor.yield %zero : f32
      } : tensor<6xf32> to tensor<8xf32>
      return %y : tensor<8xf32>
    }
    ```

    becomes, but for the fill of the last element,

    ```mlir
    %empty = tensor.empty() : tensor<8xf32>
    %border = tensor.extract_slice %empty[0] [1] [1] : tensor<8xf32> to tensor<1xf32>
    %filled = linalg.fill ins(%zero : f32) outs(%border : tensor<1xf32>) -> tensor<1xf32>
    %0 = tensor.insert_slice %filled into %empty[0] [1] [1] : tensor<1xf32> into tensor<8xf32>
    %y = tensor.insert_slice %x into %0[1] [6] [1] : tensor<6xf32> into tensor<8xf32>
    ```
  }];
  let options = [VectorBitsOption<>, VnniOption<>];
  let dependentDialects = ["linalg::LinalgDialect", "tensor::TensorDialect"];
}

#endif // CGMQ_EXECUTION_TENSORPASSES_TD
