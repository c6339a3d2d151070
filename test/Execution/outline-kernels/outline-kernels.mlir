// RUN: cgmq-opt %s -cgmq-outline-kernels -split-input-file | FileCheck %s
// RUN: cgmq-opt %s -cgmq-outline-kernels -cgmq-lower-contractions -split-input-file | FileCheck %s --check-prefix=LOWERED

// Equal ops share a function, in one function and across functions.
// CHECK-LABEL: func.func @equal(
// CHECK-SAME:    %[[A:.*]]: memref<8xf32>, %[[B:.*]]: memref<8xf32>)
// CHECK-NEXT:    call @[[EXP:kernel[_0-9]*]](%[[A]], %[[B]])
// CHECK-NEXT:    call @[[EXP]](%[[B]], %[[A]])
// CHECK-NEXT:    return
func.func @equal(%a: memref<8xf32>, %b: memref<8xf32>) {
  linalg.exp ins(%a : memref<8xf32>) outs(%b : memref<8xf32>)
  linalg.exp ins(%b : memref<8xf32>) outs(%a : memref<8xf32>)
  return
}

// In place is another op than from one buffer to another, and so is another
// shape.
// CHECK-LABEL: func.func @distinct(
// CHECK-NEXT:    call @[[EXP]](
// CHECK-NEXT:    call @[[IN_PLACE:kernel[_0-9]*]](%{{[a-z0-9]*}}) : (memref<8xf32>) -> ()
// CHECK-NEXT:    call @[[LONG:kernel[_0-9]*]]({{.*}}) : (memref<9xf32>, memref<9xf32>) -> ()
func.func @distinct(%a: memref<8xf32>, %b: memref<8xf32>, %c: memref<9xf32>, %d: memref<9xf32>) {
  linalg.exp ins(%a : memref<8xf32>) outs(%b : memref<8xf32>)
  linalg.exp ins(%a : memref<8xf32>) outs(%a : memref<8xf32>)
  linalg.exp ins(%c : memref<9xf32>) outs(%d : memref<9xf32>)
  return
}

// CHECK:       func.func private @[[EXP]](%[[X:.*]]: memref<8xf32>, %[[Y:.*]]: memref<8xf32>)
// CHECK-SAME:      passthrough = ["noinline"]
// CHECK-NEXT:    linalg.exp ins(%[[X]] : memref<8xf32>) outs(%[[Y]] : memref<8xf32>)
// CHECK-NEXT:    return
// CHECK:       func.func private @[[IN_PLACE]](%[[X:.*]]: memref<8xf32>)
// CHECK-NEXT:    linalg.exp ins(%[[X]] : memref<8xf32>) outs(%[[X]] : memref<8xf32>)
// CHECK:       func.func private @[[LONG]](
// CHECK-NOT:   func.func

// -----

// The op that initializes an accumulator goes along, so that
// cgmq-lower-contractions still starts from it; an op between the two stays
// where it is.
// CHECK-LABEL: func.func @initializer(
// CHECK-NEXT:    memref.alloc
// CHECK-NEXT:    call @[[OTHER:kernel[_0-9]*]](
// CHECK-NEXT:    call @[[MATMUL:kernel[_0-9]*]](
// CHECK-NEXT:    return
// CHECK:       func.func private @[[OTHER]](
// CHECK-NEXT:    linalg.exp
// CHECK:       func.func private @[[MATMUL]](
// CHECK:         linalg.fill
// CHECK-NEXT:    linalg.matmul
// LOWERED-LABEL: func.func @initializer(
// LOWERED-NOT:   linalg.fill
// LOWERED-NOT:   linalg.matmul
func.func @initializer(%x: memref<2x8xf32>, %w: memref<8x16xf32>, %e: memref<8xf32>) -> memref<2x16xf32> {
  %zero = arith.constant 0.0 : f32
  %y = memref.alloc() : memref<2x16xf32>
  linalg.fill ins(%zero : f32) outs(%y : memref<2x16xf32>)
  linalg.exp ins(%e : memref<8xf32>) outs(%e : memref<8xf32>)
  linalg.matmul ins(%x, %w : memref<2x8xf32>, memref<8x16xf32>) outs(%y : memref<2x16xf32>)
  return %y : memref<2x16xf32>
}

// -----

