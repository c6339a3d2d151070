// RUN: cgmq-opt %s --cgmq-freeze | FileCheck %s
// What freezing leaves can be frozen, printed and parsed again.
// RUN: cgmq-opt %s --cgmq-freeze -o %t.mlir && cgmq-opt %t.mlir --cgmq-freeze | diff %t.mlir -

!u = !cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// Range 3.5 at 4 bits: s = 7 / 15, x / s + 0.5 floored. -3.5 / s = -7.5 goes
// up to -7; 0.25 / s + 0.5 = 1.04; 9.0 is clamped to 7.
// CHECK: ml_program.global private @w(dense<{{\[\[\[}}-7, 1], [0, 7]]]> : tensor<1x2x2xi4>) : tensor<1x2x2xi4>
ml_program.global private mutable @w(dense<[[[-3.5, 0.25], [0.1, 9.0]]]> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
// A step of 0.5 by 7/15 on the accumulator grid, bias 1.0 at 32 bits:
// 1.0 / (7/30) + 0.5 = 4.79 and -0.7 / (7/30) + 0.5 = -2.5, floored to -3.
// CHECK: ml_program.global private @b(dense<{{\[\[}}4, -3]]> : tensor<1x2xi32>) : tensor<1x2xi32>
ml_program.global private mutable @b(dense<[[1.0, -0.7]]> : tensor<1x2xf32>) : tensor<1x2xf32>
// CHECK-NOT: .gate
// CHECK-NOT: .range
ml_program.global private mutable @w.range(dense<3.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @w.gate(dense<1.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @b.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @b.gate(dense<5.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @x.range(dense<7.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @x.gate(dense<2.0> : tensor<f32>) : tensor<f32>

// Weight, bias and activation; the budget stays.
// CHECK-LABEL: func.func @layer
// CHECK-SAME:    cgmq.budget
// CHECK:         %[[XQ:.*]] = quant.qcast %{{.*}} : tensor<1x?x2xf32> to tensor<1x?x2x!quant.uniform<u4:f32, 5.000000e-01>>
// CHECK:         %[[X:.*]] = quant.dcast %[[XQ]]
// CHECK:         %[[WC:.*]] = ml_program.global_load_const @w : tensor<1x2x2xi4>
// CHECK:         %[[WQ:.*]] = quant.scast %[[WC]] : tensor<1x2x2xi4> to tensor<1x2x2x!quant.uniform<i4<-7:7>:f32, [[WSTEP:0.466.*]]>>
// CHECK:         %[[W:.*]] = quant.dcast %[[WQ]]
// CHECK:         %[[BC:.*]] = ml_program.global_load_const @b : tensor<1x2xi32>
// CHECK:         %[[BQ:.*]] = quant.scast %[[BC]] : tensor<1x2xi32> to tensor<1x2x!quant.uniform<i32<-2147483647:2147483647>:f32, 0.233
// CHECK:         %[[B:.*]] = quant.dcast %[[BQ]]
// CHECK-NOT:     cgmq.quantize
// CHECK:         %[[Y:.*]] = tosa.matmul %[[X]], %[[W]]
// CHECK:         tosa.add %{{.*}}, %[[B]]
func.func @layer(%x: tensor<1x?x2xf32> {cgmq.nonnegative}) -> tensor<?x2xf32>
    attributes {cgmq.budget = #cgmq.budget<5.0 percent>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %rows = tosa.const_shape {values = dense<[-1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %xr = ml_program.global_load @x.range : tensor<f32>
  %xg = ml_program.global_load @x.gate : tensor<f32>
  %xq = cgmq.quantize %x, %xr, %xg : tensor<1x?x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x?x2x!u>
  %xd = cgmq.dequantize %xq : tensor<1x?x2x!u> -> tensor<1x?x2xf32>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %wr = ml_program.global_load @w.range : tensor<f32>
  %wg = ml_program.global_load @w.gate : tensor<f32>
  %wq = cgmq.quantize %w, %wr, %wg : tensor<1x2x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x2x2x!s>
  %wd = cgmq.dequantize %wq : tensor<1x2x2x!s> -> tensor<1x2x2xf32>
  %b = ml_program.global_load @b : tensor<1x2xf32>
  %br = ml_program.global_load @b.range : tensor<f32>
  %bg = ml_program.global_load @b.gate : tensor<f32>
  %bq = cgmq.quantize %b, %br, %bg : tensor<1x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x2x!s>
  %bd = cgmq.dequantize %bq : tensor<1x2x!s> -> tensor<1x2xf32>
  %ba = cgmq.align %bd, %xq, %wq : tensor<1x2xf32>, tensor<1x?x2x!u>, tensor<1x2x2x!s>
  %m = tosa.matmul %xd, %wd, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %mr = tosa.reshape %m, %rows : (tensor<1x?x2xf32>, !tosa.shape<2>) -> tensor<?x2xf32>
  %y = tosa.add %mr, %ba : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// At 32 bits: a parameter is clipped, an activation passes a clamp, and a bias
// that is aligned with them stays as its own quantizer leaves it: 2 bits of
// range 1.0, s = 2/3, so that 0.4 becomes one step.
// CHECK-LABEL: func.func @floats
// CHECK:         %[[X:.*]] = tosa.clamp %{{.*}} {max_val = 2.000000e+00 : f32, min_val = -2.000000e+00 : f32}
// CHECK:         %[[W:.*]] = ml_program.global_load_const @v : tensor<1x2x2xf32>
// CHECK:         %[[BC:.*]] = ml_program.global_load_const @c : tensor<1x1x2xi2>
// CHECK:         %[[BQ:.*]] = quant.scast %[[BC]] : tensor<1x1x2xi2> to tensor<1x1x2x!quant.uniform<i2<-1:1>:f32, 0.666
// CHECK:         %[[B:.*]] = quant.dcast %[[BQ]]
// CHECK:         %[[Y:.*]] = tosa.matmul %[[X]], %[[W]]
// CHECK:         tosa.add %[[Y]], %[[B]]
// The parameters' new values, which follow the loads in the text no more.
// RUN: cgmq-opt %s --cgmq-freeze | FileCheck %s --check-prefix=VALUES
// VALUES: @v(dense<{{\[\[\[}}-1.000000e+00, 2.500000e-01], [1.000000e+00, 0.000000e+00]]]> : tensor<1x2x2xf32>)
// VALUES: @c(dense<{{\[\[\[}}1, -1]]]> : tensor<1x1x2xi2>)
ml_program.global private mutable @v(dense<[[[-3.5, 0.25], [1.5, 0.0]]]> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
ml_program.global private mutable @c(dense<[[[0.4, -0.9]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
func.func @floats(%x: tensor<1x?x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %two = arith.constant dense<2.0> : tensor<f32>
  %g2 = arith.constant dense<0.5> : tensor<f32>
  %g32 = arith.constant dense<4.5> : tensor<f32>
  %xq = cgmq.quantize %x, %two, %g32 : tensor<1x?x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x?x2x!s>
  %xd = cgmq.dequantize %xq : tensor<1x?x2x!s> -> tensor<1x?x2xf32>
  %w = ml_program.global_load @v : tensor<1x2x2xf32>
  %wq = cgmq.quantize %w, %one, %g32 : tensor<1x2x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x2x2x!s>
  %wd = cgmq.dequantize %wq : tensor<1x2x2x!s> -> tensor<1x2x2xf32>
  %b = ml_program.global_load @c : tensor<1x1x2xf32>
  %bq = cgmq.quantize %b, %one, %g2 : tensor<1x1x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x1x2x!s>
  %bd = cgmq.dequantize %bq : tensor<1x1x2x!s> -> tensor<1x1x2xf32>
  %ba = cgmq.align %bd, %xq, %wq : tensor<1x1x2xf32>, tensor<1x?x2x!s>, tensor<1x2x2x!s>
  %m = tosa.matmul %xd, %wd, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %y = tosa.add %m, %ba : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// A parameter and a gate that are in use elsewhere stay beside the codes.
// CHECK:       ml_program.global private mutable @shared(dense<1.000000e+00>
// CHECK-NEXT:  ml_program.global private @shared_{{[0-9]+}}(dense<127> : tensor<2xi8>)
// CHECK:       ml_program.global private mutable @shared.g(
// CHECK-LABEL: func.func @sharing
// CHECK:         ml_program.global_load_const @shared_{{[0-9]+}} : tensor<2xi8>
// CHECK-LABEL: func.func @elsewhere
// CHECK:         ml_program.global_load @shared : tensor<2xf32>
ml_program.global private mutable @shared(dense<1.0> : tensor<2xf32>) : tensor<2xf32>
ml_program.global private mutable @shared.g(dense<3.0> : tensor<f32>) : tensor<f32>
func.func @sharing() -> tensor<2xf32> {
  %w = ml_program.global_load @shared : tensor<2xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %gate = ml_program.global_load @shared.g : tensor<f32>
  %q = cgmq.quantize %w, %range, %gate : tensor<2xf32>, tensor<f32>, tensor<f32> -> tensor<2x!s>
  %d = cgmq.dequantize %q : tensor<2x!s> -> tensor<2xf32>
  return %d : tensor<2xf32>
}
func.func @elsewhere() -> (tensor<2xf32>, tensor<f32>) {
  %w = ml_program.global_load @shared : tensor<2xf32>
  %gate = ml_program.global_load @shared.g : tensor<f32>
  return %w, %gate : tensor<2xf32>, tensor<f32>
}
