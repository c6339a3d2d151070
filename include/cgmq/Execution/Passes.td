//===- Passes.td - Execution passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_PASSES_TD
#define CGMQ_EXECUTION_PASSES_TD

include "mlir/Pass/PassBase.td"

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

def CopiesToLinalgPass
    : Pass<"cgmq-copies-to-linalg", "func::FuncOp"> {
  let summary = "Turn strided copies of buffers into linalg operations";
  let description = [{
    A `memref.copy` from or to a view that is not contiguous, such as the inner
    part of a padded image, would become a call of MLIR's runner library, which
    a compiled program would then need. Here it becomes a `linalg.generic`.
    Contiguous copies stay: they become `memcpy`. Unranked buffers are not
    supported by what follows and stay too.

    ```mlir
    memref.copy %x, %inner : memref<4x4xf32> to memref<4x4xf32, strided<[6, 1], offset: 7>>
    ```
  }];
  let dependentDialects = ["linalg::LinalgDialect"];
}

def PlanBuffersPass : Pass<"cgmq-plan-buffers", "func::FuncOp"> {
  let summary = "Place the temporary buffers of a function in one arena";
  let description = [{
    Static `memref.alloc`s at the top level of the function become views of one
    trailing argument, `memref<Nxi8>` with the attribute `cgmq.arena`. Two
    buffers share bytes if no op uses both, or lies between uses of both; each
    starts at a multiple of `alignment`. Matching `memref.dealloc`s are erased.
    The caller allocates the arena once and can share it between functions that
    do not run at the same time, so that a call touches no fresh pages.

    Requires identity layouts; an alloc that is dynamic, nested in a loop, or
    returned by the function stays. A function without temporaries gets no
    argument.
  }];
  let options = [Option<"alignment", "alignment", "int64_t", /*default=*/"64",
                        "Alignment of each buffer in bytes, a power of two">];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect"];
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

    Other ops stay as they are.
  }];
  let options = [Option<"vectorBits", "vector-bits", "int64_t", /*default=*/"512",
                        "Width of the machine's vectors in bits, a power of "
                        "two from 128">];
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
    start there and that op goes.

    Floats are multiplied and added by fused operations, in an order of sums
    that differs from that of the plain loops; integers are exact.

    Any other op stays for `convert-linalg-to-loops`.
  }];
  let options = [Option<"vectorBits", "vector-bits", "int64_t", /*default=*/"512",
                        "Width of the machine's vectors in bits, a power of "
                        "two from 128">];
  let dependentDialects = ["affine::AffineDialect", "arith::ArithDialect",
                           "memref::MemRefDialect", "scf::SCFDialect",
                           "vector::VectorDialect"];
}

#endif // CGMQ_EXECUTION_PASSES_TD
