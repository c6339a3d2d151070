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

// Single bytes, and a transpose that keeps the last dim of words, stay.
// CHECK-LABEL: func.func @stay(
// CHECK-COUNT-2: linalg.transpose
func.func @stay(%a: memref<16x5xi8>, %b: memref<5x16xi8>, %c: memref<2x3x4xf32>, %d: memref<3x2x4xf32>) {
  linalg.transpose ins(%a : memref<16x5xi8>) outs(%b : memref<5x16xi8>) permutation = [1, 0]
  linalg.transpose ins(%c : memref<2x3x4xf32>) outs(%d : memref<3x2x4xf32>) permutation = [1, 0, 2]
  return
}

// Groups of four bytes that stay together are elements of 32 bits.
// CHECK-LABEL: func.func @groups(
// CHECK-SAME:    %[[A:[a-z0-9]+]]: memref<16x24x4xi8>, %[[B:[a-z0-9]+]]: memref<24x16x4xi8>)
// CHECK-DAG:     %[[FROM:.*]] = memref.collapse_shape %[[A]] {{.*}} into memref<16x96xi8>
// CHECK-DAG:     %[[TO:.*]] = memref.collapse_shape %[[B]] {{.*}} into memref<24x64xi8>
// CHECK:         %[[BYTES:.*]] = vector.load %[[FROM]][{{.*}}] : memref<16x96xi8>, vector<64xi8>
// CHECK:         vector.bitcast %[[BYTES]] : vector<64xi8> to vector<16xi32>
// CHECK:         vector.shuffle
// CHECK:         vector.bitcast {{.*}} : vector<16xi32> to vector<64xi8>
// CHECK:         vector.store {{.*}}, %[[TO]][
// CHECK-NOT:     linalg.transpose
func.func @groups(%a: memref<16x24x4xi8>, %b: memref<24x16x4xi8>) {
  linalg.transpose ins(%a : memref<16x24x4xi8>) outs(%b : memref<24x16x4xi8>) permutation = [1, 0, 2]
  return
}

// Groups of a byte from each of four rows.
// CHECK-LABEL: func.func @rows(
// CHECK-SAME:    %[[A:[a-z0-9]+]]: memref<3x4x19xi8>, %[[B:[a-z0-9]+]]: memref<3x19x4xi8>)
// CHECK:         %[[TO:.*]] = memref.collapse_shape %[[B]] {{.*}} into memref<3x76xi8>
// CHECK:         %[[R0:.*]] = vector.load %[[A]][%{{.*}}, %c0, %c0]
// CHECK:         %[[R2:.*]] = vector.load %[[A]][%{{.*}}, %c2, %c0]
// CHECK:         %[[EVEN:.*]] = vector.interleave %[[R0]], %[[R2]]
// CHECK:         %[[ODD:.*]] = vector.interleave
// CHECK:         %[[ALL:.*]] = vector.interleave %[[EVEN]], %[[ODD]]
// CHECK:         vector.store %[[ALL]], %[[TO]][%{{.*}}, %c0] : memref<3x76xi8>, vector<64xi8>
// CHECK:         vector.maskedload %[[A]][%{{.*}}, %c0, %c16]
// CHECK:         vector.maskedstore %[[TO]][%{{.*}}, %c64]
// CHECK-NOT:     linalg.transpose
func.func @rows(%a: memref<3x4x19xi8>, %b: memref<3x19x4xi8>) {
  linalg.transpose ins(%a : memref<3x4x19xi8>) outs(%b : memref<3x19x4xi8>) permutation = [0, 2, 1]
  return
}
