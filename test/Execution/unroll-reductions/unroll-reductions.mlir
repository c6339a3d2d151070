// RUN: cgmq-opt %s -cgmq-unroll-reductions | FileCheck %s

// Each result reads the input at the four places of its window, in the order of
// the loops, and the start.
// CHECK-DAG: #[[AT00:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1 * 2, d2 * 3, d3)>
// CHECK-DAG: #[[AT01:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1 * 2, d2 * 3 + 1, d3)>
// CHECK-DAG: #[[AT10:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1 * 2 + 1, d2 * 3, d3)>
// CHECK-DAG: #[[AT11:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1 * 2 + 1, d2 * 3 + 1, d3)>
// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK-LABEL: func.func @pool(
// CHECK-SAME:    %[[A:.*]]: tensor<1x4x5x8xf32>, %[[START:.*]]: tensor<1x2x2x8xf32>)
// CHECK:         linalg.generic {indexing_maps = [#[[AT00]], #[[AT01]], #[[AT10]], #[[AT11]], #[[ID]], #[[ID]]]
// CHECK-SAME:      iterator_types = ["parallel", "parallel", "parallel", "parallel"]
// CHECK-SAME:      ins(%[[A]], %[[A]], %[[A]], %[[A]], %[[START]] :
// CHECK:         ^bb0(%[[X0:.*]]: f32, %[[X1:.*]]: f32, %[[X2:.*]]: f32, %[[X3:.*]]: f32, %[[S:.*]]: f32, %{{.*}}: f32):
// CHECK:           %[[M0:.*]] = arith.maximumf %[[S]], %[[X0]]
// CHECK:           %[[M1:.*]] = arith.maximumf %[[M0]], %[[X1]]
// CHECK:           %[[M2:.*]] = arith.maximumf %[[M1]], %[[X2]]
// CHECK:           %[[M3:.*]] = arith.maximumf %[[M2]], %[[X3]]
// CHECK:           linalg.yield %[[M3]]
// CHECK-NOT:     pooling
func.func @pool(%a: tensor<1x4x5x8xf32>, %start: tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> {
  %window = tensor.empty() : tensor<2x2xf32>
  %0 = linalg.pooling_nhwc_max {dilations = dense<1> : vector<2xi64>, strides = dense<[2, 3]> : vector<2xi64>}
      ins(%a, %window : tensor<1x4x5x8xf32>, tensor<2x2xf32>) outs(%start : tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  return %0 : tensor<1x2x2x8xf32>
}

// What does not vary over the reduction is read once; two results.
// CHECK-LABEL: func.func @two_results(
// CHECK-SAME:    %[[A:.*]]: tensor<2x8xf32>, %[[B:.*]]: tensor<8xf32>,
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[A]], %[[A]], %[[B]], %{{.*}}, %{{.*}} :
func.func @two_results(%a: tensor<2x8xf32>, %b: tensor<8xf32>, %start: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %0:2 = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (j)>],
      iterator_types = ["reduction", "parallel"]}
      ins(%a, %b : tensor<2x8xf32>, tensor<8xf32>) outs(%start, %start : tensor<8xf32>, tensor<8xf32>) {
  ^bb0(%x: f32, %y: f32, %max: f32, %sum: f32):
    %1 = arith.subf %x, %y : f32
    %2 = arith.maximumf %max, %1 : f32
    %3 = arith.addf %sum, %1 : f32
    linalg.yield %2, %3 : f32, f32
  } -> (tensor<8xf32>, tensor<8xf32>)
  return %0#0, %0#1 : tensor<8xf32>, tensor<8xf32>
}

// A contraction stays.
// CHECK-LABEL: func.func @contraction(
// CHECK:         linalg.matmul
func.func @contraction(%a: tensor<8x2xf32>, %b: tensor<2x8xf32>, %start: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<8x2xf32>, tensor<2x8xf32>) outs(%start : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// So do reductions over more than 16 elements,
// CHECK-LABEL: func.func @long(
// CHECK:         linalg.reduce
func.func @long(%a: tensor<17x8xf32>, %start: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.reduce { arith.addf } ins(%a : tensor<17x8xf32>) outs(%start : tensor<8xf32>) dimensions = [0]
  return %0 : tensor<8xf32>
}

// along the last dimension,
// CHECK-LABEL: func.func @rows(
// CHECK:         linalg.reduce
func.func @rows(%a: tensor<8x2xf32>, %start: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.reduce { arith.addf } ins(%a : tensor<8x2xf32>) outs(%start : tensor<8xf32>) dimensions = [1]
  return %0 : tensor<8xf32>
}

// to a single element,
// CHECK-LABEL: func.func @single(
// CHECK:         linalg.reduce
func.func @single(%a: tensor<4xf32>, %start: tensor<f32>) -> tensor<f32> {
  %0 = linalg.reduce { arith.addf } ins(%a : tensor<4xf32>) outs(%start : tensor<f32>) dimensions = [0]
  return %0 : tensor<f32>
}

// over windows at stride one, which index more than there are results,
// CHECK-LABEL: func.func @stride_one(
// CHECK:         linalg.pooling_nhwc_max
func.func @stride_one(%a: tensor<1x4x5x8xf32>, %start: tensor<1x3x4x8xf32>) -> tensor<1x3x4x8xf32> {
  %window = tensor.empty() : tensor<2x2xf32>
  %0 = linalg.pooling_nhwc_max {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%a, %window : tensor<1x4x5x8xf32>, tensor<2x2xf32>) outs(%start : tensor<1x3x4x8xf32>) -> tensor<1x3x4x8xf32>
  return %0 : tensor<1x3x4x8xf32>
}

// of unknown length,
// CHECK-LABEL: func.func @dynamic(
// CHECK:         linalg.reduce
func.func @dynamic(%a: tensor<?x8xf32>, %start: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.reduce { arith.addf } ins(%a : tensor<?x8xf32>) outs(%start : tensor<8xf32>) dimensions = [0]
  return %0 : tensor<8xf32>
}

// and sums of windows in scatter form, whose results overlap.
// CHECK-LABEL: func.func @scatter(
// CHECK:         linalg.generic
// CHECK-SAME:      "reduction"
func.func @scatter(%a: tensor<4x8xf32>, %window: tensor<2xf32>, %start: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %0 = linalg.generic {
      indexing_maps = [affine_map<(h, p, c) -> (h, c)>, affine_map<(h, p, c) -> (p)>, affine_map<(h, p, c) -> (h + p, c)>],
      iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%a, %window : tensor<4x8xf32>, tensor<2xf32>) outs(%start : tensor<5x8xf32>) {
  ^bb0(%x: f32, %w: f32, %sum: f32):
    %1 = arith.addf %sum, %x : f32
    linalg.yield %1 : f32
  } -> tensor<5x8xf32>
  return %0 : tensor<5x8xf32>
}
