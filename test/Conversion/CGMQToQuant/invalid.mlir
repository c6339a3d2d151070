// RUN: cgmq-opt %s --cgmq-freeze -split-input-file -verify-diagnostics

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// Codes and floats have no grid in common.
func.func @channels(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %range = arith.constant dense<1.0> : tensor<f32>
  %gate = arith.constant dense<[[0.5, 1.5, 2.5, 5.5]]> : tensor<1x4xf32>
  // expected-error @+2 {{expects units of at most 16 bits where they differ, but got some of 32 beside narrower ones}}
  // expected-note @+1 {{option 'widths' of cgmq-insert-gates leaves 32 out}}
  %q = cgmq.quantize %x, %range, %gate : tensor<2x4xf32>, tensor<f32>, tensor<1x4xf32> -> tensor<2x4x!s>
  %d = cgmq.dequantize %q : tensor<2x4x!s> -> tensor<2x4xf32>
  return %d : tensor<2x4xf32>
}

// -----

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// Nor has a weight.
ml_program.global private mutable @w(dense<1.0> : tensor<2xf32>) : tensor<2xf32>
func.func @weight() -> tensor<2xf32> {
  %range = arith.constant dense<1.0> : tensor<f32>
  %gate = arith.constant dense<[5.5, 3.5]> : tensor<2xf32>
  %w = ml_program.global_load @w : tensor<2xf32>
  // expected-error @+2 {{expects units of at most 16 bits where they differ}}
  // expected-note @+1 {{option 'widths' of cgmq-insert-gates leaves 32 out}}
  %q = cgmq.quantize %w, %range, %gate : tensor<2xf32>, tensor<f32>, tensor<2xf32> -> tensor<2x!s>
  %d = cgmq.dequantize %q : tensor<2x!s> -> tensor<2xf32>
  return %d : tensor<2xf32>
}

// -----

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// A range that is not known when the program is compiled.
// expected-note @+1 {{range defined here}}
func.func @range(%x: tensor<4xf32>, %range: tensor<f32>) -> tensor<4xf32> {
  %gate = arith.constant dense<1.5> : tensor<f32>
  // expected-error @+1 {{expects its range to be a scalar constant or loaded from a global with a value}}
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!s>
  %d = cgmq.dequantize %q : tensor<4x!s> -> tensor<4xf32>
  return %d : tensor<4xf32>
}

// -----

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// A step of zero is no scale.
func.func @zero(%x: tensor<4xf32>) -> tensor<4xf32> {
  %range = arith.constant dense<0.0> : tensor<f32>
  %gate = arith.constant dense<1.5> : tensor<f32>
  // expected-error @+2 {{expects a range greater than zero, but got 0}}
  // expected-note @+1 {{cgmq-calibrate sets ranges from data}}
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!s>
  %d = cgmq.dequantize %q : tensor<4x!s> -> tensor<4xf32>
  return %d : tensor<4xf32>
}

// -----

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// A bias that is computed has no codes yet.
func.func @bias(%x: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %range = arith.constant dense<1.0> : tensor<f32>
  %gate = arith.constant dense<1.5> : tensor<f32>
  // expected-note @+1 {{the bias is computed here}}
  %c = tosa.clamp %b {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!s>
  // expected-error @+1 {{expects a bias that is a parameter, but got a computed value}}
  %d = cgmq.align %c, %q, %q : tensor<4xf32>, tensor<4x!s>, tensor<4x!s>
  return %d : tensor<4xf32>
}

// -----

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// A parameter without a value.
// expected-error @+2 {{expects an initial value of type 'tensor<4xf32>', but got none}}
// expected-note @+1 {{give the parameter a dense, dense_resource or #cgmq.he_uniform value}}
ml_program.global private mutable @w : tensor<4xf32>
func.func @parameter() -> tensor<4xf32> {
  %range = arith.constant dense<1.0> : tensor<f32>
  %gate = arith.constant dense<1.5> : tensor<f32>
  %w = ml_program.global_load @w : tensor<4xf32>
  %q = cgmq.quantize %w, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!s>
  %d = cgmq.dequantize %q : tensor<4x!s> -> tensor<4xf32>
  return %d : tensor<4xf32>
}

// -----

!p = !cgmq.gated<signed, [0, 2, 4], f32>

// Gates that prune all there is.
func.func @pruned(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %range = arith.constant dense<1.0> : tensor<f32>
  %gate = arith.constant dense<-0.5> : tensor<1x4xf32>
  // expected-error @+1 {{expects a unit that is not pruned, but got all of them at 0 bits}}
  %q = cgmq.quantize %x, %range, %gate : tensor<1x4xf32>, tensor<f32>, tensor<1x4xf32> -> tensor<1x4x!p>
  %d = cgmq.dequantize %q : tensor<1x4x!p> -> tensor<1x4xf32>
  return %d : tensor<1x4xf32>
}

// -----

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

// Gated values that leave the function have no type to go to.
func.func @escapes(%x: tensor<4xf32>) -> tensor<4x!s> {
  %range = arith.constant dense<1.0> : tensor<f32>
  %gate = arith.constant dense<1.5> : tensor<f32>
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!s>
  // expected-error @+1 {{expects gated tensors to be used by cgmq.dequantize and cgmq.align alone}}
  return %q : tensor<4x!s>
}
