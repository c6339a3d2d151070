// Gates that prune: codes of zero, whose widths say so.
// RUN: cgmq-opt %s --cgmq-freeze -o %t.mlir && FileCheck %s < %t.mlir
// RUN: cgmq-opt %t.mlir | diff %t.mlir -
// RUN: cgmq-opt %t.mlir --emit-bytecode | cgmq-opt | diff %t.mlir -
// RUN: cgmq-opt %s --cgmq-verify-budget --cgmq-freeze --cgmq-verify-budget --cgmq-lower-to-integer --cgmq-verify-budget --remarks-filter-analyse=cgmq-cost -o %t.integer.mlir 2>&1 | FileCheck %s --check-prefix=COST
// RUN: FileCheck %s --check-prefix=INTEGER --input-file=%t.integer.mlir

!u = !cgmq.gated<unsigned, [0, 2, 4], f32>
!s = !cgmq.gated<signed, [0, 2, 4], f32>

// A range of 3.5, s = 7/15 at 4 bits: 0.25 / s + 0.5 = 1.04 and 9.0, clamped.
// The first column is pruned.
// CHECK: ml_program.global private @w(dense<{{\[\[\[}}0, 1], [0, 7]]]> : tensor<1x2x2xi4>) : tensor<1x2x2xi4> {cgmq.bits = 8 : i64}
ml_program.global private mutable @w(dense<[[[-3.5, 0.25], [1.3, 9.0]]]> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
// All of a bias may be pruned, which is no bits but a parameter still.
// CHECK: ml_program.global private @b(dense<0> : tensor<1x2xi32>) : tensor<1x2xi32> {cgmq.bits = 0 : i64}
ml_program.global private mutable @b(dense<[[1.0, -0.7]]> : tensor<1x2xf32>) : tensor<1x2xf32>
ml_program.global private mutable @w.range(dense<3.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @w.gate(dense<[[[0.0, 1.5]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
ml_program.global private mutable @b.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @b.gate(dense<-0.5> : tensor<1x2xf32>) : tensor<1x2xf32>
ml_program.global private mutable @x.range(dense<7.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @x.gate(dense<[[[2.0, -0.5]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
ml_program.global private mutable @y.range(dense<7.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @y.gate(dense<[[-0.5, 0.5]]> : tensor<1x2xf32>) : tensor<1x2xf32>

// CHECK: ml_program.global private @x.widths(dense<{{\[\[\[}}4, 0]]]> : tensor<1x1x2xi8>)
// CHECK: ml_program.global private @w.widths(dense<{{\[\[\[}}0, 4]]]> : tensor<1x1x2xi8>)
// CHECK: ml_program.global private @y.widths(dense<{{\[\[}}0, 2]]> : tensor<1x2xi8>)
// CHECK-LABEL: func.func @layer
// CHECK: cgmq.quantize_units %{{.*}}, %{{.*}} range 7.5
// CHECK: quant.scast %{{.*}} {cgmq.unit_widths = @w.widths}

// 4 * 4 of one product, thrice; and 4 + 4 of 32 * (4 + 2) bits.
// COST: Function=layer | BOPs=16,
// COST: Function=layer | Bound=8, Cost=8, Model=memory, Percent=4.16667%
// COST: Function=layer | BOPs=16,
// COST: Function=layer | Bound=8, Cost=8, Model=memory, Percent=4.16667%
// COST: Function=layer | BOPs=16,
// COST: Function=layer | Bound=8, Cost=8, Model=memory, Percent=4.16667%

// The code at 2 bits is at most 3, that at 0 bits 0.
// INTEGER-LABEL: func.func @layer_integer
// INTEGER:         attrs = {cgmq.lhs_widths = @x.widths, cgmq.rhs_widths = @w.widths, cgmq.widths = array<i64: 4, 4>}
// INTEGER:         %[[C3:.*]] = arith.constant 3 : i64
// INTEGER:         %[[MAX:.*]] = arith.select %{{.*}}, %[[C3]], %c0_i64{{.*}} : i64
// INTEGER:         arith.minsi %{{.*}}, %[[MAX]] : i64
func.func @layer(%x: tensor<1x?x2xf32> {cgmq.nonnegative}) -> tensor<?x2xf32>
    attributes {cgmq.budget = [#cgmq.budget<16.0 bop>, #cgmq.budget<8.0 bit, memory>]} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %rows = tosa.const_shape {values = dense<[-1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %xr = ml_program.global_load @x.range : tensor<f32>
  %xg = ml_program.global_load @x.gate : tensor<1x1x2xf32>
  %xq = cgmq.quantize %x, %xr, %xg : tensor<1x?x2xf32>, tensor<f32>, tensor<1x1x2xf32> -> tensor<1x?x2x!u>
  %xd = cgmq.dequantize %xq : tensor<1x?x2x!u> -> tensor<1x?x2xf32>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %wr = ml_program.global_load @w.range : tensor<f32>
  %wg = ml_program.global_load @w.gate : tensor<1x1x2xf32>
  %wq = cgmq.quantize %w, %wr, %wg : tensor<1x2x2xf32>, tensor<f32>, tensor<1x1x2xf32> -> tensor<1x2x2x!s>
  %wd = cgmq.dequantize %wq : tensor<1x2x2x!s> -> tensor<1x2x2xf32>
  %b = ml_program.global_load @b : tensor<1x2xf32>
  %br = ml_program.global_load @b.range : tensor<f32>
  %bg = ml_program.global_load @b.gate : tensor<1x2xf32>
  %bq = cgmq.quantize %b, %br, %bg : tensor<1x2xf32>, tensor<f32>, tensor<1x2xf32> -> tensor<1x2x!s>
  %bd = cgmq.dequantize %bq : tensor<1x2x!s> -> tensor<1x2xf32>
  %ba = cgmq.align %bd, %xq, %wq : tensor<1x2xf32>, tensor<1x?x2x!u>, tensor<1x2x2x!s>
  %m = tosa.matmul %xd, %wd, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %mr = tosa.reshape %m, %rows : (tensor<1x?x2xf32>, !tosa.shape<2>) -> tensor<?x2xf32>
  %y = tosa.add %mr, %ba : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
  %yr = ml_program.global_load @y.range : tensor<f32>
  %yg = ml_program.global_load @y.gate : tensor<1x2xf32>
  %yq = cgmq.quantize %y, %yr, %yg : tensor<?x2xf32>, tensor<f32>, tensor<1x2xf32> -> tensor<?x2x!u>
  %yd = cgmq.dequantize %yq : tensor<?x2x!u> -> tensor<?x2xf32>
  return %yd : tensor<?x2xf32>
}
