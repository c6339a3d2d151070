// RUN: cgmq-opt %s --pass-pipeline="builtin.module(func.func(cgmq-copies-to-linalg))" | FileCheck %s

// Into the inner part of a padded image.
// CHECK-LABEL: func.func @strided
// CHECK:         linalg.generic
// CHECK-NOT:     memref.copy
func.func @strided(%x: memref<4x4xf32>, %padded: memref<6x6xf32>) {
  %inner = memref.subview %padded[1, 1] [4, 4] [1, 1] : memref<6x6xf32> to memref<4x4xf32, strided<[6, 1], offset: 7>>
  memref.copy %x, %inner : memref<4x4xf32> to memref<4x4xf32, strided<[6, 1], offset: 7>>
  return
}

// Contiguous and unranked copies stay.
// CHECK-LABEL: func.func @others
// CHECK-COUNT-2: memref.copy
func.func @others(%x: memref<4x4xf32>, %y: memref<4x4xf32>, %u: memref<*xf32>) {
  memref.copy %x, %y : memref<4x4xf32> to memref<4x4xf32>
  memref.copy %u, %y : memref<*xf32> to memref<4x4xf32>
  return
}
