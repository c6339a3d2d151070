// RUN: cgmq-opt %s -verify-diagnostics -test-cgmq-quantize-gradient

// The gradient of cgmq.quantize against the formula of its documentation, at
// each width, inside and outside of positive ranges, and for ranges without an
// inside.

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>
!u = !cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>

// One signed width for the tensor.
// expected-remark @below {{gradients agree}}
func.func @signed(%x: tensor<3x37xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> tensor<3x37xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<3x37xf32>, tensor<f32>, tensor<f32> -> tensor<3x37x!s>
  %y = cgmq.dequantize %q : tensor<3x37x!s> -> tensor<3x37xf32>
  return %y : tensor<3x37xf32>
}

// One unsigned width for the tensor.
// expected-remark @below {{gradients agree}}
func.func @unsigned(%x: tensor<111xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> tensor<111xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<111xf32>, tensor<f32>, tensor<f32> -> tensor<111x!u>
  %y = cgmq.dequantize %q : tensor<111x!u> -> tensor<111xf32>
  return %y : tensor<111xf32>
}
