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

// A width for each element: several grids in one tensor, all of which are exact
// on the finest in use.
// expected-remark @below {{gradients agree}}
func.func @elements(%x: tensor<3x37xf32>, %range: tensor<f32>, %gate: tensor<3x37xf32>) -> tensor<3x37xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<3x37xf32>, tensor<f32>, tensor<3x37xf32> -> tensor<3x37x!s>
  %y = cgmq.dequantize %q : tensor<3x37x!s> -> tensor<3x37xf32>
  return %y : tensor<3x37xf32>
}

// A width for each element of a sample, shared by the batch.
// expected-remark @below {{gradients agree}}
func.func @batch(%x: tensor<5x3x7x2xf32>, %range: tensor<f32>, %gate: tensor<1x3x7x2xf32>) -> tensor<5x3x7x2xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<5x3x7x2xf32>, tensor<f32>, tensor<1x3x7x2xf32> -> tensor<5x3x7x2x!u>
  %y = cgmq.dequantize %q : tensor<5x3x7x2x!u> -> tensor<5x3x7x2xf32>
  return %y : tensor<5x3x7x2xf32>
}

// A width for each channel.
// expected-remark @below {{gradients agree}}
func.func @channels(%x: tensor<5x3x7x4xf32>, %range: tensor<f32>, %gate: tensor<1x1x1x4xf32>) -> tensor<5x3x7x4xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<5x3x7x4xf32>, tensor<f32>, tensor<1x1x1x4xf32> -> tensor<5x3x7x4x!s>
  %y = cgmq.dequantize %q : tensor<5x3x7x4x!s> -> tensor<5x3x7x4xf32>
  return %y : tensor<5x3x7x4xf32>
}

// Integer grids alone, of a list of widths that leaves some out.
!i = !cgmq.gated<signed, [2, 8, 16], f32>
// expected-remark @below {{gradients agree}}
func.func @integers(%x: tensor<3x37xf32>, %range: tensor<f32>, %gate: tensor<3x1xf32>) -> tensor<3x37xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<3x37xf32>, tensor<f32>, tensor<3x1xf32> -> tensor<3x37x!i>
  %y = cgmq.dequantize %q : tensor<3x37x!i> -> tensor<3x37xf32>
  return %y : tensor<3x37xf32>
}

// A width that prunes: zero, and nothing reaches it or comes from it.
!p = !cgmq.gated<signed, [0, 2, 4, 8, 16, 32], f32>
// expected-remark @below {{gradients agree}}
func.func @pruned(%x: tensor<3x37xf32>, %range: tensor<f32>, %gate: tensor<3x1xf32>) -> tensor<3x37xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<3x37xf32>, tensor<f32>, tensor<3x1xf32> -> tensor<3x37x!p>
  %y = cgmq.dequantize %q : tensor<3x37x!p> -> tensor<3x37xf32>
  return %y : tensor<3x37xf32>
}

// A whole tensor pruned, and a least other width that is not 2.
!o = !cgmq.gated<unsigned, [0, 4, 8], f32>
// expected-remark @below {{gradients agree}}
func.func @all_pruned(%x: tensor<111xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> tensor<111xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<111xf32>, tensor<f32>, tensor<f32> -> tensor<111x!o>
  %y = cgmq.dequantize %q : tensor<111x!o> -> tensor<111xf32>
  return %y : tensor<111xf32>
}
