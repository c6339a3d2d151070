// RUN: cgmq-opt %s -verify-diagnostics -test-cgmq-gradients="low=0.5 high=2"

// Functions of positive numbers against central differences.

// Element by element.
// expected-remark @below {{gradients agree}}
func.func @log(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = tosa.log %x : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// Element by element.
// expected-remark @below {{gradients agree}}
func.func @reciprocal(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = tosa.reciprocal %x : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// Element by element.
// expected-remark @below {{gradients agree}}
func.func @rsqrt(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = tosa.rsqrt %x : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// Base and exponent, with broadcasting.
// expected-remark @below {{gradients agree}}
func.func @pow(%x: tensor<3x1xf32>, %y: tensor<1x5xf32>) -> tensor<3x5xf32> {
  %z = tosa.pow %x, %y : (tensor<3x1xf32>, tensor<1x5xf32>) -> tensor<3x5xf32>
  return %z : tensor<3x5xf32>
}
