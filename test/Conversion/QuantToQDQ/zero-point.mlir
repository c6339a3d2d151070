// RUN: cgmq-opt %s --cgmq-lower-to-qdq -verify-diagnostics

// A zero point is none of the quantizer's rule.
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expects a ranked tensor of a !quant.uniform type of f32 with one scale and no zero point, but got 'tensor<4x!quant.uniform<i8:f32, 5.000000e-01:3>>'}}
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!quant.uniform<i8:f32, 0.5:3>>
  %d = quant.dcast %q : tensor<4x!quant.uniform<i8:f32, 0.5:3>> to tensor<4xf32>
  return %d : tensor<4xf32>
}
