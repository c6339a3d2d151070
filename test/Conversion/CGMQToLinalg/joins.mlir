// RUN: cgmq-opt %s --cgmq-lower-quantizers --canonicalize --cse -split-input-file | FileCheck %s

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// Quantizers of one range and one gate have one step, so that codes are added,
// subtracted and concatenated, and the sums scaled.
// CHECK-LABEL: func.func @joins
// CHECK: %[[A:.*]] = linalg.generic {{.*}} ins(%arg0,
// CHECK: %[[B:.*]] = linalg.generic {{.*}} ins(%arg1,
// CHECK: %[[SUM:.*]] = tosa.add %[[A]], %[[B]]
// CHECK: %[[DIFFERENCE:.*]] = tosa.sub %[[A]], %[[B]]
// CHECK: %[[BOTH:.*]] = tosa.concat %[[SUM]], %[[DIFFERENCE]]
// CHECK: %[[TOTAL:.*]] = tosa.reduce_sum %[[BOTH]]
// CHECK: linalg.generic {{.*}} ins(%[[TOTAL]], %{{.*}} : tensor<1x2xf32>, f32)
// CHECK: arith.mulf
func.func @joins(%x: tensor<2x2xf32>, %y: tensor<2x2xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> tensor<1x2xf32> {
  %xq = cgmq.quantize %x, %range, %gate : tensor<2x2xf32>, tensor<f32>, tensor<f32> -> tensor<2x2x!s>
  %a = cgmq.dequantize %xq : tensor<2x2x!s> -> tensor<2x2xf32>
  %yq = cgmq.quantize %y, %range, %gate : tensor<2x2xf32>, tensor<f32>, tensor<f32> -> tensor<2x2x!s>
  %b = cgmq.dequantize %yq : tensor<2x2x!s> -> tensor<2x2xf32>
  %sum = tosa.add %a, %b : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %difference = tosa.sub %a, %b : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %both = tosa.concat %sum, %difference {axis = 0 : i32} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  %total = tosa.reduce_sum %both {axis = 0 : i32} : (tensor<4x2xf32>) -> tensor<1x2xf32>
  return %total : tensor<1x2xf32>
}

// -----

!u = !quant.uniform<u4:f32, 0.5>

// An average is a sum of codes that counts steps of 0.5 / 4, also below a
// rectifier.
// CHECK-LABEL: func.func @average
// CHECK: %[[STEP:.*]] = arith.constant 1.250000e-01 : f32
// CHECK: %[[RELU:.*]] = tosa.clamp
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}}"reduction", "reduction"]} ins(%[[RELU]], %{{.*}} : tensor<1x4x4x1xf32>, tensor<2x2xf32>)
// CHECK: arith.addf
// CHECK: linalg.generic {{.*}} ins(%[[SUM]], %[[STEP]] : tensor<1x2x2x1xf32>, f32)
func.func @average(%x: tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x4x4x1xf32> to tensor<1x4x4x1x!u>
  %xd = quant.dcast %xq : tensor<1x4x4x1x!u> to tensor<1x4x4x1xf32>
  %relu = tosa.clamp %xd {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32>
  %y = tosa.avg_pool2d %relu, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  return %y : tensor<1x2x2x1xf32>
}

// -----

!u = !quant.uniform<u4:f32, 0.5>

// Windows of one row have 3 elements, those of two 6: steps of 0.5 / 6, of which
// the sums of the first count two.
// CHECK-LABEL: func.func @padded
// CHECK-DAG: %[[STEP:.*]] = arith.constant 0.083333{{[0-9]*}} : f32
// CHECK-DAG: arith.constant dense<[{{\[}}{{\[\[}}2.000000e+00]], {{\[\[}}1.000000e+00]]]]> : tensor<1x2x1x1xf32>
// CHECK: arith.addf
// CHECK: arith.mulf
func.func @padded(%x: tensor<1x3x3x1xf32>) -> tensor<1x2x1x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x3x3x1xf32> to tensor<1x3x3x1x!u>
  %xd = quant.dcast %xq : tensor<1x3x3x1x!u> to tensor<1x3x3x1xf32>
  %y = tosa.avg_pool2d %xd, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 3>, pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 2, 1>} : (tensor<1x3x3x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x1x1xf32>
  return %y : tensor<1x2x1x1xf32>
}
