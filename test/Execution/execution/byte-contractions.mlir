// RUN: cgmq-compare-lowerings %s
// RUN: cgmq-compare-lowerings %s --threads=2

// Products of unsigned and signed bytes, which machines with VNNI add up in
// fours: extents that four and vectors divide and others, for the reduction and
// the filters.

// 1 to 5 channels, weights HWCF.
func.func @forward_1_to_5_hwcf(%a: tensor<3x9x12x1xi8>, %b: tensor<3x2x1x5xi8>) -> tensor<3x7x11x5xi32> {
  %empty = tensor.empty() : tensor<3x7x11x5xi32>
  %zero = arith.constant 0 : i32
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x7x11x5xi32>) -> tensor<3x7x11x5xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x9x12x1xi8>, tensor<3x2x1x5xi8>) outs(%init : tensor<3x7x11x5xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x7x11x5xi32>
  return %sum : tensor<3x7x11x5xi32>
}

// 3 to 33 channels, weights FHWC, with bias.
func.func @forward_3_to_33_fhwc(%a: tensor<3x9x12x3xi8>, %b: tensor<33x3x2x3xi8>, %bias: tensor<33xi32>) -> tensor<3x7x11x33xi32> {
  %empty = tensor.empty() : tensor<3x7x11x33xi32>
  %init = linalg.broadcast ins(%bias : tensor<33xi32>) outs(%empty : tensor<3x7x11x33xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x9x12x3xi8>, tensor<33x3x2x3xi8>) outs(%init : tensor<3x7x11x33xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x7x11x33xi32>
  return %sum : tensor<3x7x11x33xi32>
}

// 7 to 16 channels, weights HWCF, stride 2.
func.func @forward_7_to_16_hwcf(%a: tensor<3x9x12x7xi8>, %b: tensor<3x2x7x16xi8>) -> tensor<3x4x6x16xi32> {
  %empty = tensor.empty() : tensor<3x4x6x16xi32>
  %zero = arith.constant 0 : i32
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x4x6x16xi32>) -> tensor<3x4x6x16xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h*2+p, w*2+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x9x12x7xi8>, tensor<3x2x7x16xi8>) outs(%init : tensor<3x4x6x16xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x4x6x16xi32>
  return %sum : tensor<3x4x6x16xi32>
}

// 10 to 1 channels, weights FHWC.
func.func @forward_10_to_1_fhwc(%a: tensor<3x9x12x10xi8>, %b: tensor<1x3x2x10xi8>) -> tensor<3x7x11x1xi32> {
  %empty = tensor.empty() : tensor<3x7x11x1xi32>
  %zero = arith.constant 0 : i32
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x7x11x1xi32>) -> tensor<3x7x11x1xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x9x12x10xi8>, tensor<1x3x2x10xi8>) outs(%init : tensor<3x7x11x1xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x7x11x1xi32>
  return %sum : tensor<3x7x11x1xi32>
}

// 17 to 5 channels, weights HWCF, with bias.
func.func @forward_17_to_5_hwcf(%a: tensor<3x9x12x17xi8>, %b: tensor<3x2x17x5xi8>, %bias: tensor<5xi32>) -> tensor<3x7x11x5xi32> {
  %empty = tensor.empty() : tensor<3x7x11x5xi32>
  %init = linalg.broadcast ins(%bias : tensor<5xi32>) outs(%empty : tensor<3x7x11x5xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x9x12x17xi8>, tensor<3x2x17x5xi8>) outs(%init : tensor<3x7x11x5xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x7x11x5xi32>
  return %sum : tensor<3x7x11x5xi32>
}

// 32 to 33 channels, weights FHWC, stride 2.
func.func @forward_32_to_33_fhwc(%a: tensor<3x9x12x32xi8>, %b: tensor<33x3x2x32xi8>) -> tensor<3x4x6x33xi32> {
  %empty = tensor.empty() : tensor<3x4x6x33xi32>
  %zero = arith.constant 0 : i32
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x4x6x33xi32>) -> tensor<3x4x6x33xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h*2+p, w*2+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x9x12x32xi8>, tensor<33x3x2x32xi8>) outs(%init : tensor<3x4x6x33xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x4x6x33xi32>
  return %sum : tensor<3x4x6x33xi32>
}

