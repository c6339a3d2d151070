// RUN: printf '\0\0\010\002\0\0\0\002\0\0\0\002\377\0\0\377' > %t.idx
// RUN: cgmq-opt %s --cgmq-calibrate=images=%t.idx -split-input-file -verify-diagnostics

// There is nothing to calibrate in a float function.
// expected-error @+2 {{expects a gated function to calibrate, but got one without quantizers}}
// expected-note @+1 {{run cgmq-insert-gates first}}
func.func @float(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  return %x : tensor<?x2xf32>
}

// -----

!q = !cgmq.gated<signed, [8], f32>
ml_program.global private mutable @range(dense<1.0> : tensor<f32>) : tensor<f32>

// The samples have two elements.
// expected-error @+1 {{expects samples of shape [3] for argument 'tensor<?x3xf32>', but}}
func.func @shape(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %gate = arith.constant dense<2.5> : tensor<f32>
  %range = ml_program.global_load @range : tensor<f32>
  %q = cgmq.quantize %x, %range, %gate : tensor<?x3xf32>, tensor<f32>, tensor<f32> -> tensor<?x3x!q>
  %y = cgmq.dequantize %q : tensor<?x3x!q> -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// -----

!q = !cgmq.gated<signed, [8], f32>
ml_program.global private mutable @range(dense<1.0> : tensor<f32>) : tensor<f32>

// Data is one argument.
// expected-error @+1 {{expects one argument that is a ranked tensor, but got}}
func.func @arguments(%x: tensor<?x2xf32>, %y: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %gate = arith.constant dense<2.5> : tensor<f32>
  %range = ml_program.global_load @range : tensor<f32>
  %q = cgmq.quantize %x, %range, %gate : tensor<?x2xf32>, tensor<f32>, tensor<f32> -> tensor<?x2x!q>
  %z = cgmq.dequantize %q : tensor<?x2x!q> -> tensor<?x2xf32>
  return %z : tensor<?x2xf32>
}

// -----

!q = !cgmq.gated<signed, [8], f32>

// A range that is no global cannot be set.
func.func @range(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %gate = arith.constant dense<2.5> : tensor<f32>
  %range = arith.constant dense<1.0> : tensor<f32>
  // expected-error @+2 {{expects a range loaded from a global to calibrate}}
  // expected-note @+1 {{cgmq-insert-gates makes one}}
  %q = cgmq.quantize %x, %range, %gate : tensor<?x2xf32>, tensor<f32>, tensor<f32> -> tensor<?x2x!q>
  %y = cgmq.dequantize %q : tensor<?x2x!q> -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

!q = !cgmq.gated<signed, [8], f32>
ml_program.global private mutable @w(dense<[1.0, 0x7F800000]> : tensor<2xf32>) : tensor<2xf32>
ml_program.global private mutable @range(dense<1.0> : tensor<f32>) : tensor<f32>

// No range holds infinity.
func.func @infinite(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %gate = arith.constant dense<2.5> : tensor<f32>
  %range = ml_program.global_load @range : tensor<f32>
  %w = ml_program.global_load @w : tensor<2xf32>
  // expected-error @+2 {{expects finite values to calibrate on, but got NaN or infinity}}
  // expected-note @+1 {{the parameter's value holds it}}
  %q = cgmq.quantize %w, %range, %gate : tensor<2xf32>, tensor<f32>, tensor<f32> -> tensor<2x!q>
  %y = cgmq.dequantize %q : tensor<2x!q> -> tensor<2xf32>
  return %x : tensor<?x2xf32>
}

// -----

!q = !cgmq.gated<signed, [8], f32>
ml_program.global private mutable @range(dense<1.0> : tensor<f32>) : tensor<f32>

// Nor does one hold what overflows on the way: 3e38 * 10.
func.func @overflow(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %gate = arith.constant dense<2.5> : tensor<f32>
  %range = ml_program.global_load @range : tensor<f32>
  %large = "tosa.const"() <{values = dense<3.0e38> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %sum = tosa.add %x, %large : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
  %twice = tosa.add %sum, %sum : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  // expected-error @+2 {{expects finite values to calibrate on, but got NaN or infinity}}
  // expected-note @+1 {{the network or its data are broken}}
  %q = cgmq.quantize %twice, %range, %gate : tensor<?x2xf32>, tensor<f32>, tensor<f32> -> tensor<?x2x!q>
  %y = cgmq.dequantize %q : tensor<?x2x!q> -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

!q = !cgmq.gated<unsigned, [8], f32>
ml_program.global private mutable @range(dense<1.0> : tensor<f32>) : tensor<f32>

// What has no sign is not negative: a network that is fed normalized samples
// must not say so.
func.func @negative(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %gate = arith.constant dense<2.5> : tensor<f32>
  %range = ml_program.global_load @range : tensor<f32>
  %half = "tosa.const"() <{values = dense<0.5> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  // expected-note @+1 {{where this is an argument with 'cgmq.nonnegative', take the attribute away and insert gates again}}
  %less = tosa.sub %x, %half : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
  // expected-error @+1 {{expects values that are not negative for unsigned codes, but got -5.0}}
  %q = cgmq.quantize %less, %range, %gate : tensor<?x2xf32>, tensor<f32>, tensor<f32> -> tensor<?x2x!q>
  %y = cgmq.dequantize %q : tensor<?x2x!q> -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

!q = !cgmq.gated<unsigned, [8], f32>
ml_program.global private mutable @range(dense<1.0> : tensor<f32>) : tensor<f32>

// A dead activation is no error, but worth a word.
func.func @dead(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %gate = arith.constant dense<2.5> : tensor<f32>
  %range = ml_program.global_load @range : tensor<f32>
  %ten = "tosa.const"() <{values = dense<10.0> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %less = tosa.sub %x, %ten : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
  %relu = tosa.clamp %less {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  // expected-warning @+2 {{sees nothing but zeros; its range is set to 9.53}}
  // expected-note @+1 {{is the activation dead, or the sample too small?}}
  %q = cgmq.quantize %relu, %range, %gate : tensor<?x2xf32>, tensor<f32>, tensor<f32> -> tensor<?x2x!q>
  %y = cgmq.dequantize %q : tensor<?x2x!q> -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
