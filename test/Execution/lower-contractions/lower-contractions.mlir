// RUN: cgmq-opt %s -cgmq-lower-contractions -canonicalize -cse | FileCheck %s
// RUN: cgmq-opt %s -cgmq-lower-contractions=vector-bits=256 -canonicalize -cse | FileCheck %s --check-prefix=AVX2

// Two rows of one vector of 16 columns stay in registers through the reduction.
// The accumulators start with the bias that the op before broadcast, and that
// op goes.
// CHECK-LABEL: func.func @bias(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: memref<2x8xf32>, %[[W:[a-z0-9]+]]: memref<8x16xf32>, %[[B:[a-z0-9]+]]: memref<16xf32>)
// CHECK:         %[[OUT:.*]] = memref.alloc
// CHECK-NOT:     linalg
// CHECK:         %[[START:.*]] = vector.load %[[B]]
// CHECK:         %[[SUMS:.*]]:2 = scf.for %[[K:.*]] = {{.*}} iter_args(%[[S0:.*]] = %[[START]], %[[S1:.*]] = %[[START]])
// CHECK:           %[[X0:.*]] = memref.load %[[X]][%c0, %[[K]]]
// CHECK:           %[[V0:.*]] = vector.broadcast %[[X0]] : f32 to vector<16xf32>
// CHECK:           %[[ROW:.*]] = vector.load %[[W]][%[[K]], %c0]
// CHECK:           %[[F0:.*]] = vector.fma %[[V0]], %[[ROW]], %[[S0]]
// CHECK:           %[[X1:.*]] = memref.load %[[X]][%c1, %[[K]]]
// CHECK:           %[[V1:.*]] = vector.broadcast %[[X1]]
// CHECK:           %[[F1:.*]] = vector.fma %[[V1]], %[[ROW]], %[[S1]]
// CHECK:           scf.yield %[[F0]], %[[F1]]
// CHECK:         vector.store %[[SUMS]]#0, %[[OUT]][%c0, %c0]
// CHECK:         vector.store %[[SUMS]]#1, %[[OUT]][%c1, %c0]
// AVX2-LABEL: func.func @bias(
// AVX2:         vector.fma {{.*}} : vector<8xf32>
func.func @bias(%x: memref<2x8xf32>, %w: memref<8x16xf32>, %bias: memref<16xf32>) -> memref<2x16xf32> {
  %c = memref.alloc() : memref<2x16xf32>
  linalg.broadcast ins(%bias : memref<16xf32>) outs(%c : memref<2x16xf32>) dimensions = [0]
  linalg.matmul ins(%x, %w : memref<2x8xf32>, memref<8x16xf32>) outs(%c : memref<2x16xf32>)
  return %c : memref<2x16xf32>
}

// 19 columns are two vectors of 8 and one of which three lanes are used, since
// vectors of 16 would waste 13; factors are widened before they are multiplied.
// CHECK-LABEL: func.func @odd(
// CHECK:         %[[MASK:.*]] = arith.constant dense<[true, true, true, false,
// CHECK:         vector.maskedload {{.*}}, %[[MASK]]
// CHECK:         scf.for
// CHECK:           memref.load {{.*}} : memref<3x5xi8>
// CHECK:           arith.extsi {{.*}} : i8 to i32
// CHECK:           vector.load {{.*}} : memref<5x19xi8>, vector<8xi8>
// CHECK:           arith.extsi {{.*}} : vector<8xi8> to vector<8xi32>
// CHECK:           arith.muli
// CHECK:           arith.addi
// CHECK:         vector.maskedstore {{.*}}, %[[MASK]]
func.func @odd(%a: memref<3x5xi8>, %b: memref<5x19xi8>, %c: memref<3x19xi32>) {
  linalg.matmul ins(%a, %b : memref<3x5xi8>, memref<5x19xi8>) outs(%c : memref<3x19xi32>)
  return
}

