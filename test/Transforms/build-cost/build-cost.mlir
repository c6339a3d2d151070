// RUN: cgmq-opt %s --cgmq-build-cost="function=f" | FileCheck %s
// RUN: cgmq-opt %s --cgmq-build-cost="function=f" --canonicalize | FileCheck %s --check-prefix=CANON

!u8 = !cgmq.gated<unsigned, [8], f32>
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>
!s4 = !cgmq.gated<signed, [2, 4], f32>

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
ml_program.global private mutable @v(dense<0.5> : tensor<1x2x3xf32>) : tensor<1x2x3xf32>
ml_program.global private mutable @w.gate(dense<5.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @a.gate(dense<5.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @v.gate(dense<5.5> : tensor<f32>) : tensor<f32>

// A pinned width is a number of the program, 4*2 * 8 = 64; gates are loaded once
// for each contraction in which their width counts, with the widths allowed.
// CHECK-LABEL: func.func @f_cost() -> tensor<f64>
// CHECK:         %[[WG:.*]] = ml_program.global_load @w.gate : tensor<f32>
// CHECK:         %[[W:.*]] = cgmq.bit_width %[[WG]], [2, 4, 8, 16, 32] : tensor<f32> -> tensor<f64>
// CHECK:         %[[C1:.*]] = arith.constant dense<6.400000e+01> : tensor<f64>
// CHECK:         %[[COST1:.*]] = arith.mulf %[[C1]], %[[W]] : tensor<f64>
// CHECK:         %[[AG:.*]] = ml_program.global_load @a.gate : tensor<f32>
// CHECK:         %[[A:.*]] = cgmq.bit_width %[[AG]], [2, 4, 8, 16, 32]
// CHECK:         %[[VG:.*]] = ml_program.global_load @v.gate : tensor<f32>
// CHECK:         %[[V:.*]] = cgmq.bit_width %[[VG]], [2, 4]
// CHECK:         %[[C2:.*]] = arith.constant dense<6.000000e+00> : tensor<f64>
// CHECK:         %[[M:.*]] = arith.mulf %[[C2]], %[[A]]
// CHECK:         %[[COST2:.*]] = arith.mulf %[[M]], %[[V]]
// CHECK:         %[[SUM:.*]] = arith.addf %[[COST1]], %[[COST2]]
// CHECK:         return %[[SUM]] : tensor<f64>

// The program is plain enough for upstream's folders.
// CANON-LABEL: func.func @f_cost()
func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %pinned = arith.constant dense<2.5> : tensor<f32>
  %xq = cgmq.quantize %x, %range, %pinned : tensor<1x?x4xf32>, tensor<f32>, tensor<f32> -> tensor<1x?x4x!u8>
  %xd = cgmq.dequantize %xq : tensor<1x?x4x!u8> -> tensor<1x?x4xf32>
  %w = ml_program.global_load @w : tensor<1x4x2xf32>
  %wg = ml_program.global_load @w.gate : tensor<f32>
  %wq = cgmq.quantize %w, %range, %wg : tensor<1x4x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x4x2x!s>
  %wd = cgmq.dequantize %wq : tensor<1x4x2x!s> -> tensor<1x4x2xf32>
  %y = tosa.matmul %xd, %wd, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %ag = ml_program.global_load @a.gate : tensor<f32>
  %yq = cgmq.quantize %y, %range, %ag : tensor<1x?x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x?x2x!s>
  %yd = cgmq.dequantize %yq : tensor<1x?x2x!s> -> tensor<1x?x2xf32>
  %v = ml_program.global_load @v : tensor<1x2x3xf32>
  %vg = ml_program.global_load @v.gate : tensor<f32>
  %vq = cgmq.quantize %v, %range, %vg : tensor<1x2x3xf32>, tensor<f32>, tensor<f32> -> tensor<1x2x3x!s4>
  %vd = cgmq.dequantize %vq : tensor<1x2x3x!s4> -> tensor<1x2x3xf32>
  %z = tosa.matmul %yd, %vd, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %z : tensor<1x?x3xf32>
}

// Without a gate the cost is a constant: 4*2 * 32*32 = 8192.
// RUN: cgmq-opt %s --cgmq-build-cost="function=float" | FileCheck %s --check-prefix=FLOAT
// FLOAT-LABEL: func.func @float_cost() -> tensor<f64>
// FLOAT-NEXT:    %[[C:.*]] = arith.constant dense<8.192000e+03> : tensor<f64>
// FLOAT-NEXT:    return %[[C]]
func.func @float(%a: tensor<1x?x4xf32>, %b: tensor<1x4x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.matmul %a, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}
