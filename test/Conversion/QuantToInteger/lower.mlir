// RUN: cgmq-opt %s --cgmq-lower-to-integer | FileCheck %s
// What is left holds for the verifier, and parses as it prints.
// RUN: cgmq-opt %s --cgmq-lower-to-integer -o %t.mlir && cgmq-opt %t.mlir | diff %t.mlir -

!x8 = !quant.uniform<u8:f32, 0.5>
!x4 = !quant.uniform<u4:f32, 2.0>
!w4 = !quant.uniform<i4<-7:7>:f32, 0.25>
!b = !quant.uniform<i32<-2147483647:2147483647>:f32, 0.125>

// Codes in storage of whole bytes, under the names they had; the weight of a
// convolution as [height, width, channel, filter], here 1x2x1x2 from 2x1x2x1.
// CHECK: ml_program.global private @w(dense<{{\[\[\[\[}}1, -3]], {{\[\[}}2, 4]]]]> : tensor<1x2x1x2xi8>)
// CHECK: ml_program.global private @b(dense<[10, -20]> : tensor<2xi32>)
ml_program.global private @w(dense<[[[[1], [2]]], [[[-3], [4]]]]> : tensor<2x1x2x1xi4>) : tensor<2x1x2x1xi4>
ml_program.global private @b(dense<[10, -20]> : tensor<2xi32>) : tensor<2xi32>

// The border: x * (1 / 0.5) + 0.5, floored and clamped, as the quantizer's rule
// says; the codes of the result times 2.0.
// CHECK-LABEL: func.func @conv(
// CHECK-SAME:    %[[IMAGES:.*]]: tensor<?x1x3x1xf32>) -> tensor<?x1x2x2xf32>
// CHECK-SAME:    cgmq.budget
// CHECK:         linalg.generic {{.*}} ins(%[[IMAGES]] : tensor<?x1x3x1xf32>)
// CHECK:           %[[INV:.*]] = arith.constant 2.000000e+00 : f32
// CHECK:           arith.mulf %{{.*}}, %[[INV]]
// CHECK:           math.floor
// CHECK:           arith.fptoui %{{.*}} : f32 to i8
// CHECK:         %[[CALL:.*]] = call @conv_integer(%{{.*}}) : (tensor<?x1x3x1xi8>) -> tensor<?x1x2x2xi8>
// CHECK:         linalg.generic {{.*}} ins(%[[CALL]]
// CHECK:           arith.uitofp %{{.*}} : i8 to f32
// CHECK:           arith.constant 2.000000e+00 : f32

// The integer half. Filters reach 10 .. 10 + 3*255 and -20 - 3*255 ..
// -20 + 4*255, so i32 it is. The accumulator's step 0.125 is a sixteenth of the
// code's: the multiplier is 2^30 and the shift 34. The rectifier is in the
// clamp at zero.
// CHECK-LABEL: func.func @conv_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<?x1x3x1xi8>) -> tensor<?x1x2x2xi8>
// CHECK:         %[[W:.*]] = ml_program.global_load_const @w : tensor<1x2x1x2xi8>
// CHECK:         %[[B:.*]] = ml_program.global_load_const @b : tensor<2xi32>
// CHECK:         %[[INIT:.*]] = linalg.broadcast ins(%[[B]] : tensor<2xi32>) outs(%{{.*}} : tensor<?x1x2x2xi32>)
// CHECK:         %[[ACC:.*]] = linalg.generic
// CHECK-SAME:      ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
// CHECK-SAME:      ins(%[[X]], %[[W]] : tensor<?x1x3x1xi8>, tensor<1x2x1x2xi8>) outs(%[[INIT]] : tensor<?x1x2x2xi32>)
// CHECK-SAME:      cgmq.widths = array<i64: 8, 4>
// CHECK:           arith.extui %{{.*}} : i8 to i32
// CHECK:           arith.extsi %{{.*}} : i8 to i32
// CHECK:           arith.muli
// CHECK:           arith.addi
// CHECK:         linalg.generic {{.*}} ins(%[[ACC]] : tensor<?x1x2x2xi32>)
// CHECK:           %[[WIDE:.*]] = arith.extsi %{{.*}} : i32 to i64
// CHECK:           %[[M:.*]] = arith.constant 1073741824 : i64
// CHECK:           %[[P:.*]] = arith.muli %[[WIDE]], %[[M]]
// CHECK:           %[[HALF:.*]] = arith.constant 8589934592 : i64
// CHECK:           %[[S:.*]] = arith.addi %[[P]], %[[HALF]]
// CHECK:           %[[K:.*]] = arith.constant 34 : i64
// CHECK:           %[[C:.*]] = arith.shrsi %[[S]], %[[K]]
// CHECK:           %[[LO:.*]] = arith.constant 0 : i64
// CHECK:           %[[C0:.*]] = arith.maxsi %[[C]], %[[LO]]
// CHECK:           %[[HI:.*]] = arith.constant 15 : i64
// CHECK:           %[[C1:.*]] = arith.minsi %[[C0]], %[[HI]]
// CHECK:           arith.trunci %[[C1]] {cgmq.factors = array<f32: 1.250000e-01, 5.000000e-01>} : i64 to i8
// CHECK-NOT:     arith.maxsi
// CHECK:         return
func.func @conv(%images: tensor<?x1x3x1xf32>) -> tensor<?x1x2x2xf32> attributes {cgmq.budget = #cgmq.budget<5.0 percent>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xq = quant.qcast %images : tensor<?x1x3x1xf32> to tensor<?x1x3x1x!x8>
  %x = quant.dcast %xq : tensor<?x1x3x1x!x8> to tensor<?x1x3x1xf32>
  %wc = ml_program.global_load_const @w : tensor<2x1x2x1xi4>
  %wq = quant.scast %wc : tensor<2x1x2x1xi4> to tensor<2x1x2x1x!w4>
  %w = quant.dcast %wq : tensor<2x1x2x1x!w4> to tensor<2x1x2x1xf32>
  %bc = ml_program.global_load_const @b : tensor<2xi32>
  %bq = quant.scast %bc : tensor<2xi32> to tensor<2x!b>
  %b = quant.dcast %bq : tensor<2x!b> to tensor<2xf32>
  %conv = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x1x3x1xf32>, tensor<2x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x2x2xf32>
  %relu = tosa.clamp %conv {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x1x2x2xf32>) -> tensor<?x1x2x2xf32>
  %yq = quant.qcast %relu : tensor<?x1x2x2xf32> to tensor<?x1x2x2x!x4>
  %y = quant.dcast %yq : tensor<?x1x2x2x!x4> to tensor<?x1x2x2xf32>
  return %y : tensor<?x1x2x2xf32>
}

