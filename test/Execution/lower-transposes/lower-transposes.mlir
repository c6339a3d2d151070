// RUN: cgmq-opt %s -cgmq-lower-transposes -canonicalize -cse | FileCheck %s

// Squares of 16 x 16, each row loaded and stored as one vector.
// CHECK-LABEL: func.func @squares(
// CHECK-SAME:    %[[A:[a-z0-9]+]]: memref<32x48xf32>, %[[B:[a-z0-9]+]]: memref<48x32xf32>)
// CHECK:         scf.for %[[I:.*]] = %c0 to %c48 step %c16
// CHECK:           scf.for %[[J:.*]] = %c0 to %c32 step %c16
// CHECK:             vector.load %[[A]][%[[J]], %[[I]]] : memref<32x48xf32>, vector<16xf32>
// CHECK:             vector.shuffle
// CHECK:             vector.store {{.*}}, %[[B]][%[[I]], %[[J]]]
// CHECK-NOT:     linalg.transpose
func.func @squares(%a: memref<32x48xf32>, %b: memref<48x32xf32>) {
  linalg.transpose ins(%a : memref<32x48xf32>) outs(%b : memref<48x32xf32>) permutation = [1, 0]
  return
}

// What 16 does not divide ends in masks: 5 of 16 columns.
// CHECK-LABEL: func.func @border(
// CHECK:         vector.maskedload
// CHECK:         vector.store
func.func @border(%a: memref<16x5xi32>, %b: memref<5x16xi32>) {
  linalg.transpose ins(%a : memref<16x5xi32>) outs(%b : memref<5x16xi32>) permutation = [1, 0]
  return
}

// Bytes, and a transpose that keeps the last dim, stay.
// CHECK-LABEL: func.func @stay(
// CHECK-COUNT-2: linalg.transpose
func.func @stay(%a: memref<16x5xi8>, %b: memref<5x16xi8>, %c: memref<2x3x4xf32>, %d: memref<3x2x4xf32>) {
  linalg.transpose ins(%a : memref<16x5xi8>) outs(%b : memref<5x16xi8>) permutation = [1, 0]
  linalg.transpose ins(%c : memref<2x3x4xf32>) outs(%d : memref<3x2x4xf32>) permutation = [1, 0, 2]
  return
}