// 32 to 16 channels, weights HWCF, with bias.
func.func @forward_32_to_16_hwcf(%a: tensor<3x9x12x32xi8>, %b: tensor<3x2x32x16xi8>, %bias: tensor<16xi32>) -> tensor<3x7x11x16xi32> {
  %empty = tensor.empty() : tensor<3x7x11x16xi32>
  %init = linalg.broadcast ins(%bias : tensor<16xi32>) outs(%empty : tensor<3x7x11x16xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x9x12x32xi8>, tensor<3x2x32x16xi8>) outs(%init : tensor<3x7x11x16xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x7x11x16xi32>
  return %sum : tensor<3x7x11x16xi32>
}

// 3 to 16 channels, weights FCHW.
func.func @forward_3_to_16_fchw(%a: tensor<3x9x12x3xi8>, %b: tensor<16x3x3x2xi8>) -> tensor<3x7x11x16xi32> {
  %empty = tensor.empty() : tensor<3x7x11x16xi32>
  %zero = arith.constant 0 : i32
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x7x11x16xi32>) -> tensor<3x7x11x16xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (f, c, p, q)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x9x12x3xi8>, tensor<16x3x3x2xi8>) outs(%init : tensor<3x7x11x16xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x7x11x16xi32>
  return %sum : tensor<3x7x11x16xi32>
}

// 4 to 20 channels, weights FHWC.
func.func @forward_4_to_20_fhwc(%a: tensor<3x9x12x4xi8>, %b: tensor<20x3x2x4xi8>) -> tensor<3x7x11x20xi32> {
  %empty = tensor.empty() : tensor<3x7x11x20xi32>
  %zero = arith.constant 0 : i32
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x7x11x20xi32>) -> tensor<3x7x11x20xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x9x12x4xi8>, tensor<20x3x2x4xi8>) outs(%init : tensor<3x7x11x20xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x7x11x20xi32>
  return %sum : tensor<3x7x11x20xi32>
}

// One row of the image along the reduction: a signed image, unsigned weights.
func.func @signed_image(%a: tensor<2x10x13x1xi8>, %b: tensor<5x5x1x17xi8>) -> tensor<2x6x9x17xi32> {
  %empty = tensor.empty() : tensor<2x6x9x17xi32>
  %zero = arith.constant 0 : i32
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<2x6x9x17xi32>) -> tensor<2x6x9x17xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x10x13x1xi8>, tensor<5x5x1x17xi8>) outs(%init : tensor<2x6x9x17xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extsi %x : i8 to i32
    %ye = arith.extui %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x6x9x17xi32>
  return %sum : tensor<2x6x9x17xi32>
}

// 1 x 3 by 3 x 1.
func.func @matmul_1_1_3(%a: tensor<1x3xi8>, %b: tensor<3x1xi8>) -> tensor<1x1xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<1x1xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<1x1xi32>) -> tensor<1x1xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<1x3xi8>, tensor<3x1xi8>) outs(%init : tensor<1x1xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %p = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<1x1xi32>
  return %sum : tensor<1x1xi32>
}

// 5 x 33 by 33 x 19.
func.func @matmul_5_19_33(%a: tensor<5x33xi8>, %b: tensor<33x19xi8>) -> tensor<5x19xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<5x19xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<5x19xi32>) -> tensor<5x19xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<5x33xi8>, tensor<33x19xi8>) outs(%init : tensor<5x19xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %p = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<5x19xi32>
  return %sum : tensor<5x19xi32>
}

// 16 x 64 by 64 x 10.
func.func @matmul_16_10_64(%a: tensor<16x64xi8>, %b: tensor<64x10xi8>) -> tensor<16x10xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<16x10xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<16x10xi32>) -> tensor<16x10xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<16x64xi8>, tensor<64x10xi8>) outs(%init : tensor<16x10xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %p = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<16x10xi32>
  return %sum : tensor<16x10xi32>
}

// 48 x 17 by 17 x 33.
func.func @matmul_48_33_17(%a: tensor<48x17xi8>, %b: tensor<17x33xi8>) -> tensor<48x33xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<48x33xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<48x33xi32>) -> tensor<48x33xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<48x17xi8>, tensor<17x33xi8>) outs(%init : tensor<48x33xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %p = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<48x33xi32>
  return %sum : tensor<48x33xi32>
}

