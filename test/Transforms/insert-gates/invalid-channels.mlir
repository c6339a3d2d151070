// RUN: cgmq-opt %s --cgmq-insert-gates=granularity=channel -verify-diagnostics

// A reshape that mixes the channels of a weight with what is summed leaves none
// to give a gate.
ml_program.global private mutable @w(dense<0.5> : tensor<8xf32>) : tensor<8xf32>
func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %flat = ml_program.global_load @w : tensor<8xf32>
  %shape = tosa.const_shape {values = dense<[1, 4, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  // expected-note @+1 {{granularity 'layer' or 'element' take it as it is}}
  %w = tosa.reshape %flat, %shape : (tensor<8xf32>, !tosa.shape<3>) -> tensor<1x4x2xf32>
  // expected-error @+1 {{expects a weight whose channels stay apart on its way to the contraction, but got 'tensor<8xf32>' reshaped to 'tensor<1x4x2xf32>'}}
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}
