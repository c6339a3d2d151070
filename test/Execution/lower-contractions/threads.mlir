// RUN: cgmq-opt %s -cgmq-lower-contractions=threads=3 -canonicalize | FileCheck %s

// Threads divide the loop whose longest part is shortest: 64 images into 21, 21
// and 22, since rows come in tiles that three threads divide less evenly.
// CHECK-DAG: #[[$BEGIN:.*]] = affine_map<(d0) -> ((d0 * 64) floordiv 3)>
// CHECK-DAG: #[[$END:.*]] = affine_map<(d0) -> ((d0 * 64 + 64) floordiv 3)>
// CHECK-LABEL: func @batch(
func.func @batch(%x: memref<64x16x16xf32>, %w: memref<64x16x16xf32>, %y: memref<64x16x16xf32>) {
  // CHECK: scf.parallel (%[[PART:.*]]) = (%c0) to (%c3) step (%c1)
  // CHECK-DAG: %[[FROM:.*]] = affine.apply #[[$BEGIN]](%[[PART]])
  // CHECK-DAG: %[[TO:.*]] = affine.apply #[[$END]](%[[PART]])
  // CHECK: scf.for %{{.*}} = %[[FROM]] to %[[TO]] step %c1
  // CHECK: vector.fma
  linalg.batch_matmul ins(%x, %w : memref<64x16x16xf32>, memref<64x16x16xf32>) outs(%y : memref<64x16x16xf32>)
  return
}

// Each element of the output belongs to one thread: of a sum over sliding
// windows h + p, neither loop is divided, but the channels are.
// CHECK-LABEL: func @scatter(
func.func @scatter(%g: memref<30x96xf32>, %w: memref<3x96x96xf32>, %y: memref<32x96xf32>) {
  // CHECK: scf.parallel
  // CHECK-NOT: scf.parallel
  // CHECK: vector.store {{.*}} : memref<32x96xf32>
  linalg.generic {
      indexing_maps = [affine_map<(h, p, f, c) -> (h, f)>, affine_map<(h, p, f, c) -> (p, f, c)>, affine_map<(h, p, f, c) -> (h + p, c)>],
      iterator_types = ["parallel", "reduction", "reduction", "parallel"]}
      ins(%g, %w : memref<30x96xf32>, memref<3x96x96xf32>) outs(%y : memref<32x96xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Too little to do for threads.
// CHECK-LABEL: func @small(
// CHECK-NOT: scf.parallel
func.func @small(%x: memref<8x16xf32>, %w: memref<16x16xf32>, %y: memref<8x16xf32>) {
  linalg.matmul ins(%x, %w : memref<8x16xf32>, memref<16x16xf32>) outs(%y : memref<8x16xf32>)
  return
}
