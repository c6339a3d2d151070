// RUN: cgmq-opt %s --cgmq-lower-to-integer | FileCheck %s
// RUN: cgmq-opt %s --cgmq-lower-to-integer -o %t.mlir && cgmq-opt %t.mlir | diff %t.mlir -
// RUN: cgmq-opt %t.mlir --emit-bytecode | cgmq-opt | diff %t.mlir -

!x = !quant.uniform<u4:f32, 0.5>
!w = !quant.uniform<i4<-7:7>:f32, 0.25>
!y = !quant.uniform<u8:f32, 0.0625>

ml_program.global private @w(dense<[[[[-5]], [[5]]], [[[1]], [[7]]]]> : tensor<2x2x1x1xi4>) : tensor<2x2x1x1xi4>
ml_program.global private @w.widths(dense<[[[[2]]], [[[4]]]]> : tensor<2x1x1x1xi8>) : tensor<2x1x1x1xi8>
ml_program.global private @x.widths(dense<[[[[4]], [[2]], [[4]]]]> : tensor<1x3x1x1xi8>) : tensor<1x3x1x1xi8>
ml_program.global private @y.widths(dense<[[[[2, 8]]]]> : tensor<1x1x1x2xi8>) : tensor<1x1x1x2xi8>

// The weight and its widths as [height, width, channel, filter]; those of
// activations stay as they are.
// CHECK-DAG: ml_program.global private @w(dense<{{\[\[\[\[}}-5, 1]]], {{\[\[\[}}5, 7]]]]> : tensor<2x1x1x2xi8>)
// CHECK-DAG: ml_program.global private @w.widths(dense<{{\[\[\[\[}}2, 4]]]]> : tensor<1x1x1x2xi8>)
// CHECK-DAG: ml_program.global private @x.widths(dense<{{\[\[\[\[}}4]], {{\[\[}}2]], {{\[\[}}4]]]]> : tensor<1x3x1x1xi8>)
// CHECK-DAG: ml_program.global private @y.widths(

// The border selects, by the width, 1 / s of 2 bits (0.4) or of 4 (2.0), the
// greatest code (3 or 15) and the ratio (5 or 1).
// CHECK-LABEL: func.func @conv(
// CHECK:         %[[XW:.*]] = ml_program.global_load_const @x.widths
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<?x3x1x1xf32>, tensor<3x1x1xi8>)
// CHECK-DAG:       arith.constant 4.000000e-01 : f32
// CHECK-DAG:       arith.constant 2.000000e+00 : f32
// CHECK-DAG:       arith.constant 1.500000e+01 : f32
// CHECK-DAG:       arith.constant 5.000000e+00 : f32
// CHECK:           arith.uitofp %{{.*}} : i8 to f32
// CHECK:           math.floor
// CHECK:           arith.fptoui %{{.*}} : f32 to i8
// CHECK:         call @conv_integer

// Accumulators count 0.125. At 2 bits a code counts 85 * 0.0625, 42.5 of them,
// and is 85 of the finest codes; at 8 bits it counts half of one. The sum
// reaches 15 * (1 + 7), 240 such codes.
// CHECK-LABEL: func.func @conv_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<?x3x1x1xi8>) -> tensor<?x2x1x2xi8>
// CHECK:         %[[ACC:.*]] = linalg.generic
// CHECK-SAME:      attrs = {cgmq.lhs_widths = @x.widths, cgmq.rhs_widths = @w.widths, cgmq.widths = array<i64: 4, 4>}
// CHECK:         %[[W:.*]] = ml_program.global_load_const @y.widths : tensor<1x1x1x2xi8>
// CHECK:         %[[ROW:.*]] = tensor.extract_slice %[[W]]
// CHECK:         linalg.generic {{.*}} ins(%[[ACC]], %[[ROW]] : tensor<?x2x1x2xi32>, tensor<1x2xi8>)
// CHECK:           %[[EIGHT:.*]] = arith.constant 8 : i8
// CHECK:           %[[IS8:.*]] = arith.cmpi eq, %{{.*}}, %[[EIGHT]] : i8
// CHECK:           %[[M:.*]] = arith.select %[[IS8]], %{{.*}}, %{{.*}} : i64
// CHECK:           arith.muli %{{.*}}, %[[M]] : i64
// CHECK:           %[[HALF:.*]] = arith.select %[[IS8]]
// CHECK:           arith.addi %{{.*}}, %[[HALF]]
// CHECK:           %[[SHIFT:.*]] = arith.select %[[IS8]]
// CHECK:           arith.shrsi %{{.*}}, %[[SHIFT]]
// CHECK:           arith.constant 3 : i64
// CHECK:           arith.constant 255 : i64
// CHECK:           arith.minsi
// CHECK:           %[[R2:.*]] = arith.constant 85 : i64
// CHECK:           %[[R8:.*]] = arith.constant 1 : i64
// CHECK:           %[[RATIO:.*]] = arith.select %[[IS8]], %[[R8]], %[[R2]] : i64
// CHECK:           %[[FINE:.*]] = arith.muli %{{.*}}, %[[RATIO]] : i64
// CHECK:           arith.trunci %[[FINE]] : i64 to i8
func.func @conv(%images: tensor<?x3x1x1xf32>) -> tensor<?x2x1x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xw = ml_program.global_load_const @x.widths : tensor<1x3x1x1xi8>
  %xq = cgmq.quantize_units %images, %xw range 7.5 : tensor<?x3x1x1xf32>, tensor<1x3x1x1xi8> -> tensor<?x3x1x1x!x>
  %x = quant.dcast %xq : tensor<?x3x1x1x!x> to tensor<?x3x1x1xf32>
  %wc = ml_program.global_load_const @w : tensor<2x2x1x1xi4>
  %wq = quant.scast %wc {cgmq.unit_widths = @w.widths} : tensor<2x2x1x1xi4> to tensor<2x2x1x1x!w>
  %w = quant.dcast %wq : tensor<2x2x1x1x!w> to tensor<2x2x1x1xf32>
  %conv = tosa.conv2d %x, %w, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x3x1x1xf32>, tensor<2x2x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x2x1x2xf32>
  %yw = ml_program.global_load_const @y.widths : tensor<1x1x1x2xi8>
  %yq = cgmq.quantize_units %conv, %yw range 15.9375 : tensor<?x2x1x2xf32>, tensor<1x1x1x2xi8> -> tensor<?x2x1x2x!y>
  %y = quant.dcast %yq : tensor<?x2x1x2x!y> to tensor<?x2x1x2xf32>
  return %y : tensor<?x2x1x2xf32>
}
