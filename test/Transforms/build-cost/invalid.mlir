// RUN: cgmq-opt %s --cgmq-build-cost="function=f" -split-input-file -verify-diagnostics

func.func @f(%a: tensor<1x?x4xf32>, %b: tensor<1x4x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.matmul %a, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}
// Nothing is replaced.
// expected-error @+1 {{expects the name 'f_cost' to be free for the cost function}}
func.func @f_cost() {
  return
}

// -----

// A gate for each channel has no one width.
func.func @f(%a: tensor<1x?x4xf32>, %b: tensor<1x4x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %gate = arith.constant dense<1.5> : tensor<1x1x4xf32>
  // expected-error @+1 {{expects one gate for each tensor, but got 'tensor<1x1x4xf32>'}}
  %q = cgmq.quantize %a, %range, %gate : tensor<1x?x4xf32>, tensor<f32>, tensor<1x1x4xf32> -> tensor<1x?x4x!cgmq.gated<signed, [2, 4], f32>>
  %d = cgmq.dequantize %q : tensor<1x?x4x!cgmq.gated<signed, [2, 4], f32>> -> tensor<1x?x4xf32>
  %y = tosa.matmul %d, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}
