// RUN: cgmq-opt %s -cgmq-build-loss -verify-diagnostics \
// RUN:   -test-cgmq-gradients="function=network_loss step=1e-3 tolerance=1e-3"

// The gradients of the cross-entropy of a small network with respect to its
// images and all its parameters.
ml_program.global private mutable @conv.weight(dense<0.0> : tensor<3x3x3x2xf32>) : tensor<3x3x3x2xf32>
ml_program.global private mutable @conv.bias(dense<0.0> : tensor<3xf32>) : tensor<3xf32>
ml_program.global private mutable @fc.weight(dense<0.0> : tensor<1x12x4xf32>) : tensor<1x12x4xf32>
ml_program.global private mutable @fc.bias(dense<0.0> : tensor<1x4xf32>) : tensor<1x4xf32>

// expected-remark @below {{gradients agree}}
func.func @network(%images: tensor<3x6x6x2xf32>) -> tensor<3x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @conv.weight : tensor<3x3x3x2xf32>
  %b = ml_program.global_load @conv.bias : tensor<3xf32>
  %conv = tosa.conv2d %images, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<3x6x6x2xf32>, tensor<3x3x3x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3x4x4x3xf32>
  %relu = tosa.clamp %conv {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<3x4x4x3xf32>) -> tensor<3x4x4x3xf32>
  %pool = tosa.max_pool2d %relu {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<3x4x4x3xf32>) -> tensor<3x2x2x3xf32>
  %flat_shape = tosa.const_shape {values = dense<[1, 3, 12]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %pool, %flat_shape : (tensor<3x2x2x3xf32>, !tosa.shape<3>) -> tensor<1x3x12xf32>
  %fw = ml_program.global_load @fc.weight : tensor<1x12x4xf32>
  %fb = ml_program.global_load @fc.bias : tensor<1x4xf32>
  %fc = tosa.matmul %flat, %fw, %zero, %zero : (tensor<1x3x12xf32>, tensor<1x12x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x4xf32>
  %row_shape = tosa.const_shape {values = dense<[3, 4]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %rows = tosa.reshape %fc, %row_shape : (tensor<1x3x4xf32>, !tosa.shape<2>) -> tensor<3x4xf32>
  %logits = tosa.add %rows, %fb : (tensor<3x4xf32>, tensor<1x4xf32>) -> tensor<3x4xf32>
  return %logits : tensor<3x4xf32>
}
