// RUN: cgmq-opt %s -split-input-file --cgmq-decompose-transpose-conv -verify-diagnostics

// A weight that is computed.
// expected-note @below {{this is computed}}
func.func @argument(%x: tensor<2x3x3x1xf32>, %w: tensor<1x2x2x1xf32>) -> tensor<2x4x4x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-error @below {{'tosa.transpose_conv2d' op expects a weight and a bias that are constants or parameters, but got 'tensor<1x2x2x1xf32>'}}
  %y = tosa.transpose_conv2d %x, %w, %zero, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x3x3x1xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x4x4x1xf32>
  return %y : tensor<2x4x4x1xf32>
}

// -----

// An extent that is known when the program runs.
func.func @dynamic(%x: tensor<2x?x3x1xf32>) -> tensor<2x?x4x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x2x2x1xf32>}> : () -> tensor<1x2x2x1xf32>
  // expected-error @below {{'tosa.transpose_conv2d' op expects tensors of f32 with extents that are static but for the batch, but got 'tensor<2x?x3x1xf32>'}}
  %y = tosa.transpose_conv2d %x, %w, %zero, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x?x3x1xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x?x4x1xf32>
  return %y : tensor<2x?x4x1xf32>
}

// -----

// A result of an extent that nothing says.
func.func @result(%x: tensor<2x3x3x1xf32>) -> tensor<2x?x4x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x2x2x1xf32>}> : () -> tensor<1x2x2x1xf32>
  // expected-error @below {{'tosa.transpose_conv2d' op expects a result whose extents are static but for the batch, but got 'tensor<2x?x4x1xf32>'}}
  %y = tosa.transpose_conv2d %x, %w, %zero, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x3x3x1xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x?x4x1xf32>
  return %y : tensor<2x?x4x1xf32>
}

// -----

// A parameter without numbers.
// expected-error @below {{expects an initial value of type 'tensor<1x2x2x1xf32>', but got none}}
// expected-note @below {{give the parameter a dense, dense_resource or #cgmq.he_uniform value}}
ml_program.global private mutable @w : tensor<1x2x2x1xf32>
func.func @valueless(%x: tensor<2x3x3x1xf32>) -> tensor<2x4x4x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x2x2x1xf32>
  %y = tosa.transpose_conv2d %x, %w, %zero, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x3x3x1xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x4x4x1xf32>
  return %y : tensor<2x4x4x1xf32>
}
