// RUN: cgmq-opt %s -split-input-file -verify-diagnostics -cgmq-build-loss

// Cross-entropy wants one matrix of logits.
// expected-error @below {{expects one result to have a loss, but got 2}}
func.func @two_results(%x: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<3x4xf32>) {
  return %x, %x : tensor<3x4xf32>, tensor<3x4xf32>
}

// -----

// A cube is not a matrix.
// expected-error @below {{expects a matrix of logits with a static number of columns as result to have a cross-entropy, but got 'tensor<3x4x5xf32>'}}
func.func @cube(%x: tensor<3x4x5xf32>) -> tensor<3x4x5xf32> {
  return %x : tensor<3x4x5xf32>
}

// -----

// The number of classes has to be known.
// expected-error @below {{but got 'tensor<3x?xf32>'}}
func.func @unknown_classes(%x: tensor<3x?xf32>) -> tensor<3x?xf32> {
  return %x : tensor<3x?xf32>
}

// -----

// Integers have no loss.
// expected-error @below {{expects a float tensor with a batch dimension as result to have a loss, but got 'tensor<3x4xi32>'}}
func.func @integers(%x: tensor<3x4xi32>) -> tensor<3x4xi32> {
  return %x : tensor<3x4xi32>
}

// -----

// The name of the new function is taken.
// expected-error @below {{expects no symbol @f_loss in the module, where it adds a function, but got one}}
func.func @f(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  return %x : tensor<3x4xf32>
}
// expected-note @below {{@f_loss is here}}
func.func private @f_loss()