// A rectifier has nothing to do on unsigned codes, and pooling compares them as
// what they are; the argument is quantized once for both results.
// CHECK-LABEL: func.func @pool_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<?x2x2x1xi8>) -> (tensor<?x1x1x1xi8>, tensor<?x2x2x1xi8>)
// CHECK:         linalg.pooling_nhwc_max_unsigned {{.*}} ins(%[[X]], %{{.*}} : tensor<?x2x2x1xi8>, tensor<2x2xi8>)
// CHECK-NOT:     arith.maxsi
func.func @pool(%x: tensor<?x2x2x1xf32>) -> (tensor<?x1x1x1xf32>, tensor<?x2x2x1xf32>) {
  %xq = quant.qcast %x : tensor<?x2x2x1xf32> to tensor<?x2x2x1x!x8>
  %xd = quant.dcast %xq : tensor<?x2x2x1x!x8> to tensor<?x2x2x1xf32>
  %relu = tosa.clamp %xd {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x2x2x1xf32>) -> tensor<?x2x2x1xf32>
  %pool = tosa.max_pool2d %relu {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x2x2x1xf32>) -> tensor<?x1x1x1xf32>
  return %pool, %xd : tensor<?x1x1x1xf32>, tensor<?x2x2x1xf32>
}

// Two activations multiplied, sums added on one grid, signed codes: a product
// reaches 3*7*7 = 147, twice that 294; the rectifier of the sum is a maximum.
// CHECK-LABEL: func.func @attention_integer(
// CHECK-SAME:    %[[A:.*]]: tensor<1x?x3xi8>, %[[B:.*]]: tensor<1x3x2xi8>) -> tensor<1x?x2xi32>
// CHECK:         %[[P:.*]] = linalg.generic {{.*}}"reduction"]} ins(%[[A]], %[[B]] : tensor<1x?x3xi8>, tensor<1x3x2xi8>)
// CHECK-SAME:      cgmq.widths = array<i64: 4, 4>
// CHECK:         %[[S:.*]] = linalg.generic {{.*}} ins(%[[P]], %[[P]] : tensor<1x?x2xi32>, tensor<1x?x2xi32>)
// CHECK:           arith.addi
// CHECK:         %[[R:.*]] = linalg.generic {{.*}} ins(%[[S]] : tensor<1x?x2xi32>)
// CHECK:           arith.maxsi
// CHECK:         return %[[R]] : tensor<1x?x2xi32>
func.func @attention(%a: tensor<1x?x3xf32>, %b: tensor<1x3x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %aq = quant.qcast %a : tensor<1x?x3xf32> to tensor<1x?x3x!w4>
  %ad = quant.dcast %aq : tensor<1x?x3x!w4> to tensor<1x?x3xf32>
  %bq = quant.qcast %b : tensor<1x3x2xf32> to tensor<1x3x2x!w4>
  %bd = quant.dcast %bq : tensor<1x3x2x!w4> to tensor<1x3x2xf32>
  %p = tosa.matmul %ad, %bd, %zero, %zero : (tensor<1x?x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %s = tosa.add %p, %p : (tensor<1x?x2xf32>, tensor<1x?x2xf32>) -> tensor<1x?x2xf32>
  %r = tosa.clamp %s {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<1x?x2xf32>) -> tensor<1x?x2xf32>
  return %r : tensor<1x?x2xf32>
}
