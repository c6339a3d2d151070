// RUN: cgmq-translate --export-onnx -split-input-file -verify-diagnostics %s

// Floats, and integer programs, have nothing to quantize.
// expected-error @+2 {{expects quantized tensors, but got none}}
// expected-note @+1 {{cgmq-freeze makes them; integer programs do not have them any more}}
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

!x = !quant.uniform<u16:f32, 0.5>
func.func @wide(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+2 {{expects codes of at most 8 bits, which QuantizeLinear of ONNX gives, but got 16}}
  // expected-note @+1 {{'--onnx-quantizers=arithmetic' has more, 'widths=2,4,8' of cgmq-insert-gates keeps to them}}
  %q = quant.qcast %x : tensor<2xf32> to tensor<2x!x>
  %d = quant.dcast %q : tensor<2x!x> to tensor<2xf32>
  return %d : tensor<2xf32>
}

// -----

!x = !quant.uniform<u4:f32, 0.5>
ml_program.global private @widths(dense<[2, 4]> : tensor<2xi8>) : tensor<2xi8>
func.func @units(%x: tensor<2xf32>) -> tensor<2xf32> {
  %widths = ml_program.global_load_const @widths : tensor<2xi8>
  // expected-error @+2 {{cannot be said by QuantizeLinear of ONNX, which has one width for all elements}}
  // expected-note @+1 {{'granularity=layer' of cgmq-insert-gates avoids it for activations}}
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<2xf32>, tensor<2xi8> -> tensor<2x!x>
  %d = quant.dcast %q : tensor<2x!x> to tensor<2xf32>
  return %d : tensor<2xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
func.func @unknown(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %q = quant.qcast %x : tensor<2x3xf32> to tensor<2x3x!x>
  %d = quant.dcast %q : tensor<2x3x!x> to tensor<2x3xf32>
  // expected-error @+2 {{has no form in ONNX here}}
  // expected-note @+1 {{what the caller can do may be left out of the function}}
  %y = tosa.reverse %d {axis = 0 : i32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

!x = !quant.uniform<i32:f32, 0.5:3>
func.func @zero_point() -> tensor<2xf32> {
  %c = arith.constant dense<1> : tensor<2xi32>
  %s = quant.scast %c : tensor<2xi32> to tensor<2x!x>
  // expected-error @+1 {{expects codes that DequantizeLinear of ONNX takes: of at most 8 bits, or of at most 32 without a zero point, but got '!quant.uniform<i32:f32, 5.000000e-01:3>'}}
  %d = quant.dcast %s : tensor<2x!x> to tensor<2xf32>
  return %d : tensor<2xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
// expected-error @+1 {{expects inputs that are ranked tensors of f32, but got 'tensor<2xi8>'}}
func.func @codes(%x: tensor<2xi8>) -> tensor<2xf32> {
  %s = quant.scast %x : tensor<2xi8> to tensor<2x!x>
  %d = quant.dcast %s : tensor<2x!x> to tensor<2xf32>
  return %d : tensor<2xf32>
}
