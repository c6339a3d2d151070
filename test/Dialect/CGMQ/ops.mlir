// RUN: cgmq-opt %s | cgmq-opt | FileCheck %s
// RUN: cgmq-opt %s --emit-bytecode | cgmq-opt | FileCheck %s
// RUN: cgmq-opt %s --mlir-print-op-generic | cgmq-opt | FileCheck %s

!u = !cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>
!s = !cgmq.gated<signed, [2, 4, 8], f32>

// The QDQ pair around a value; CHECK lines prove that types print as written.
// CHECK-LABEL: func.func @qdq
// CHECK-SAME: cgmq.nonnegative
// CHECK-SAME: cgmq.budget = #cgmq.budget<9.000000e-01 percent>
func.func @qdq(%x: tensor<?x28xf32> {cgmq.nonnegative}, %range: tensor<f32>, %gate: tensor<f32>)
    -> tensor<?x28xf32> attributes {cgmq.budget = #cgmq.budget<0.9 percent>} {
  // CHECK: cgmq.quantize %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x28xf32>, tensor<f32>, tensor<f32> -> tensor<?x28x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>
  %q = cgmq.quantize %x, %range, %gate : tensor<?x28xf32>, tensor<f32>, tensor<f32> -> tensor<?x28x!u>
  // CHECK: cgmq.dequantize %{{.*}} : tensor<?x28x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>> -> tensor<?x28xf32>
  %y = cgmq.dequantize %q : tensor<?x28x!u> -> tensor<?x28xf32>
  return %y : tensor<?x28xf32>
}

// The gate's shape is the granularity: one for each channel, one for each
// element.
// CHECK-LABEL: func.func @granularity
func.func @granularity(%x: tensor<2x4xf32>, %range: tensor<f32>, %channel: tensor<1x4xf32>, %element: tensor<2x4xf32>) {
  // CHECK: cgmq.quantize {{.*}} : tensor<2x4xf32>, tensor<f32>, tensor<1x4xf32> -> tensor<2x4x!cgmq.gated<signed, [2, 4, 8], f32>>
  %0 = cgmq.quantize %x, %range, %channel : tensor<2x4xf32>, tensor<f32>, tensor<1x4xf32> -> tensor<2x4x!s>
  // CHECK: cgmq.quantize {{.*}} : tensor<2x4xf32>, tensor<f32>, tensor<2x4xf32> -> tensor<2x4x!cgmq.gated<signed, [2, 4, 8], f32>>
  %1 = cgmq.quantize %x, %range, %element : tensor<2x4xf32>, tensor<f32>, tensor<2x4xf32> -> tensor<2x4x!s>
  return
}

// Calibration leaves one range for each width.
// CHECK-LABEL: func.func @ranges
func.func @ranges(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) {
  // CHECK: cgmq.quantize {{.*}} {cgmq.ranges = array<f32: 5.000000e-01, 7.500000e-01, 1.000000e+00>}
  %0 = cgmq.quantize %x, %range, %gate {cgmq.ranges = array<f32: 0.5, 0.75, 1.0>} : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!s>
  return
}

// CHECK-LABEL: func.func @align
func.func @align(%b: tensor<32xf32>, %x: tensor<?x28x28x1x!u>, %w: tensor<32x5x5x1x!s>) -> tensor<32xf32> {
  // CHECK: cgmq.align %{{.*}}, %{{.*}}, %{{.*}} : tensor<32xf32>, tensor<?x28x28x1x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>, tensor<32x5x5x1x!cgmq.gated<signed, [2, 4, 8], f32>>
  %y = cgmq.align %b, %x, %w : tensor<32xf32>, tensor<?x28x28x1x!u>, tensor<32x5x5x1x!s>
  return %y : tensor<32xf32>
}

// CHECK-LABEL: func.func @bit_width
func.func @bit_width(%gate: tensor<1x4xf32>) -> tensor<1x4xf64> {
  // CHECK: cgmq.bit_width %{{.*}}, [2, 4, 8] : tensor<1x4xf32> -> tensor<1x4xf64>
  %b = cgmq.bit_width %gate, [2, 4, 8] : tensor<1x4xf32> -> tensor<1x4xf64>
  return %b : tensor<1x4xf64>
}

// What is left of gates that differ.
ml_program.global private @w.widths(dense<[2, 4, 2, 4]> : tensor<4xi8>) : tensor<4xi8>
// CHECK-LABEL: func.func @units
func.func @units(%x: tensor<?x4xf32>, %w: tensor<4xi4>, %widths: tensor<1x4xi8>) -> tensor<?x4x!quant.uniform<u4:f32, 0.5>> {
  // CHECK: cgmq.quantize_units %{{.*}}, %{{.*}} range 7.500000e+00 : tensor<?x4xf32>, tensor<1x4xi8> -> tensor<?x4x!quant.uniform<u4:f32, 5.000000e-01>>
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<?x4xf32>, tensor<1x4xi8> -> tensor<?x4x!quant.uniform<u4:f32, 0.5>>
  // CHECK: quant.scast %{{.*}} {cgmq.unit_widths = @w.widths}
  %wq = quant.scast %w {cgmq.unit_widths = @w.widths} : tensor<4xi4> to tensor<4x!quant.uniform<i4<-7:7>:f32, 0.25>>
  return %q : tensor<?x4x!quant.uniform<u4:f32, 0.5>>
}
