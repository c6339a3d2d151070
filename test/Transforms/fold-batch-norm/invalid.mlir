// RUN: cgmq-opt %s --split-input-file --cgmq-fold-batch-norm --verify-diagnostics

// A weight without a value has none to change.
// expected-error @+2 {{expects an initial value of type 'tensor<1x2x2xf32>', but got none}}
// expected-note @+1 {{give the parameter a dense, dense_resource or #cgmq.he_uniform value}}
ml_program.global private mutable @w : tensor<1x2x2xf32>
func.func @f(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %z = tosa.mul %y, %two, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A scale without numbers cannot be evaluated.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
// expected-error @+2 {{expects an initial value of type 'tensor<1x1x2xf32>', but got unit}}
// expected-note @+1 {{give the parameter a dense, dense_resource or #cgmq.he_uniform value}}
ml_program.global private mutable @scale(unit) : tensor<1x1x2xf32>
func.func @f(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %scale = ml_program.global_load @scale : tensor<1x1x2xf32>
  %z = tosa.mul %y, %scale, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// It works on one function.
// expected-error @+1 {{expects one function where option 'function' names none, but got 2}}
module {
  // expected-note @+1 {{function=f selects this one}}
  func.func @f() {
    return
  }
  // expected-note @+1 {{function=g selects this one}}
  func.func @g() {
    return
  }
}
