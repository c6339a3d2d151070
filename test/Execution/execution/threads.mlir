// Threads give the bits that plain loops give, on sizes that they do not divide.

// RUN: cgmq-compare-lowerings %s --threads=3
// RUN: cgmq-compare-lowerings %s --threads=8
// RUN: cgmq-compare-lowerings %s --vector-bits=256
// RUN: cgmq-compare-lowerings %s --vector-bits=128

func.func @convolution(%x: tensor<7x17x19x3xf32>, %w: tensor<21x3x3x3xf32>, %b: tensor<21xf32>) -> tensor<7x15x17x21xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<7x17x19x3xf32>, tensor<21x3x3x3xf32>, tensor<21xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<7x15x17x21xf32>
  return %0 : tensor<7x15x17x21xf32>
}

func.func @scatter(%g: tensor<30x97xf32>, %w: tensor<3x97x95xf32>, %y: tensor<32x95xf32>) -> tensor<32x95xf32> {
  %0 = linalg.generic {
      indexing_maps = [affine_map<(h, p, f, c) -> (h, f)>, affine_map<(h, p, f, c) -> (p, f, c)>, affine_map<(h, p, f, c) -> (h + p, c)>],
      iterator_types = ["parallel", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<30x97xf32>, tensor<3x97x95xf32>) outs(%y : tensor<32x95xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %sum, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<32x95xf32>
  return %0 : tensor<32x95xf32>
}

func.func @product(%a: tensor<1x131x67xf32>, %b: tensor<1x67x101xf32>) -> tensor<1x131x101xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.matmul %a, %b, %zero, %zero : (tensor<1x131x67xf32>, tensor<1x67x101xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x131x101xf32>
  return %0 : tensor<1x131x101xf32>
}

func.func @elementwise(%a: tensor<1001x41xf32>, %row: tensor<1x41xf32>) -> tensor<1001x41xf32> {
  %0 = tosa.add %a, %row : (tensor<1001x41xf32>, tensor<1x41xf32>) -> tensor<1001x41xf32>
  return %0 : tensor<1001x41xf32>
}

func.func @transpose(%a: tensor<1000x49xf32>) -> tensor<49x1000xf32> {
  %0 = tosa.transpose %a {perms = array<i32: 1, 0>} : (tensor<1000x49xf32>) -> tensor<49x1000xf32>
  return %0 : tensor<49x1000xf32>
}

// Sums of all, of rows and of columns, in parts.
#id = affine_map<(i, j) -> (i, j)>
func.func @sums(%a: tensor<1001x41xf32>, %all: tensor<f32>, %row: tensor<41xf32>, %column: tensor<1001xf32>) -> (tensor<f32>, tensor<41xf32>, tensor<1001xf32>) {
  %0 = linalg.generic {indexing_maps = [#id, affine_map<(i, j) -> ()>], iterator_types = ["reduction", "reduction"]}
      ins(%a : tensor<1001x41xf32>) outs(%all : tensor<f32>) {
  ^bb0(%x: f32, %sum: f32):
    %s = arith.addf %sum, %x fastmath<reassoc> : f32
    linalg.yield %s : f32
  } -> tensor<f32>
  %1 = linalg.generic {indexing_maps = [#id, affine_map<(i, j) -> (j)>], iterator_types = ["reduction", "parallel"]}
      ins(%a : tensor<1001x41xf32>) outs(%row : tensor<41xf32>) {
  ^bb0(%x: f32, %sum: f32):
    %s = arith.addf %sum, %x fastmath<reassoc> : f32
    linalg.yield %s : f32
  } -> tensor<41xf32>
  %2 = linalg.generic {indexing_maps = [#id, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<1001x41xf32>) outs(%column : tensor<1001xf32>) {
  ^bb0(%x: f32, %sum: f32):
    %s = arith.addf %sum, %x fastmath<reassoc> : f32
    linalg.yield %s : f32
  } -> tensor<1001xf32>
  return %0, %1, %2 : tensor<f32>, tensor<41xf32>, tensor<1001xf32>
}

// Sums in parts: 15 of them, and none where no loop can be split evenly.
func.func @weight_gradient(%x: tensor<15x44x45xf32>, %g: tensor<15x40x41x6xf32>, %start: tensor<6x5x5xf32>) -> tensor<6x5x5xf32> {
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, f, p, q) -> (n, h + p, w + q)>, affine_map<(n, h, w, f, p, q) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q) -> (f, p, q)>],
      iterator_types = ["reduction", "reduction", "reduction", "parallel", "parallel", "parallel"]}
      ins(%x, %g : tensor<15x44x45xf32>, tensor<15x40x41x6xf32>) outs(%start : tensor<6x5x5xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<6x5x5xf32>
  return %0 : tensor<6x5x5xf32>
}

func.func @tall_product(%a: tensor<65537x5xf32>, %b: tensor<65537x7xf32>, %start: tensor<5x7xf32>) -> tensor<5x7xf32> {
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, i, j) -> (n, i)>, affine_map<(n, i, j) -> (n, j)>, affine_map<(n, i, j) -> (i, j)>],
      iterator_types = ["reduction", "parallel", "parallel"]}
      ins(%a, %b : tensor<65537x5xf32>, tensor<65537x7xf32>) outs(%start : tensor<5x7xf32>) {
  ^bb0(%x: f32, %y: f32, %sum: f32):
    %m = arith.mulf %x, %y : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<5x7xf32>
  return %0 : tensor<5x7xf32>
}
