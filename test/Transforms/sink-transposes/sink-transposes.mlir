// RUN: cgmq-opt %s --split-input-file --cgmq-sink-transposes | FileCheck %s

// Below a sum of two that are transposed alike and one number, a reduction, a
// concatenation and a pad, until the inverse.
// CHECK-LABEL: func.func @below(
// CHECK-SAME: %[[X:.*]]: tensor<?x4x4x3xf32>, %[[Y:.*]]: tensor<?x4x4x3xf32>
// CHECK-DAG: %[[PADS:.*]] = tosa.const_shape {{.*}}dense<[0, 0, 1, 2, 3, 4, 0, 0]>
// CHECK-NOT: tosa.transpose
// CHECK: %[[SUM:.*]] = tosa.add %[[X]], %[[Y]] : {{.*}} -> tensor<?x4x4x3xf32>
// CHECK: %[[PRODUCT:.*]] = tosa.mul %[[SUM]], {{.*}} -> tensor<?x4x4x3xf32>
// CHECK: %[[MOST:.*]] = tosa.reduce_max %[[PRODUCT]] {axis = 3 : i32} : {{.*}} -> tensor<?x4x4x1xf32>
// CHECK: %[[BOTH:.*]] = tosa.concat %[[PRODUCT]], %[[MOST]] {axis = 3 : i32} : {{.*}} -> tensor<?x4x4x4xf32>
// CHECK: %[[PADDED:.*]] = tosa.pad %[[BOTH]], %[[PADS]], {{.*}} -> tensor<?x7x11x4xf32>
// CHECK-NOT: tosa.transpose
// CHECK: return %[[PADDED]]
func.func @below(%x: tensor<?x4x4x3xf32>, %y: tensor<?x4x4x3xf32>) -> tensor<?x7x11x4xf32> {
  %number = "tosa.const"() <{values = dense<2.0> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %0 = tosa.transpose %x {perms = array<i32: 0, 3, 1, 2>} : (tensor<?x4x4x3xf32>) -> tensor<?x3x4x4xf32>
  %1 = tosa.transpose %y {perms = array<i32: 0, 3, 1, 2>} : (tensor<?x4x4x3xf32>) -> tensor<?x3x4x4xf32>
  %2 = tosa.add %0, %1 : (tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>) -> tensor<?x3x4x4xf32>
  %3 = tosa.mul %2, %number, %shift : (tensor<?x3x4x4xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x3x4x4xf32>
  %4 = tosa.reduce_max %3 {axis = 1 : i32} : (tensor<?x3x4x4xf32>) -> tensor<?x1x4x4xf32>
  %5 = tosa.concat %3, %4 {axis = 1 : i32} : (tensor<?x3x4x4xf32>, tensor<?x1x4x4xf32>) -> tensor<?x4x4x4xf32>
  %pads = tosa.const_shape {values = dense<[0, 0, 0, 0, 1, 2, 3, 4]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %6 = tosa.pad %5, %pads, %zero : (tensor<?x4x4x4xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<?x4x7x11xf32>
  %7 = tosa.transpose %6 {perms = array<i32: 0, 2, 3, 1>} : (tensor<?x4x7x11xf32>) -> tensor<?x7x11x4xf32>
  return %7 : tensor<?x7x11x4xf32>
}

// -----

// A sample of 2x1x2, channels last, is (h0 c0, h0 c1, h1 c0, h1 c1); flattened
// with channels first it was (c0 h0, c0 h1, c1 h0, c1 h1): the rows 1, 2, 3, 4
// of the weight become 1, 3, 2, 4.
// CHECK: ml_program.global private mutable @w(dense<{{\[\[\[}}1.000000e+00], [3.000000e+00], [2.000000e+00], [4.000000e+00]]]> : tensor<1x4x1xf32>) : tensor<1x4x1xf32>
// CHECK-LABEL: func.func @flatten(
// CHECK-SAME: %[[X:.*]]: tensor<?x2x1x2xf32>
// CHECK-NOT: tosa.transpose
// CHECK: %[[W:.*]] = ml_program.global_load @w
// CHECK: %[[FLAT:.*]] = tosa.reshape %[[X]], {{.*}} -> tensor<1x?x4xf32>
// CHECK: tosa.matmul %[[FLAT]], %[[W]],
ml_program.global private mutable @w(dense<[[[1.0], [2.0], [3.0], [4.0]]]> : tensor<1x4x1xf32>) : tensor<1x4x1xf32>
func.func @flatten(%x: tensor<?x2x1x2xf32>) -> tensor<1x?x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.transpose %x {perms = array<i32: 0, 3, 1, 2>} : (tensor<?x2x1x2xf32>) -> tensor<?x2x2x1xf32>
  %rows = tosa.const_shape {values = dense<[1, -1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %1 = tosa.reshape %0, %rows : (tensor<?x2x2x1xf32>, !tosa.shape<3>) -> tensor<1x?x4xf32>
  %w = ml_program.global_load @w : tensor<1x4x1xf32>
  %2 = tosa.matmul %1, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x1xf32>
  return %2 : tensor<1x?x1xf32>
}

// -----

// Two in different orders stay, and so does a parameter that others see.
// CHECK: ml_program.global private mutable @shared({{.*}}) : tensor<2x3xf32>
// CHECK-LABEL: func.func @kept
// CHECK: tosa.transpose
// CHECK: tosa.add
// CHECK: ml_program.global_load @shared : tensor<2x3xf32>
// CHECK: ml_program.global_load @shared : tensor<2x3xf32>
// CHECK: tosa.transpose
ml_program.global private mutable @shared(dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>) : tensor<2x3xf32>
func.func @kept(%x: tensor<4x3xf32>, %y: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<2x3xf32>, tensor<3x2xf32>) {
  %0 = tosa.transpose %x {perms = array<i32: 1, 0>} : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %1 = tosa.add %0, %y : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %2 = ml_program.global_load @shared : tensor<2x3xf32>
  %3 = ml_program.global_load @shared : tensor<2x3xf32>
  %4 = tosa.transpose %3 {perms = array<i32: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %1, %2, %4 : tensor<3x4xf32>, tensor<2x3xf32>, tensor<3x2xf32>
}
