// RUN: cgmq-opt %s --cgmq-fuse-layers -split-input-file | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>

// A product, its initial zeros and what quantizes it: one element at a time,
// in place of 64 sums of 32 bits.
// CHECK-LABEL: func.func @quantized_product
// CHECK: scf.for
// CHECK: scf.for
// CHECK: linalg.fill {{.*}} -> tensor<1x1xi32>
// CHECK: linalg.matmul {{.*}} -> tensor<1x1xi32>
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<1x1xi32>) outs(%{{.*}} : tensor<1x1xi8>)
// CHECK-NOT: tensor<4x16xi32>
func.func @quantized_product(%x: tensor<4x8xi32>, %y: tensor<8x16xi32>) -> tensor<4x16xi8> {
  %zero = arith.constant 0 : i32
  %none = tensor.empty() : tensor<4x16xi32>
  %init = linalg.fill ins(%zero : i32) outs(%none : tensor<4x16xi32>) -> tensor<4x16xi32>
  %sum = linalg.matmul ins(%x, %y : tensor<4x8xi32>, tensor<8x16xi32>) outs(%init : tensor<4x16xi32>) -> tensor<4x16xi32>
  %empty = tensor.empty() : tensor<4x16xi8>
  %code = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%sum : tensor<4x16xi32>) outs(%empty : tensor<4x16xi8>) {
  ^bb0(%in: i32, %out: i8):
    %0 = arith.trunci %in : i32 to i8
    linalg.yield %0 : i8
  } -> tensor<4x16xi8>
  return %code : tensor<4x16xi8>
}

// -----

#in = affine_map<(i, p) -> (i * 2 + p)>
#window = affine_map<(i, p) -> (p)>
#out = affine_map<(i, p) -> (i)>
#sum_in = affine_map<(i, k) -> (i, k)>

// Windows that lie side by side take in what they reduce; windows of three
// that move by two would compute every other sum twice, so they do not.
// CHECK-LABEL: func.func @windows
// CHECK: scf.for
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2xi32>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<1xi32>)
// CHECK: scf.yield
// CHECK-NOT: scf.for
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<9xi32>)
// CHECK: return
func.func @windows(%x: tensor<8x5xi32>, %y: tensor<9x5xi32>, %a: tensor<8xi32>, %b: tensor<4xi32>, %c: tensor<9xi32>)
    -> (tensor<4xi32>, tensor<4xi32>) {
  %two = tensor.empty() : tensor<2xi32>
  %three = tensor.empty() : tensor<3xi32>
  %0 = linalg.generic {indexing_maps = [#sum_in, #out], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x5xi32>) outs(%a : tensor<8xi32>) {
  ^bb0(%in: i32, %out: i32):
    %s = arith.addi %in, %out : i32
    linalg.yield %s : i32
  } -> tensor<8xi32>
  %1 = linalg.generic {indexing_maps = [#in, #window, #out], iterator_types = ["parallel", "reduction"]}
      ins(%0, %two : tensor<8xi32>, tensor<2xi32>) outs(%b : tensor<4xi32>) {
  ^bb0(%in: i32, %w: i32, %out: i32):
    %m = arith.maxsi %in, %out : i32
    linalg.yield %m : i32
  } -> tensor<4xi32>
  %2 = linalg.generic {indexing_maps = [#sum_in, #out], iterator_types = ["parallel", "reduction"]}
      ins(%y : tensor<9x5xi32>) outs(%c : tensor<9xi32>) {
  ^bb0(%in: i32, %out: i32):
    %s = arith.addi %in, %out : i32
    linalg.yield %s : i32
  } -> tensor<9xi32>
  %3 = linalg.generic {indexing_maps = [#in, #window, #out], iterator_types = ["parallel", "reduction"]}
      ins(%2, %three : tensor<9xi32>, tensor<3xi32>) outs(%b : tensor<4xi32>) {
  ^bb0(%in: i32, %w: i32, %out: i32):
    %m = arith.maxsi %in, %out : i32
    linalg.yield %m : i32
  } -> tensor<4xi32>
  return %1, %3 : tensor<4xi32>, tensor<4xi32>
}
