// RUN: cgmq-opt %s --cgmq-plan-buffers | FileCheck %s

// A reshape is a view of the same place, so that no index has to be computed
// from another.
// CHECK-LABEL: func.func @f
// CHECK-DAG: memref.view %arg1[%{{.*}}][] : memref<24xi8> to memref<4x6xi8>
// CHECK-DAG: %[[FLAT:.*]] = memref.view %arg1[%{{.*}}][] : memref<24xi8> to memref<24xi8>
// CHECK-NOT: collapse_shape
// CHECK: memref.copy %[[FLAT]], %arg0
func.func @f(%out: memref<24xi8>) {
  %zero = arith.constant 0 : i8
  %a = memref.alloc() : memref<4x6xi8>
  linalg.fill ins(%zero : i8) outs(%a : memref<4x6xi8>)
  %flat = memref.collapse_shape %a [[0, 1]] : memref<4x6xi8> into memref<24xi8>
  memref.copy %flat, %out : memref<24xi8> to memref<24xi8>
  return
}
