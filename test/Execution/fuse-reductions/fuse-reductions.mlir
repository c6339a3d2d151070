// RUN: cgmq-opt %s -cgmq-fuse-reductions | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>
#all = affine_map<(i, j) -> ()>
#columns = affine_map<(i, j) -> (j)>

// Two sums that read one tensor become one op, at the first of them.
// CHECK-LABEL: func.func @together(
// CHECK-SAME:    %[[A:.*]]: tensor<4x8xf32>, %[[B:.*]]: tensor<4x8xf32>, %[[ZERO:.*]]: tensor<f32>)
// CHECK:         %[[S:.*]]:2 = linalg.generic {{.*}} ins(%[[A]], %[[B]] : {{.*}}) outs(%[[ZERO]], %[[ZERO]] :
// CHECK:         ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %[[OUT0:.*]]: f32, %[[OUT1:.*]]: f32):
// CHECK-DAG:       %[[SUM:.*]] = arith.addf %[[OUT0]], %[[X]]
// CHECK-DAG:       %[[D:.*]] = arith.subf %[[X]], %[[Y]]
// CHECK-DAG:       %[[REST:.*]] = arith.addf %[[OUT1]], %[[D]]
// CHECK:           linalg.yield %[[SUM]], %[[REST]]
// CHECK:         %[[N:.*]] = tensor.extract %[[S]]#0
// CHECK-NOT:     linalg.generic
// CHECK:         return %[[N]], %[[S]]#1
func.func @together(%a: tensor<4x8xf32>, %b: tensor<4x8xf32>, %zero: tensor<f32>) -> (f32, tensor<f32>) {
  %0 = linalg.generic {indexing_maps = [#id, #all], iterator_types = ["reduction", "reduction"]}
      ins(%a : tensor<4x8xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%x: f32, %out: f32):
    %3 = arith.addf %out, %x : f32
    linalg.yield %3 : f32
  } -> tensor<f32>
  %1 = tensor.extract %0[] : tensor<f32>
  %2 = linalg.generic {indexing_maps = [#id, #id, #all], iterator_types = ["reduction", "reduction"]}
      ins(%a, %b : tensor<4x8xf32>, tensor<4x8xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %3 = arith.subf %x, %y : f32
    %4 = arith.addf %out, %3 : f32
    linalg.yield %4 : f32
  } -> tensor<f32>
  return %1, %2 : f32, tensor<f32>
}

// At the second where an operand is not there yet at the first.
// CHECK-LABEL: func.func @later(
// CHECK:         arith.mulf
// CHECK:         linalg.generic
// CHECK:           arith.addf
// CHECK:           arith.mulf
// CHECK-NOT:     linalg.generic
func.func @later(%a: tensor<4x8xf32>, %n: f32, %zero: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %0 = linalg.generic {indexing_maps = [#id, #all], iterator_types = ["reduction", "reduction"]}
      ins(%a : tensor<4x8xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%x: f32, %out: f32):
    %3 = arith.addf %out, %x : f32
    linalg.yield %3 : f32
  } -> tensor<f32>
  %1 = arith.mulf %n, %n : f32
  %2 = linalg.generic {indexing_maps = [#id, #all], iterator_types = ["reduction", "reduction"]}
      ins(%a : tensor<4x8xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%x: f32, %out: f32):
    %3 = arith.mulf %x, %1 : f32
    %4 = arith.addf %out, %3 : f32
    linalg.yield %4 : f32
  } -> tensor<f32>
  return %0, %2 : tensor<f32>, tensor<f32>
}

// The second depends on the first, through an op or directly.
// CHECK-LABEL: func.func @dependent(
// CHECK-COUNT-2: linalg.generic
func.func @dependent(%a: tensor<4x8xf32>, %zero: tensor<f32>) -> tensor<f32> {
  %0 = linalg.generic {indexing_maps = [#id, #all], iterator_types = ["reduction", "reduction"]}
      ins(%a : tensor<4x8xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%x: f32, %out: f32):
    %3 = arith.addf %out, %x : f32
    linalg.yield %3 : f32
  } -> tensor<f32>
  %1 = tensor.extract %0[] : tensor<f32>
  %2 = linalg.generic {indexing_maps = [#id, #all], iterator_types = ["reduction", "reduction"]}
      ins(%a : tensor<4x8xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%x: f32, %out: f32):
    %3 = arith.subf %x, %1 : f32
    %4 = arith.addf %out, %3 : f32
    linalg.yield %4 : f32
  } -> tensor<f32>
  return %2 : tensor<f32>
}

// They reduce other loops, or share no tensor of all loops.
// CHECK-LABEL: func.func @different(
// CHECK-COUNT-3: linalg.generic
func.func @different(%a: tensor<4x8xf32>, %b: tensor<4x8xf32>, %row: tensor<8xf32>, %zero: tensor<f32>) -> (tensor<f32>, tensor<8xf32>, tensor<f32>) {
  %0 = linalg.generic {indexing_maps = [#id, #columns, #all], iterator_types = ["reduction", "reduction"]}
      ins(%a, %row : tensor<4x8xf32>, tensor<8xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %3 = arith.subf %x, %y : f32
    %4 = arith.addf %out, %3 : f32
    linalg.yield %4 : f32
  } -> tensor<f32>
  %1 = linalg.generic {indexing_maps = [#id, #columns], iterator_types = ["reduction", "parallel"]}
      ins(%a : tensor<4x8xf32>) outs(%row : tensor<8xf32>) {
  ^bb0(%x: f32, %out: f32):
    %3 = arith.addf %out, %x : f32
    linalg.yield %3 : f32
  } -> tensor<8xf32>
  %2 = linalg.generic {indexing_maps = [#id, #columns, #all], iterator_types = ["reduction", "reduction"]}
      ins(%b, %row : tensor<4x8xf32>, tensor<8xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %3 = arith.subf %x, %y : f32
    %4 = arith.addf %out, %3 : f32
    linalg.yield %4 : f32
  } -> tensor<f32>
  return %0, %1, %2 : tensor<f32>, tensor<8xf32>, tensor<f32>
}

// A contraction stays one.
// CHECK-LABEL: func.func @contraction(
// CHECK-COUNT-2: linalg.generic
func.func @contraction(%a: tensor<4x8xf32>, %b: tensor<8xf32>, %zero: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = linalg.generic {indexing_maps = [#id, #columns, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
      ins(%a, %b : tensor<4x8xf32>, tensor<8xf32>) outs(%zero : tensor<4xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %2 = arith.mulf %x, %y : f32
    %3 = arith.addf %out, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<4xf32>
  %1 = linalg.generic {indexing_maps = [#id, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<4x8xf32>) outs(%zero : tensor<4xf32>) {
  ^bb0(%x: f32, %out: f32):
    %2 = arith.addf %out, %x : f32
    linalg.yield %2 : f32
  } -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
