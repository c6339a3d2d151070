// RUN: cgmq-opt %s --canonicalize | FileCheck %s

!q = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// T(g) of constant gates: 0.5 -> 2, 1 -> 2, 1.5 -> 4, 2.5 -> 8, 4 -> 16 and
// 5.5 -> 32.
// CHECK-LABEL: func.func @bit_width
// CHECK: arith.constant dense<[2.000000e+00, 2.000000e+00, 4.000000e+00, 8.000000e+00, 1.600000e+01, 3.200000e+01]> : tensor<6xf64>
// CHECK-NOT: cgmq.bit_width
func.func @bit_width() -> tensor<6xf64> {
  %gate = arith.constant dense<[0.5, 1.0, 1.5, 2.5, 4.0, 5.5]> : tensor<6xf32>
  %b = cgmq.bit_width %gate, [2, 4, 8, 16, 32] : tensor<6xf32> -> tensor<6xf64>
  return %b : tensor<6xf64>
}

// Of fewer widths the least that is not below T(g) stands in for it, or the
// largest: 2 -> 4, 4 -> 4, 8 -> 8, 16 -> 8, 32 -> 8.
// CHECK-LABEL: func.func @few_widths
// CHECK: arith.constant dense<[4.000000e+00, 4.000000e+00, 8.000000e+00, 8.000000e+00, 8.000000e+00]> : tensor<5xf64>
func.func @few_widths() -> tensor<5xf64> {
  %gate = arith.constant dense<[0.5, 1.5, 2.5, 3.5, 5.5]> : tensor<5xf32>
  %b = cgmq.bit_width %gate, [4, 8] : tensor<5xf32> -> tensor<5xf64>
  return %b : tensor<5xf64>
}

// A gate that is not constant has no width yet.
// CHECK-LABEL: func.func @dynamic_gate
// CHECK: cgmq.bit_width
func.func @dynamic_gate(%gate: tensor<f32>) -> tensor<f64> {
  %b = cgmq.bit_width %gate, [4, 8] : tensor<f32> -> tensor<f64>
  return %b : tensor<f64>
}

// What lies on the grid already is not rounded again.
// CHECK-LABEL: func.func @twice
// CHECK: %[[Q:.*]] = cgmq.quantize
// CHECK-NEXT: return %[[Q]]
func.func @twice(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> tensor<4x!q> {
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!q>
  %y = cgmq.dequantize %q : tensor<4x!q> -> tensor<4xf32>
  %r = cgmq.quantize %y, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// Another range is another grid.
// CHECK-LABEL: func.func @other_range
// CHECK: cgmq.quantize
// CHECK: cgmq.dequantize
// CHECK: cgmq.quantize
func.func @other_range(%x: tensor<4xf32>, %range: tensor<f32>, %other: tensor<f32>, %gate: tensor<f32>) -> tensor<4x!q> {
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!q>
  %y = cgmq.dequantize %q : tensor<4x!q> -> tensor<4xf32>
  %r = cgmq.quantize %y, %other, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!q>
  return %r : tensor<4x!q>
}
