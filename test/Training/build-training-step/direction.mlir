// RUN: cgmq-opt %s --cgmq-build-training-step=direction=gradient | FileCheck %s --check-prefixes=CHECK,GRADIENT
// RUN: cgmq-opt %s --cgmq-build-training-step=direction=magnitude | FileCheck %s --check-prefixes=CHECK,MAGNITUDE

// What a gate weighs: the mean of |dL/dx| alone, or with that of |x| added;
// its reciprocal while the budget is violated. Relative to the greatest of the
// tensors, which holds single units back; down by a tenth of it at least, up by
// minus the relative weight; then within [0.5, 5.5].
// CHECK-LABEL: func.func @f_step
// CHECK-COUNT-2: math.absf
// GRADIENT: ^bb0(%[[G:in[_0-9]*]]: f32, %{{.*}}: f32, %[[GREATEST:.*]]: f32, %[[VIOLATED:.*]]: i1, %{{.*}}: f32):
// GRADIENT-NOT: arith.addf
// GRADIENT: %[[WEIGHT:.*]] = arith.maximumf %[[G]], %{{.*}} : f32
// MAGNITUDE: ^bb0(%[[G:in[_0-9]*]]: f32, %[[X:in[_0-9]*]]: f32, %[[GREATEST:.*]]: f32, %[[VIOLATED:.*]]: i1, %{{.*}}: f32):
// MAGNITUDE: %[[SUM:.*]] = arith.addf %[[G]], %[[X]] : f32
// MAGNITUDE: %[[WEIGHT:.*]] = arith.maximumf %[[SUM]], %{{.*}} : f32
// CHECK: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK: %[[RECIPROCAL:.*]] = arith.divf %[[ONE]], %[[WEIGHT]] : f32
// CHECK: %[[MAGNITUDE:.*]] = arith.select %[[VIOLATED]], %[[RECIPROCAL]], %[[WEIGHT]] : f32
// CHECK: %[[QUOTIENT:.*]] = arith.divf %[[MAGNITUDE]], %[[GREATEST]] : f32
// CHECK: %[[RELATIVE:.*]] = arith.minimumf %[[QUOTIENT]], %{{.*}} : f32
// CHECK: %[[LEAST:.*]] = arith.constant 1.000000e-01 : f32
// CHECK: %[[DOWN:.*]] = arith.maximumf %[[RELATIVE]], %[[LEAST]] : f32
// CHECK: %[[UP:.*]] = arith.negf %[[RELATIVE]] : f32
// CHECK: arith.select %{{.*}}, %[[DOWN]], %[[UP]] : f32
// CHECK: ml_program.global_store @w.gate
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>
ml_program.global private mutable @w(dense<0.5> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @w.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @w.gate(dense<5.5> : tensor<f32>) : tensor<f32>
func.func @f_loss(%x: tensor<4xf32>, %t: tensor<4xf32>) -> tensor<f32> {
  %w = ml_program.global_load @w : tensor<4xf32>
  %r = ml_program.global_load @w.range : tensor<f32>
  %g = ml_program.global_load @w.gate : tensor<f32>
  %q = cgmq.quantize %w, %r, %g : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!s>
  %wq = cgmq.dequantize %q : tensor<4x!s> -> tensor<4xf32>
  %p = tosa.add %x, %wq : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %s = tosa.reduce_sum %p {axis = 0 : i32} : (tensor<4xf32>) -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<> : tensor<0xindex>} : () -> !tosa.shape<0>
  %l = tosa.reshape %s, %shape : (tensor<1xf32>, !tosa.shape<0>) -> tensor<f32>
  return %l : tensor<f32>
}
