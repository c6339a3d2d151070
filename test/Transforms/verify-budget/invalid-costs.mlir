// RUN: cgmq-opt %s --cgmq-verify-budget -split-input-file -verify-diagnostics

// Each bound that is violated is named, with what violates it most: the weight
// has 8 * 32 bits, the bias 2 * 32. Here the bit-operations are within theirs.
// expected-note @+1 {{the largest part, 80%, is here: 8 elements of 32 bits}}
ml_program.global private mutable @w(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
ml_program.global private mutable @b(dense<0.5> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
// expected-error @+2 {{expects at most 25% of the bits of weights and biases at 32 bits, but got 100%}}
// expected-error @+1 {{expects at most 79.5 units of table 'npu', but got 80}}
func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x2xf32>
    attributes {cgmq.budget = [#cgmq.budget<25.0 percent, memory>, #cgmq.budget<8192.0 bop>,
        #cgmq.budget<79.5 cost, #cgmq.cost_table<"npu", widths = [32], costs = {default = array<f64: 10.0>}>>]} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x2xf32>
  %b = ml_program.global_load @b : tensor<1x1x2xf32>
  // expected-note @+1 {{the largest part, 100%, is here: 8 multiply-accumulates of 32 by 32 bits}}
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %z = tosa.add %y, %b : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  return %z : tensor<1x?x2xf32>
}

// -----

// Where there is nothing to count, nothing is certified.
// expected-error @+1 {{expects at least one parameter for a cost in bits of weights and biases, but got none}}
func.func @none(%x: tensor<1x?x4xf32>, %w: tensor<1x4x2xf32>) -> tensor<1x?x2xf32>
    attributes {cgmq.budget = #cgmq.budget<100.0 percent, memory>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// -----

// Nor where nobody knows how much there is.
// expected-error @+1 {{expects parameters that are tensors of static shape for a cost in bits of weights and biases, but got 'tensor<1x4x?xf32>'}}
ml_program.global private mutable @w : tensor<1x4x?xf32>
func.func @unknown(%x: tensor<1x?x4xf32>, %v: tensor<1x4x2xf32>) -> tensor<1x?x2xf32>
    attributes {cgmq.budget = #cgmq.budget<100.0 percent, memory>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x?xf32>
  %wc = tensor.cast %w : tensor<1x4x?xf32> to tensor<1x4x2xf32>
  %y = tosa.matmul %x, %wc, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}
