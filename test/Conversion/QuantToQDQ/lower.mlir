// RUN: cgmq-opt %s --cgmq-lower-to-qdq | FileCheck %s --implicit-check-not=cgmq.
// RUN: cgmq-opt %s --cgmq-lower-to-qdq=quantizers=arithmetic -o %t.mlir && mlir-opt %t.mlir | diff %t.mlir -
// Upstream's folder leaves nothing out of what is written out.
// RUN: mlir-opt %t.mlir --canonicalize | FileCheck %s --check-prefix=FOLDED

!x = !quant.uniform<u4:f32, 0.5>
!w = !quant.uniform<i4<-7:7>:f32, 0.25>

// Nothing says cgmq; weights are constants in place, on the finest grid.
// CHECK-NOT:       ml_program
ml_program.global private @w(dense<[[5, 3]]> : tensor<1x2xi4>) : tensor<1x2xi4> {cgmq.bits = 6 : i64}
ml_program.global private @w.widths(dense<[[2, 4]]> : tensor<1x2xi8>) : tensor<1x2xi8>

// CHECK-LABEL:      func.func @f(
// CHECK-SAME:         %[[X:.*]]: tensor<?x2xf32>) -> tensor<?x2xf32> {
// CHECK:              %[[CODES:.*]] = linalg.generic {{.*}} ins(%[[X]] : tensor<?x2xf32>)
// CHECK:                math.floor
// CHECK:                arith.fptoui %{{.*}} : f32 to i4
// CHECK:              %[[Q:.*]] = quant.scast %[[CODES]] : tensor<?x2xi4> to tensor<?x2x!quant.uniform<u4:f32, 5.000000e-01>>
// CHECK:              %[[D:.*]] = quant.dcast %[[Q]]
// CHECK:              %[[C:.*]] = arith.constant dense<{{\[\[}}5, 3]]> : tensor<1x2xi4>
// CHECK:              %[[S:.*]] = quant.scast %[[C]] : tensor<1x2xi4> to tensor<1x2x!quant.uniform<i4<-7:7>:f32, 2.500000e-01>>
// CHECK:              %[[W:.*]] = quant.dcast %[[S]]
// CHECK:              tosa.add %[[D]], %[[W]]
// FOLDED-COUNT-2:   quant.dcast
func.func @f(%x: tensor<?x2xf32> {cgmq.nonnegative}) -> tensor<?x2xf32>
    attributes {cgmq.budget = #cgmq.budget<5.0 percent>} {
  %q = quant.qcast %x : tensor<?x2xf32> to tensor<?x2x!x>
  %d = quant.dcast %q : tensor<?x2x!x> to tensor<?x2xf32>
  %c = ml_program.global_load_const @w : tensor<1x2xi4>
  %s = quant.scast %c {cgmq.unit_widths = @w.widths} : tensor<1x2xi4> to tensor<1x2x!w>
  %w = quant.dcast %s : tensor<1x2x!w> to tensor<1x2xf32>
  %y = tosa.add %d, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// Units of several widths: each rounds to its own grid, and all to the finest.
// CHECK-LABEL:      func.func @units(
// CHECK:              %[[WIDTHS:.*]] = arith.constant dense<[2, 4]> : tensor<2xi8>
// CHECK:              %[[CODES:.*]] = linalg.generic {{.*}}, %[[WIDTHS]] : tensor<2xf32>, tensor<2xi8>)
// CHECK:              quant.scast %[[CODES]] : tensor<2xi4> to tensor<2x!quant.uniform<u4:f32, 5.000000e-01>>
ml_program.global private @widths(dense<[2, 4]> : tensor<2xi8>) : tensor<2xi8>
func.func @units(%x: tensor<2xf32>) -> tensor<2xf32> {
  %widths = ml_program.global_load_const @widths : tensor<2xi8>
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<2xf32>, tensor<2xi8> -> tensor<2x!x>
  %d = quant.dcast %q : tensor<2x!x> to tensor<2xf32>
  return %d : tensor<2xf32>
}
