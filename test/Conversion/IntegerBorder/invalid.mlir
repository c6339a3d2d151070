// RUN: cgmq-opt %s --cgmq-lower-border -split-input-file -verify-diagnostics

// A float network: nothing is quantized.
// expected-error @+2 {{expects the border of an integer program, with a call between quantizers}}
// expected-note @+1 {{cgmq-lower-to-integer leaves it; run this right after}}
func.func @float(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}

// -----

// No batch, but another extent that is not known.
// expected-error @+1 {{expects arguments whose leading extent alone is dynamic, but got 'tensor<?x?xf32>'}}
func.func @dynamic(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  return %x : tensor<?x?xf32>
}

// -----

// Arguments and results of another kind than the border's.
// expected-error @+2 {{expects the border of an integer program, with f32 tensors as arguments and results}}
// expected-note @+1 {{cgmq-lower-to-integer leaves it; run this right after}}
func.func @integers(%x: tensor<1x4xi8>) -> tensor<1x4xi8> {
  return %x : tensor<1x4xi8>
}

// -----

// An argument that no quantizer takes.
// expected-error @+2 {{expects the border of an integer program, with arguments that pass one quantizer each}}
// expected-note @+1 {{cgmq-lower-to-integer leaves it; run this right after}}
func.func @unquantized(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %y = call @callee(%x) : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}
func.func @callee(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  return %x : tensor<1x4xf32>
}
