// RUN: cgmq-opt %s --cgmq-build-training-step -split-input-file | FileCheck %s
// RUN: cgmq-opt %s --cgmq-build-training-step -split-input-file | cgmq-opt -split-input-file | FileCheck %s

// A float parameter gets moments, and one sweep updates it and them; what is
// stored stands at the end, after everything that reads the old values.
// CHECK: ml_program.global private mutable @w.v(dense<0.000000e+00> : tensor<4xf32>)
// CHECK: ml_program.global private mutable @w.m(dense<0.000000e+00> : tensor<4xf32>)
// CHECK-LABEL: func.func @f_step
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[T:.*]]: tensor<4xf32>, %[[RATE:.*]]: tensor<f32>, %[[CORRECTIONS:.*]]: tensor<2xf32>, %{{.*}}: tensor<f32>, %{{.*}}: tensor<i1>) -> tensor<f32>
// CHECK: %[[W:.*]] = ml_program.global_load @w
// CHECK: %[[M:.*]] = ml_program.global_load @w.m
// CHECK: %[[V:.*]] = ml_program.global_load @w.v
// CHECK: %[[NEW:.*]]:3 = linalg.generic {{.*}} outs(%[[W]], %[[M]], %[[V]]
// CHECK: math.sqrt
// CHECK: ml_program.global_store @w = %[[NEW]]#0
// CHECK: ml_program.global_store @w.m = %[[NEW]]#1
// CHECK: ml_program.global_store @w.v = %[[NEW]]#2
// CHECK: return
ml_program.global private mutable @w(dense<0.5> : tensor<4xf32>) : tensor<4xf32>
func.func @f_loss(%x: tensor<4xf32>, %t: tensor<4xf32>) -> tensor<f32> {
  %w = ml_program.global_load @w : tensor<4xf32>
  %p = tosa.add %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %d = tosa.sub %p, %t : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %s = tosa.reduce_sum %d {axis = 0 : i32} : (tensor<4xf32>) -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<> : tensor<0xindex>} : () -> !tosa.shape<0>
  %l = tosa.reshape %s, %shape : (tensor<1xf32>, !tosa.shape<0>) -> tensor<f32>
  return %l : tensor<f32>
}

// -----

// A gate has no moments: it moves by its direction and stays within [0.5, 5.5],
// while its range is a parameter like any other.
// CHECK-NOT: @w.gate.m
// CHECK: ml_program.global private mutable @w.range.m
// CHECK-NOT: @w.gate.m
// CHECK-LABEL: func.func @f_step
// CHECK-DAG: arith.constant 5.000000e-01 : f32
// CHECK-DAG: arith.constant 5.500000e+00 : f32
// CHECK: ml_program.global_store @w.gate
// CHECK: ml_program.global_store @w =
// CHECK: ml_program.global_store @w.range =
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