// In the gradient of a convolution's input, each position of the output adds up
// those offsets that are in bounds: 12 of the tile's 3 x 6 sums at the first of
// three offsets, 4 at the last of them in this row of the image.
// CHECK-LABEL: func.func @windows(
// CHECK-NOT:     linalg.fill
// CHECK:         %[[FIRST:.*]]:12 = scf.for {{.*}} to %c8
// CHECK-COUNT-12:  vector.fma
// CHECK:         %[[SECOND:.*]]:8 = scf.for {{.*}} = %[[FIRST]]#4,
// CHECK-COUNT-8:   vector.fma
// CHECK:         scf.for {{.*}} = %[[SECOND]]#4,
// CHECK-COUNT-4:   vector.fma
func.func @windows(%dy: memref<1x4x4x8xf32>, %w: memref<8x3x3x16xf32>) -> memref<1x6x6x16xf32> {
  %zero = arith.constant 0.0 : f32
  %dx = memref.alloc() : memref<1x6x6x16xf32>
  linalg.fill ins(%zero : f32) outs(%dx : memref<1x6x6x16xf32>)
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>,
                       affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>,
                       affine_map<(n, h, w, f, p, q, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%dy, %w : memref<1x4x4x8xf32>, memref<8x3x3x16xf32>) outs(%dx : memref<1x6x6x16xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return %dx : memref<1x6x6x16xf32>
}

// Two inputs written between the initialization and the sum: the accumulators
// start with what is there.
// CHECK-LABEL: func.func @other_writer(
// CHECK:         linalg.fill
// CHECK:         memref.copy
// CHECK:         vector.load {{.*}} : memref<2x16xf32>
func.func @other_writer(%x: memref<2x8xf32>, %w: memref<8x16xf32>, %y: memref<2x16xf32>) -> memref<2x16xf32> {
  %zero = arith.constant 0.0 : f32
  %c = memref.alloc() : memref<2x16xf32>
  linalg.fill ins(%zero : f32) outs(%c : memref<2x16xf32>)
  memref.copy %y, %c : memref<2x16xf32> to memref<2x16xf32>
  linalg.matmul ins(%x, %w : memref<2x8xf32>, memref<8x16xf32>) outs(%c : memref<2x16xf32>)
  return %c : memref<2x16xf32>
}

// The only contiguous loop is the reduction: lanes hold partial sums.
// CHECK-LABEL: func.func @dot_products(
// CHECK:         %[[SUMS:.*]]:28 = scf.for {{.*}} to %c32 step %c16
// CHECK-COUNT-28:  vector.fma {{.*}} : vector<16xf32>
// CHECK:         %[[START:.*]] = memref.load %{{.*}}[%c0, %c0] : memref<4x7xf32>
// CHECK:         %[[SUM:.*]] = vector.reduction <add>, %[[SUMS]]#0, %[[START]] fastmath<reassoc>
// CHECK:         memref.store %[[SUM]], %{{.*}}[%c0, %c0] : memref<4x7xf32>
func.func @dot_products(%a: memref<4x32xf32>, %b: memref<7x32xf32>, %c: memref<4x7xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<4x32xf32>, memref<7x32xf32>) outs(%c : memref<4x7xf32>) {
  ^bb0(%x: f32, %y: f32, %sum: f32):
    %0 = arith.mulf %x, %y : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Without a loop that is contiguous in all operands that depend on it, and with
// dynamic extents, the op stays.
// CHECK-LABEL: func.func @stay(
// CHECK:         linalg.generic
// CHECK:         linalg.matmul
func.func @stay(%a: memref<4x9xf32>, %b: memref<9x7xf32>, %c: memref<7x4xf32>, %d: memref<?x9xf32>, %e: memref<9x7xf32>, %f: memref<?x7xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (n, m)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<4x9xf32>, memref<9x7xf32>) outs(%c : memref<7x4xf32>) {
  ^bb0(%x: f32, %y: f32, %sum: f32):
    %0 = arith.mulf %x, %y : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  linalg.matmul ins(%d, %e : memref<?x9xf32>, memref<9x7xf32>) outs(%f : memref<?x7xf32>)
  return
}

// A convolution of a row that is padded by one on both sides: eight sums of the
// row use the second of three offsets, seven each of the others. The row itself
// is read, and what padded it goes.
// CHECK-LABEL: func.func @padded(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: memref<1x8x16xf32>
// CHECK-NOT:     memref.alloc
// CHECK-NOT:     linalg
// CHECK:           %[[FIRST:.*]]:7 = scf.for {{.*}} to %c16
// CHECK:             memref.load %[[X]]
// CHECK-COUNT-7:     vector.fma
// CHECK:           %[[SECOND:.*]]:8 = scf.for {{.*}} to %c16
// CHECK-COUNT-8:     vector.fma
// CHECK:           scf.for {{.*}} = %[[SECOND]]#0,
// CHECK-COUNT-7:     vector.fma
// CHECK-NOT:         vector.fma
// CHECK:         return
func.func @padded(%x: memref<1x8x16xf32>, %w: memref<3x16x16xf32>, %y: memref<1x8x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %padded = memref.alloc() : memref<1x10x16xf32>
  linalg.map outs(%padded : memref<1x10x16xf32>) (%init: f32) {
    linalg.yield %zero : f32
  }
  %inside = memref.subview %padded[0, 1, 0] [1, 8, 16] [1, 1, 1] : memref<1x10x16xf32> to memref<1x8x16xf32, strided<[160, 16, 1], offset: 16>>
  memref.copy %x, %inside : memref<1x8x16xf32> to memref<1x8x16xf32, strided<[160, 16, 1], offset: 16>>
  linalg.conv_1d_nwc_wcf ins(%padded, %w : memref<1x10x16xf32>, memref<3x16x16xf32>) outs(%y : memref<1x8x16xf32>)
  return
}

// The same where another op reads the padded row, or the result is written over
// the row: it is padded.
// CHECK-LABEL: func.func @read_twice(
// CHECK:         memref.copy
// CHECK-LABEL: func.func @in_place(
// CHECK:         memref.copy
func.func @read_twice(%x: memref<4x8x16xf32>, %w: memref<3x16x16xf32>, %y: memref<4x8x16xf32>) -> memref<4x10x16xf32> {
  %zero = arith.constant 0.0 : f32
  %padded = memref.alloc() : memref<4x10x16xf32>
  linalg.fill ins(%zero : f32) outs(%padded : memref<4x10x16xf32>)
  %inside = memref.subview %padded[0, 1, 0] [4, 8, 16] [1, 1, 1] : memref<4x10x16xf32> to memref<4x8x16xf32, strided<[160, 16, 1], offset: 16>>
  memref.copy %x, %inside : memref<4x8x16xf32> to memref<4x8x16xf32, strided<[160, 16, 1], offset: 16>>
  linalg.conv_1d_nwc_wcf ins(%padded, %w : memref<4x10x16xf32>, memref<3x16x16xf32>) outs(%y : memref<4x8x16xf32>)
  return %padded : memref<4x10x16xf32>
}
func.func @in_place(%x: memref<4x8x16xf32>, %w: memref<3x16x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %padded = memref.alloc() : memref<4x10x16xf32>
  linalg.fill ins(%zero : f32) outs(%padded : memref<4x10x16xf32>)
  %inside = memref.subview %padded[0, 1, 0] [4, 8, 16] [1, 1, 1] : memref<4x10x16xf32> to memref<4x8x16xf32, strided<[160, 16, 1], offset: 16>>
  memref.copy %x, %inside : memref<4x8x16xf32> to memref<4x8x16xf32, strided<[160, 16, 1], offset: 16>>
  linalg.conv_1d_nwc_wcf ins(%padded, %w : memref<4x10x16xf32>, memref<3x16x16xf32>) outs(%x : memref<4x8x16xf32>)
  return
}

// Neighbouring rows of a sliding sum read the same pixels at neighbouring
// offsets: that loop is not for LLVM to unroll. A product's loop may be.
// CHECK-LABEL: func.func @sliding(
// CHECK:         scf.for
// CHECK:           vector.fma
// CHECK:           scf.yield
// CHECK-NEXT:    } {llvm.loop_annotation = #{{[a-z_]+}}}
// CHECK-LABEL: func.func @not_sliding(
// CHECK-NOT:     loop_annotation
// CHECK:         return
func.func @sliding(%x: memref<12xf32>, %w: memref<5x16xf32>, %y: memref<8x16xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(i, f, p) -> (i + p)>, affine_map<(i, f, p) -> (p, f)>, affine_map<(i, f, p) -> (i, f)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<12xf32>, memref<5x16xf32>) outs(%y : memref<8x16xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  }
  return
}
func.func @not_sliding(%x: memref<8x5xf32>, %w: memref<5x16xf32>, %y: memref<8x16xf32>) {
  linalg.matmul ins(%x, %w : memref<8x5xf32>, memref<5x16xf32>) outs(%y : memref<8x16xf32>)
  return
}
