// RUN: cgmq-opt %s --cgmq-build-training-step=direction=cost --canonicalize --cse | FileCheck %s

// Gates that may prune go down to -0.5. What is pruned gets no gradient, by its
// gate; how much it matters is read of what comes from behind the quantizer, where
// nothing is taken away, so that it can come back.
// CHECK-LABEL: func.func @f_step
// CHECK: %[[LOWEST:.*]] = arith.constant -5.000000e-01 : f32
// CHECK: %[[DQ:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<1x1xf32>) outs(%{{.*}} : tensor<1x4xf32>)
// CHECK: linalg.generic {{.*}} ins(%w, %w.range, %[[DQ]], %w.gate : {{.*}}) outs(%{{.*}} : tensor<1x4xf32>)
// CHECK-NEXT: ^bb0(%{{.*}}: f32, %{{.*}}: f32, %[[D:.*]]: f32, %[[G:.*]]: f32, %{{.*}}: f32):
// CHECK: %[[KEPT:.*]] = arith.cmpf ogt, %[[G]], %[[ZERO:.*]] : f32
// CHECK-NEXT: %[[REACHES:.*]] = arith.select %[[KEPT]], %[[D]], %[[ZERO]] : f32
// CHECK-NEXT: arith.select %{{.*}}, %[[REACHES]], %[[ZERO]] : f32
// CHECK: linalg.generic {{.*}} ins(%w, %{{.*}}, %w.range, %[[DQ]], %w.gate : {{.*}}) outs(%{{.*}} : tensor<f32>)
// CHECK: linalg.generic {{.*}} ins(%[[DQ]] : tensor<1x4xf32>)
// CHECK-NEXT: ^bb0(%[[IN:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT: arith.mulf %[[IN]], %[[IN]] : f32
// CHECK: arith.maximumf %{{.*}}, %[[LOWEST]] : f32
// CHECK: ml_program.global_store @w.gate
!p = !cgmq.gated<signed, [0, 2, 4], f32>
ml_program.global private mutable @w(dense<0.5> : tensor<1x4xf32>) : tensor<1x4xf32>
ml_program.global private mutable @w.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @w.gate(dense<5.5> : tensor<1x4xf32>) : tensor<1x4xf32>
func.func @f_loss(%x: tensor<1x4xf32>, %t: tensor<1x4xf32>) -> tensor<f32> {
  %w = ml_program.global_load @w : tensor<1x4xf32>
  %r = ml_program.global_load @w.range : tensor<f32>
  %g = ml_program.global_load @w.gate : tensor<1x4xf32>
  %q = cgmq.quantize %w, %r, %g : tensor<1x4xf32>, tensor<f32>, tensor<1x4xf32> -> tensor<1x4x!p>
  %wq = cgmq.dequantize %q : tensor<1x4x!p> -> tensor<1x4xf32>
  %d = tosa.add %x, %wq : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %s1 = tosa.reduce_sum %d {axis = 1 : i32} : (tensor<1x4xf32>) -> tensor<1x1xf32>
  %shape = tosa.const_shape {values = dense<> : tensor<0xindex>} : () -> !tosa.shape<0>
  %l = tosa.reshape %s1, %shape : (tensor<1x1xf32>, !tosa.shape<0>) -> tensor<f32>
  return %l : tensor<f32>
}
