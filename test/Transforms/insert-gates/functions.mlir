// RUN: cgmq-opt %s --cgmq-insert-gates -split-input-file | FileCheck %s
// RUN: sed 's/{cgmq.width = 4 : i64}//' %s | cgmq-opt --cgmq-insert-gates=functions=floats -split-input-file | FileCheck %s --check-prefix=FLOATS

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

// A SiLU between two products: 8 bits go in, a gate decides on what comes out.
// CHECK-LABEL: func.func @silu(
// CHECK:         %[[Y:.*]] = tosa.matmul
// CHECK:         %[[GATE:.*]] = arith.constant dense<2.5
// CHECK:         %[[Q:.*]] = cgmq.quantize %[[Y]], %{{.*}}, %[[GATE]] : {{.*}}!cgmq.gated<signed, [8], f32>
// CHECK:         %[[X:.*]] = cgmq.dequantize %[[Q]]
// CHECK:         %[[S:.*]] = tosa.sigmoid %[[X]]
// CHECK:         %[[P:.*]] = tosa.mul %[[X]], %[[S]]
// CHECK:         cgmq.quantize %[[P]], {{.*}}[2, 4, 8, 16, 32]
// CHECK:         %[[R:.*]] = tosa.matmul
// CHECK:         return %[[R]]
// FLOATS-LABEL: func.func @silu(
// FLOATS:         %[[Y:.*]] = tosa.matmul
// FLOATS:         tosa.sigmoid %[[Y]]
func.func @silu(%x: tensor<1x3x4xf32>) -> tensor<1x3x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x4xf32>
  %s = tosa.sigmoid %y : (tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  %p = tosa.mul %y, %s, %shift : (tensor<1x3x4xf32>, tensor<1x3x4xf32>, tensor<1xi8>) -> tensor<1x3x4xf32>
  %r = tosa.matmul %p, %w, %zero, %zero : (tensor<1x3x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x4xf32>
  return %r : tensor<1x3x4xf32>
}

// -----

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

// A width may be pinned. What exp gives is not negative, and is quantized before
// a pooling that takes codes as they are.
// CHECK-LABEL: func.func @pinned(
// CHECK:         %[[Y:.*]] = tosa.matmul
// CHECK:         cgmq.quantize %[[Y]], {{.*}}!cgmq.gated<signed, [4], f32>
// CHECK:         %[[E:.*]] = tosa.exp
// CHECK:         %[[Q:.*]] = cgmq.quantize %[[E]], {{.*}}!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>
// CHECK:         %[[D:.*]] = cgmq.dequantize %[[Q]]
// CHECK:         tosa.slice %[[D]]
func.func @pinned(%x: tensor<1x3x4xf32>) -> tensor<1x2x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %start = tosa.const_shape {values = dense<[0, 1, 0]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %size = tosa.const_shape {values = dense<[1, 2, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero {cgmq.width = 4 : i64} : (tensor<1x3x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x4xf32>
  %e = tosa.exp %y : (tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  %s = tosa.slice %e, %start, %size : (tensor<1x3x4xf32>, !tosa.shape<3>, !tosa.shape<3>) -> tensor<1x2x4xf32>
  %r = tosa.matmul %s, %w, %zero, %zero : (tensor<1x2x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x4xf32>
  return %r : tensor<1x2x4xf32>
}

// -----

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

// Of a softmax no part is a function of single elements that something quantizes,
// nor is a function whose result only leaves.
// CHECK-LABEL: func.func @softmax(
// CHECK:         %[[Y:.*]] = tosa.matmul
// CHECK-NEXT:    %[[M:.*]] = tosa.reduce_max %[[Y]]
// CHECK-NEXT:    %[[D:.*]] = tosa.sub %[[Y]], %[[M]]
// CHECK-NEXT:    tosa.exp %[[D]]
// CHECK:         %[[R:.*]] = tosa.matmul
// CHECK-NEXT:    tosa.tanh %[[R]]
func.func @softmax(%x: tensor<1x3x4xf32>) -> tensor<1x3x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x4xf32>
  %m = tosa.reduce_max %y {axis = 2 : i32} : (tensor<1x3x4xf32>) -> tensor<1x3x1xf32>
  %d = tosa.sub %y, %m : (tensor<1x3x4xf32>, tensor<1x3x1xf32>) -> tensor<1x3x4xf32>
  %e = tosa.exp %d : (tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  %s = tosa.reduce_sum %e {axis = 2 : i32} : (tensor<1x3x4xf32>) -> tensor<1x3x1xf32>
  %i = tosa.reciprocal %s : (tensor<1x3x1xf32>) -> tensor<1x3x1xf32>
  %p = tosa.mul %e, %i, %shift : (tensor<1x3x4xf32>, tensor<1x3x1xf32>, tensor<1xi8>) -> tensor<1x3x4xf32>
  %r = tosa.matmul %p, %w, %zero, %zero : (tensor<1x3x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x4xf32>
  %t = tosa.tanh %r : (tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  return %t : tensor<1x3x4xf32>
}
