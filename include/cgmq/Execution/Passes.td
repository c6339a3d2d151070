//===- Passes.td - Execution passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_PASSES_TD
#define CGMQ_EXECUTION_PASSES_TD

include "mlir/Pass/PassBase.td"

class VectorBitsOption
    : Option<"vectorBits", "vector-bits", "int64_t", /*default=*/"512",
             "Width of the machine's vectors in bits, a power of two from 128">;

class VnniOption
    : Option<"vnni", "vnni", "bool", /*default=*/"false",
             "The machine has AVX-512 VNNI or AVX-VNNI: four products of "
             "unsigned and signed bytes are one instruction">;

class ThreadsOption
    : Option<"threads", "threads", "int64_t", /*default=*/"1",
             "Number of threads that loops are divided among (default 1)">;

def GlobalsToArgumentsPass
    : Pass<"cgmq-globals-to-arguments", "ModuleOp"> {
  let summary = "Turn the globals that a function uses into memref arguments";
  let description = [{
    Each `ml_program.global` that a function loads or stores becomes a trailing
    memref argument of that function, in the order of the globals in the module
    and named by the argument attribute `cgmq.global`. Whoever calls the
    function owns the storage, so the parameters of a network are neither
    copied nor baked into the compiled program, and functions share them.

    A load after a store in the same function sees the stored value. What a
    function stores is written in place when it returns; the buffer analysis
    sees the write, so an update such as `w - lr * dw` needs no second buffer.
    Results never alias a global.

    Requires ranked static tensor types for the globals in use, stores at the
    top level of a function, and no calls to functions that use globals (inline
    first). Leaves the globals themselves where they still have uses, and
    erases them where they have none. Marks the tensor arguments that were there
    as read-only (`bufferization.writable = false`).

    Example:

    ```mlir
    ml_program.global private mutable @w(dense<1.0> : tensor<4xf32>) : tensor<4xf32>
    func.func @f() -> tensor<4xf32> {
      %w = ml_program.global_load @w : tensor<4xf32>
      return %w : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%arg0: memref<4xf32> {cgmq.global = "w"}) -> tensor<4xf32> {
      %w = bufferization.to_tensor %arg0 restrict : memref<4xf32> to tensor<4xf32>
      return %w : tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = ["bufferization::BufferizationDialect",
                           "memref::MemRefDialect", "tensor::TensorDialect"];
}

def PlanBuffersPass : Pass<"cgmq-plan-buffers", "func::FuncOp"> {
  let summary = "Place the temporary buffers of a function in one arena";
  let description = [{
    Static `memref.alloc`s at the top level of the function, and in branches of
    `scf.if`s there, become views of one
    trailing argument, `memref<Nxi8>` with the attribute `cgmq.arena`. Two
    buffers share bytes if no op uses both, or lies between uses of both; each
    starts at a multiple of `alignment`. A reshape of such a buffer becomes a
    view of its own. Matching `memref.dealloc`s are erased.
    The caller allocates the arena once and can share it between functions that
    do not run at the same time, so that a call touches no fresh pages.

    Requires identity layouts; an alloc that is dynamic, nested in a loop, or
    returned by the function stays. A function without temporaries gets no
    argument, nor does a private one, as its callers would not pass it.

    Example:

    ```mlir
    func.func @f(%in: memref<100xf32>, %out: memref<100xf32>) {
      %a = memref.alloc() : memref<100xf32>
      memref.copy %in, %a : memref<100xf32> to memref<100xf32>
      memref.copy %a, %out : memref<100xf32> to memref<100xf32>
      memref.dealloc %a : memref<100xf32>
      return
    }
    ```

    becomes

    ```mlir
    func.func @f(%in: memref<100xf32>, %out: memref<100xf32>, %arena: memref<400xi8> {cgmq.arena}) {
      %offset = arith.constant 0 : index
      %a = memref.view %arena[%offset][] : memref<400xi8> to memref<100xf32>
      memref.copy %in, %a : memref<100xf32> to memref<100xf32>
      memref.copy %a, %out : memref<100xf32> to memref<100xf32>
      return
    }
    ```
  }];
  let options = [Option<"alignment", "alignment", "int64_t", /*default=*/"64",
                        "Alignment of each buffer in bytes, a power of two">];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect"];
}

def SeparateDestinationsPass
    : Pass<"cgmq-separate-destinations", "func::FuncOp"> {
  let summary = "Give each op an empty or filled tensor of its own to write to";
  let description = [{
    Ops that write to the same `tensor.empty` or `linalg.fill`, as CSE leaves
    them, get one each. To bufferization, tensors that share a destination might
    all be one buffer: its analysis takes cubic time in their number, and each
    writer but the last copies the filled buffer, which lives that long.

    Leaves uses that only read alone.

    Example:

    ```mlir
    func.func @f(%a: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>) {
      %zero = arith.constant 0.0 : f32
      %empty = tensor.empty() : tensor<8x8xf32>
      %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x8xf32>) -> tensor<8x8xf32>
      %0 = linalg.matmul ins(%a, %a : tensor<8x8xf32>, tensor<8x8xf32>) outs(%fill : tensor<8x8xf32>) -> tensor<8x8xf32>
      %1 = linalg.matmul ins(%a, %0 : tensor<8x8xf32>, tensor<8x8xf32>) outs(%fill : tensor<8x8xf32>) -> tensor<8x8xf32>
      return %0, %1 : tensor<8x8xf32>, tensor<8x8xf32>
    }
    ```

    has two `tensor.empty` and two `linalg.fill` afterwards.
  }];
  let dependentDialects = ["linalg::LinalgDialect", "tensor::TensorDialect"];
}

def OutlineKernelsPass : Pass<"cgmq-outline-kernels", "ModuleOp"> {
  let summary = "Make each distinct linalg op a function of its own";
  let description = [{
    Each `linalg` op on buffers becomes a call of a private function, and ops
    that differ in their operands alone call the same one. What follows, down to
    the machine's code, is then done once for each distinct op, however many
    layers a network has. The functions are marked `noinline` for LLVM.

    A function takes the buffers of its op and the scalars that its body
    captures. Constants, and views that are no whole buffers (slices), are
    computed anew in it. Where `cgmq-lower-contractions` would start an op's
    accumulators from the fill or broadcast before it, or read a factor without
    its padding, the ops that do so move to the same function; and so does what it
    would apply to finished sums, with their buffer, which it then removes.

    Ops stay where an operand has a dynamic extent, or a layout that is neither
    the identity nor made by a view: one pointer does not tell of it.

    Example:

    ```mlir
    func.func @f(%a: memref<8xf32>, %b: memref<8xf32>) {
      linalg.exp ins(%a : memref<8xf32>) outs(%b : memref<8xf32>)
      linalg.exp ins(%b : memref<8xf32>) outs(%a : memref<8xf32>)
      return
    }
    ```

    becomes

    ```mlir
    func.func @f(%a: memref<8xf32>, %b: memref<8xf32>) {
      call @kernel(%a, %b) : (memref<8xf32>, memref<8xf32>) -> ()
      call @kernel(%b, %a) : (memref<8xf32>, memref<8xf32>) -> ()
      return
    }
    func.func private @kernel(%x: memref<8xf32>, %y: memref<8xf32>)
        attributes {passthrough = ["noinline"]} {
      linalg.exp ins(%x : memref<8xf32>) outs(%y : memref<8xf32>)
      return
    }
    ```
  }];
  let options = [VectorBitsOption<>, VnniOption<>];
  let dependentDialects = ["func::FuncDialect"];
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

def LowerStridedCopiesPass
    : Pass<"cgmq-lower-strided-copies", "func::FuncOp"> {
  let summary = "Lower copies of parts of buffers to linalg";
  let description = [{
    A `memref.copy` of which one side is not contiguous (a slice, the inside of
    a padded tensor) becomes a `linalg.generic`, and so a loop; on its way to
    LLVM it would else become a call to a library that a program on its own does
    not have. Contiguous copies stay, but with `contiguous`, for a freestanding
    program has no library at all.

    Example:

    ```mlir
    func.func @f(%slice: memref<4x3xf32, strided<[8, 1]>>, %to: memref<4x3xf32>) {
      memref.copy %slice, %to : memref<4x3xf32, strided<[8, 1]>> to memref<4x3xf32>
      return
    }
    ```
  }];
  let options = [
    Option<"contiguous", "contiguous", "bool", /*default=*/"false",
           "Lower copies of contiguous buffers too (default false)">
  ];
  let dependentDialects = ["linalg::LinalgDialect"];
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

def LowerContractionsPass
    : Pass<"cgmq-lower-contractions", "func::FuncOp"> {
  let summary = "Lower contractions on buffers to loops of register tiles";
  let description = [{
    For each contraction on memrefs (see `cgmq-lay-out-contractions`) that has a
    loop which is contiguous in all operands that depend on it: vectors run
    along that loop; a tile of accumulators stays in registers through all
    reduction loops; the loops around the tiles run in the order of least
    estimated memory traffic, a long reduction in blocks. Extents that the tile
    does not divide give smaller tiles and masked vectors. Where the op right
    before fills the output with a scalar or a broadcast bias, the accumulators
    start there and that op goes. Where one elementwise op after it alone reads the
    output, such as a requantization, it is applied to accumulators in registers,
    and the output needs no buffer; but not to a reduction in blocks.

    A sum over windows, `out[h + p] += lhs[h] * rhs[p]`, as the gradient of a
    convolution with respect to its input is one, runs over y = h + p and those
    p that leave y - p in bounds, so that accumulators stay in registers there
    too. Where the output has no contiguous loop worth vectors, lanes hold
    partial sums along a reduction.

    Where a factor has been filled with zeros and another buffer been copied
    into it, for the contraction alone, loops are restricted in the same way to
    the products with what was copied, if that is faster: `out[h]` sums over
    those p that leave h + p - 1 in bounds. The contraction then reads that other
    buffer, and fill and copy go.

    With `vnni`, an innermost loop of four over bytes of both factors, one of
    them unsigned and the other signed, becomes a `vector.contract` of groups of
    four bytes, one group in each lane of 32 bits (`cgmq-convert-dots-to-vnni`).

    Loops whose steps read what other rows of the tile read at other steps, as
    in a sliding sum, ask LLVM not to unroll them: it would load that once, keep
    it in registers that the tile does not leave, and spill.

    Floats are multiplied and added by fused operations, in an order of sums
    that differs from that of the plain loops; integers are exact.

    Any other op stays for `convert-linalg-to-loops`.

    Example:

    ```mlir
    func.func @f(%x: memref<2x8xf32>, %w: memref<8x16xf32>, %y: memref<2x16xf32>) {
      linalg.matmul ins(%x, %w : memref<2x8xf32>, memref<8x16xf32>) outs(%y : memref<2x16xf32>)
      return
    }
    ```

    has this loop afterwards, between the loads and the stores of its tile:

    ```mlir
    %sums:2 = scf.for %k = %c0 to %c8 step %c1 iter_args(%s0 = %y0, %s1 = %y1)
        -> (vector<16xf32>, vector<16xf32>) {
      %row = vector.load %w[%k, %c0] : memref<8x16xf32>, vector<16xf32>
      ...
      %n0 = vector.fma %x0, %row, %s0 : vector<16xf32>
      %n1 = vector.fma %x1, %row, %s1 : vector<16xf32>
      scf.yield %n0, %n1 : vector<16xf32>, vector<16xf32>
    }
    ```
  }];
  let options = [VectorBitsOption<>, VnniOption<>, ThreadsOption<>];
  let dependentDialects = ["affine::AffineDialect", "arith::ArithDialect",
                           "LLVM::LLVMDialect", "memref::MemRefDialect",
                           "scf::SCFDialect", "vector::VectorDialect"];
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

def AnnotateBranchesPass : Pass<"cgmq-annotate-branches"> {
  let summary = "Let branches say to LLVM what their loops said";
  let description = [{
    Conversion of loops to branches of the LLVM dialect keeps the attribute
    `llvm.loop_annotation` of a loop, but the translation to LLVM reads another
    one, `loop_annotation`: it becomes that.

    Example:

    ```mlir
    llvm.func @f() {
      llvm.br ^loop
    ^loop:
      llvm.br ^loop {llvm.loop_annotation = #llvm.loop_annotation<unroll = <disable = true>>}
    }
    ```

    becomes

    ```mlir
    llvm.func @f() {
      llvm.br ^loop
    ^loop:
      llvm.br ^loop {loop_annotation = #llvm.loop_annotation<unroll = <disable = true>>}
    }
    ```
  }];
  let dependentDialects = ["LLVM::LLVMDialect"];
}

def ConvertDotsToVnniPass : Pass<"cgmq-convert-dots-to-vnni"> {
  let summary = "Convert dots of four bytes to the instruction of VNNI";
  let description = [{
    A `vector.contract` that adds up four products of an unsigned and a signed
    byte in each of 4, 8 or 16 lanes becomes one instruction, `vpdpbusd`, of
    AVX-512 VNNI or AVX-VNNI. Other contractions stay.

    Example:

    ```mlir
    func.func @f(%x: vector<16x4xi8>, %y: vector<16x4xi8>, %sum: vector<16xi32>) -> vector<16xi32> {
      %a = arith.extui %x : vector<16x4xi8> to vector<16x4xi32>
      %b = arith.extsi %y : vector<16x4xi8> to vector<16x4xi32>
      %0 = vector.contract {
          indexing_maps = [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>],
          iterator_types = ["parallel", "reduction"], kind = #vector.kind<add>}
          %a, %b, %sum : vector<16x4xi32>, vector<16x4xi32> into vector<16xi32>
      return %0 : vector<16xi32>
    }
    ```

    becomes

    ```mlir
    %a = vector.shape_cast %x : vector<16x4xi8> to vector<64xi8>
    %b = vector.shape_cast %y : vector<16x4xi8> to vector<64xi8>
    %0 = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%sum, %a, %b)
        : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
    ```
  }];
  let dependentDialects = ["LLVM::LLVMDialect", "vector::VectorDialect"];
}

def LowerTransposesPass : Pass<"cgmq-lower-transposes", "func::FuncOp"> {
  let summary = "Lower linalg.transpose on buffers to transposes in registers";
  let description = [{
    A `linalg.transpose` of 32-bit elements that moves the last dim becomes
    loops over squares of 16 x 16 elements, each read and written in whole
    vectors. Extents that 16 does not divide end in masked vectors. Groups of
    four bytes, as `cgmq-lay-out-contractions` packs them, are such elements
    too, and 16 of them are put together from four rows of bytes where the
    groups themselves are transposed. Other transposes stay for `cgmq-lower-elementwise` and `convert-linalg-to-loops`.

    Example:

    ```mlir
    func.func @f(%a: memref<32x48xf32>, %b: memref<48x32xf32>) {
      linalg.transpose ins(%a : memref<32x48xf32>) outs(%b : memref<48x32xf32>) permutation = [1, 0]
      return
    }
    ```
  }];
  let options = [ThreadsOption<>];
  let dependentDialects = ["affine::AffineDialect", "arith::ArithDialect",
                           "memref::MemRefDialect", "scf::SCFDialect",
                           "ub::UBDialect", "vector::VectorDialect"];
}

def LowerElementwisePass : Pass<"cgmq-lower-elementwise", "func::FuncOp"> {
  let summary = "Lower elementwise ops and reductions on buffers to vectors";
  let description = [{
    For each linalg op on memrefs of static shape whose body means the same for
    each lane of a vector: loops that are contiguous in all operands are merged,
    vectors run along one that is contiguous in each operand that depends on it,
    and results of reductions stay in registers. Extents that vectors do not
    divide end in masked vectors. A short loop of the results that an input does
    not depend on is unrolled, so that what its points share is computed once.

    A result that is written for the first time takes the place of an input that
    is read for the last time, if what an iteration reads of it is what it
    writes.

    Where vectors run along a reduction, lanes hold partial results; sums and
    products of floats are only split so if they carry `fastmath<reassoc>`.

    Large ops become `scf.parallel` loops over parts for `threads`. A large
    reduction to few elements is divided into 16 parts, whose results are put
    together in order, whatever the number of threads.

    Ops stay for `convert-linalg-to-loops` if no loop is contiguous in all
    operands, if they divide integers (which traps in lanes that are not in use)
    or have elements of less than a byte.

    Example:

    ```mlir
    func.func @f(%a: memref<100x16xf32>, %b: memref<16xf32>) {
      linalg.reduce { arith.addf } ins(%a : memref<100x16xf32>) outs(%b : memref<16xf32>) dimensions = [0]
      return
    }
    ```

    becomes

    ```mlir
    %start = vector.load %b[%c0] : memref<16xf32>, vector<16xf32>
    %sum = scf.for %i = %c0 to %c100 step %c1 iter_args(%s = %start) -> (vector<16xf32>) {
      %row = vector.load %a[%i, %c0] : memref<100x16xf32>, vector<16xf32>
      ...
    }
    vector.store %sum, %b[%c0] : memref<16xf32>, vector<16xf32>
    ```
  }];
  let options = [VectorBitsOption<>, ThreadsOption<>];
  let dependentDialects = ["affine::AffineDialect", "arith::ArithDialect",
                           "memref::MemRefDialect", "scf::SCFDialect",
                           "vector::VectorDialect"];
}

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

def ExpandErfPass : Pass<"cgmq-expand-erf", "::mlir::func::FuncOp"> {
  let summary = "Write error functions as polynomials";
  let description = [{
    Replaces each `math.erf` by upstream's piecewise polynomials (within 1e-6 in
    f32), which vectorize as other arithmetic does and need no library.

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

#endif // CGMQ_EXECUTION_PASSES_TD
