// RUN: cgmq-opt %s --cgmq-report -split-input-file -verify-diagnostics

// An operation whose cost nobody stated is not free.
func.func @unknown(%x: tensor<1x4x2xf32>) -> tensor<1x4x2xf32> {
  // expected-error @+2 {{has no known cost in bit-operations}}
  // expected-note @+1 {{a function is bounded only if every operation in it has the BopCostOpInterface}}
  %y = math.tanh %x : tensor<1x4x2xf32>
  return %y : tensor<1x4x2xf32>
}

// -----

// Without a contraction there is nothing to report.
// expected-error @+1 {{expects at least one contraction for a cost in bit-operations, but got none}}
func.func @empty(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// Extents other than the batch have to be known.
func.func @dynamic(%a: tensor<1x?x4xf32>, %b: tensor<1x4x?xf32>) -> tensor<1x?x?xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-error @+1 {{expects static extents, except for the batch, for its cost to be known}}
  %y = tosa.matmul %a, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x?xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x?xf32>
  return %y : tensor<1x?x?xf32>
}

// -----

// A gate that is an argument has no width at compile time.
// expected-note @+1 {{gate defined here}}
func.func @argument(%a: tensor<1x?x4xf32>, %gate: tensor<f32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %b = "tosa.const"() <{values = dense<0.5> : tensor<1x4x2xf32>}> : () -> tensor<1x4x2xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  // expected-error @+1 {{expects its gate to be a scalar constant or loaded from a global with a value}}
  %q = cgmq.quantize %a, %range, %gate : tensor<1x?x4xf32>, tensor<f32>, tensor<f32> -> tensor<1x?x4x!cgmq.gated<signed, [2, 4], f32>>
  %d = cgmq.dequantize %q : tensor<1x?x4x!cgmq.gated<signed, [2, 4], f32>> -> tensor<1x?x4xf32>
  %y = tosa.matmul %d, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// -----

// Gates that are computed have no value before the program runs.
// expected-note @+1 {{gate defined here}}
func.func @channels(%a: tensor<1x?x4xf32>, %gate: tensor<1x1x4xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %b = "tosa.const"() <{values = dense<0.5> : tensor<1x4x2xf32>}> : () -> tensor<1x4x2xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  // expected-error @+1 {{expects its gate to be a constant or loaded from a global with a value, but got 'tensor<1x1x4xf32>'}}
  %q = cgmq.quantize %a, %range, %gate : tensor<1x?x4xf32>, tensor<f32>, tensor<1x1x4xf32> -> tensor<1x?x4x!cgmq.gated<signed, [2, 4], f32>>
  %d = cgmq.dequantize %q : tensor<1x?x4x!cgmq.gated<signed, [2, 4], f32>> -> tensor<1x?x4xf32>
  %y = tosa.matmul %d, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// -----

// A function that calls itself has no finite cost.
// expected-error @+1 {{expects no recursion for its cost to be known}}
func.func @forever(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = call @forever(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A cost for each sample needs work that is the same for each.
func.func @batch(%x: tensor<3x4xf32>, %a: tensor<1x1x4xf32>, %b: tensor<1x4x2xf32>) -> tensor<1x1x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-error @+1 {{expects multiply-accumulates for each sample of a batch of 3, but got 8 in all}}
  %y = tosa.matmul %a, %b, %zero, %zero : (tensor<1x1x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %y : tensor<1x1x2xf32>
}
