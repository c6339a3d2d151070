// RUN: cgmq-opt %s -split-input-file --cgmq-lower-to-integer | FileCheck %s
// RUN: cgmq-opt %s -split-input-file --cgmq-lower-to-tosa | FileCheck %s --check-prefix=TOSA

// What moves elements of an argument before they are quantized moves its codes:
// a slice, as of a convolution whose stride leaves rows unread, a margin of
// zeros, maxima. The codes are the argument of the integer function.
// CHECK-LABEL: func.func @moved_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<1x6x6x2xi8>)
// CHECK:         tosa.slice %[[X]]
// CHECK-SAME:      -> tensor<1x5x6x2xi8>
// CHECK:         tensor.pad %{{.*}}
// CHECK:         linalg.pooling_nhwc_max
// CHECK:         linalg.generic {{.*}}"reduction"{{.*}} ins(%{{.*}} : tensor<1x3x3x2xi8>
// TOSA-LABEL: func.func @moved_integer(
// TOSA-SAME:    tensor<1x6x6x2xi8>
// TOSA:         tosa.slice {{.*}} -> tensor<1x5x6x2xi8>
// TOSA:         tosa.max_pool2d {{.*}}xi8>
// TOSA:         tosa.conv2d {{.*}}xi32>
!q = !quant.uniform<i8<-127:127>:f32, 0.5>
!w = !quant.uniform<i4<-7:7>:f32, 0.25>
ml_program.global private @w(dense<3> : tensor<1x2x2x2xi4>) : tensor<1x2x2x2xi4>
func.func @moved(%x: tensor<1x6x6x2xf32>) -> tensor<1x2x2x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %start = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size = tosa.const_shape {values = dense<[1, 5, 6, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %margin = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %slice = tosa.slice %x, %start, %size : (tensor<1x6x6x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x5x6x2xf32>
  %padded = tosa.pad %slice, %margin, %zero : (tensor<1x5x6x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x6x6x2xf32>
  %pool = tosa.max_pool2d %padded {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x6x6x2xf32>) -> tensor<1x3x3x2xf32>
  %q = quant.qcast %pool : tensor<1x3x3x2xf32> to tensor<1x3x3x2x!q>
  %d = quant.dcast %q : tensor<1x3x3x2x!q> to tensor<1x3x3x2xf32>
  %c = ml_program.global_load_const @w : tensor<1x2x2x2xi4>
  %s = quant.scast %c : tensor<1x2x2x2xi4> to tensor<1x2x2x2x!w>
  %w = quant.dcast %s : tensor<1x2x2x2x!w> to tensor<1x2x2x2xf32>
  %y = tosa.conv2d %d, %w, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x3x2xf32>, tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  return %y : tensor<1x2x2x1xf32>
}
