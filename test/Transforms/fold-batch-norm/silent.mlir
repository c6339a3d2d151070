// Chains that are no batch norms stay as they are, without a word.
// RUN: cgmq-opt %s --split-input-file -o %t.before
// RUN: cgmq-opt %s --split-input-file --cgmq-fold-batch-norm -o %t.after 2> %t.diagnostics
// RUN: diff %t.before %t.after
// RUN: count 0 < %t.diagnostics

// A bias alone.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @bias(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %z = tosa.add %y, %two : (tensor<1x3x2xf32>, tensor<1x1x2xf32>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A product with one number.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @number(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %half = "tosa.const"() <{values = dense<0.5> : tensor<1x1x1xf32>}> : () -> tensor<1x1x1xf32>
  %z = tosa.mul %y, %half, %shift : (tensor<1x3x2xf32>, tensor<1x1x1xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A factor for each row.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @rows(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %each = "tosa.const"() <{values = dense<[[[1.0], [2.0], [3.0]]]> : tensor<1x3x1xf32>}> : () -> tensor<1x3x1xf32>
  %z = tosa.mul %y, %each, %shift : (tensor<1x3x2xf32>, tensor<1x3x1xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A product with an activation.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @gate(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %z = tosa.mul %y, %x, %shift : (tensor<1x3x2xf32>, tensor<1x3x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A product with itself.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @square(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %z = tosa.mul %y, %y, %shift : (tensor<1x3x2xf32>, tensor<1x3x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A factor behind no contraction.
func.func @input(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %z = tosa.mul %x, %two, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A product of activations, of which no factor is a weight.
func.func @attention(%x: tensor<1x3x2xf32>, %v: tensor<1x2x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %y = tosa.matmul %x, %v, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %z = tosa.mul %y, %two, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A factor behind the sum with an activation.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @residual(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %s = tosa.add %y, %x : (tensor<1x3x2xf32>, tensor<1x3x2xf32>) -> tensor<1x3x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %z = tosa.mul %s, %two, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// Channels that a reshape merges with rows.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @merged(%x: tensor<1x3x2xf32>) -> tensor<1x6x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %shape = tosa.const_shape {values = dense<[1, 6, 1]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %r = tosa.reshape %y, %shape : (tensor<1x3x2xf32>, !tosa.shape<3>) -> tensor<1x6x1xf32>
  %each = "tosa.const"() <{values = dense<[[[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]]]> : tensor<1x6x1xf32>}> : () -> tensor<1x6x1xf32>
  %z = tosa.mul %r, %each, %shift : (tensor<1x6x1xf32>, tensor<1x6x1xf32>, tensor<1xi8>) -> tensor<1x6x1xf32>
  return %z : tensor<1x6x1xf32>
}
