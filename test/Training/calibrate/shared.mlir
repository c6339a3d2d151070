// The quantizers of one range see all that passes any of them: the operands of
// an addition are samples of 1 and a parameter of -4, so that the range is 4,
// whichever comes first, and both have the ranges and errors of the union.
// RUN: printf '\0\0\010\002\0\0\0\002\0\0\0\002\377\0\0\377' > %t.idx
// RUN: cgmq-opt %s --cgmq-insert-gates=widths=2,32 --cgmq-calibrate=images=%t.idx | FileCheck %s

// CHECK-DAG: @f.act1.range(dense<1.000000e+00>
// CHECK-DAG: @f.act2.range(dense<4.000000e+00>
// CHECK: cgmq.quantize %{{.*}}, %f.act2.range, {{.*}}cgmq.errors = array<f32: [[TWO:.*]], 0.000000e+00>, cgmq.ranges = array<f32: [[RANGE:.*]], 4.000000e+00>}
// CHECK: cgmq.quantize %{{.*}}, %f.act2.range, {{.*}}cgmq.errors = array<f32: [[TWO]], 0.000000e+00>, cgmq.ranges = array<f32: [[RANGE]], 4.000000e+00>}
ml_program.global private mutable @w(dense<0.5> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
ml_program.global private mutable @offset(dense<[[0.0, -4.0]]> : tensor<1x2xf32>) : tensor<1x2xf32>
func.func @f(%x: tensor<?x2xf32> {cgmq.nonnegative}) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %offset = ml_program.global_load @offset : tensor<1x2xf32>
  %sum = tosa.add %x, %offset : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
  %shape = tosa.const_shape {values = dense<[1, -1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %rows = tosa.reshape %sum, %shape : (tensor<?x2xf32>, !tosa.shape<3>) -> tensor<1x?x2xf32>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %rows, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}
