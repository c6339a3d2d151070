// RUN: cgmq-opt %s --cgmq-build-training-step=direction=gradient --canonicalize --cse | FileCheck %s

// Gates for the elements of an activation and of a weight. What an element of
// the activation sees is the mean over the batch of 8; a weight's own gradient
// is its mean. The tensor's mean scales the direction of all its gates.
// CHECK-LABEL: func.func @f_step
// CHECK: %[[BATCH:.*]] = arith.constant 1.250000e-01 : f32
// CHECK: linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%{{.*}} : tensor<8x4xf32>) outs(%{{.*}} : tensor<4xf32>)
// CHECK: math.absf
// CHECK: tensor.expand_shape %{{.*}} : tensor<4xf32> into tensor<1x4xf32>
// CHECK: ml_program.global_store @a.gate = %{{.*}} : tensor<1x4xf32>
// CHECK: ml_program.global_store @w.gate = %{{.*}} : tensor<1x4xf32>
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>
ml_program.global private mutable @w(dense<0.5> : tensor<1x4xf32>) : tensor<1x4xf32>
ml_program.global private mutable @w.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @w.gate(dense<5.5> : tensor<1x4xf32>) : tensor<1x4xf32>
ml_program.global private mutable @a.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @a.gate(dense<5.5> : tensor<1x4xf32>) : tensor<1x4xf32>
func.func @f_loss(%x: tensor<8x4xf32>, %t: tensor<8x4xf32>) -> tensor<f32> {
  %w = ml_program.global_load @w : tensor<1x4xf32>
  %r = ml_program.global_load @w.range : tensor<f32>
  %g = ml_program.global_load @w.gate : tensor<1x4xf32>
  %q = cgmq.quantize %w, %r, %g : tensor<1x4xf32>, tensor<f32>, tensor<1x4xf32> -> tensor<1x4x!s>
  %wq = cgmq.dequantize %q : tensor<1x4x!s> -> tensor<1x4xf32>
  %p = tosa.add %x, %wq : (tensor<8x4xf32>, tensor<1x4xf32>) -> tensor<8x4xf32>
  %ar = ml_program.global_load @a.range : tensor<f32>
  %ag = ml_program.global_load @a.gate : tensor<1x4xf32>
  %aq = cgmq.quantize %p, %ar, %ag : tensor<8x4xf32>, tensor<f32>, tensor<1x4xf32> -> tensor<8x4x!s>
  %ad = cgmq.dequantize %aq : tensor<8x4x!s> -> tensor<8x4xf32>
  %d = tosa.sub %ad, %t : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %s0 = tosa.reduce_sum %d {axis = 0 : i32} : (tensor<8x4xf32>) -> tensor<1x4xf32>
  %s1 = tosa.reduce_sum %s0 {axis = 1 : i32} : (tensor<1x4xf32>) -> tensor<1x1xf32>
  %shape = tosa.const_shape {values = dense<> : tensor<0xindex>} : () -> !tosa.shape<0>
  %l = tosa.reshape %s1, %shape : (tensor<1x1xf32>, !tosa.shape<0>) -> tensor<f32>
  return %l : tensor<f32>
}
