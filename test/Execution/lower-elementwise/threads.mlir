// RUN: cgmq-opt %s -cgmq-lower-elementwise=threads=3 -canonicalize | FileCheck %s
// RUN: cgmq-opt %s -cgmq-lower-elementwise=threads=1 -canonicalize | FileCheck %s --check-prefix=ONE

// Tiles of 32 elements are divided; what they leave comes after.
// CHECK-LABEL: func @merged(
// CHECK: scf.parallel {{.*}} to (%c3)
// CHECK: vector.store
// CHECK: scf.reduce
// CHECK: memref.store
// ONE-LABEL: func @merged(
// ONE-NOT: scf.parallel
#id = affine_map<(i, j) -> (i, j)>
func.func @merged(%a: memref<1001x41xf32>, %b: memref<1001x41xf32>) {
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a : memref<1001x41xf32>) outs(%b : memref<1001x41xf32>) {
  ^bb0(%x: f32, %out: f32):
    %0 = arith.addf %x, %x : f32
    linalg.yield %0 : f32
  }
  return
}

// A reduction to few elements is divided into 16 parts whatever the number of
// threads, and the parts' sums are added in order: the same rounding always.
// CHECK-LABEL: func @sum(
// CHECK: %[[PARTS:.*]] = memref.alloca() {alignment = 64 : i64} : memref<16x41xf32>
// CHECK: scf.parallel {{.*}} to (%c16)
// CHECK: vector.store {{.*}}, %[[PARTS]]
// CHECK: scf.for {{.*}} to %c16
// CHECK: vector.load %[[PARTS]]
// ONE-LABEL: func @sum(
// ONE: %[[PARTS:.*]] = memref.alloca() {alignment = 64 : i64} : memref<16x41xf32>
// ONE: scf.parallel {{.*}} to (%c16)
func.func @sum(%a: memref<1001x41xf32>, %b: memref<41xf32>) {
  linalg.generic {indexing_maps = [#id, affine_map<(i, j) -> (j)>], iterator_types = ["reduction", "parallel"]}
      ins(%a : memref<1001x41xf32>) outs(%b : memref<41xf32>) {
  ^bb0(%x: f32, %sum: f32):
    %0 = arith.addf %sum, %x fastmath<reassoc> : f32
    linalg.yield %0 : f32
  }
  return
}

// The order of these sums is not free.
// CHECK-LABEL: func @ordered_sum(
// CHECK-NOT: alloca
func.func @ordered_sum(%a: memref<1001x41xf32>, %b: memref<41xf32>) {
  linalg.generic {indexing_maps = [#id, affine_map<(i, j) -> (j)>], iterator_types = ["reduction", "parallel"]}
      ins(%a : memref<1001x41xf32>) outs(%b : memref<41xf32>) {
  ^bb0(%x: f32, %sum: f32):
    %0 = arith.addf %sum, %x : f32
    linalg.yield %0 : f32
  }
  return
}
