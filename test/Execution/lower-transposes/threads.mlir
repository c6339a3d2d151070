// RUN: cgmq-opt %s -cgmq-lower-transposes=threads=3 -canonicalize | FileCheck %s

// Squares are divided; what they leave comes after.
// CHECK-LABEL: func @f(
// CHECK: scf.parallel {{.*}} to (%c3)
// CHECK: scf.reduce
// CHECK: vector.maskedload
func.func @f(%a: memref<1000x40xf32>, %b: memref<40x1000xf32>) {
  linalg.transpose ins(%a : memref<1000x40xf32>) outs(%b : memref<40x1000xf32>) permutation = [1, 0]
  return
}
