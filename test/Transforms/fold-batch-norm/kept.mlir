// Batch norms that cannot be folded stay as they are, and a remark says why.
// RUN: cgmq-opt %s --split-input-file --cgmq-fold-batch-norm --verify-diagnostics -o %t.after
// RUN: cgmq-opt %s --split-input-file -o %t.before
// RUN: diff %t.before %t.after

// Something else uses what the contraction gives.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @used(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  // expected-remark @+1 {{keeps this batch norm: expects a contraction whose result nothing else uses}}
  %z = tosa.mul %y, %two, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  %r = tosa.add %z, %y : (tensor<1x3x2xf32>, tensor<1x3x2xf32>) -> tensor<1x3x2xf32>
  return %r : tensor<1x3x2xf32>
}

// -----

// A summand for each row is in the way.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @rows(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %each = "tosa.const"() <{values = dense<[[[1.0], [2.0], [3.0]]]> : tensor<1x3x1xf32>}> : () -> tensor<1x3x1xf32>
  // expected-remark @+1 {{keeps this batch norm: expects operands that are constants or parameters, one number or one for each of 2 channels, but got 'tensor<1x3x1xf32>' from 'tosa.const'}}
  %s = tosa.add %y, %each : (tensor<1x3x2xf32>, tensor<1x3x1xf32>) -> tensor<1x3x2xf32>
  %z = tosa.mul %s, %two, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// An operand is computed by what the pass does not evaluate.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @computed(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %e = tosa.exp %two : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  // expected-remark @+1 {{keeps this batch norm: expects operands that are constants or parameters, one number or one for each of 2 channels, but got 'tensor<1x1x2xf32>' from 'tosa.exp'}}
  %s = tosa.add %y, %e : (tensor<1x3x2xf32>, tensor<1x1x2xf32>) -> tensor<1x3x2xf32>
  %z = tosa.mul %s, %two, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// So is a weight.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @weight(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %v = tosa.tanh %w : (tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %y = tosa.matmul %x, %v, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  // expected-remark @+1 {{keeps this batch norm: expects a weight and a bias that are constants or parameters, but got 'tensor<1x2x2xf32>' from 'tosa.tanh'}}
  %z = tosa.mul %y, %two, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A store changes the weight.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @stored(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  ml_program.global_store @w = %w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  // expected-remark @+1 {{keeps this batch norm: expects a weight and a bias that are constants or parameters, but got 'tensor<1x2x2xf32>' from 'ml_program.global_load'}}
  %z = tosa.mul %y, %two, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A variance of zero.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @variance(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %variance = "tosa.const"() <{values = dense<[[[1.0, 0.0]]]> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %f = tosa.rsqrt %variance : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  // expected-remark @+1 {{keeps this batch norm: expects factors that leave weights and biases finite}}
  %z = tosa.mul %y, %f, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// More than f32 holds: 1e30 * 1e30.
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
func.func @overflow(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %factor = "tosa.const"() <{values = dense<1.0e30> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %offset = "tosa.const"() <{values = dense<1.0e30> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  // expected-remark @+1 {{keeps this batch norm: expects factors that leave weights and biases finite}}
  %s = tosa.add %y, %offset : (tensor<1x3x2xf32>, tensor<1x1x2xf32>) -> tensor<1x3x2xf32>
  %z = tosa.mul %s, %factor, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %z : tensor<1x3x2xf32>
}

// -----

// A weight of two channels cannot give three, which no verifier says.
func.func @channels(%x: tensor<?x4x4x1xf32>) -> tensor<?x4x4x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x1xf32>}> : () -> tensor<2x1x1x1xf32>
  %y = tosa.conv2d %x, %w, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x4x1xf32>, tensor<2x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x4x4x3xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x1x3xf32>}> : () -> tensor<1x1x1x3xf32>
  // expected-remark @+1 {{keeps this batch norm: expects a weight of 3 channels, but got 'tensor<2x1x1x1xf32>' from 'tosa.const'}}
  %z = tosa.mul %y, %two, %shift : (tensor<?x4x4x3xf32>, tensor<1x1x1x3xf32>, tensor<1xi8>) -> tensor<?x4x4x3xf32>
  return %z : tensor<?x4x4x3xf32>
}
