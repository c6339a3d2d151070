// RUN: cgmq-opt %s -pass-pipeline="builtin.module(func.func(cgmq-lower-strided-copies))" | FileCheck %s
// RUN: cgmq-opt %s -pass-pipeline="builtin.module(func.func(cgmq-lower-strided-copies{contiguous=true}))" | FileCheck %s --check-prefix=ALL

// A slice is copied by a loop, in either direction.
// CHECK-LABEL: func.func @strided
// CHECK-NOT:     memref.copy
// CHECK:         linalg.generic {{.*}} ins(%{{.*}} : memref<4x3xf32, strided<[8, 1]>>) outs(%{{.*}} : memref<4x3xf32>)
// CHECK:         linalg.generic {{.*}} ins(%{{.*}} : memref<4x3xf32>) outs(%{{.*}} : memref<4x3xf32, strided<[8, 1]>>)
func.func @strided(%slice: memref<4x3xf32, strided<[8, 1]>>, %whole: memref<4x3xf32>) {
  memref.copy %slice, %whole : memref<4x3xf32, strided<[8, 1]>> to memref<4x3xf32>
  memref.copy %whole, %slice : memref<4x3xf32> to memref<4x3xf32, strided<[8, 1]>>
  return
}

// A contiguous copy stays, unless that is asked for.
// CHECK-LABEL: func.func @contiguous
// ALL-LABEL:   func.func @contiguous
// ALL-NOT:       memref.copy
// ALL:           linalg.generic
// CHECK:         memref.copy
func.func @contiguous(%a: memref<4x3xf32>, %b: memref<4x3xf32>) {
  memref.copy %a, %b : memref<4x3xf32> to memref<4x3xf32>
  return
}
