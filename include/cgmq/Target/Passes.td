//===- Passes.td - Target passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TARGET_PASSES_TD
#define CGMQ_TARGET_PASSES_TD

include "mlir/Pass/PassBase.td"

def FuseLayersPass : Pass<"cgmq-fuse-layers", "::mlir::func::FuncOp"> {
  let summary = "Compute each layer in one loop nest, element by element";
  let description = [{
    For memory that is scarce: the sums of a contraction are needed for a moment
    each, until they are pooled and quantized. Upstream's tiling fuses what
    makes the elements of an operation into loops over these elements, as long
    as none is computed twice: an operation that reads each element of its
    operand in one iteration takes in what computes the operand. What a later
    contraction reads many times stays a tensor.

    Requires linalg operations on tensors of static shape; those without a sum
    to take in stay as they are. Leaves loops of scf around operations on slices.

    Example:

    ```mlir
    func.func @f(%x: tensor<4x8xi32>, %y: tensor<8x16xi32>) -> tensor<4x16xi8> {
      %zero = arith.constant 0 : i32
      %none = tensor.empty() : tensor<4x16xi32>
      %init = linalg.fill ins(%zero : i32) outs(%none : tensor<4x16xi32>) -> tensor<4x16xi32>
      %sum = linalg.matmul ins(%x, %y : tensor<4x8xi32>, tensor<8x16xi32>)
          outs(%init : tensor<4x16xi32>) -> tensor<4x16xi32>
      %empty = tensor.empty() : tensor<4x16xi8>
      %code = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                              iterator_types = ["parallel", "parallel"]}
          ins(%sum : tensor<4x16xi32>) outs(%empty : tensor<4x16xi8>) {
      ^bb0(%in: i32, %out: i8):
        %0 = arith.trunci %in : i32 to i8
        linalg.yield %0 : i8
      } -> tensor<4x16xi8>
      return %code : tensor<4x16xi8>
    }
    ```

    becomes two loops around operations on `tensor<1x1xi32>` and `tensor<1x1xi8>`.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def GlobalsToConstantsPass
    : Pass<"cgmq-globals-to-constants", "::mlir::ModuleOp"> {
  let summary = "Turn the globals of a program into constants of it";
  let description = [{
    Each `ml_program.global` becomes a constant `memref.global` of its name, each
    load a read-only tensor of that: what is deployed owns its parameters, where
    the JIT is given them (`cgmq-globals-to-arguments`). With `as-values` each load
    becomes a constant of its function instead, from which later passes compute
    what they can at compile time, such as another layout.

    Requires immutable globals of ranked tensor types with dense values.

    Example:

    ```mlir
    ml_program.global private @w(dense<[1, 2]> : tensor<2xi8>) : tensor<2xi8>
    func.func @f() -> tensor<2xi8> {
      %w = ml_program.global_load_const @w : tensor<2xi8>
      return %w : tensor<2xi8>
    }
    ```

    becomes

    ```mlir
    memref.global "private" constant @w : memref<2xi8> = dense<[1, 2]>
    func.func @f() -> tensor<2xi8> {
      %0 = memref.get_global @w : memref<2xi8>
      %w = bufferization.to_tensor %0 restrict : memref<2xi8> to tensor<2xi8>
      return %w : tensor<2xi8>
    }
    ```
  }];
  let options = [
    Option<"asValues", "as-values", "bool", /*default=*/"false",
           "Make constants of functions in place of named buffers">
  ];
  let dependentDialects = [
    "::mlir::bufferization::BufferizationDialect",
    "::mlir::memref::MemRefDialect"
  ];
}

def PackConstantsPass : Pass<"cgmq-pack-constants", "::mlir::ModuleOp"> {
  let summary = "Store constants in as few bits as they need";
  let description = [{
    A constant `memref.global` of integers is stored in the least of 2, 4, 8 and
    16 bits that hold all of its elements, several to a byte, the first in the
    lowest bits, one row right after the other, in one dimension. What loads an element unpacks
    it, by shifts. A constant whose elements are all one number becomes that
    number.

    Requires that elements are loaded by `memref.load` alone; what is used in
    other ways stays.

    Example:

    ```mlir
    memref.global "private" constant @w : memref<2x4xi8> = dense<[[1, -1, 0, 1], [0, 0, -1, 1]]>
    func.func @f(%i: index, %j: index) -> i8 {
      %w = memref.get_global @w : memref<2x4xi8>
      %x = memref.load %w[%i, %j] : memref<2x4xi8>
      return %x : i8
    }
    ```

    has this constant afterwards:

    ```mlir
    memref.global "private" constant @w : memref<2xi8> = dense<[77, 112]>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"
  ];
}

def UnpackConstantsPass : Pass<"cgmq-unpack-constants", "::mlir::ModuleOp"> {
  let summary = "Store constants packed, to be unpacked at the first call";
  let description = [{
    For machines with memory to spare and little patience: a constant
    `memref.global` of integers of at most 16 bits is stored in as few bits as
    hold it, and the first call of the module's public function writes it out to
    a buffer of the same name, in the layout that the code reads.

    An element is a field of 2, 4, 8 or 16 bits. Where channels or elements have
    widths of their own, fields of several widths follow each other: grids nest,
    so what is on the grid of 2 bits is -1, 0 or 1 times a step, and the number
    -2, which is no code, says that a field of the next width follows. A code of
    2 bits then takes 2, one of 4 takes 6, one of 8 takes 14. Of one width and of
    such series the shortest is taken; what is not shortened stays, and so does
    what has fewer than 128 elements.

    Requires one public function, if there is a constant to pack. Two first calls
    must not run at the same time.

    Example:

    ```mlir
    memref.global "private" constant @w : memref<8x16xi8> = dense<[
      [1, 1, -1, 0, 0, 0, 0, -1, 1, 1, 0, 0, 0, 1, 1, 1],
      [0, 0, 0, 1, 0, -1, 0, -1, 0, 0, 0, 0, 0, 1, -1, 0],
      [0, 1, 0, 1, -1, 0, -1, 0, 0, -1, 0, 1, -1, 0, -1, 1],
      [-1, 0, 1, -1, -1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, -1],
      [0, 0, 0, 0, 0, 0, -1, -1, 1, 0, -1, 0, 0, 0, 0, 1],
      [0, -1, -1, 1, 0, -1, -1, -1, 1, 0, 0, 0, 0, 0, -1, 0],
      [1, -1, 0, -1, -1, -1, 0, 0, -1, 0, 0, 1, 0, -1, 0, -1],
      [-1, -1, 0, 0, 0, 0, -1, -1, 0, -1, -1, 1, -1, 1, -1, -1]]>
    func.func @f(%i: index, %j: index) -> i8 {
      %w = memref.get_global @w : memref<8x16xi8>
      %x = memref.load %w[%i, %j] : memref<8x16xi8>
      return %x : i8
    }
    ```

    becomes

    ```mlir
    memref.global "private" constant @w.packed : memref<36xi8> = dense<...>
    memref.global "private" @w : memref<8x16xi8> = uninitialized
    memref.global "private" @is_unpacked : memref<i8> = dense<0>
    func.func @f(%i: index, %j: index) -> i8 {
      %0 = memref.get_global @is_unpacked : memref<i8>
      %1 = memref.load %0[] : memref<i8>
      %2 = arith.cmpi eq, %1, %c0_i8 : i8
      scf.if %2 {
        // a loop that writes @w
        memref.store %c1_i8, %0[] : memref<i8>
      }
      %w = memref.get_global @w : memref<8x16xi8>
      %x = memref.load %w[%i, %j] : memref<8x16xi8>
      return %x : i8
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def ConvertArenaToEmitCPass
    : Pass<"cgmq-convert-arena-to-emitc", "::mlir::ModuleOp"> {
  let summary = "Give the arena of a function static storage in C";
  let description = [{
    The arena that `cgmq-plan-buffers` has added to the one public function
    becomes a static union of C, whose members are the buffers at their places;
    each view of the arena names its member. Constants get names that C takes,
    led by that of the function. A comment says how many bytes buffers and
    constants take.

    Requires one public function, whose arena is used by `memref.view`s of
    constant place alone. Leaves memrefs that are casts of C arrays, for
    `convert-to-emitc`.

    Example:

    ```mlir
    func.func @f(%in: memref<4xi8>, %arena: memref<16xi8> {cgmq.arena}) {
      %place = arith.constant 8 : index
      %c0 = arith.constant 0 : index
      %x = memref.load %in[%c0] : memref<4xi8>
      %a = memref.view %arena[%place][] : memref<16xi8> to memref<2x4xi8>
      memref.store %x, %a[%c0, %c0] : memref<2x4xi8>
      return
    }
    ```

    becomes

    ```mlir
    emitc.verbatim "static union { ... struct { uint8_t before[8]; int8_t at[2][4]; } b1; ... } f_arena;"
    func.func @f(%in: memref<4xi8>) {
      %a = emitc.literal "f_arena.b1.at" : !emitc.array<2x4xi8>
      ...
    }
    ```
  }];
  let dependentDialects = ["::mlir::emitc::EmitCDialect"];
}

def ConvertBorderToEmitCPass
    : Pass<"cgmq-convert-border-to-emitc", "::mlir::ModuleOp"> {
  let summary = "Give a function of C the signature that its header declares";
  let description = [{
    The arguments of each public `emitc.func`, flat arrays after
    `convert-to-emitc`, become pointers: to constants where nothing is assigned
    to them, to unsigned integers where `cgmq.unsigned` says so. The function
    returns an `int`, zero.

    Requires arrays of one dimension as arguments and no result.

    Example:

    ```mlir
    emitc.func @f(%in: !emitc.array<4xi8> {cgmq.unsigned}, %out: !emitc.array<4xi8>) {
      %i = "emitc.constant"() <{value = 0 : index}> : () -> !emitc.size_t
      %0 = emitc.subscript %in[%i] : (!emitc.array<4xi8>, !emitc.size_t) -> !emitc.lvalue<i8>
      %x = emitc.load %0 : !emitc.lvalue<i8>
      %1 = emitc.subscript %out[%i] : (!emitc.array<4xi8>, !emitc.size_t) -> !emitc.lvalue<i8>
      emitc.assign %x : i8 to %1 : !emitc.lvalue<i8>
      emitc.return
    }
    ```

    is afterwards, in C,

    ```c
    int f(const uint8_t *in, int8_t *out)
    ```
  }];
  let dependentDialects = ["::mlir::emitc::EmitCDialect"];
}

#endif // CGMQ_TARGET_PASSES_TD
