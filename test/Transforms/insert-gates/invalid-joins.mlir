// RUN: cgmq-opt %s --cgmq-insert-gates -split-input-file -verify-diagnostics

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>
ml_program.global private @fixed(dense<0.5> : tensor<1x1x4xf32>) : tensor<1x1x4xf32>

// An addend that no training can move, and that is no constant of the text.
func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  %sum = tosa.add %y, %x : (tensor<1x?x4xf32>, tensor<1x?x4xf32>) -> tensor<1x?x4xf32>
  // expected-note @+1 {{make the operand a mutable ml_program.global and load it here}}
  %fixed = ml_program.global_load @fixed : tensor<1x1x4xf32>
  // expected-error @+1 {{expects operands that are activations, parameters or constants, but got a load of a global that is not mutable}}
  %z = tosa.add %sum, %fixed : (tensor<1x?x4xf32>, tensor<1x1x4xf32>) -> tensor<1x?x4xf32>
  return %z : tensor<1x?x4xf32>
}

// -----

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

// One that is computed.
func.func @f(%x: tensor<1x4x4xf32>) -> tensor<1x4x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4xf32>
  // expected-note @+1 {{make the operand a mutable ml_program.global and load it here}}
  %twice = tosa.add %w, %w : (tensor<1x4x4xf32>, tensor<1x4x4xf32>) -> tensor<1x4x4xf32>
  // expected-error @+1 {{expects operands that are activations, parameters or constants, but got the result of 'tosa.add'}}
  %z = tosa.concat %y, %twice {axis = 1 : i32} : (tensor<1x4x4xf32>, tensor<1x4x4xf32>) -> tensor<1x8x4xf32>
  %part = tosa.reduce_sum %z {axis = 1 : i32} : (tensor<1x8x4xf32>) -> tensor<1x1x4xf32>
  %sum = tosa.add %y, %part : (tensor<1x4x4xf32>, tensor<1x1x4xf32>) -> tensor<1x4x4xf32>
  return %sum : tensor<1x4x4xf32>
}

// -----

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

// Numbers of another type.
func.func @f(%x: tensor<1x4x4xf32>, %h: tensor<1x4x4xf16>) -> tensor<1x4x4xf16> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4xf32>
  // expected-error @+1 {{expects operands that are ranked tensors of f32, but got 'tensor<1x4x4xf16>'}}
  %z = tosa.add %h, %h : (tensor<1x4x4xf16>, tensor<1x4x4xf16>) -> tensor<1x4x4xf16>
  return %z : tensor<1x4x4xf16>
}
