// RUN: cgmq-opt %s -split-input-file --cgmq-insert-gates=function=f | FileCheck %s

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

// An argument without cgmq.nonnegative has signed codes. A value with several
// users has one quantizer, which all but the return see; a weight that serves
// several contractions has one too. The addition has its own.
// CHECK-DAG: ml_program.global private mutable @w.range(
// CHECK-DAG: ml_program.global private mutable @w.gate(
// CHECK-LABEL: func.func @f
// CHECK-SAME: (%[[X:.*]]: tensor<1x?x4xf32>)
// CHECK: %[[XQ:.*]] = cgmq.quantize %[[X]], %{{.*}} -> tensor<1x?x4x!cgmq.gated<signed
// CHECK: %[[XD:.*]] = cgmq.dequantize %[[XQ]]
// CHECK: %[[W:.*]] = ml_program.global_load @w :
// CHECK: %[[WQ:.*]] = cgmq.quantize %[[W]],
// CHECK: %[[WD:.*]] = cgmq.dequantize %[[WQ]]
// CHECK: %[[Y:.*]] = tosa.matmul %[[XD]], %[[WD]],
// CHECK: %[[YQ:.*]] = cgmq.quantize %[[Y]], %{{.*}} -> tensor<1x?x4x!cgmq.gated<signed
// CHECK: %[[YD:.*]] = cgmq.dequantize %[[YQ]]
// CHECK: %[[Z:.*]] = tosa.matmul %[[YD]], %[[WD]],
// CHECK: cgmq.quantize %[[Z]], %f.act2.range, %f.act2.gate
// CHECK: %[[ZD:.*]] = cgmq.dequantize
// CHECK: cgmq.quantize %[[XD]], %f.act2.range, %f.act2.gate
// CHECK: %[[XS:.*]] = cgmq.dequantize
// CHECK: %[[SUM:.*]] = tosa.add %[[ZD]], %[[XS]]
// CHECK: return %[[SUM]], %[[Y]]
func.func @f(%x: tensor<1x?x4xf32>) -> (tensor<1x?x4xf32>, tensor<1x?x4xf32>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  %z = tosa.matmul %y, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  %sum = tosa.add %z, %x : (tensor<1x?x4xf32>, tensor<1x?x4xf32>) -> tensor<1x?x4xf32>
  return %sum, %y : tensor<1x?x4xf32>, tensor<1x?x4xf32>
}

// CHECK-LABEL: func.func @g
// CHECK-NOT: cgmq
func.func @g(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// Both factors are activations: two quantizers, none of a parameter. The
// second is a transposed value, which is rounded where it is produced.
// CHECK-LABEL: func.func @f
// CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>)
// CHECK: %[[RELU:.*]] = tosa.clamp
// CHECK: %[[Q1:.*]] = cgmq.quantize %[[RELU]], %{{.*}} -> tensor<2x3x4x!cgmq.gated<unsigned
// CHECK: %[[D1:.*]] = cgmq.dequantize %[[Q1]]
// CHECK: %[[T:.*]] = tosa.transpose %[[D1]]
// CHECK: tosa.matmul %{{.*}}, %[[T]],
func.func @f(%x: tensor<2x3x4xf32>) -> tensor<2x3x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %relu = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %t = tosa.transpose %relu {perms = array<i32: 0, 2, 1>} : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
  %y = tosa.matmul %x, %t, %zero, %zero : (tensor<2x3x4xf32>, tensor<2x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x3xf32>
  return %y : tensor<2x3x3xf32>
}

// -----

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>
ml_program.global private mutable @w.range(dense<3.0> : tensor<f32>) : tensor<f32>

// A name that is taken stays whose it was.
// CHECK: ml_program.global private mutable @w.range(dense<3.0
// CHECK: ml_program.global private mutable @w.range_0(dense<1.0
// CHECK-LABEL: func.func @f
// CHECK: ml_program.global_load @w.range_0
func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  return %y : tensor<1x?x4xf32>
}
