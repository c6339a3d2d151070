// RUN: cgmq-opt %s -cgmq-lay-out-contractions=vnni=true | FileCheck %s
// RUN: cgmq-opt %s -cgmq-lay-out-contractions | FileCheck %s --check-prefix=NONE

// NONE-NOT: affine_map<{{.*}} * 4
// NONE-NOT: tensor.pad

// CHECK-DAG: #[[WORDS:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d1 + d4, d2 + d5, d6 * 4 + d7)>
// CHECK-DAG: #[[PACKED:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d4, d5, d6, d3, d7)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0 * 30 + d1 + d2 * 4 + d4)>

// Weights are packed with four channels innermost; the image stays, and is read
// in groups.
// CHECK-LABEL: func.func @channels(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: {{.*}}, %[[W:[a-z0-9]+]]: {{.*}}, %{{.*}})
// CHECK:         %[[SPLIT:.*]] = tensor.expand_shape %[[W]] {{\[\[0\], \[1\], \[2, 3\], \[4\]\]}} {{.*}} into tensor<5x5x8x4x64xi8>
// CHECK:         %[[T:.*]] = linalg.transpose ins(%[[SPLIT]] : {{.*}}) outs({{.*}} : tensor<5x5x8x64x4xi8>) permutation = [0, 1, 2, 4, 3]
// CHECK:         linalg.generic {indexing_maps = [#[[WORDS]], #[[PACKED]], {{.*}}} ins(%[[X]], %[[T]] :
// CHECK:           arith.extui
// CHECK:           arith.extsi
func.func @channels(%x: tensor<8x12x12x32xi8>, %w: tensor<5x5x32x64xi8>, %init: tensor<8x8x8x64xi32>) -> tensor<8x8x8x64xi32> {
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h + p, w + q, c)>,
                       affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>,
                       affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : tensor<8x12x12x32xi8>, tensor<5x5x32x64xi8>) outs(%init : tensor<8x8x8x64xi32>) {
  ^bb0(%a: i8, %b: i8, %sum: i32):
    %1 = arith.extui %a : i8 to i32
    %2 = arith.extsi %b : i8 to i32
    %3 = arith.muli %1, %2 : i32
    %4 = arith.addi %sum, %3 : i32
    linalg.yield %4 : i32
  } -> tensor<8x8x8x64xi32>
  return %0 : tensor<8x8x8x64xi32>
}

// Filters of five in a row are two groups, the second with three zeros. The
// last row of the signals has three more elements to read, the others are
// followed by the next.
// CHECK-LABEL: func.func @row(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: {{.*}}, %[[W:[a-z0-9]+]]: {{.*}}, %{{.*}})
// CHECK:         %[[FLAT:.*]] = tensor.collapse_shape %[[X]] {{\[\[0, 1\]\]}}
// CHECK:         %[[LONG:.*]] = tensor.pad %[[FLAT]] low[0] high[3]
// CHECK:         %[[ZEROS:.*]] = tensor.pad %[[W]] low[0, 0] high[0, 3]
// CHECK:         tensor.expand_shape %[[ZEROS]] {{\[\[0\], \[1, 2\]\]}} {{.*}} into tensor<16x2x4xi8>
// CHECK:         %[[T:.*]] = linalg.transpose {{.*}} permutation = [1, 0, 2]
// CHECK:         linalg.generic {indexing_maps = [#[[ROW]],{{.*}} ins(%[[LONG]], %[[T]] : tensor<1923xi8>, tensor<2x16x4xi8>)
func.func @row(%x: tensor<64x30xi8>, %w: tensor<16x5xi8>, %init: tensor<64x26x16xi32>) -> tensor<64x26x16xi32> {
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, i, q, f) -> (n, i + q)>,
                       affine_map<(n, i, q, f) -> (f, q)>,
                       affine_map<(n, i, q, f) -> (n, i, f)>],
      iterator_types = ["parallel", "parallel", "reduction", "parallel"]}
      ins(%x, %w : tensor<64x30xi8>, tensor<16x5xi8>) outs(%init : tensor<64x26x16xi32>) {
  ^bb0(%a: i8, %b: i8, %sum: i32):
    %1 = arith.extui %a : i8 to i32
    %2 = arith.extsi %b : i8 to i32
    %3 = arith.muli %1, %2 : i32
    %4 = arith.addi %sum, %3 : i32
    linalg.yield %4 : i32
  } -> tensor<64x26x16xi32>
  return %0 : tensor<64x26x16xi32>
}

// Factors that are both signed, and sums of 64 bits, are as without VNNI.
// CHECK-LABEL: func.func @others(
// CHECK-NOT:     tensor.expand_shape
func.func @others(%x: tensor<64x32xi8>, %w: tensor<32x64xi8>, %init: tensor<64x64xi32>, %wide: tensor<64x64xi64>) -> (tensor<64x64xi32>, tensor<64x64xi64>) {
  %0 = linalg.matmul ins(%x, %w : tensor<64x32xi8>, tensor<32x64xi8>) outs(%init : tensor<64x64xi32>) -> tensor<64x64xi32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<64x32xi8>, tensor<32x64xi8>) outs(%wide : tensor<64x64xi64>) {
  ^bb0(%a: i8, %b: i8, %sum: i64):
    %2 = arith.extui %a : i8 to i64
    %3 = arith.extsi %b : i8 to i64
    %4 = arith.muli %2, %3 : i64
    %5 = arith.addi %sum, %4 : i64
    linalg.yield %5 : i64
  } -> tensor<64x64xi64>
  return %0, %1 : tensor<64x64xi32>, tensor<64x64xi64>
}

// Known weights of 128 filters are cut into panels of 64, in which groups that a
// tile reads follow each other; the constant is laid out here and now.
// CHECK-LABEL: func.func @panels(
// CHECK:         %[[W:.*]] = arith.constant dense<3> : tensor<2x8x64x4xi8>
// CHECK:         %[[X:.*]] = tensor.collapse_shape {{.*}} into tensor<32xi8>
// CHECK:         linalg.generic {{.*}} ins(%[[X]], %[[W]] : tensor<32xi8>, tensor<2x8x64x4xi8>)
func.func @panels(%x: tensor<1x32xi8>, %init: tensor<1x128xi32>) -> tensor<1x128xi32> {
  %w = arith.constant dense<3> : tensor<32x128xi8>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<1x32xi8>, tensor<32x128xi8>) outs(%init : tensor<1x128xi32>) {
  ^bb0(%a: i8, %b: i8, %sum: i32):
    %1 = arith.extui %a : i8 to i32
    %2 = arith.extsi %b : i8 to i32
    %3 = arith.muli %1, %2 : i32
    %4 = arith.addi %sum, %3 : i32
    linalg.yield %4 : i32
  } -> tensor<1x128xi32>
  return %0 : tensor<1x128xi32>
}
