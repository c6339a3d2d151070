// RUN: cgmq-opt %s --cgmq-insert-gates | FileCheck %s
// RUN: cgmq-opt %s --cgmq-insert-gates --cgmq-report=table-file=- -o /dev/null | FileCheck %s --check-prefix=COST

// A width is pinned on the argument, on the operation whose result is quantized,
// on the load of a parameter or on its global: the gate is a constant, and no
// other width is allowed. What is not pinned has a gate.
// CHECK-NOT: @w1.gate
// CHECK: ml_program.global private mutable @w1.range
// CHECK-NOT: @w2.gate
// CHECK: ml_program.global private mutable @b2.gate
// CHECK-LABEL: func.func @f(
// CHECK: cgmq.quantize %arg0, %{{.*}}, %{{.*}} : {{.*}} -> tensor<?x4x!cgmq.gated<unsigned, [8], f32>>
// CHECK: cgmq.quantize %w1, %w1.range, %{{.*}} : {{.*}} -> tensor<1x4x4x!cgmq.gated<signed, [2], f32>>
// CHECK: cgmq.quantize %{{.*}}, %f.act1.range, %{{.*}} : {{.*}} -> tensor<1x?x4x!cgmq.gated<unsigned, [4], f32>>
// CHECK: cgmq.quantize %w2, %w2.range, %{{.*}} : {{.*}} -> tensor<1x4x2x!cgmq.gated<signed, [16], f32>>
// CHECK: cgmq.quantize %b2, %b2.range, %b2.gate : {{.*}} -> tensor<1x1x2x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>

// 16 MACs of 8 by 2 bits, 8 of 4 by 16.
// COST: w1 16 8x2 256
// COST-NEXT: w2 8 4x16 512
ml_program.global private mutable @w1(dense<1.0> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>
ml_program.global private mutable @w2(dense<-0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32> {cgmq.width = 16 : i64}
ml_program.global private mutable @b2(dense<0.0> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
func.func @f(%x: tensor<?x4xf32> {cgmq.nonnegative, cgmq.width = 8 : i64}) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<[1, -1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %rows = tosa.reshape %x, %shape : (tensor<?x4xf32>, !tosa.shape<3>) -> tensor<1x?x4xf32>
  %w1 = ml_program.global_load @w1 : tensor<1x4x4xf32> {cgmq.width = 2 : i64}
  %y1 = tosa.matmul %rows, %w1, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  %h = tosa.clamp %y1 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32, cgmq.width = 4 : i64} : (tensor<1x?x4xf32>) -> tensor<1x?x4xf32>
  %w2 = ml_program.global_load @w2 : tensor<1x4x2xf32>
  %b2 = ml_program.global_load @b2 : tensor<1x1x2xf32>
  %y2 = tosa.matmul %h, %w2, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %z2 = tosa.add %y2, %b2 : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  return %z2 : tensor<1x?x2xf32>
}
