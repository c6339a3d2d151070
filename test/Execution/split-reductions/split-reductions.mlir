// RUN: cgmq-opt %s -cgmq-split-reductions | FileCheck %s

#lhs = affine_map<(n, w, f, q) -> (n, w + q)>
#rhs = affine_map<(n, w, f, q) -> (n, w, f)>
#out = affine_map<(n, w, f, q) -> (f, q)>

// The outermost reduction has parts, with zeros to start from; what the output
// held before is added to their sum.
// CHECK-DAG:   #[[LHS:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2 + d4)>
// CHECK-DAG:   #[[RHS:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>
// CHECK-DAG:   #[[OUT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d4)>
// CHECK-LABEL: func.func @weight_gradient(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: {{[^,]*}}, %[[G:[a-z0-9]+]]: {{[^,]*}}, %[[START:[a-z0-9]+]]:
// CHECK:         %[[ZEROS:.*]] = linalg.fill {{.*}} -> tensor<16x6x5xf32>
// CHECK-DAG:     %[[XS:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0, 1], [2]] {{.*}} into tensor<16x8x604xf32>
// CHECK-DAG:     %[[GS:.*]] = tensor.expand_shape %[[G]] {{\[\[}}0, 1], [2], [3]] {{.*}} into tensor<16x8x600x6xf32>
// CHECK:         %[[PARTS:.*]] = linalg.generic {indexing_maps = [#[[LHS]], #[[RHS]], #[[OUT]]]
// CHECK-SAME:      iterator_types = ["parallel", "reduction", "reduction", "parallel", "parallel"]
// CHECK-SAME:      ins(%[[XS]], %[[GS]] : {{.*}}) outs(%[[ZEROS]]
// CHECK:         %[[SUM:.*]] = linalg.reduce ins(%[[PARTS]] {{.*}} outs(%[[START]] {{.*}} dimensions = [0]
// CHECK:           arith.addf
// CHECK:         return %[[SUM]]
func.func @weight_gradient(%x: tensor<128x604xf32>, %g: tensor<128x600x6xf32>, %start: tensor<6x5xf32>) -> tensor<6x5xf32> {
  %0 = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["reduction", "reduction", "parallel", "parallel"]}
      ins(%x, %g : tensor<128x604xf32>, tensor<128x600x6xf32>) outs(%start : tensor<6x5xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  return %0 : tensor<6x5xf32>
}

// Seven samples are seven parts; integers are added as integers.
// CHECK-LABEL: func.func @seven(
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<7x6x5xi32>)
// CHECK:         linalg.reduce
// CHECK:           arith.addi
func.func @seven(%x: tensor<7x8004xi32>, %g: tensor<7x8000x6xi32>, %start: tensor<6x5xi32>) -> tensor<6x5xi32> {
  %0 = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["reduction", "reduction", "parallel", "parallel"]}
      ins(%x, %g : tensor<7x8004xi32>, tensor<7x8000x6xi32>) outs(%start : tensor<6x5xi32>) {
  ^bb0(%a: i32, %b: i32, %sum: i32):
    %m = arith.muli %a, %b : i32
    %s = arith.addi %sum, %m : i32
    linalg.yield %s : i32
  } -> tensor<6x5xi32>
  return %0 : tensor<6x5xi32>
}

// Too little work, and a result of which threads divide a loop.
// CHECK-LABEL: func.func @stay(
// CHECK-NOT:     linalg.reduce
func.func @stay(%x: tensor<128x24xf32>, %g: tensor<128x20x6xf32>, %start: tensor<6x5xf32>,
                %a: tensor<512x64xf32>, %b: tensor<512x64xf32>, %product: tensor<64x64xf32>) -> (tensor<6x5xf32>, tensor<64x64xf32>) {
  %0 = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["reduction", "reduction", "parallel", "parallel"]}
      ins(%x, %g : tensor<128x24xf32>, tensor<128x20x6xf32>) outs(%start : tensor<6x5xf32>) {
  ^bb0(%l: f32, %r: f32, %sum: f32):
    %m = arith.mulf %l, %r : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(n, i, j) -> (n, i)>, affine_map<(n, i, j) -> (n, j)>, affine_map<(n, i, j) -> (i, j)>],
      iterator_types = ["reduction", "parallel", "parallel"]}
      ins(%a, %b : tensor<512x64xf32>, tensor<512x64xf32>) outs(%product : tensor<64x64xf32>) {
  ^bb0(%l: f32, %r: f32, %sum: f32):
    %m = arith.mulf %l, %r : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<64x64xf32>
  return %0, %1 : tensor<6x5xf32>, tensor<64x64xf32>
}