// A captured scalar is an argument, a constant is not; so two scales share a
// function, two constants do not.
#id = affine_map<(i) -> (i)>
// LOWERED-LABEL: func.func @scalars(
// CHECK-LABEL: func.func @scalars(
// CHECK-SAME:    %[[A:.*]]: memref<8xf32>, %[[S:.*]]: f32, %[[T:.*]]: f32)
// CHECK:         call @[[SCALE:kernel[_0-9]*]](%[[A]], %[[S]])
// CHECK-NEXT:    call @[[SCALE]](%[[A]], %[[T]])
// CHECK-NEXT:    call @[[ZERO:kernel[_0-9]*]](%[[A]])
// CHECK-NEXT:    call @[[ONE:kernel[_0-9]*]](%[[A]])
// CHECK:       func.func private @[[SCALE]](%[[X:.*]]: memref<8xf32>, %[[F:.*]]: f32)
// CHECK:         arith.mulf %{{.*}}, %[[F]]
// CHECK:       func.func private @[[ZERO]](
// CHECK-NEXT:    arith.constant 0.000000e+00
// CHECK:       func.func private @[[ONE]](
// CHECK-NEXT:    arith.constant 1.000000e+00
func.func @scalars(%a: memref<8xf32>, %s: f32, %t: f32) {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  linalg.generic {indexing_maps = [#id], iterator_types = ["parallel"]} outs(%a : memref<8xf32>) {
  ^bb0(%x: f32):
    %0 = arith.mulf %x, %s : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#id], iterator_types = ["parallel"]} outs(%a : memref<8xf32>) {
  ^bb0(%x: f32):
    %0 = arith.mulf %x, %t : f32
    linalg.yield %0 : f32
  }
  linalg.fill ins(%zero : f32) outs(%a : memref<8xf32>)
  linalg.fill ins(%one : f32) outs(%a : memref<8xf32>)
  return
}

// -----

// A function is passed whole buffers and takes the part itself, with the
// offset as an argument where it varies.
// CHECK-LABEL: func.func @parts(
// CHECK-SAME:    %[[A:.*]]: memref<8x8xf32>, %[[I:.*]]: index)
// CHECK:         call @[[FIXED:kernel[_0-9]*]](%[[A]])
// CHECK-NEXT:    call @[[VARIES:kernel[_0-9]*]](%[[A]], %[[I]])
// CHECK:       func.func private @[[FIXED]](%[[X:.*]]: memref<8x8xf32>)
// CHECK-NEXT:    %[[PART:.*]] = memref.subview %[[X]][2, 2]
// CHECK-NEXT:    linalg.exp ins(%[[PART]]
// CHECK:       func.func private @[[VARIES]](%[[X:.*]]: memref<8x8xf32>, %[[J:.*]]: index)
// CHECK-NEXT:    %[[PART:.*]] = memref.subview %[[X]][%[[J]], 0]
// CHECK-NEXT:    linalg.exp ins(%[[PART]]
func.func @parts(%a: memref<8x8xf32>, %i: index) {
  %0 = memref.subview %a[2, 2] [4, 4] [1, 1] : memref<8x8xf32> to memref<4x4xf32, strided<[8, 1], offset: 18>>
  linalg.exp ins(%0 : memref<4x4xf32, strided<[8, 1], offset: 18>>) outs(%0 : memref<4x4xf32, strided<[8, 1], offset: 18>>)
  %1 = memref.subview %a[%i, 0] [1, 8] [1, 1] : memref<8x8xf32> to memref<1x8xf32, strided<[8, 1], offset: ?>>
  linalg.exp ins(%1 : memref<1x8xf32, strided<[8, 1], offset: ?>>) outs(%1 : memref<1x8xf32, strided<[8, 1], offset: ?>>)
  return
}

// -----

// What one pointer does not tell of stays: dynamic extents, layouts of
// arguments, tensors.
// CHECK-LABEL: func.func @stay(
// CHECK-NOT:     call
// CHECK-COUNT-3: linalg.exp
// CHECK-NOT:   func.func
func.func @stay(%a: memref<?xf32>, %b: memref<8xf32, strided<[2]>>, %c: tensor<8xf32>) -> tensor<8xf32> {
  linalg.exp ins(%a : memref<?xf32>) outs(%a : memref<?xf32>)
  linalg.exp ins(%b : memref<8xf32, strided<[2]>>) outs(%b : memref<8xf32, strided<[2]>>)
  %0 = linalg.exp ins(%c : tensor<8xf32>) outs(%c : tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// Names of functions that are there are left alone.
// CHECK-LABEL: func.func @kernel(
// CHECK-NEXT:    call @kernel_0(
// CHECK:       func.func private @kernel_0(
func.func @kernel(%a: memref<8xf32>) {
  linalg.exp ins(%a : memref<8xf32>) outs(%a : memref<8xf32>)
  return
}

// -----

// What pads a factor goes along, so that the kernel can read it without.
// CHECK-LABEL: func.func @padded(
// CHECK-SAME:    %[[X:.*]]: memref<4x8x16xf32>, %[[W:.*]]: memref<3x16x16xf32>, %[[Y:.*]]: memref<4x8x16xf32>)
// CHECK-NEXT:    call @kernel(%[[X]], %[[W]], %[[Y]])
// CHECK-NEXT:    return
// CHECK:       func.func private @kernel(
// CHECK:         memref.alloc
// CHECK:         linalg.fill
// CHECK:         memref.subview
// CHECK:         memref.copy
// CHECK:         linalg.conv_1d_nwc_wcf
// LOWERED-LABEL: func.func @padded(
// LOWERED:       func.func private @kernel(
// LOWERED-NOT:     memref.alloc
// LOWERED:         return
func.func @padded(%x: memref<4x8x16xf32>, %w: memref<3x16x16xf32>, %y: memref<4x8x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %padded = memref.alloc() : memref<4x10x16xf32>
  linalg.fill ins(%zero : f32) outs(%padded : memref<4x10x16xf32>)
  %inside = memref.subview %padded[0, 1, 0] [4, 8, 16] [1, 1, 1] : memref<4x10x16xf32> to memref<4x8x16xf32, strided<[160, 16, 1], offset: 16>>
  memref.copy %x, %inside : memref<4x8x16xf32> to memref<4x8x16xf32, strided<[160, 16, 1], offset: 16>>
  linalg.conv_1d_nwc_wcf ins(%padded, %w : memref<4x10x16xf32>, memref<3x16x16xf32>) outs(%y : memref<4x8x16xf32>)
  return
}

// -----

// What finishes the sums goes along, with their buffer, which then goes; but not
// where another op reads them, or the result is written over an input.
// CHECK-LABEL: func.func @finished(
// CHECK-NEXT:    call @kernel(
// CHECK-NEXT:    return
// CHECK:       func.func private @kernel(
// CHECK:         memref.alloc
// CHECK:         linalg.fill
// CHECK:         linalg.matmul
// CHECK:         linalg.generic
// LOWERED-LABEL: func.func @finished(
// LOWERED:       func.func private @kernel(
// LOWERED-NOT:     memref.alloc
// LOWERED-NOT:     linalg
// LOWERED:         arith.trunci {{.*}} : vector<16xi32> to vector<16xi8>
// LOWERED-NOT:     linalg
// LOWERED:         return
func.func @finished(%x: memref<6x8xi32>, %w: memref<8x32xi32>, %y: memref<6x32xi8>) {
  %zero = arith.constant 0 : i32
  %sums = memref.alloc() : memref<6x32xi32>
  linalg.fill ins(%zero : i32) outs(%sums : memref<6x32xi32>)
  linalg.matmul ins(%x, %w : memref<6x8xi32>, memref<8x32xi32>) outs(%sums : memref<6x32xi32>)
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%sums : memref<6x32xi32>) outs(%y : memref<6x32xi8>) {
  ^bb0(%sum: i32, %old: i8):
    %code = arith.trunci %sum : i32 to i8
    linalg.yield %code : i8
  }
  return
}

// -----

// CHECK-LABEL: func.func @read_twice(
// CHECK-NEXT:    memref.alloc
// CHECK-COUNT-3: call @kernel
// CHECK-NEXT:    return
func.func @read_twice(%x: memref<6x8xi32>, %w: memref<8x32xi32>, %y: memref<6x32xi8>, %z: memref<6x32xi16>) {
  %zero = arith.constant 0 : i32
  %sums = memref.alloc() : memref<6x32xi32>
  linalg.fill ins(%zero : i32) outs(%sums : memref<6x32xi32>)
  linalg.matmul ins(%x, %w : memref<6x8xi32>, memref<8x32xi32>) outs(%sums : memref<6x32xi32>)
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%sums : memref<6x32xi32>) outs(%y : memref<6x32xi8>) {
  ^bb0(%sum: i32, %old: i8):
    %code = arith.trunci %sum : i32 to i8
    linalg.yield %code : i8
  }
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%sums : memref<6x32xi32>) outs(%z : memref<6x32xi16>) {
  ^bb0(%sum: i32, %old: i16):
    %code = arith.trunci %sum : i32 to i16
    linalg.yield %code : i16
  }
  return
}

// -----

// CHECK-LABEL: func.func @overwrites_input(
// CHECK-NEXT:    memref.alloc
// CHECK-COUNT-2: call @kernel
// CHECK-NEXT:    return
func.func @overwrites_input(%x: memref<6x8xi32>, %w: memref<8x32xi32>, %y: memref<6x32xi32>) {
  %zero = arith.constant 0 : i32
  %sums = memref.alloc() : memref<6x32xi32>
  linalg.fill ins(%zero : i32) outs(%sums : memref<6x32xi32>)
  linalg.matmul ins(%x, %w : memref<6x8xi32>, memref<8x32xi32>) outs(%sums : memref<6x32xi32>)
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (0, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%sums, %y : memref<6x32xi32>, memref<6x32xi32>) outs(%y : memref<6x32xi32>) {
  ^bb0(%sum: i32, %other: i32, %old: i32):
    %result = arith.addi %sum, %other : i32
    linalg.yield %result : i32
  }
  return
}
