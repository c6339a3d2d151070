// Padding, strides, a depthwise convolution and average pooling, forward and
// backward, agree with plain loops up to the order of sums.

// RUN: cgmq-opt %s -cgmq-set-batch=batch=5 -cgmq-initialize-parameters \
// RUN:     -cgmq-build-loss -cgmq-build-training-step -o %t.mlir
// RUN: cgmq-compare-lowerings %t.mlir --function=net_step --tolerance=1e-4

ml_program.global private mutable @w1(#cgmq.he_uniform<fan_in = 27, seed = 1>) : tensor<10x3x3x3xf32>
ml_program.global private mutable @b1(dense<0.1> : tensor<10xf32>) : tensor<10xf32>
ml_program.global private mutable @w2(#cgmq.he_uniform<fan_in = 9, seed = 2>) : tensor<3x3x10x1xf32>
ml_program.global private mutable @b2(dense<0.0> : tensor<10xf32>) : tensor<10xf32>
ml_program.global private mutable @w3(#cgmq.he_uniform<fan_in = 160, seed = 3>) : tensor<1x160x7xf32>
ml_program.global private mutable @b3(dense<0.0> : tensor<1x7xf32>) : tensor<1x7xf32>
func.func @net(%images: tensor<?x15x15x3xf32>) -> tensor<?x7xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w1 = ml_program.global_load @w1 : tensor<10x3x3x3xf32>
  %b1 = ml_program.global_load @b1 : tensor<10xf32>
  %c1 = tosa.conv2d %images, %w1, %b1, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 2, 2>} : (tensor<?x15x15x3xf32>, tensor<10x3x3x3xf32>, tensor<10xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x8x8x10xf32>
  %r1 = tosa.clamp %c1 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x8x8x10xf32>) -> tensor<?x8x8x10xf32>
  %w2 = ml_program.global_load @w2 : tensor<3x3x10x1xf32>
  %b2 = ml_program.global_load @b2 : tensor<10xf32>
  %c2 = tosa.depthwise_conv2d %r1, %w2, %b2, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x8x8x10xf32>, tensor<3x3x10x1xf32>, tensor<10xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x8x8x10xf32>
  %p = tosa.avg_pool2d %c2, %zero, %zero {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, acc_type = f32} : (tensor<?x8x8x10xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x4x4x10xf32>
  %s = tosa.const_shape {values = dense<[1, -1, 160]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %f = tosa.reshape %p, %s : (tensor<?x4x4x10xf32>, !tosa.shape<3>) -> tensor<1x?x160xf32>
  %w3 = ml_program.global_load @w3 : tensor<1x160x7xf32>
  %b3 = ml_program.global_load @b3 : tensor<1x7xf32>
  %m = tosa.matmul %f, %w3, %zero, %zero : (tensor<1x?x160xf32>, tensor<1x160x7xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x7xf32>
  %s2 = tosa.const_shape {values = dense<[-1, 7]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %q = tosa.reshape %m, %s2 : (tensor<1x?x7xf32>, !tosa.shape<2>) -> tensor<?x7xf32>
  %l = tosa.add %q, %b3 : (tensor<?x7xf32>, tensor<1x7xf32>) -> tensor<?x7xf32>
  return %l : tensor<?x7xf32>
}