// 64 x 130 by 130 x 5.
func.func @matmul_64_5_130(%a: tensor<64x130xi8>, %b: tensor<130x5xi8>) -> tensor<64x5xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<64x5xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<64x5xi32>) -> tensor<64x5xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<64x130xi8>, tensor<130x5xi8>) outs(%init : tensor<64x5xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %p = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<64x5xi32>
  return %sum : tensor<64x5xi32>
}

// Both factors along the reduction.
func.func @rows_by_rows(%a: tensor<9x28xi8>, %b: tensor<21x28xi8>) -> tensor<9x21xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<9x21xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<9x21xi32>) -> tensor<9x21xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<9x28xi8>, tensor<21x28xi8>) outs(%init : tensor<9x21xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %p = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<9x21xi32>
  return %sum : tensor<9x21xi32>
}

// The unsigned factor holds the vectors.
func.func @unsigned_vectors(%a: tensor<70x23xi8>, %b: tensor<23x40xi8>) -> tensor<70x40xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<70x40xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<70x40xi32>) -> tensor<70x40xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<70x23xi8>, tensor<23x40xi8>) outs(%init : tensor<70x40xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extsi %x : i8 to i32
    %ye = arith.extui %y : i8 to i32
    %p = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<70x40xi32>
  return %sum : tensor<70x40xi32>
}

// A result that is transposed.
func.func @columns(%a: tensor<23x40xi8>, %b: tensor<66x23xi8>) -> tensor<40x66xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<40x66xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<40x66xi32>) -> tensor<40x66xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<23x40xi8>, tensor<66x23xi8>) outs(%init : tensor<40x66xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %p = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<40x66xi32>
  return %sum : tensor<40x66xi32>
}

// Large enough for threads.
func.func @threads(%a: tensor<64x100xi8>, %b: tensor<100x80xi8>) -> tensor<64x80xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<64x80xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<64x80xi32>) -> tensor<64x80xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<64x100xi8>, tensor<100x80xi8>) outs(%init : tensor<64x80xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %p = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<64x80xi32>
  return %sum : tensor<64x80xi32>
}

// A batch of products.
func.func @batch(%a: tensor<3x64x10xi8>, %b: tensor<3x10x18xi8>, %init: tensor<3x64x18xi32>) -> tensor<3x64x18xi32> {
  %sum = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<3x64x10xi8>, tensor<3x10x18xi8>) outs(%init : tensor<3x64x18xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %p = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<3x64x18xi32>
  return %sum : tensor<3x64x18xi32>
}

// With padding around 8 channels, which groups divide, and around 7.
func.func @padded_8_to_32(%a: tensor<3x8x9x8xi8>, %b: tensor<3x3x8x32xi8>) -> tensor<3x8x9x32xi32> {
  %empty = tensor.empty() : tensor<3x8x9x32xi32>
  %zero = arith.constant 0 : i32
  %zero_code = arith.constant 0 : i8
  %padded = tensor.pad %a low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%n: index, %h: index, %w: index, %c: index):
    tensor.yield %zero_code : i8
  } : tensor<3x8x9x8xi8> to tensor<3x10x11x8xi8>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x8x9x32xi32>) -> tensor<3x8x9x32xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%padded, %b : tensor<3x10x11x8xi8>, tensor<3x3x8x32xi8>) outs(%init : tensor<3x8x9x32xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x8x9x32xi32>
  return %sum : tensor<3x8x9x32xi32>
}

func.func @padded_7_to_20(%a: tensor<3x5x9x7xi8>, %b: tensor<3x3x7x20xi8>) -> tensor<3x5x9x20xi32> {
  %empty = tensor.empty() : tensor<3x5x9x20xi32>
  %zero = arith.constant 0 : i32
  %zero_code = arith.constant 0 : i8
  %padded = tensor.pad %a low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%n: index, %h: index, %w: index, %c: index):
    tensor.yield %zero_code : i8
  } : tensor<3x5x9x7xi8> to tensor<3x7x11x7xi8>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x5x9x20xi32>) -> tensor<3x5x9x20xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%padded, %b : tensor<3x7x11x7xi8>, tensor<3x3x7x20xi8>) outs(%init : tensor<3x5x9x20xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x5x9x20xi32>
  return %sum : tensor<3x5x9x20xi32>
}

