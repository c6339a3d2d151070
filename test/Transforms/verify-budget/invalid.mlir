// RUN: cgmq-opt %s --cgmq-verify-budget -split-input-file -verify-diagnostics

// Float factors cost 100 %.
// expected-error @+1 {{expects at most 0.9% of the bit-operations at 32 bits, but got 100%}}
func.func @percent(%a: tensor<1x?x4xf32>, %b: tensor<1x4x2xf32>) -> tensor<1x?x2xf32>
    attributes {cgmq.budget = #cgmq.budget<0.9 percent>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-note @+1 {{the largest part, 100%, is here: 8 multiply-accumulates of 32 by 32 bits}}
  %y = tosa.matmul %a, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// -----

// 4 * 2 products of 32 * 32 bits: 8192.
// expected-error @+1 {{expects at most 8191 bit-operations, but got 8192}}
func.func @bop(%a: tensor<1x?x4xf32>, %b: tensor<1x4x2xf32>) -> tensor<1x?x2xf32>
    attributes {cgmq.budget = #cgmq.budget<8191.0 bop>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-note @+1 {{the largest part}}
  %y = tosa.matmul %a, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// -----

// What passes is certified, so there has to be something to certify.
// expected-error @+2 {{expects a function with a budget to verify, but got none}}
// expected-note @+1 {{give the function cgmq.budget = #cgmq.budget<...>}}
module {
  func.func @f(%a: tensor<4xf32>) -> tensor<4xf32> {
    return %a : tensor<4xf32>
  }
}
