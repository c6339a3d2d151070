// RUN: cgmq-compare-lowerings %s
// RUN: cgmq-compare-lowerings %s --vector-bits=256
// RUN: cgmq-compare-lowerings %s --vector-bits=128

// Matrix products in all transposed forms give the same bits as register tiles
// and as plain loops.

// 1 products of mk by kn, m = 1, n = 1, k = 5.
func.func @matmul_mk_kn_1_1_1_5(%a: tensor<1x1x5xf32>, %b: tensor<1x5x1xf32>) -> tensor<1x1x1xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x1x1xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<1x1x5xf32>, tensor<1x5x1xf32>) outs(%init : tensor<1x1x1xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<1x1x1xf32>
  return %sum : tensor<1x1x1xf32>
}

// 1 products of mk by nk, m = 1, n = 1, k = 5.
func.func @matmul_mk_nk_1_1_1_5(%a: tensor<1x1x5xf32>, %b: tensor<1x1x5xf32>) -> tensor<1x1x1xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x1x1xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<1x1x5xf32>, tensor<1x1x5xf32>) outs(%init : tensor<1x1x1xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<1x1x1xf32>
  return %sum : tensor<1x1x1xf32>
}

// 1 products of km by kn, m = 1, n = 1, k = 5.
func.func @matmul_km_kn_1_1_1_5(%a: tensor<1x5x1xf64>, %b: tensor<1x5x1xf64>) -> tensor<1x1x1xf64> {
  %zero = arith.constant 0.0 : f64
  %empty = tensor.empty() : tensor<1x1x1xf64>
  %init = linalg.fill ins(%zero : f64) outs(%empty : tensor<1x1x1xf64>) -> tensor<1x1x1xf64>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, k, m)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<1x5x1xf64>, tensor<1x5x1xf64>) outs(%init : tensor<1x1x1xf64>) {
  ^bb0(%x: f64, %y: f64, %s: f64):
    %m = arith.mulf %x, %y : f64
    %t = arith.addf %s, %m : f64
    linalg.yield %t : f64
  } -> tensor<1x1x1xf64>
  return %sum : tensor<1x1x1xf64>
}

// 1 products of km by nk, m = 1, n = 1, k = 5.
func.func @matmul_km_nk_1_1_1_5(%a: tensor<1x5x1xf32>, %b: tensor<1x1x5xf32>) -> tensor<1x1x1xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x1x1xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, k, m)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<1x5x1xf32>, tensor<1x1x5xf32>) outs(%init : tensor<1x1x1xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<1x1x1xf32>
  return %sum : tensor<1x1x1xf32>
}

// 1 products of mk by kn, m = 3, n = 7, k = 10.
func.func @matmul_mk_kn_1_3_7_10(%a: tensor<1x3x10xf32>, %b: tensor<1x10x7xf32>) -> tensor<1x3x7xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x3x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x3x7xf32>) -> tensor<1x3x7xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<1x3x10xf32>, tensor<1x10x7xf32>) outs(%init : tensor<1x3x7xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<1x3x7xf32>
  return %sum : tensor<1x3x7xf32>
}

// 1 products of mk by nk, m = 3, n = 7, k = 10.
func.func @matmul_mk_nk_1_3_7_10(%a: tensor<1x3x10xf32>, %b: tensor<1x7x10xf32>) -> tensor<1x3x7xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x3x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x3x7xf32>) -> tensor<1x3x7xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<1x3x10xf32>, tensor<1x7x10xf32>) outs(%init : tensor<1x3x7xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<1x3x7xf32>
  return %sum : tensor<1x3x7xf32>
}

