// RUN: cgmq-opt %s -cgmq-lower-tosa | FileCheck %s

// Amounts are attributes.
// CHECK-LABEL: func.func @pad(
// CHECK:         tensor.pad %{{.*}} low[1, 0] high[2, 1]
// CHECK:           tensor.yield %{{.*}} : f32
// CHECK-NOT:     tosa.pad
func.func @pad(%x: tensor<?x3xf32>) -> tensor<?x4xf32> {
  %amounts = tosa.const_shape {values = dense<[1, 2, 0, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %number = "tosa.const"() <{values = dense<0.5> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.pad %x, %amounts, %number : (tensor<?x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// Channels are the last dimension of all three tensors; the sums start at the
// bias.
// CHECK-LABEL: func.func @depthwise(
// CHECK-SAME:    %[[X:.*]]: tensor<?x5x6x3xf32>, %[[W:.*]]: tensor<3x2x3x1xf32>, %[[B:.*]]: tensor<3xf32>
// CHECK:         %[[PADDED:.*]] = tensor.pad %[[X]] low[0, 1, 0, 0] high[0, 1, 0, 0]
// CHECK:         %[[FILTERS:.*]] = tensor.collapse_shape %[[W]] {{\[\[}}0], [1], [2, 3]]
// CHECK:         %[[START:.*]] = linalg.broadcast ins(%[[B]] : tensor<3xf32>) outs(%{{.*}} : tensor<?x3x3x3xf32>)
// CHECK:         linalg.generic {{.*}} ins(%[[PADDED]], %[[FILTERS]] : {{.*}}) outs(%[[START]] : tensor<?x3x3x3xf32>)
func.func @depthwise(%x: tensor<?x5x6x3xf32>, %w: tensor<3x2x3x1xf32>, %b: tensor<3xf32>) -> tensor<?x3x3x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.depthwise_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x5x6x3xf32>, tensor<3x2x3x1xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x3x3x3xf32>
  return %y : tensor<?x3x3x3xf32>
}

// A number from outside, and several results for each channel, are upstream's.
// CHECK-LABEL: func.func @others(
// CHECK:         tosa.pad
// CHECK:         tosa.depthwise_conv2d
func.func @others(%x: tensor<1x5x6x3xf32>, %number: tensor<1xf32>, %w: tensor<3x2x3x2xf32>, %b: tensor<6xf32>) -> (tensor<1x6x6x3xf32>, tensor<1x3x5x6xf32>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %amounts = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %p = tosa.pad %x, %amounts, %number : (tensor<1x5x6x3xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x6x6x3xf32>
  %y = tosa.depthwise_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x5x6x3xf32>, tensor<3x2x3x2xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x5x6xf32>
  return %p, %y : tensor<1x6x6x3xf32>, tensor<1x3x5x6xf32>
}
