// RUN: cgmq-opt %s --cgmq-insert-gates -split-input-file -verify-diagnostics

// Without a contraction there is nothing to bound.
// expected-error @+1 {{expects at least one contraction for a cost in bit-operations, but got none}}
func.func @no_contraction(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// Which of several functions is meant has to be said.
// expected-error @+1 {{expects one function where option 'function' names none, but got 2}}
module {
  // expected-note @+1 {{function=f selects this one}}
  func.func @f() { return }
  // expected-note @+1 {{function=g selects this one}}
  func.func @g() { return }
}

// -----

// A module without a function has no model.
// expected-error @+1 {{expects one function where option 'function' names none, but got 0}}
module {
  func.func private @declared()
}

// -----

// Control flow has no place in a model.
// expected-error @+1 {{expects a body of one block, but got 2 blocks}}
func.func @blocks() {
  cf.br ^next
^next:
  return
}

// -----

// An operation that says nothing about its cost cannot be bounded.
func.func @no_cost(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+2 {{has no known cost in bit-operations}}
  // expected-note @+1 {{a function is bounded only if every operation in it has the BopCostOpInterface}}
  %y = math.tan %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// Gates are inserted once.
func.func @gated(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> tensor<4xf32> {
  // expected-error @+2 {{expects a float function, but got one that is gated already}}
  // expected-note @+1 {{insert gates once, into the float model}}
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!cgmq.gated<signed, [8], f32>>
  %y = cgmq.dequantize %q : tensor<4x!cgmq.gated<signed, [8], f32>> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A constant weight cannot be trained.
func.func @constant(%x: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-note @+1 {{make the weight a mutable ml_program.global and load it here}}
  %w = "tosa.const"() <{values = dense<0.5> : tensor<1x4x4xf32>}> : () -> tensor<1x4x4xf32>
  // expected-error @+1 {{expects a weight that is a parameter, but got the result of 'tosa.const'}}
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  return %y : tensor<1x?x4xf32>
}

// -----

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

// A weight that is computed has no codes to keep.
func.func @computed(%x: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  // expected-note @+1 {{make the weight a mutable ml_program.global and load it here}}
  %sum = tosa.add %w, %w : (tensor<1x4x4xf32>, tensor<1x4x4xf32>) -> tensor<1x4x4xf32>
  // expected-error @+1 {{expects a weight that is a parameter, but got the result of 'tosa.add'}}
  %y = tosa.matmul %x, %sum, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  return %y : tensor<1x?x4xf32>
}

// -----

ml_program.global private @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

// Nor can one that is not mutable be trained.
func.func @immutable(%x: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-note @+1 {{make the weight a mutable ml_program.global and load it here}}
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  // expected-error @+1 {{expects a weight that is a parameter, but got a load of a global that is not mutable}}
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  return %y : tensor<1x?x4xf32>
}

// -----

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf16>) : tensor<1x4x4xf16>

// Quantizers take f32.
func.func @half(%x: tensor<1x?x4xf16>) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf16>}> : () -> tensor<1xf16>
  %w = ml_program.global_load @w : tensor<1x4x4xf16>
  // expected-error @+1 {{expects factors that are ranked tensors of f32, but got 'tensor<1x?x4xf16>'}}
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf16>, tensor<1x4x4xf16>, tensor<1xf16>, tensor<1xf16>) -> tensor<1x?x4xf32>
  return %y : tensor<1x?x4xf32>
}

// -----

ml_program.global private mutable @w(dense<0.5> : tensor<1x1x1x1xf32>) : tensor<1x1x1x1xf32>

// A bias that an argument decides has no grid.
func.func @activation_bias(%x: tensor<?x4x4x1xf32>, %b: tensor<1xf32>) -> tensor<?x4x4x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x1x1x1xf32>
  // expected-error @+1 {{expects operand #2 to be a parameter or zero, but got an activation}}
  %y = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x4x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x4x4x1xf32>
  return %y : tensor<?x4x4x1xf32>
}

// -----

// A factor for each channel, as of a batch norm.
func.func @factors(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %factors = "tosa.const"() <{values = dense<[[1.0, 2.0, 3.0, 4.0]]> : tensor<1x4xf32>}> : () -> tensor<1x4xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<[1, -1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  // expected-error @+2 {{expects a product with one constant above zero, or of activations}}
  // expected-note @+1 {{cgmq-fold-batch-norm takes others into weights}}
  %y = tosa.mul %x, %factors, %shift : (tensor<?x4xf32>, tensor<1x4xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  %rows = tosa.reshape %y, %shape : (tensor<?x4xf32>, !tosa.shape<3>) -> tensor<1x?x4xf32>
  %w = ml_program.global_load @factor_weight : tensor<1x4x4xf32>
  %z = tosa.matmul %rows, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  %flat = tosa.const_shape {values = dense<[-1, 4]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %r = tosa.reshape %z, %flat : (tensor<1x?x4xf32>, !tosa.shape<2>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}
ml_program.global private mutable @factor_weight(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

// -----

// A batch norm that begins with its mean is one all the same.
ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>
func.func @centred(%x: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %mean = "tosa.const"() <{values = dense<[[[1.0, 2.0, 3.0, 4.0]]]> : tensor<1x1x4xf32>}> : () -> tensor<1x1x4xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  %c = tosa.sub %y, %mean : (tensor<1x?x4xf32>, tensor<1x1x4xf32>) -> tensor<1x?x4xf32>
  // expected-error @+2 {{expects a product with one constant above zero, or of activations}}
  // expected-note @+1 {{cgmq-fold-batch-norm takes others into weights}}
  %n = tosa.mul %c, %mean, %shift : (tensor<1x?x4xf32>, tensor<1x1x4xf32>, tensor<1xi8>) -> tensor<1x?x4xf32>
  %z = tosa.matmul %n, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  return %z : tensor<1x?x4xf32>
}

// -----

func.func @linalg(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %init: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'linalg.matmul' op has no known cost in bit-operations}}
  // expected-note @below {{a function is bounded only if every operation in it has the BopCostOpInterface}}
  // expected-note @below {{--cgmq-raise-linalg makes networks of linalg ones of TOSA, whose operations have it}}
  %y = linalg.matmul ins(%x, %w : tensor<2x3xf32>, tensor<3x4xf32>) outs(%init : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}
