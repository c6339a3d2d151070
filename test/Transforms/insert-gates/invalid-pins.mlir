// RUN: cgmq-opt %s --cgmq-insert-gates=function=f --split-input-file --verify-diagnostics

ml_program.global private mutable @w(dense<1.0> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
func.func @f(%x: tensor<4x4xf32>) -> tensor<1x4x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<[1, 4, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  // expected-error @+2 {{expects 'cgmq.width' on a value that is quantized, but no contraction and no join takes this one}}
  // expected-note @+1 {{a reshape or transpose between it and what takes it has to stand after it}}
  %rows = tosa.reshape %x, %shape {cgmq.width = 4 : i64} : (tensor<4x4xf32>, !tosa.shape<3>) -> tensor<1x4x4xf32>
  %w = ml_program.global_load @w : tensor<1x4x2xf32>
  %y = tosa.matmul %rows, %w, %zero, %zero : (tensor<1x4x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x2xf32>
  return %y : tensor<1x4x2xf32>
}

// -----

ml_program.global private mutable @w(dense<1.0> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
// expected-error @+2 {{argument #1 expects 'cgmq.width' on a value that is quantized, but no contraction and no join takes this one}}
// expected-note @+1 {{a reshape or transpose between it and what takes it has to stand after it}}
func.func @f(%x: tensor<1x4x4xf32>, %z: tensor<1x4x2xf32> {cgmq.width = 4 : i64}) -> tensor<1x4x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x4x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x2xf32>
  %most = tosa.maximum %y, %z : (tensor<1x4x2xf32>, tensor<1x4x2xf32>) -> tensor<1x4x2xf32>
  return %most : tensor<1x4x2xf32>
}

// -----

// expected-error @+1 {{expects 'cgmq.width' to be 2, 4, 8, 16 or 32 of type i64, but got 5 : i64}}
ml_program.global private mutable @w(dense<1.0> : tensor<4xf32>) : tensor<4xf32> {cgmq.width = 5 : i64}

// -----

// expected-error @+1 {{expects 'cgmq.width' to be 2, 4, 8, 16 or 32 of type i64, but got 8 : i32}}
func.func private @type(tensor<4xf32> {cgmq.width = 8 : i32})
