// Gates that differ within a tensor.
// RUN: cgmq-opt %s --cgmq-freeze | FileCheck %s
// What freezing leaves can be frozen, and says the same as text and bytecode.
// RUN: cgmq-opt %s --cgmq-freeze -o %t.mlir && cgmq-opt %t.mlir --cgmq-freeze | diff %t.mlir -
// RUN: cgmq-opt %t.mlir --emit-bytecode | cgmq-opt | diff %t.mlir -
// The cost is that of the gates.
// RUN: cgmq-opt %s --cgmq-verify-budget --cgmq-freeze --cgmq-verify-budget --remarks-filter-analyse=cgmq-cost -o /dev/null 2>&1 | FileCheck %s --check-prefix=COST

!u = !cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// A range of 3.5: s = 7/3 at 2 bits and 7/15 at 4. The first column has 2 bits:
// -1.5 + 0.5 and 1.3 / s + 0.5 = 1.06, floored to -1 and 1, five steps of 4
// bits each. The second has 4: 0.25 / s + 0.5 = 1.04, and 9.0 is clamped to 7.
// CHECK: ml_program.global private @w(dense<{{\[\[\[}}-5, 1], [5, 7]]]> : tensor<1x2x2xi4>) : tensor<1x2x2xi4>
ml_program.global private mutable @w(dense<[[[-3.5, 0.25], [1.3, 9.0]]]> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
// The accumulator counts steps of 0.5 * 7/15, of the finest widths. The bias
// comes from gates that differ too: at 2 bits 1.0 becomes 2/3, which is
// 2.86 + 0.5, floored to 3; at 32 bits -0.7 stays, -3 + 0.5 floored.
// CHECK: ml_program.global private @b(dense<{{\[\[}}3, -3]]> : tensor<1x2xi32>) : tensor<1x2xi32>
ml_program.global private mutable @b(dense<[[1.0, -0.7]]> : tensor<1x2xf32>) : tensor<1x2xf32>
// CHECK-NOT: .gate
// CHECK-NOT: .range
ml_program.global private mutable @w.range(dense<3.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @w.gate(dense<[[[0.5, 1.5]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
ml_program.global private mutable @b.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @b.gate(dense<[[0.5, 5.5]]> : tensor<1x2xf32>) : tensor<1x2xf32>
ml_program.global private mutable @x.range(dense<7.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @x.gate(dense<[[[2.0, 1.0]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>

// The widths take the place of the gates.
// CHECK: ml_program.global private @x.widths(dense<{{\[\[\[}}4, 2]]]> : tensor<1x1x2xi8>) : tensor<1x1x2xi8>
// CHECK: ml_program.global private @w.widths(dense<{{\[\[\[}}2, 4]]]> : tensor<1x1x2xi8>) : tensor<1x1x2xi8>
// CHECK-LABEL: func.func @layer
// CHECK:         %[[WIDTHS:.*]] = ml_program.global_load_const @x.widths : tensor<1x1x2xi8>
// CHECK:         %[[XQ:.*]] = cgmq.quantize_units %{{.*}}, %[[WIDTHS]] range 7.500000e+00 : tensor<1x?x2xf32>, tensor<1x1x2xi8> -> tensor<1x?x2x!quant.uniform<u4:f32, 5.000000e-01>>
// CHECK:         quant.dcast %[[XQ]]
// CHECK:         %[[WC:.*]] = ml_program.global_load_const @w : tensor<1x2x2xi4>
// CHECK:         %[[WQ:.*]] = quant.scast %[[WC]] {cgmq.unit_widths = @w.widths} : tensor<1x2x2xi4> to tensor<1x2x2x!quant.uniform<i4<-7:7>:f32, 0.466
// CHECK:         quant.dcast %[[WQ]]
// CHECK:         %[[BC:.*]] = ml_program.global_load_const @b : tensor<1x2xi32>
// CHECK:         quant.scast %[[BC]] : tensor<1x2xi32> to tensor<1x2x!quant.uniform<i32<-2147483647:2147483647>:f32, 0.233
// CHECK-NOT:     cgmq.quantize {{.*}}!cgmq.gated
// 4 * (2 + 4) + 2 * (2 + 4) = 36, twice.
// COST-COUNT-2: Function=layer | BOPs=36,
func.func @layer(%x: tensor<1x?x2xf32> {cgmq.nonnegative}) -> tensor<?x2xf32>
    attributes {cgmq.budget = #cgmq.budget<36.0 bop>} {
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
  return %y : tensor<?x2xf32>
}

// Gates that agree make one width: at 8 bits codes, at 32 a clamp. Constants
// have no name to take widths from but the function's.
// CHECK: ml_program.global private @agree.widths(dense<{{\[\[}}2], [8]]> : tensor<2x1xi8>) : tensor<2x1xi8>
// CHECK-LABEL: func.func @agree
// CHECK:         quant.qcast %{{.*}} : tensor<2x2xf32> to tensor<2x2x!quant.uniform<i8<-127:127>:f32,
// CHECK:         tosa.clamp
// CHECK:         cgmq.quantize_units
func.func @agree(%x: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) {
  %range = arith.constant dense<1.0> : tensor<f32>
  %g8 = arith.constant dense<[[2.1, 2.9]]> : tensor<1x2xf32>
  %g32 = arith.constant dense<5.0> : tensor<2x2xf32>
  %rows = arith.constant dense<[[1.0], [3.0]]> : tensor<2x1xf32>
  %q = cgmq.quantize %x, %range, %g8 : tensor<2x2xf32>, tensor<f32>, tensor<1x2xf32> -> tensor<2x2x!s>
  %d = cgmq.dequantize %q : tensor<2x2x!s> -> tensor<2x2xf32>
  %r = cgmq.quantize %x, %range, %g32 : tensor<2x2xf32>, tensor<f32>, tensor<2x2xf32> -> tensor<2x2x!s>
  %e = cgmq.dequantize %r : tensor<2x2x!s> -> tensor<2x2xf32>
  %t = cgmq.quantize %x, %range, %rows : tensor<2x2xf32>, tensor<f32>, tensor<2x1xf32> -> tensor<2x2x!s>
  %f = cgmq.dequantize %t : tensor<2x2x!s> -> tensor<2x2xf32>
  return %d, %e, %f : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}
