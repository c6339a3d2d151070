// RUN: cgmq-opt %s -cgmq-lay-out-contractions | FileCheck %s

// Vectors run along the output channels f, which are last in output and
// weights as they are: nothing moves.
// CHECK-LABEL: func.func @in_place(
// CHECK-NOT:     linalg.transpose
func.func @in_place(%x: tensor<8x12x12x32xf32>, %w: tensor<5x5x32x64xf32>) -> tensor<8x8x8x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x8x8x64xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x8x8x64xf32>) -> tensor<8x8x8x64xf32>
  %0 = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<8x12x12x32xf32>, tensor<5x5x32x64xf32>) outs(%init : tensor<8x8x8x64xf32>) -> tensor<8x8x8x64xf32>
  return %0 : tensor<8x8x8x64xf32>
}

// Weights with the output channels first are transposed.
// CHECK-LABEL: func.func @weights(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: {{.*}}, %[[W:[a-z0-9]+]]: tensor<64x5x5x32xf32>)
// CHECK:         %[[T:.*]] = linalg.transpose ins(%[[W]] : {{.*}}) outs({{.*}} : tensor<5x5x32x64xf32>) permutation = [1, 2, 3, 0]
// CHECK:         linalg.generic {{.*}} ins(%[[X]], %[[T]] :
func.func @weights(%x: tensor<8x12x12x32xf32>, %w: tensor<64x5x5x32xf32>) -> tensor<8x8x8x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x8x8x64xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x8x8x64xf32>) -> tensor<8x8x8x64xf32>
  %0 = linalg.conv_2d_nhwc_fhwc ins(%x, %w : tensor<8x12x12x32xf32>, tensor<64x5x5x32xf32>) outs(%init : tensor<8x8x8x64xf32>) -> tensor<8x8x8x64xf32>
  return %0 : tensor<8x8x8x64xf32>
}

// The gradient of those weights for one input channel: the result is computed
// with f last, starting from zeros in that layout, and transposed after. The
// loop over the one channel goes.
// CHECK-LABEL: func.func @weight_gradient(
// CHECK:         %[[ZEROS:.*]] = linalg.fill {{.*}} -> tensor<5x5x32xf32>
// CHECK:         %[[SUM:.*]] = linalg.generic {{.*}} outs(%[[ZEROS]] : tensor<5x5x32xf32>)
// CHECK:         %[[T:.*]] = linalg.transpose ins(%[[SUM]] : tensor<5x5x32xf32>) outs({{.*}} : tensor<32x5x5xf32>) permutation = [2, 0, 1]
// CHECK:         tensor.expand_shape %[[T]]
func.func @weight_gradient(%x: tensor<8x28x28x1xf32>, %dy: tensor<8x24x24x32xf32>) -> tensor<32x5x5x1xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<32x5x5x1xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<32x5x5x1xf32>) -> tensor<32x5x5x1xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h + p, w + q, c)>,
                       affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>,
                       affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>],
      iterator_types = ["reduction", "reduction", "reduction", "parallel", "parallel", "parallel", "parallel"]}
      ins(%x, %dy : tensor<8x28x28x1xf32>, tensor<8x24x24x32xf32>) outs(%init : tensor<32x5x5x1xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %sum, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<32x5x5x1xf32>
  return %0 : tensor<32x5x5x1xf32>
}

// What is no contraction stays: a sum of absolute differences, and a dynamic
// extent.
// CHECK-LABEL: func.func @others(
// CHECK-NOT:     linalg.transpose
// CHECK:         linalg.matmul
func.func @others(%a: tensor<4x9xf32>, %b: tensor<7x9xf32>, %c: tensor<?x9xf32>, %d: tensor<9x7xf32>, %e: tensor<?x7xf32>) -> (tensor<4x7xf32>, tensor<?x7xf32>) {
  %zeros = arith.constant dense<0.0> : tensor<4x7xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<4x9xf32>, tensor<7x9xf32>) outs(%zeros : tensor<4x7xf32>) {
  ^bb0(%x: f32, %y: f32, %sum: f32):
    %2 = arith.subf %x, %y : f32
    %3 = math.absf %2 : f32
    %4 = arith.addf %sum, %3 : f32
    linalg.yield %4 : f32
  } -> tensor<4x7xf32>
  %1 = linalg.matmul ins(%c, %d : tensor<?x9xf32>, tensor<9x7xf32>) outs(%e : tensor<?x7xf32>) -> tensor<?x7xf32>
  return %0, %1 : tensor<4x7xf32>, tensor<?x7xf32>
}
