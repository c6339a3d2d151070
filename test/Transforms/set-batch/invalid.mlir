// RUN: cgmq-opt %s --pass-pipeline='builtin.module(cgmq-set-batch{function=f batch=4})' -split-input-file -verify-diagnostics

// The function has to be there.
// expected-error @below {{expects a function named by option 'function', but got 'f'}}
module {}

// -----

// It has to take a batch.
// expected-error @below {{expects an argument with a dynamic leading extent, or one of 4, but got '(tensor<3x2xf32>) -> tensor<3x2xf32>'}}
func.func @f(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  return %x : tensor<3x2xf32>
}

// -----

// No other extent may be dynamic.
// expected-error @below {{expects arguments whose leading extent alone is dynamic, but got 'tensor<?x?xf32>'}}
func.func @f(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  return %x : tensor<?x?xf32>
}

// -----

// An operation whose shape depends on more than the batch is refused.
func.func @f(%x: tensor<?x2xf32>, %size: index) -> tensor<?xf32> {
  // expected-error @below {{expects results whose shapes follow from the batch, but got 'tensor<?xf32>'}}
  %0 = tensor.empty(%size) : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// So is one whose static extents say otherwise.
func.func @f(%x: tensor<?x2xf32>, %y: tensor<3x2xf32>) -> tensor<3x?xf32> {
  // expected-error @below {{expects a result of shape [4, 2] where the batch is set, but got 'tensor<3x?xf32>'}}
  %0 = tosa.tanh %x : (tensor<?x2xf32>) -> tensor<3x?xf32>
  return %0 : tensor<3x?xf32>
}

// -----

// A function that is called from elsewhere cannot be changed.
// expected-note @below {{the batch of this function is set}}
func.func @f(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  return %x : tensor<?x2xf32>
}
func.func @g(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  // expected-error @below {{expects a function of any batch, but 'f' got a fixed one}}
  %0 = call @f(%x) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// -----

// Neither can one that calls itself.
func.func @f(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  // expected-error @below {{expects functions that do not call themselves, but got a call of 'f'}}
  %0 = call @f(%x) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// -----

// A called function is needed with its body.
func.func @f(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = call @g(%x) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}
// expected-error @below {{expects a body of one block, but got 0 blocks}}
func.func private @g(tensor<?x2xf32>) -> tensor<?x2xf32>
