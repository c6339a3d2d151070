// RUN: cgmq-opt %s -cgmq-lower-contractions=vnni=true -canonicalize -cse | FileCheck %s
// RUN: cgmq-opt %s -cgmq-lower-contractions="vnni=true vector-bits=256" -canonicalize -cse | FileCheck %s --check-prefix=AVX2
// RUN: cgmq-opt %s -cgmq-lower-contractions -canonicalize -cse | FileCheck %s --check-prefix=NONE

// Four bytes of a row are loaded and broadcast as one element; 16 groups of the
// packed factor are one vector of bytes, of which the last group is masked.
// CHECK-LABEL: func.func @packed(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: memref<2x32xi8>, %[[W:[a-z0-9]+]]: memref<8x15x4xi8>,
// CHECK:         %[[BYTES:.*]] = memref.collapse_shape %[[W]] {{\[\[0\], \[1, 2\]\]}} : memref<8x15x4xi8> into memref<8x60xi8>
// CHECK:         scf.for %[[K:.*]] = %c0 to %c8 step %c1 iter_args(%[[S0:.*]] = %{{.*}}, %[[S1:.*]] = %{{.*}})
// CHECK:           %[[C:.*]] = affine.apply {{.*}}(%[[K]])
// CHECK:           %[[GROUP:.*]] = vector.load %[[X]][%c0, %[[C]]] : memref<2x32xi8>, vector<4xi8>
// CHECK:           %[[WORD:.*]] = vector.bitcast %[[GROUP]] : vector<4xi8> to vector<1xi32>
// CHECK:           %[[WORDS:.*]] = vector.broadcast %[[WORD]] : vector<1xi32> to vector<16xi32>
// CHECK:           %[[LHS:.*]] = vector.bitcast %[[WORDS]] : vector<16xi32> to vector<64xi8>
// CHECK:           %[[RHS:.*]] = vector.maskedload %[[BYTES]][%[[K]], %c0]
// CHECK-DAG:       %[[A:.*]] = vector.shape_cast %[[LHS]]
// CHECK-DAG:       %[[B:.*]] = vector.shape_cast %[[RHS]]
// CHECK-DAG:       %[[AU:.*]] = arith.extui %[[A]]
// CHECK-DAG:       %[[BS:.*]] = arith.extsi %[[B]]
// CHECK:           vector.contract {{.*}} %[[AU]], %[[BS]], %[[S0]] : vector<16x4xi32>, vector<16x4xi32> into vector<16xi32>
// CHECK:           vector.contract {{.*}} %[[BS]], %[[S1]]
// AVX2-LABEL: func.func @packed(
// AVX2:         vector.contract {{.*}} into vector<8xi32>
// NONE-LABEL: func.func @packed(
// NONE-NOT:     vector.contract
func.func @packed(%x: memref<2x32xi8>, %w: memref<8x15x4xi8>, %y: memref<2x15xi32>) {
  linalg.generic {
      indexing_maps = [affine_map<(m, n, k, b) -> (m, k * 4 + b)>, affine_map<(m, n, k, b) -> (k, n, b)>, affine_map<(m, n, k, b) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<2x32xi8>, memref<8x15x4xi8>) outs(%y : memref<2x15xi32>) {
  ^bb0(%a: i8, %b: i8, %sum: i32):
    %0 = arith.extui %a : i8 to i32
    %1 = arith.extsi %b : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %sum, %2 : i32
    linalg.yield %3 : i32
  }
  return
}

// The packed factor may be the unsigned one: the instruction takes it first.
// CHECK-LABEL: func.func @unsigned_packed(
// CHECK:         %[[SIGNED:.*]] = vector.shape_cast
// CHECK:         %[[UNSIGNED:.*]] = arith.extui
// CHECK:         %[[EXT:.*]] = arith.extsi
// CHECK:         vector.contract {{.*}} %[[UNSIGNED]], %[[EXT]],
func.func @unsigned_packed(%x: memref<2x32xi8>, %w: memref<8x16x4xi8>, %y: memref<2x16xi32>) {
  linalg.generic {
      indexing_maps = [affine_map<(m, n, k, b) -> (m, k * 4 + b)>, affine_map<(m, n, k, b) -> (k, n, b)>, affine_map<(m, n, k, b) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<2x32xi8>, memref<8x16x4xi8>) outs(%y : memref<2x16xi32>) {
  ^bb0(%a: i8, %b: i8, %sum: i32):
    %0 = arith.extsi %a : i8 to i32
    %1 = arith.extui %b : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %sum, %2 : i32
    linalg.yield %3 : i32
  }
  return
}

// Groups with a gap between them are no vector of bytes.
// CHECK-LABEL: func.func @gaps(
// CHECK-NOT:     vector.contract
func.func @gaps(%x: memref<2x32xi8>, %w: memref<8x16x4xi8, strided<[128, 8, 1]>>, %y: memref<2x16xi32>) {
  linalg.generic {
      indexing_maps = [affine_map<(m, n, k, b) -> (m, k * 4 + b)>, affine_map<(m, n, k, b) -> (k, n, b)>, affine_map<(m, n, k, b) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<2x32xi8>, memref<8x16x4xi8, strided<[128, 8, 1]>>) outs(%y : memref<2x16xi32>) {
  ^bb0(%a: i8, %b: i8, %sum: i32):
    %0 = arith.extui %a : i8 to i32
    %1 = arith.extsi %b : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %sum, %2 : i32
    linalg.yield %3 : i32
  }
  return
}

// A depthwise convolution of three rows and two columns: outside of the loop over
// positions, the rows of the kernel are interleaved, with zeros for a fourth one,
// of four vectors of 16 channels for each column. In it, three rows of five
// columns are read for four sums of four vectors.
// CHECK-LABEL: func.func @depthwise(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: memref<5x5x64xi8>, %[[K:[a-z0-9]+]]: memref<3x2x64xi8>,
// CHECK:         %[[ZERO:.*]] = arith.constant dense<0> : vector<64xi8>
// CHECK-COUNT-3: vector.load %[[K]]{{.*}} vector<64xi8>
// CHECK:         vector.shuffle %{{.*}}, %[[ZERO]]
// CHECK-COUNT-3: vector.load %[[K]]{{.*}} vector<64xi8>
// CHECK-NOT:     %[[K]]
// CHECK:         scf.for %{{.*}} = %c0 to %c3
// CHECK-COUNT-15:  vector.load %[[X]]
// CHECK-NOT:       vector.load %[[X]]
// AVX2-LABEL: func.func @depthwise(
// AVX2:         vector.contract {{.*}} into vector<8xi32>
// NONE-LABEL: func.func @depthwise(
// NONE-NOT:     vector.contract
func.func @depthwise(%x: memref<5x5x64xi8>, %k: memref<3x2x64xi8>, %y: memref<3x4x64xi32>) {
  linalg.generic {
      indexing_maps = [affine_map<(h, w, c, p, q) -> (h + p, w + q, c)>, affine_map<(h, w, c, p, q) -> (p, q, c)>, affine_map<(h, w, c, p, q) -> (h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %k : memref<5x5x64xi8>, memref<3x2x64xi8>) outs(%y : memref<3x4x64xi32>) {
  ^bb0(%a: i8, %b: i8, %sum: i32):
    %0 = arith.extui %a : i8 to i32
    %1 = arith.extsi %b : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %sum, %2 : i32
    linalg.yield %3 : i32
  }
  return
}
