// Numbers may come as resources. One without data is no constant.
// RUN: cgmq-opt %s --cgmq-fold-batch-norm --verify-diagnostics | FileCheck %s

// CHECK-DAG: @w(dense<{{\[\[\[}}2.000000e+00, 3.000000e+00]]]> : tensor<1x1x2xf32>)
ml_program.global private mutable @w(dense<1.0> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
func.func @f(%x: tensor<1x?x1xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x1x2xf32>
  %scale = "tosa.const"() <{values = dense_resource<scale> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %absent = "tosa.const"() <{values = dense_resource<absent> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %0 = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x1xf32>, tensor<1x1x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %1 = tosa.mul %0, %scale, %shift : (tensor<1x?x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x?x2xf32>
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x?x2xf32>) -> tensor<1x?x2xf32>
  %v = ml_program.global_load @v : tensor<1x2x2xf32>
  %3 = tosa.matmul %2, %v, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  // expected-remark @+1 {{keeps this batch norm: expects operands that are constants or parameters, one number or one for each of 2 channels, but got 'tensor<1x1x2xf32>' from 'tosa.const'}}
  %4 = tosa.sub %3, %absent : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %5 = tosa.mul %4, %two, %shift : (tensor<1x?x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x?x2xf32>
  return %5 : tensor<1x?x2xf32>
}

// CHECK: @v(dense<1.000000e+00> : tensor<1x2x2xf32>)
ml_program.global private mutable @v(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>

{-#
  dialect_resources: {
    builtin: {
      scale: "0x040000000000004000004040"
    }
  }
#-}
