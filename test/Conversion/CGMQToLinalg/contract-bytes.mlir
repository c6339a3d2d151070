// RUN: cgmq-opt %s -cgmq-lower-quantizers=contract-bytes=true -canonicalize -cse | FileCheck %s
// RUN: cgmq-opt %s -cgmq-lower-quantizers -canonicalize -cse | FileCheck %s --check-prefix=FLOATS

// FLOATS-NOT: scf.if
// FLOATS-NOT: i8

!unsigned = tensor<4x16x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>
!signed = tensor<16x5x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>

// Codes that fit into a byte, at most 255 and 127, are contracted as bytes; both
// forms write to the same tensor.
// CHECK-LABEL: func.func @matmul(
// CHECK-DAG:     %[[A:.*]] = arith.cmpf ole, %{{.*}}, %[[C255:.*]] : f32
// CHECK-DAG:     %[[B:.*]] = arith.cmpf ole, %{{.*}}, %[[C127:.*]] : f32
// CHECK:         %[[OUT:.*]] = tensor.empty() : tensor<4x5xf32>
// CHECK:         scf.if %{{.*}} -> (tensor<4x5xf32>) {
// CHECK:           arith.fptosi %{{.*}} : f32 to i32
// CHECK:           arith.trunci %{{.*}} : i32 to i8
// CHECK:           arith.extui %{{.*}} : i8 to i32
// CHECK:           arith.extsi %{{.*}} : i8 to i32
// CHECK:           linalg.generic {{.*}} outs(%[[OUT]] :
// CHECK:             arith.sitofp
// CHECK:         } else {
// CHECK:           linalg.fill {{.*}} outs(%[[OUT]] :
// CHECK:             arith.mulf
// CHECK:             arith.addf
func.func @matmul(%x: tensor<4x16xf32>, %w: tensor<16x5xf32>, %range: tensor<f32>, %gate: tensor<f32>, %other: tensor<f32>) -> tensor<1x4x5xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xs = tosa.const_shape {values = dense<[1, 4, 16]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %ws = tosa.const_shape {values = dense<[1, 16, 5]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %qx = cgmq.quantize %x, %range, %gate : tensor<4x16xf32>, tensor<f32>, tensor<f32> -> !unsigned
  %qw = cgmq.quantize %w, %range, %other : tensor<16x5xf32>, tensor<f32>, tensor<f32> -> !signed
  %a = cgmq.dequantize %qx : !unsigned -> tensor<4x16xf32>
  %b = cgmq.dequantize %qw : !signed -> tensor<16x5xf32>
  %c = tosa.reshape %a, %xs : (tensor<4x16xf32>, !tosa.shape<3>) -> tensor<1x4x16xf32>
  %d = tosa.reshape %b, %ws : (tensor<16x5xf32>, !tosa.shape<3>) -> tensor<1x16x5xf32>
  %y = tosa.matmul %c, %d, %zero, %zero : (tensor<1x4x16xf32>, tensor<1x16x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x5xf32>
  return %y : tensor<1x4x5xf32>
}

// A bias is added to the floats. Two signed factors, and three channels, have
// the one form.
// CHECK-LABEL: func.func @convolutions(
// CHECK:         scf.if %{{.*}} -> (tensor<2x4x4x3xf32>) {
// CHECK:             arith.sitofp
// CHECK-NEXT:        arith.addf
// CHECK:         } else {
// CHECK:           linalg.broadcast
// CHECK:         }
// CHECK-NOT:     scf.if
// CHECK-COUNT-2: tosa.conv2d
func.func @convolutions(%x: tensor<2x6x6x4xf32>, %w: tensor<3x3x3x4xf32>, %bias: tensor<3xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> (tensor<2x4x4x3xf32>, tensor<2x4x4x3xf32>, tensor<2x2x2x3xf32>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %qx = cgmq.quantize %x, %range, %gate : tensor<2x6x6x4xf32>, tensor<f32>, tensor<f32> -> tensor<2x6x6x4x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>
  %sx = cgmq.quantize %x, %range, %gate : tensor<2x6x6x4xf32>, tensor<f32>, tensor<f32> -> tensor<2x6x6x4x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
  %qw = cgmq.quantize %w, %range, %gate : tensor<3x3x3x4xf32>, tensor<f32>, tensor<f32> -> tensor<3x3x3x4x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
  %b = cgmq.align %bias, %qx, %qw : tensor<3xf32>, tensor<2x6x6x4x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>, tensor<3x3x3x4x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
  %dx = cgmq.dequantize %qx : tensor<2x6x6x4x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>> -> tensor<2x6x6x4xf32>
  %ds = cgmq.dequantize %sx : tensor<2x6x6x4x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>> -> tensor<2x6x6x4xf32>
  %dw = cgmq.dequantize %qw : tensor<3x3x3x4x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>> -> tensor<3x3x3x4xf32>
  %0 = tosa.conv2d %dx, %dw, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x6x6x4xf32>, tensor<3x3x3x4xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x4x4x3xf32>
  %1 = tosa.conv2d %ds, %dw, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x6x6x4xf32>, tensor<3x3x3x4xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x4x4x3xf32>
  %qy = cgmq.quantize %1, %range, %gate : tensor<2x4x4x3xf32>, tensor<f32>, tensor<f32> -> tensor<2x4x4x3x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>
  %dy = cgmq.dequantize %qy : tensor<2x4x4x3x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>> -> tensor<2x4x4x3xf32>
  %v = tensor.extract_slice %w[0, 0, 0, 0] [3, 3, 3, 3] [1, 1, 1, 1] : tensor<3x3x3x4xf32> to tensor<3x3x3x3xf32>
  %qv = cgmq.quantize %v, %range, %gate : tensor<3x3x3x3xf32>, tensor<f32>, tensor<f32> -> tensor<3x3x3x3x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
  %dv = cgmq.dequantize %qv : tensor<3x3x3x3x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>> -> tensor<3x3x3x3xf32>
  %2 = tosa.conv2d %dy, %dv, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x4x4x3xf32>, tensor<3x3x3x3xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x2x2x3xf32>
  return %0, %1, %2 : tensor<2x4x4x3xf32>, tensor<2x4x4x3xf32>, tensor<2x2x2x3xf32>
}
