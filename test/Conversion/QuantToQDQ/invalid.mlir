// RUN: cgmq-opt %s --cgmq-lower-to-qdq=quantizers=casts -split-input-file -verify-diagnostics

// Nothing is frozen.
// expected-error @+2 {{expects a function with quantized tensors, but got none}}
// expected-note @+1 {{cgmq-freeze makes them}}
module {
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}

// -----

!x = !quant.uniform<u4:f32, 0.5>
ml_program.global private @widths(dense<[2, 4]> : tensor<2xi8>) : tensor<2xi8>

// A cast has one width.
func.func @units(%x: tensor<2xf32>) -> tensor<2xf32> {
  %widths = ml_program.global_load_const @widths : tensor<2xi8>
  // expected-error @+2 {{cannot be said by quant.qcast, which has one width for all elements}}
  // expected-note @+1 {{option 'quantizers=arithmetic' says it, 'granularity=layer' of cgmq-insert-gates avoids it}}
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<2xf32>, tensor<2xi8> -> tensor<2x!x>
  %d = quant.dcast %q : tensor<2x!x> to tensor<2xf32>
  return %d : tensor<2xf32>
}