// Signed by signed bytes, those of the weights known; sums may wrap.
func.func @signed_5_to_7(%a: tensor<2x6x9x5xi8>) -> tensor<2x4x8x7xi32> {
  %b = arith.constant dense<[[[[-126, 20, -85, 46, 11, 120, 24], [-34, -104, 62, -46, 22, -128, 71], [124, 124, -97, -100, -20, -39, -85], [101, -122, -23, -34, -15, -117, 20], [-64, -87, 87, 39, 75, 16, -103]], [[-70, 73, -105, 18, 2, -9, -78], [-68, 78, -39, -97, -25, -42, 75], [-66, -13, 78, -46, -39, 12, -17], [102, -27, 39, 45, 83, 115, -73], [-103, -65, 68, 2, -65, -36, 67]]], [[[19, -39, -35, -95, 98, -106, 27], [-81, -16, -96, -46, 65, 33, 11], [70, 93, -60, 91, -90, -78, -91], [-105, -22, 77, -91, 71, 23, -105], [-111, 52, 36, 126, 117, -61, -46]], [[47, -27, 83, -1, -105, -93, 19], [-13, -118, 73, -68, -30, 101, 87], [7, 63, -45, -23, 16, -94, 2], [-110, -33, -17, -28, -107, 105, 79], [115, -25, -56, 60, 59, 11, -97]]], [[[-55, 49, -47, 115, -83, -112, 46], [92, -15, -79, -40, -17, -71, 33], [123, -125, 110, -32, 94, 9, 72], [72, -18, 113, -25, -115, -107, 121], [79, 123, -14, -66, -87, -24, -43]], [[-61, 48, 23, -84, 30, -82, 59], [20, 33, 115, 19, -62, 108, 57], [114, 94, 70, -108, -38, -62, 36], [20, 74, 97, 120, 7, 113, 13], [-120, -56, -22, -59, -74, -24, -121]]]]> : tensor<3x2x5x7xi8>
  %bias = arith.constant dense<[1176520170, -138643302, 2017989786, -509630888, -930564145, -243833244, -524892060]> : tensor<7xi32>
  %empty = tensor.empty() : tensor<2x4x8x7xi32>
  %init = linalg.broadcast ins(%bias : tensor<7xi32>) outs(%empty : tensor<2x4x8x7xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x6x9x5xi8>, tensor<3x2x5x7xi8>) outs(%init : tensor<2x4x8x7xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extsi %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x4x8x7xi32>
  return %sum : tensor<2x4x8x7xi32>
}

func.func @signed_padded_4_to_3(%a: tensor<2x5x7x4xi8>) -> tensor<2x5x8x3xi32> {
  %b = arith.constant dense<[[[[-115, 37, -42], [-99, -24, 84], [-77, -89, 118], [-36, 71, -120]], [[-99, -31, -4], [-47, -43, -80], [-13, 87, -65], [-106, -93, 44]]], [[[-25, -41, -89], [80, -99, 58], [-105, -59, -126], [58, 41, -60]], [[114, 24, 42], [-7, -34, -71], [75, -85, 42], [-78, -92, -126]]], [[[94, 122, -53], [99, -93, -43], [106, -100, 84], [84, 8, -14]], [[-106, 89, 49], [-2, 121, 28], [-30, 119, 37], [75, -32, 3]]]]> : tensor<3x2x4x3xi8>
  %bias = arith.constant dense<[743400954, 2039042293, -2118765652]> : tensor<3xi32>
  %empty = tensor.empty() : tensor<2x5x8x3xi32>
  %init = linalg.broadcast ins(%bias : tensor<3xi32>) outs(%empty : tensor<2x5x8x3xi32>) dimensions = [0, 1, 2]
  %nothing = arith.constant 0 : i8
  %padded = tensor.pad %a low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %nothing : i8
  } : tensor<2x5x7x4xi8> to tensor<2x7x9x4xi8>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%padded, %b : tensor<2x7x9x4xi8>, tensor<3x2x4x3xi8>) outs(%init : tensor<2x5x8x3xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extsi %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x5x8x3xi32>
  return %sum : tensor<2x5x8x3xi32>
}
