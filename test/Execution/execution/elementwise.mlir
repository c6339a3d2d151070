// RUN: cgmq-compare-lowerings %s
// RUN: cgmq-compare-lowerings %s --vector-bits=256
// RUN: cgmq-compare-lowerings %s --vector-bits=128

// Elementwise ops, reductions and transposes give the same bits as vectors and
// as plain loops.

// Loops that merge into one of 3 * 7 * 5 elements, which no vector divides.
func.func @merged(%a: tensor<3x7x5xf32>, %b: tensor<3x7x5xf32>) -> tensor<3x7x5xf32> {
  %0 = tosa.add %a, %b : (tensor<3x7x5xf32>, tensor<3x7x5xf32>) -> tensor<3x7x5xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 3.0 : f32} : (tensor<3x7x5xf32>) -> tensor<3x7x5xf32>
  return %1 : tensor<3x7x5xf32>
}

// A bias along the rows, a factor for each row.
func.func @broadcast(%a: tensor<9x33xf32>, %row: tensor<1x33xf32>, %column: tensor<9x1xf32>) -> tensor<9x33xf32> {
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %0 = tosa.add %a, %row : (tensor<9x33xf32>, tensor<1x33xf32>) -> tensor<9x33xf32>
  %1 = tosa.mul %0, %column, %shift : (tensor<9x33xf32>, tensor<9x1xf32>, tensor<1xi8>) -> tensor<9x33xf32>
  return %1 : tensor<9x33xf32>
}

// Sums of all elements, in lanes, since their order is free.
func.func @sum_of_all(%a: tensor<5x131xf32>) -> tensor<f32> {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ()>],
      iterator_types = ["reduction", "reduction"]}
      ins(%a : tensor<5x131xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%x: f32, %sum: f32):
    %1 = arith.addf %sum, %x fastmath<reassoc> : f32
    linalg.yield %1 : f32
  } -> tensor<f32>
  return %0 : tensor<f32>
}

// Sums of rows and of columns, of products and of greatest elements.
func.func @reductions(%a: tensor<7x37xf32>) -> (tensor<7x1xf32>, tensor<1x37xf32>, tensor<7x1xf32>) {
  %0 = tosa.reduce_sum %a {axis = 1 : i32} : (tensor<7x37xf32>) -> tensor<7x1xf32>
  %1 = tosa.reduce_sum %a {axis = 0 : i32} : (tensor<7x37xf32>) -> tensor<1x37xf32>
  %2 = tosa.reduce_max %a {axis = 1 : i32} : (tensor<7x37xf32>) -> tensor<7x1xf32>
  return %0, %1, %2 : tensor<7x1xf32>, tensor<1x37xf32>, tensor<7x1xf32>
}

// The greatest of overlapping windows, 17 channels.
func.func @max_pool(%a: tensor<2x7x9x17xf32>) -> tensor<2x3x4x17xf32> {
  %0 = tosa.max_pool2d %a {kernel = array<i64: 3, 3>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x7x9x17xf32>) -> tensor<2x3x4x17xf32>
  return %0 : tensor<2x3x4x17xf32>
}

// The position of the greatest logit: two results that depend on each other.
func.func @argmax(%a: tensor<6x10xf32>) -> tensor<6xi32> {
  %0 = tosa.argmax %a {axis = 1 : i32} : (tensor<6x10xf32>) -> tensor<6xi32>
  return %0 : tensor<6xi32>
}

// Squares, and what is left of them at the borders.
func.func @transposes(%a: tensor<35x18xf32>, %b: tensor<3x17x33x5xf32>, %c: tensor<9x21xi8>) -> (tensor<18x35xf32>, tensor<5x3x17x33xf32>, tensor<21x9xi8>) {
  %0 = tosa.transpose %a {perms = array<i32: 1, 0>} : (tensor<35x18xf32>) -> tensor<18x35xf32>
  %1 = tosa.transpose %b {perms = array<i32: 3, 0, 1, 2>} : (tensor<3x17x33x5xf32>) -> tensor<5x3x17x33xf32>
  %2 = tosa.transpose %c {perms = array<i32: 1, 0>} : (tensor<9x21xi8>) -> tensor<21x9xi8>
  return %0, %1, %2 : tensor<18x35xf32>, tensor<5x3x17x33xf32>, tensor<21x9xi8>
}

// Lanes as wide as the widest element: i8 to i64 and back.
func.func @widths(%a: tensor<45xi8>, %b: tensor<45xi32>) -> tensor<45xi8> {
  %empty = tensor.empty() : tensor<45xi8>
  %c3 = arith.constant 3 : i64
  %0 = linalg.generic {
      indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}
      ins(%a, %b : tensor<45xi8>, tensor<45xi32>) outs(%empty : tensor<45xi8>) {
  ^bb0(%x: i8, %y: i32, %out: i8):
    %1 = arith.extsi %x : i8 to i64
    %2 = arith.extsi %y : i32 to i64
    %3 = arith.muli %1, %2 : i64
    %4 = arith.shrsi %3, %c3 : i64
    %5 = arith.trunci %4 : i64 to i8
    linalg.yield %5 : i8
  } -> tensor<45xi8>
  return %0 : tensor<45xi8>
}

// Division of integers, whose unused lanes would trap, stays scalar.
func.func @division(%a: tensor<19xi32>, %b: tensor<19xi32>) -> tensor<19xi32> {
  %empty = tensor.empty() : tensor<19xi32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}
      ins(%a, %b : tensor<19xi32>, tensor<19xi32>) outs(%empty : tensor<19xi32>) {
  ^bb0(%x: i32, %y: i32, %out: i32):
    %c1 = arith.constant 1 : i32
    %1 = arith.ori %y, %c1 : i32
    %2 = arith.divsi %x, %1 : i32
    linalg.yield %2 : i32
  } -> tensor<19xi32>
  return %0 : tensor<19xi32>
}

// Values that depend on their place.
func.func @places() -> tensor<6x21xi32> {
  %empty = tensor.empty() : tensor<6x21xi32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      outs(%empty : tensor<6x21xi32>) {
  ^bb0(%out: i32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %c100 = arith.constant 100 : index
    %1 = arith.muli %i, %c100 : index
    %2 = arith.addi %1, %j : index
    %3 = arith.index_cast %2 : index to i32
    linalg.yield %3 : i32
  } -> tensor<6x21xi32>
  return %0 : tensor<6x21xi32>
}

// Slices, padding and concatenation.
func.func @pieces(%a: tensor<4x6x3xf32>) -> (tensor<2x4x3xf32>, tensor<6x8x5xf32>, tensor<4x12x3xf32>) {
  %zero = arith.constant 0.0 : f32
  %0 = tensor.extract_slice %a[1, 2, 0] [2, 4, 3] [1, 1, 1] : tensor<4x6x3xf32> to tensor<2x4x3xf32>
  %1 = tensor.pad %a low[1, 1, 1] high[1, 1, 1] {
  ^bb0(%i: index, %j: index, %k: index):
    tensor.yield %zero : f32
  } : tensor<4x6x3xf32> to tensor<6x8x5xf32>
  %2 = tosa.concat %a, %a {axis = 1 : i32} : (tensor<4x6x3xf32>, tensor<4x6x3xf32>) -> tensor<4x12x3xf32>
  return %0, %1, %2 : tensor<2x4x3xf32>, tensor<6x8x5xf32>, tensor<4x12x3xf32>
}
