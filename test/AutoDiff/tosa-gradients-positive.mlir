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
