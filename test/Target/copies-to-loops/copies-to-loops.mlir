// RUN: cgmq-opt %s --cgmq-copies-to-loops | FileCheck %s

// Contiguous or not, a copy is an operation on elements.
// CHECK-LABEL: func.func @f
// CHECK-NOT: memref.copy
// CHECK-COUNT-2: linalg.generic
func.func @f(%a: memref<4xi8>, %b: memref<4xi8>, %c: memref<4xi8, strided<[2]>>) {
  memref.copy %a, %b : memref<4xi8> to memref<4xi8>
  memref.copy %c, %b : memref<4xi8, strided<[2]>> to memref<4xi8>
  return
}
