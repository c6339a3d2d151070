// RUN: cgmq-opt %s --cgmq-decompose-tosa | FileCheck %s

// With strides of one, a convolution by the reversed kernel.
// CHECK-LABEL: func.func @strides_of_one
// CHECK-COUNT-2: tosa.reverse
// CHECK-NOT: tosa.transpose_conv2d
// CHECK: tosa.conv2d {{.*}} pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>
func.func @strides_of_one(%x: tensor<1x4x4x2xf32>, %w: tensor<3x2x2x2xf32>, %b: tensor<3xf32>) -> tensor<1x5x5x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x2x2x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x5x5x3xf32>
  return %y : tensor<1x5x5x3xf32>
}

// What linalg has stays as it is.
// CHECK-LABEL: func.func @others
// CHECK-NEXT: tosa.tanh
// CHECK-NEXT: return
func.func @others(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = tosa.tanh %x : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
