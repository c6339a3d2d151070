// RUN: cgmq-opt %s -cgmq-lay-out-contractions | FileCheck %s

// Weights of which the widest tile takes one half are cut into halves: a tile
// reads its own in order.
// CHECK-DAG:   #[[PANELS:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d3, d4, d5, d6, d7)>
// CHECK-DAG:   #[[FILTERS:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d1, d2, d3 * 64 + d7)>
// CHECK-LABEL: func.func @panels(
// CHECK:         %[[SPLIT:.*]] = tensor.expand_shape {{.*}} : tensor<3x3x64x128xf32> into tensor<3x3x64x2x64xf32>
// CHECK:         %[[T:.*]] = linalg.transpose ins(%[[SPLIT]] : {{.*}}) outs({{.*}} : tensor<2x3x3x64x64xf32>) permutation = [3, 0, 1, 2, 4]
// CHECK:         linalg.generic {indexing_maps = [{{.*}}, #[[PANELS]], #[[FILTERS]]]
// CHECK-SAME:        ins(%{{.*}}, %[[T]] :
func.func @panels(%x: tensor<16x10x10x64xf32>, %w: tensor<3x3x64x128xf32>, %init: tensor<16x8x8x128xf32>) -> tensor<16x8x8x128xf32> {
  %0 = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<16x10x10x64xf32>, tensor<3x3x64x128xf32>) outs(%init : tensor<16x8x8x128xf32>) -> tensor<16x8x8x128xf32>
  return %0 : tensor<16x8x8x128xf32>
}

// Weights that are not small beside the work, and those of one reduction, which
// can be taken in blocks, stay in one piece.
// CHECK-LABEL: func.func @few_images(
// CHECK-NOT:     linalg.transpose
// CHECK-LABEL: func.func @one_reduction(
// CHECK-NOT:     linalg.transpose
func.func @few_images(%x: tensor<2x10x10x64xf32>, %w: tensor<3x3x64x128xf32>, %init: tensor<2x8x8x128xf32>) -> tensor<2x8x8x128xf32> {
  %0 = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<2x10x10x64xf32>, tensor<3x3x64x128xf32>) outs(%init : tensor<2x8x8x128xf32>) -> tensor<2x8x8x128xf32>
  return %0 : tensor<2x8x8x128xf32>
}
func.func @one_reduction(%x: tensor<1024x576xf32>, %w: tensor<576x128xf32>, %init: tensor<1024x128xf32>) -> tensor<1024x128xf32> {
  %0 = linalg.matmul ins(%x, %w : tensor<1024x576xf32>, tensor<576x128xf32>) outs(%init : tensor<1024x128xf32>) -> tensor<1024x128xf32>
  return %0 : tensor<1024x128xf32>
}
