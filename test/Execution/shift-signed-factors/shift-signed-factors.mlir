// RUN: cgmq-opt %s -split-input-file -cgmq-shift-signed-factors | FileCheck %s

#a = affine_map<(i, j, k) -> (i, k)>
#w = affine_map<(i, j, k) -> (k, j)>
#o = affine_map<(i, j, k) -> (i, j)>
#row = affine_map<(i, j) -> (j)>
#id = affine_map<(i, j) -> (i, j)>

// Columns of weights add up to 1 + 3 + 5 = 9 and 2 + 4 - 6 = 0: of the bias, 10
// and 20, 128 * 9 and 0 are subtracted.
// CHECK-LABEL: func.func @bias(
// CHECK-SAME:    %[[A:.*]]: tensor<4x3xi8>)
// CHECK:         %[[SHIFTED:.*]] = linalg.generic {{.*}} ins(%[[A]] : tensor<4x3xi8>)
// CHECK:           %[[C:.*]] = arith.constant -128 : i8
// CHECK:           arith.addi %{{.*}}, %[[C]] : i8
// CHECK:         %[[W:.*]] = arith.constant dense<{{\[\[}}1, 2], [3, 4], [5, -6]]>
// CHECK:         %[[BIAS:.*]] = arith.constant dense<[-1142, 20]> : tensor<2xi32>
// CHECK:         %[[START:.*]] = linalg.generic {{.*}} ins(%[[BIAS]] : tensor<2xi32>)
// CHECK:         linalg.generic {{.*}} ins(%[[SHIFTED]], %[[W]] : tensor<4x3xi8>, tensor<3x2xi8>) outs(%[[START]] : tensor<4x2xi32>)
// CHECK-NEXT:    ^bb0(%[[X:.*]]: i8, %[[Y:.*]]: i8, %{{.*}}: i32):
// CHECK-NEXT:      arith.extui %[[X]]
// CHECK-NEXT:      arith.extsi %[[Y]]
func.func @bias(%a: tensor<4x3xi8>) -> tensor<4x2xi32> {
  %w = arith.constant dense<[[1, 2], [3, 4], [5, -6]]> : tensor<3x2xi8>
  %bias = arith.constant dense<[10, 20]> : tensor<2xi32>
  %empty = tensor.empty() : tensor<4x2xi32>
  %start = linalg.generic {indexing_maps = [#row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%bias : tensor<2xi32>) outs(%empty : tensor<4x2xi32>) {
  ^bb0(%x: i32, %o: i32):
    linalg.yield %x : i32
  } -> tensor<4x2xi32>
  %0 = linalg.generic {indexing_maps = [#a, #w, #o], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %w : tensor<4x3xi8>, tensor<3x2xi8>) outs(%start : tensor<4x2xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extsi %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<4x2xi32>
  return %0 : tensor<4x2xi32>
}

// -----

// What the sums start with is not known; two contractions share the shifted
// bytes. Ones add up to 3 * 128 = 384.
// CHECK-LABEL: func.func @shared(
// CHECK-SAME:    %[[A:.*]]: tensor<4x3xi8>, %[[START:.*]]: tensor<4x2xi32>)
// CHECK:         %[[SHIFTED:.*]] = linalg.generic {{.*}} ins(%[[A]] : tensor<4x3xi8>)
// CHECK-NOT:     ins(%[[A]]
// CHECK:         %[[EXCESS:.*]] = arith.constant dense<-384> : tensor<2xi32>
// CHECK:         %[[LESS:.*]] = linalg.generic {{.*}} ins(%[[START]], %[[EXCESS]] : tensor<4x2xi32>, tensor<2xi32>)
// CHECK:         linalg.generic {{.*}} ins(%[[SHIFTED]], %{{.*}}) outs(%[[LESS]] : tensor<4x2xi32>)
// CHECK:           arith.extui
// CHECK:           arith.extsi
// CHECK:         linalg.generic {{.*}} ins(%[[SHIFTED]], %{{.*}})
func.func @shared(%a: tensor<4x3xi8>, %start: tensor<4x2xi32>) -> (tensor<4x2xi32>, tensor<4x2xi32>) {
  %w = arith.constant dense<1> : tensor<3x2xi8>
  %v = arith.constant dense<2> : tensor<3x2xi8>
  %0 = linalg.matmul ins(%a, %w : tensor<4x3xi8>, tensor<3x2xi8>) outs(%start : tensor<4x2xi32>) -> tensor<4x2xi32>
  %1 = linalg.matmul ins(%a, %v : tensor<4x3xi8>, tensor<3x2xi8>) outs(%start : tensor<4x2xi32>) -> tensor<4x2xi32>
  return %0, %1 : tensor<4x2xi32>, tensor<4x2xi32>
}

// -----

// Zeros around signed bytes are 128 around unsigned ones.
// CHECK-LABEL: func.func @padded(
// CHECK-SAME:    %[[A:.*]]: tensor<2x3xi8>
// CHECK:         %[[SHIFTED:.*]] = linalg.generic {{.*}} ins(%[[A]] : tensor<2x3xi8>)
// CHECK:         tensor.pad %[[SHIFTED]] low[1, 0] high[1, 0]
// CHECK:           tensor.yield %c-128_i8
// CHECK:         linalg.generic
// CHECK:           arith.extui
func.func @padded(%a: tensor<2x3xi8>, %start: tensor<4x2xi32>) -> tensor<4x2xi32> {
  %w = arith.constant dense<1> : tensor<3x2xi8>
  %zero = arith.constant 0 : i8
  %pad = tensor.pad %a low[1, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : i8
  } : tensor<2x3xi8> to tensor<4x3xi8>
  %0 = linalg.matmul ins(%pad, %w : tensor<4x3xi8>, tensor<3x2xi8>) outs(%start : tensor<4x2xi32>) -> tensor<4x2xi32>
  return %0 : tensor<4x2xi32>
}

// -----

// Weights that are not known, words, unsigned bytes, and a depthwise
// convolution stay.
// CHECK-LABEL: func.func @stay(
// CHECK-NOT:     -128
func.func @stay(%a: tensor<4x3xi8>, %b: tensor<3x2xi8>, %words: tensor<4x3xi16>, %c: tensor<1x4x4x2xi8>,
                %start: tensor<4x2xi32>, %sums: tensor<1x3x3x2xi32>)
    -> (tensor<4x2xi32>, tensor<4x2xi32>, tensor<4x2xi32>, tensor<1x3x3x2xi32>) {
  %w = arith.constant dense<1> : tensor<3x2xi8>
  %w16 = arith.constant dense<1> : tensor<3x2xi16>
  %d = arith.constant dense<1> : tensor<2x2x2xi8>
  %0 = linalg.matmul ins(%a, %b : tensor<4x3xi8>, tensor<3x2xi8>) outs(%start : tensor<4x2xi32>) -> tensor<4x2xi32>
  %1 = linalg.matmul ins(%words, %w16 : tensor<4x3xi16>, tensor<3x2xi16>) outs(%start : tensor<4x2xi32>) -> tensor<4x2xi32>
  %2 = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%a, %w : tensor<4x3xi8>, tensor<3x2xi8>) outs(%start : tensor<4x2xi32>) -> tensor<4x2xi32>
  %3 = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%c, %d : tensor<1x4x4x2xi8>, tensor<2x2x2xi8>) outs(%sums : tensor<1x3x3x2xi32>) -> tensor<1x3x3x2xi32>
  return %0, %1, %2, %3 : tensor<4x2xi32>, tensor<4x2xi32>, tensor<4x2xi32>, tensor<1x3x3x2xi32>
}
