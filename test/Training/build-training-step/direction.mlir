// RUN: cgmq-opt %s --cgmq-build-training-step=direction=gradient | FileCheck %s --check-prefixes=CHECK,NORMALIZED,GRADIENT
// RUN: cgmq-opt %s --cgmq-build-training-step=direction=magnitude | FileCheck %s --check-prefixes=CHECK,NORMALIZED,MAGNITUDE
// RUN: cgmq-opt %s --cgmq-build-training-step=direction=product | FileCheck %s --check-prefixes=CHECK,NORMALIZED,PRODUCT
// RUN: cgmq-opt %s --cgmq-build-training-step=direction=cost | FileCheck %s --check-prefixes=CHECK,COST

// What a gate weighs, by the means of |dL/dx| (G) and of |x| (X): relative to
// the greatest of the tensors, which holds single units back; down by a tenth
// of it at least, up by minus the relative weight.
// CHECK-LABEL: func.func @f_step
// NORMALIZED-COUNT-2: math.absf
// NORMALIZED: ^bb0(%[[MEAN_G:in[_0-9]*]]: f32, %[[MEAN_X:in[_0-9]*]]: f32, %[[GREATEST:.*]]: f32, %[[VIOLATED:.*]]: i1, %{{.*}}: f32):
// NORMALIZED: %[[G:.*]] = arith.maximumf %[[MEAN_G]], %{{.*}} : f32
// NORMALIZED: %[[X:.*]] = arith.maximumf %[[MEAN_X]], %{{.*}} : f32

// GRADIENT: %[[UNSAT:.*]] = arith.divf %{{.*}}, %[[G]] : f32
// GRADIENT: %[[WEIGHT:.*]] = arith.select %[[VIOLATED]], %[[UNSAT]], %[[G]] : f32

// MAGNITUDE: %[[SUM:.*]] = arith.addf %[[G]], %[[X]] : f32
// MAGNITUDE: %[[UNSAT:.*]] = arith.divf %{{.*}}, %[[SUM]] : f32
// MAGNITUDE: %[[SAT:.*]] = arith.addf %[[G]], %[[X]] : f32
// MAGNITUDE: %[[WEIGHT:.*]] = arith.select %[[VIOLATED]], %[[UNSAT]], %[[SAT]] : f32

// PRODUCT: %[[ONE_G:.*]] = arith.divf %{{.*}}, %[[G]] : f32
// PRODUCT: %[[ONE_X:.*]] = arith.divf %{{.*}}, %[[X]] : f32
// PRODUCT: %[[UNSAT:.*]] = arith.addf %[[ONE_G]], %[[ONE_X]] : f32
// PRODUCT: %[[SAT:.*]] = arith.mulf %[[G]], %[[X]] : f32
// PRODUCT: %[[WEIGHT:.*]] = arith.select %[[VIOLATED]], %[[UNSAT]], %[[SAT]] : f32

// NORMALIZED: %[[QUOTIENT:.*]] = arith.divf %[[WEIGHT]], %[[GREATEST]] : f32
// NORMALIZED: %[[RELATIVE:.*]] = arith.minimumf %[[QUOTIENT]], %{{.*}} : f32
// NORMALIZED: %[[LEAST:.*]] = arith.constant 1.000000e-01 : f32
// NORMALIZED: %[[DOWN:.*]] = arith.maximumf %[[RELATIVE]], %[[LEAST]] : f32
// NORMALIZED: %[[UP:.*]] = arith.negf %[[RELATIVE]] : f32
// NORMALIZED: arith.select %{{.*}}, %[[DOWN]], %[[UP]] : f32

// The running mean of the sum of (dL/dx)^2, of which a step adds a hundredth,
// and the distance from the target, within [0.1, 1] down and [-1, 0] up.
// COST: %[[TARGET:.*]] = ml_program.global_load @w.gate.target : tensor<f32>
// COST: %[[SQUARE:.*]] = arith.mulf %[[DX:.*]], %[[DX]] : f32
// COST: arith.addf {{.*}}%[[SQUARE]]
// COST: %[[SENSITIVITY:.*]] = ml_program.global_load @w.gate.sensitivity : tensor<f32>
// COST: linalg.generic {{.*}} ins(%[[SENSITIVITY]],
// COST-NEXT: ^bb0(%[[MEAN:in[_0-9]*]]: f32, %[[SUM:in[_0-9]*]]: f32
// COST: %[[SHARE:.*]] = arith.constant 0.00999999977 : f32
// COST: %[[DIFFERENCE:.*]] = arith.subf %[[SUM]], %[[MEAN]] : f32
// COST: %[[PART:.*]] = arith.mulf %[[SHARE]], %[[DIFFERENCE]] : f32
// COST: arith.addf %[[MEAN]], %[[PART]] : f32
// COST: linalg.generic {{.*}} ins(%w.gate, %[[TARGET]],
// COST-NEXT: ^bb0(%[[GATE:in[_0-9]*]]: f32, %[[AT:in[_0-9]*]]: f32, %[[VIOLATED:.*]]: i1
// COST: %[[DISTANCE:.*]] = arith.subf %[[GATE]], %[[AT]] : f32
// COST: %[[LEAST:.*]] = arith.constant 1.000000e-01 : f32
// COST: %[[BOUNDED:.*]] = arith.maximumf %[[DISTANCE]], %[[LEAST]] : f32
// COST: %[[DOWN:.*]] = arith.minimumf %[[BOUNDED]], %{{.*}} : f32
// COST: %[[RISE:.*]] = arith.minimumf %[[DISTANCE]], %{{.*}} : f32
// COST: %[[UP:.*]] = arith.maximumf %[[RISE]], %{{.*}} : f32
// COST: arith.select %[[VIOLATED]], %[[DOWN]], %[[UP]] : f32
// COST: ml_program.global_store @w.gate.sensitivity

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
