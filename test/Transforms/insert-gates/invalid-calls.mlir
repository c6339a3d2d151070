// RUN: cgmq-opt %s --cgmq-insert-gates=function=calls -verify-diagnostics

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

func.func private @layer(%x: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  // expected-error @+1 {{expects contractions in the body of 'calls' itself, but got one in a function it calls}}
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  return %y : tensor<1x?x4xf32>
}

// A called function may serve several callers with several ranges.
func.func @calls(%x: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %y = func.call @layer(%x) : (tensor<1x?x4xf32>) -> tensor<1x?x4xf32>
  return %y : tensor<1x?x4xf32>
}
