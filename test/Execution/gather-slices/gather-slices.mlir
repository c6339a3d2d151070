// RUN: cgmq-opt %s -cgmq-gather-slices | FileCheck %s

// The gradient of a convolution that is padded by one row above, and columns on
// both sides: each element of it sums over positions of a gradient that is padded
// by what the kernel reaches further.
// CHECK-DAG: #[[DY:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 - d4 + 2, d2 - d5 + 2, d3)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d3, d4, d5, d6)>
// CHECK-DAG: #[[DX:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d6)>
// CHECK-LABEL: func.func @input_gradient(
// CHECK:         %[[PADDED:.*]] = tensor.pad %{{.*}} low[0, 1, 1, 0] high[0, 2, 1, 0]
// CHECK:         : tensor<2x4x5x8xf32> to tensor<2x7x7x8xf32>
// CHECK:         %[[ZEROS:.*]] = linalg.fill {{.*}} -> tensor<2x5x5x16xf32>
// CHECK:         %[[SUM:.*]] = linalg.generic {indexing_maps = [#[[DY]], #[[W]], #[[DX]]]
// CHECK-SAME:        ins(%[[PADDED]], {{.*}} outs(%[[ZEROS]] : tensor<2x5x5x16xf32>)
// CHECK:         return %[[SUM]]
#dy = affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>
#w = affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>
#dx = affine_map<(n, h, w, f, p, q, c) -> (n, h + p, w + q, c)>
func.func @input_gradient(%dy: tensor<2x4x5x8xf32>, %w: tensor<8x3x3x16xf32>) -> tensor<2x5x5x16xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x6x7x16xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x6x7x16xf32>) -> tensor<2x6x7x16xf32>
  %0 = linalg.generic {indexing_maps = [#dy, #w, #dx],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%dy, %w : tensor<2x4x5x8xf32>, tensor<8x3x3x16xf32>) outs(%zeros : tensor<2x6x7x16xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %sum, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<2x6x7x16xf32>
  %dx = tensor.extract_slice %0[0, 1, 1, 0] [2, 5, 5, 16] [1, 1, 1, 1] : tensor<2x6x7x16xf32> to tensor<2x5x5x16xf32>
  return %dx : tensor<2x5x5x16xf32>
}

// A part that starts where every offset is in bounds needs no zeros before it;
// of what the sum starts with, the same part is taken.
// CHECK-LABEL: func.func @inside(
// CHECK:         tensor.pad %{{.*}} low[0] high[1]
// CHECK:         %[[START:.*]] = tensor.extract_slice %{{.*}}[3] [6] [1] : tensor<10xf32> to tensor<6xf32>
// CHECK:         linalg.generic {{.*}} outs(%[[START]]
#h = affine_map<(h, p) -> (h)>
#p = affine_map<(h, p) -> (p)>
#y = affine_map<(h, p) -> (h + p)>
func.func @inside(%x: tensor<8xf32>, %w: tensor<3xf32>, %init: tensor<10xf32>) -> tensor<6xf32> {
  %0 = linalg.generic {indexing_maps = [#h, #p, #y], iterator_types = ["parallel", "reduction"]}
      ins(%x, %w : tensor<8xf32>, tensor<3xf32>) outs(%init : tensor<10xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %sum, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<10xf32>
  %3 = tensor.extract_slice %0[3] [6] [1] : tensor<10xf32> to tensor<6xf32>
  return %3 : tensor<6xf32>
}

// A sum that is used as a whole, too, stays, and so does one with a stride.
// CHECK-LABEL: func.func @stay(
// CHECK-NOT:     tensor.pad
// CHECK-COUNT-2: tensor.extract_slice
#stride = affine_map<(h, p) -> (h * 2 + p)>
func.func @stay(%x: tensor<8xf32>, %w: tensor<3xf32>, %init: tensor<10xf32>, %long: tensor<17xf32>) -> (tensor<10xf32>, tensor<6xf32>, tensor<6xf32>) {
  %0 = linalg.generic {indexing_maps = [#h, #p, #y], iterator_types = ["parallel", "reduction"]}
      ins(%x, %w : tensor<8xf32>, tensor<3xf32>) outs(%init : tensor<10xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %sum, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<10xf32>
  %3 = tensor.extract_slice %0[3] [6] [1] : tensor<10xf32> to tensor<6xf32>
  %4 = linalg.generic {indexing_maps = [#h, #p, #stride], iterator_types = ["parallel", "reduction"]}
      ins(%x, %w : tensor<8xf32>, tensor<3xf32>) outs(%long : tensor<17xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %sum, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<17xf32>
  %5 = tensor.extract_slice %4[3] [6] [1] : tensor<17xf32> to tensor<6xf32>
  return %0, %3, %5 : tensor<10xf32>, tensor<6xf32>, tensor<6xf32>
}