// 1 products of km by kn, m = 3, n = 7, k = 10.
func.func @matmul_km_kn_1_3_7_10(%a: tensor<1x10x3xf64>, %b: tensor<1x10x7xf64>) -> tensor<1x3x7xf64> {
  %zero = arith.constant 0.0 : f64
  %empty = tensor.empty() : tensor<1x3x7xf64>
  %init = linalg.fill ins(%zero : f64) outs(%empty : tensor<1x3x7xf64>) -> tensor<1x3x7xf64>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, k, m)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<1x10x3xf64>, tensor<1x10x7xf64>) outs(%init : tensor<1x3x7xf64>) {
  ^bb0(%x: f64, %y: f64, %s: f64):
    %m = arith.mulf %x, %y : f64
    %t = arith.addf %s, %m : f64
    linalg.yield %t : f64
  } -> tensor<1x3x7xf64>
  return %sum : tensor<1x3x7xf64>
}

// 1 products of km by nk, m = 3, n = 7, k = 10.
func.func @matmul_km_nk_1_3_7_10(%a: tensor<1x10x3xf32>, %b: tensor<1x7x10xf32>) -> tensor<1x3x7xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x3x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x3x7xf32>) -> tensor<1x3x7xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, k, m)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<1x10x3xf32>, tensor<1x7x10xf32>) outs(%init : tensor<1x3x7xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<1x3x7xf32>
  return %sum : tensor<1x3x7xf32>
}

// 3 products of mk by kn, m = 17, n = 10, k = 33.
func.func @matmul_mk_kn_3_17_10_33(%a: tensor<3x17x33xf32>, %b: tensor<3x33x10xf32>) -> tensor<3x17x10xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x17x10xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x17x10xf32>) -> tensor<3x17x10xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<3x17x33xf32>, tensor<3x33x10xf32>) outs(%init : tensor<3x17x10xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x17x10xf32>
  return %sum : tensor<3x17x10xf32>
}

// 3 products of mk by nk, m = 17, n = 10, k = 33.
func.func @matmul_mk_nk_3_17_10_33(%a: tensor<3x17x33xf32>, %b: tensor<3x10x33xf32>) -> tensor<3x17x10xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x17x10xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x17x10xf32>) -> tensor<3x17x10xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<3x17x33xf32>, tensor<3x10x33xf32>) outs(%init : tensor<3x17x10xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x17x10xf32>
  return %sum : tensor<3x17x10xf32>
}

// 3 products of km by kn, m = 17, n = 10, k = 33.
func.func @matmul_km_kn_3_17_10_33(%a: tensor<3x33x17xf64>, %b: tensor<3x33x10xf64>) -> tensor<3x17x10xf64> {
  %zero = arith.constant 0.0 : f64
  %empty = tensor.empty() : tensor<3x17x10xf64>
  %init = linalg.fill ins(%zero : f64) outs(%empty : tensor<3x17x10xf64>) -> tensor<3x17x10xf64>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, k, m)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<3x33x17xf64>, tensor<3x33x10xf64>) outs(%init : tensor<3x17x10xf64>) {
  ^bb0(%x: f64, %y: f64, %s: f64):
    %m = arith.mulf %x, %y : f64
    %t = arith.addf %s, %m : f64
    linalg.yield %t : f64
  } -> tensor<3x17x10xf64>
  return %sum : tensor<3x17x10xf64>
}

// 3 products of km by nk, m = 17, n = 10, k = 33.
func.func @matmul_km_nk_3_17_10_33(%a: tensor<3x33x17xf32>, %b: tensor<3x10x33xf32>) -> tensor<3x17x10xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x17x10xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x17x10xf32>) -> tensor<3x17x10xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, k, m)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<3x33x17xf32>, tensor<3x10x33xf32>) outs(%init : tensor<3x17x10xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x17x10xf32>
  return %sum : tensor<3x17x10xf32>
}

// 2 products of mk by kn, m = 130, n = 19, k = 70.
func.func @matmul_mk_kn_2_130_19_70(%a: tensor<2x130x70xf32>, %b: tensor<2x70x19xf32>) -> tensor<2x130x19xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x130x19xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x130x19xf32>) -> tensor<2x130x19xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<2x130x70xf32>, tensor<2x70x19xf32>) outs(%init : tensor<2x130x19xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<2x130x19xf32>
  return %sum : tensor<2x130x19xf32>
}

