// RUN: cgmq-opt %s --cgmq-fuse-layers -verify-diagnostics

// C without a library computes no floats between integers.
#id = affine_map<(i) -> (i)>
func.func @floats(%x: tensor<4xi8>) -> tensor<4xf32> {
  %empty = tensor.empty() : tensor<4xf32>
  // expected-error @+2 {{expects integers between quantizers, but got 'tensor<4xf32>'}}
  // expected-note @+1 {{cgmq-run computes floats too}}
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : tensor<4xi8>) outs(%empty : tensor<4xf32>) {
  ^bb0(%in: i8, %out: f32):
    %f = arith.sitofp %in : i8 to f32
    linalg.yield %f : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
