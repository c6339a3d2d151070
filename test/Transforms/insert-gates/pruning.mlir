// RUN: cgmq-opt %s --cgmq-insert-gates="widths=0,2,4 granularity=channel" | FileCheck %s --check-prefixes=CHECK,CHANNEL
// RUN: cgmq-opt %s --cgmq-insert-gates="widths=0,2,4 granularity=element" | FileCheck %s --check-prefixes=CHECK,ELEMENT

// Units may be pruned where there are several: not a whole tensor, which the one
// channel of the input is, and not what is pinned. Biases are like the rest.
// CHECK-LABEL: func.func @f
// CHANNEL:     cgmq.quantize %{{.*}} -> tensor<?x4x4x1x!cgmq.gated<signed, [2, 4], f32>>
// ELEMENT:     cgmq.quantize %{{.*}} -> tensor<?x4x4x1x!cgmq.gated<signed, [0, 2, 4], f32>>
// CHECK:       cgmq.quantize %{{.*}} -> tensor<2x3x3x1x!cgmq.gated<signed, [0, 2, 4], f32>>
// CHECK:       cgmq.quantize %{{.*}} -> tensor<2x!cgmq.gated<signed, [0, 2, 4], f32>>
// CHECK:       cgmq.quantize %{{.*}} -> tensor<?x2x2x2x!cgmq.gated<signed, [0, 2, 4], f32>>
// CHECK:       cgmq.quantize %{{.*}} -> tensor<1x8x3x!cgmq.gated<signed, [8], f32>>
ml_program.global private mutable @kernel(dense<0.5> : tensor<2x3x3x1xf32>) : tensor<2x3x3x1xf32>
ml_program.global private mutable @bias(dense<0.5> : tensor<2xf32>) : tensor<2xf32>
ml_program.global private mutable @pinned(dense<0.5> : tensor<1x8x3xf32>) : tensor<1x8x3xf32> {cgmq.width = 8 : i64}
func.func @f(%x: tensor<?x4x4x1xf32>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %kernel = ml_program.global_load @kernel : tensor<2x3x3x1xf32>
  %bias = ml_program.global_load @bias : tensor<2xf32>
  %conv = tosa.conv2d %x, %kernel, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x4x1xf32>, tensor<2x3x3x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x2x2x2xf32>
  %flat_shape = tosa.const_shape {values = dense<[1, -1, 8]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %conv, %flat_shape : (tensor<?x2x2x2xf32>, !tosa.shape<3>) -> tensor<1x?x8xf32>
  %pinned = ml_program.global_load @pinned : tensor<1x8x3xf32>
  %y = tosa.matmul %flat, %pinned, %zero, %zero : (tensor<1x?x8xf32>, tensor<1x8x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}
