// RUN: cgmq-opt %s -cgmq-globals-to-arguments -split-input-file -verify-diagnostics

// A global of unknown extent has no buffer type.
ml_program.global private mutable @w : tensor<?xf32>
func.func @dynamic() {
  // expected-error @+1 {{expects a global of ranked static tensor type, but got 'tensor<?xf32>'}}
  %w = ml_program.global_load @w : tensor<?xf32>
  return
}

// -----

// A global that is stored or not depending on a value.
ml_program.global private mutable @w(dense<1.0> : tensor<4xf32>) : tensor<4xf32>
func.func @nested(%c: i1, %x: tensor<4xf32>) {
  scf.if %c {
    // expected-error @+1 {{expects to be at the top level of the function}}
    ml_program.global_store @w = %x : tensor<4xf32>
  }
  return
}

// -----

// A callee whose globals the caller would have to pass on.
ml_program.global private mutable @w(dense<1.0> : tensor<4xf32>) : tensor<4xf32>
func.func private @callee() -> tensor<4xf32> {
  %w = ml_program.global_load @w : tensor<4xf32>
  return %w : tensor<4xf32>
}
func.func @caller() -> tensor<4xf32> {
  // expected-error @+2 {{expects a callee without globals, but got callee}}
  // expected-note @+1 {{inline the call first (--inline)}}
  %0 = call @callee() : () -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
