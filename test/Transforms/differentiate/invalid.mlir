// RUN: cgmq-opt %s -split-input-file -verify-diagnostics -cgmq-differentiate="wrt=all"

// An active operation without a rule.
// expected-note @below {{the derivative is taken with respect to this value, on which the operation depends}}
func.func @no_rule(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tosa.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  // expected-error @below {{'tosa.floor' op has no gradient rule}}
  // expected-note @below {{give the operation a DifferentiableOpInterface, rewrite it in operations that have one, or take the derivative with respect to values on which it does not depend}}
  %y = tosa.floor %e : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// The note points at the parameter that made the operation active.
ml_program.global private mutable @w(dense<1.0> : tensor<4xf32>) : tensor<4xf32>
func.func @no_rule_parameter() -> tensor<4xf32> {
  // expected-note @below {{the derivative is taken with respect to this value}}
  %w = ml_program.global_load @w : tensor<4xf32>
  // expected-error @below {{'tosa.floor' op has no gradient rule}}
  // expected-note @below {{give the operation a DifferentiableOpInterface}}
  %y = tosa.floor %w : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// Control flow that reads an active value has no rule, though it is no operand.
// expected-note @below {{the derivative is taken with respect to this value}}
func.func @region(%x: tensor<4xf32>, %c: i1) -> tensor<4xf32> {
  // expected-error @below {{'scf.if' op has no gradient rule}}
  // expected-note @below {{give the operation a DifferentiableOpInterface}}
  %y = scf.if %c -> tensor<4xf32> {
    %e = tosa.exp %x : (tensor<4xf32>) -> tensor<4xf32>
    scf.yield %e : tensor<4xf32>
  } else {
    scf.yield %x : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}

// -----

// Padding of what may have any height: how many elements windows have depends.
func.func @padded_average(%x: tensor<1x?x4x1xf32>) -> tensor<1x?x2x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-error @below {{'tosa.avg_pool2d' op expects static extents, except for the batch, and few sizes of windows to have a gradient where it pads, but got 'tensor<1x?x4x1xf32>'}}
  // expected-note @below {{pad the input by zeros instead}}
  %y = tosa.avg_pool2d %x, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x?x4x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2x1xf32>
  return %y : tensor<1x?x2x1xf32>
}

// -----

// A shape that the reverse of a reshape cannot name.
func.func @dynamic_reshape(%x: tensor<?x?xf32>) -> tensor<?xf32> {
  %shape = tosa.const_shape {values = dense<-1> : tensor<1xindex>} : () -> !tosa.shape<1>
  // expected-error @below {{expects an operand with at most one dynamic extent to have a gradient, but got 'tensor<?x?xf32>'}}
  %y = tosa.reshape %x, %shape : (tensor<?x?xf32>, !tosa.shape<1>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

// More than one block.
// expected-error @below {{expects a body of one block, but got 2 blocks}}
func.func @blocks(%x: tensor<4xf32>) -> tensor<4xf32> {
  cf.br ^next
^next:
  return %x : tensor<4xf32>
}

// -----

// Which of two functions is not said.
// expected-error @-3 {{expects one function where option 'function' names none, but got 2}}
// expected-note @below {{function=f selects this one}}
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
// expected-note @below {{function=g selects this one}}
func.func @g(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// No function.
// expected-error @-3 {{expects one function where option 'function' names none, but got 0}}
func.func private @declaration(%x: tensor<4xf32>) -> tensor<4xf32>

// -----

// The name of the new function is taken.
// expected-error @below {{expects no symbol @f_vjp in the module, where it adds a function, but got one}}
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
// expected-note @below {{@f_vjp is here}}
func.func private @f_vjp()

// -----

// A gradient is that of a global.
// expected-error @below {{expects 'cgmq.gradient_of' to be the symbol of a global, but got 3 : i64}}
func.func private @attribute() -> (tensor<4xf32> {cgmq.gradient_of = 3})
