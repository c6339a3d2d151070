//===- Passes.td - Execution passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_PASSES_TD
#define CGMQ_EXECUTION_PASSES_TD

include "cgmq/Execution/PassOptions.td"
include "cgmq/Execution/TensorPasses.td"

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
    In a depthwise convolution of such bytes, the four are those of a channel in
    four rows of the kernel: rows of the input are interleaved in registers, once
    for all columns of the kernel, and those of the kernel outside of the loops
    over positions.

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

#endif // CGMQ_EXECUTION_PASSES_TD