// 2 products of mk by nk, m = 130, n = 19, k = 70.
func.func @matmul_mk_nk_2_130_19_70(%a: tensor<2x130x70xf32>, %b: tensor<2x19x70xf32>) -> tensor<2x130x19xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x130x19xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x130x19xf32>) -> tensor<2x130x19xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<2x130x70xf32>, tensor<2x19x70xf32>) outs(%init : tensor<2x130x19xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<2x130x19xf32>
  return %sum : tensor<2x130x19xf32>
}

// 2 products of km by kn, m = 130, n = 19, k = 70.
func.func @matmul_km_kn_2_130_19_70(%a: tensor<2x70x130xf64>, %b: tensor<2x70x19xf64>) -> tensor<2x130x19xf64> {
  %zero = arith.constant 0.0 : f64
  %empty = tensor.empty() : tensor<2x130x19xf64>
  %init = linalg.fill ins(%zero : f64) outs(%empty : tensor<2x130x19xf64>) -> tensor<2x130x19xf64>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, k, m)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<2x70x130xf64>, tensor<2x70x19xf64>) outs(%init : tensor<2x130x19xf64>) {
  ^bb0(%x: f64, %y: f64, %s: f64):
    %m = arith.mulf %x, %y : f64
    %t = arith.addf %s, %m : f64
    linalg.yield %t : f64
  } -> tensor<2x130x19xf64>
  return %sum : tensor<2x130x19xf64>
}

// 2 products of km by nk, m = 130, n = 19, k = 70.
func.func @matmul_km_nk_2_130_19_70(%a: tensor<2x70x130xf32>, %b: tensor<2x19x70xf32>) -> tensor<2x130x19xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x130x19xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x130x19xf32>) -> tensor<2x130x19xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, k, m)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<2x70x130xf32>, tensor<2x19x70xf32>) outs(%init : tensor<2x130x19xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<2x130x19xf32>
  return %sum : tensor<2x130x19xf32>
}

// Depthwise: both factors run along the vectors.
func.func @depthwise(%a: tensor<2x7x9x19xf32>, %b: tensor<3x3x19xf32>) -> tensor<2x5x7x19xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x5x7x19xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x5x7x19xf32>) -> tensor<2x5x7x19xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, c, p, q) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, c, p, q) -> (p, q, c)>, affine_map<(n, h, w, c, p, q) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x7x9x19xf32>, tensor<3x3x19xf32>) outs(%init : tensor<2x5x7x19xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<2x5x7x19xf32>
  return %sum : tensor<2x5x7x19xf32>
}

// A reduction long enough to be split into blocks.
func.func @long_reduction(%a: tensor<4096x24xf32>, %b: tensor<4096x40xf32>) -> tensor<24x40xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<24x40xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<24x40xf32>) -> tensor<24x40xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<4096x24xf32>, tensor<4096x40xf32>) outs(%init : tensor<24x40xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<24x40xf32>
  return %sum : tensor<24x40xf32>
}

// The weight gradient of a convolution with one channel and few filters: lanes
// hold partial sums along a row, blocks of images follow each other, and the
// first of them starts with zeros.
func.func @blocked_partial_sums(%x: tensor<32x28x28xf32>, %g: tensor<32x24x24x6xf32>) -> tensor<6x5x5xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<6x5x5xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<6x5x5xf32>) -> tensor<6x5x5xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n,h,w,f,p,q) -> (n,h+p,w+q)>, affine_map<(n,h,w,f,p,q) -> (n,h,w,f)>, affine_map<(n,h,w,f,p,q) -> (f,p,q)>],
      iterator_types = ["reduction","reduction", "reduction", "parallel", "parallel","parallel"]}
      ins(%x, %g : tensor<32x28x28xf32>, tensor<32x24x24x6xf32>) outs(%f : tensor<6x5x5xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %sum, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<6x5x5xf32>
  return %0 : tensor<6x5x5xf32>
}
