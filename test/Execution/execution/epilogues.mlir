// RUN: cgmq-compare-lowerings %s
// RUN: cgmq-compare-lowerings %s --threads=2

// What is done to finished sums: requantization, with a multiplier for each
// channel, a residual, and a rectifier, on tiles that extents divide and others.

func.func @bytes_7x12x33(%a: tensor<7x12xi8>, %b: tensor<12x33xi8>, %bias: tensor<33xi32>, %multipliers: tensor<33xi32>) -> tensor<7x33xi8> {
  %empty = tensor.empty() : tensor<7x33xi32>
  %init = linalg.broadcast ins(%bias : tensor<33xi32>) outs(%empty : tensor<7x33xi32>) dimensions = [0]
  %sum = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<7x12xi8>, tensor<12x33xi8>) outs(%init : tensor<7x33xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<7x33xi32>
  %half = arith.constant 16384 : i64
  %shift = arith.constant 15 : i64
  %none = tensor.empty() : tensor<7x33xi8>
  %codes = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%sum, %multipliers : tensor<7x33xi32>, tensor<33xi32>) outs(%none : tensor<7x33xi8>) {
  ^bb0(%s: i32, %m: i32, %o: i8):
    %low = arith.constant 0 : i64
    %high = arith.constant 255 : i64
    %wide = arith.extsi %s : i32 to i64
    %factor = arith.extsi %m : i32 to i64
    %p = arith.muli %wide, %factor : i64
    %r = arith.addi %p, %half : i64
    %q = arith.shrsi %r, %shift : i64
    %c0 = arith.maxsi %q, %low : i64
    %c1 = arith.minsi %c0, %high : i64
    %code = arith.trunci %c1 : i64 to i8
    linalg.yield %code : i8
  } -> tensor<7x33xi8>
  return %codes : tensor<7x33xi8>
}

func.func @bytes_1x64x128(%a: tensor<1x64xi8>, %b: tensor<64x128xi8>, %bias: tensor<128xi32>, %multipliers: tensor<128xi32>) -> tensor<1x128xi8> {
  %empty = tensor.empty() : tensor<1x128xi32>
  %init = linalg.broadcast ins(%bias : tensor<128xi32>) outs(%empty : tensor<1x128xi32>) dimensions = [0]
  %sum = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<1x64xi8>, tensor<64x128xi8>) outs(%init : tensor<1x128xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<1x128xi32>
  %half = arith.constant 16384 : i64
  %shift = arith.constant 15 : i64
  %none = tensor.empty() : tensor<1x128xi8>
  %codes = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%sum, %multipliers : tensor<1x128xi32>, tensor<128xi32>) outs(%none : tensor<1x128xi8>) {
  ^bb0(%s: i32, %m: i32, %o: i8):
    %low = arith.constant 0 : i64
    %high = arith.constant 255 : i64
    %wide = arith.extsi %s : i32 to i64
    %factor = arith.extsi %m : i32 to i64
    %p = arith.muli %wide, %factor : i64
    %r = arith.addi %p, %half : i64
    %q = arith.shrsi %r, %shift : i64
    %c0 = arith.maxsi %q, %low : i64
    %c1 = arith.minsi %c0, %high : i64
    %code = arith.trunci %c1 : i64 to i8
    linalg.yield %code : i8
  } -> tensor<1x128xi8>
  return %codes : tensor<1x128xi8>
}

func.func @words_9x5x16(%a: tensor<9x5xi16>, %b: tensor<5x16xi16>, %bias: tensor<16xi32>, %multipliers: tensor<16xi32>) -> tensor<9x16xi8> {
  %empty = tensor.empty() : tensor<9x16xi32>
  %init = linalg.broadcast ins(%bias : tensor<16xi32>) outs(%empty : tensor<9x16xi32>) dimensions = [0]
  %sum = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<9x5xi16>, tensor<5x16xi16>) outs(%init : tensor<9x16xi32>) {
  ^bb0(%x: i16, %y: i16, %s: i32):
    %xe = arith.extsi %x : i16 to i32
    %ye = arith.extsi %y : i16 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<9x16xi32>
  %half = arith.constant 16384 : i64
  %shift = arith.constant 15 : i64
  %none = tensor.empty() : tensor<9x16xi8>
  %codes = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%sum, %multipliers : tensor<9x16xi32>, tensor<16xi32>) outs(%none : tensor<9x16xi8>) {
  ^bb0(%s: i32, %m: i32, %o: i8):
    %low = arith.constant 0 : i64
    %high = arith.constant 255 : i64
    %wide = arith.extsi %s : i32 to i64
    %factor = arith.extsi %m : i32 to i64
    %p = arith.muli %wide, %factor : i64
    %r = arith.addi %p, %half : i64
    %q = arith.shrsi %r, %shift : i64
    %c0 = arith.maxsi %q, %low : i64
    %c1 = arith.minsi %c0, %high : i64
    %code = arith.trunci %c1 : i64 to i8
    linalg.yield %code : i8
  } -> tensor<9x16xi8>
  return %codes : tensor<9x16xi8>
}

// A padded convolution, rectified, plus a residual.
func.func @residual(%a: tensor<2x6x7x8xf32>, %b: tensor<3x3x8x20xf32>, %c: tensor<2x6x7x20xf32>) -> tensor<2x6x7x20xf32> {
  %zero = arith.constant 0.0 : f32
  %padded = tensor.pad %a low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<2x6x7x8xf32> to tensor<2x8x9x8xf32>
  %empty = tensor.empty() : tensor<2x6x7x20xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x6x7x20xf32>) -> tensor<2x6x7x20xf32>
  %sum = linalg.conv_2d_nhwc_hwcf ins(%padded, %b : tensor<2x8x9x8xf32>, tensor<3x3x8x20xf32>) outs(%init : tensor<2x6x7x20xf32>) -> tensor<2x6x7x20xf32>
  %result = linalg.generic {indexing_maps = [affine_map<(n, h, w, f) -> (n, h, w, f)>, affine_map<(n, h, w, f) -> (n, h, w, f)>, affine_map<(n, h, w, f) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%sum, %c : tensor<2x6x7x20xf32>, tensor<2x6x7x20xf32>) outs(%empty : tensor<2x6x7x20xf32>) {
  ^bb0(%s: f32, %r: f32, %o: f32):
    %relu = arith.maximumf %s, %zero : f32
    %t = arith.addf %relu, %r : f32
    linalg.yield %t : f32
  } -> tensor<2x6x7x20xf32>
  return %result : tensor<2x6x7x20xf32>
}

// The upper half of a product: its sign, its carries and its ends.
func.func @upper_half(%sum: tensor<5x37xi32>, %units: tensor<37xi8>) -> tensor<5x37xi8> {
  %empty = tensor.empty() : tensor<5x37xi8>
  %codes = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%sum, %units : tensor<5x37xi32>, tensor<37xi8>) outs(%empty : tensor<5x37xi8>) {
  ^bb0(%s: i32, %unit: i8, %o: i8):
    %none = arith.constant 0 : i8
    %low = arith.constant -127 : i64
    %high = arith.constant 127 : i64
    %m1 = arith.constant 2147483647 : i64
    %m2 = arith.constant 1073741825 : i64
    %half1 = arith.constant 36028797018963968 : i64
    %half2 = arith.constant 18014398509481984 : i64
    %shift1 = arith.constant 56 : i64
    %shift2 = arith.constant 55 : i64
    %first = arith.cmpi sgt, %unit, %none : i8
    %m = arith.select %first, %m1, %m2 : i64
    %half = arith.select %first, %half1, %half2 : i64
    %shift = arith.select %first, %shift1, %shift2 : i64
    // The sums that are drawn are small.
    %large = arith.constant 536870911 : i32
    %x = arith.muli %s, %large : i32
    %wide = arith.extsi %x : i32 to i64
    %p = arith.muli %wide, %m : i64
    %r = arith.addi %p, %half : i64
    %q = arith.shrsi %r, %shift : i64
    %c0 = arith.maxsi %q, %low : i64
    %c1 = arith.minsi %c0, %high : i64
    %code = arith.trunci %c1 : i64 to i8
    linalg.yield %code : i8
  } -> tensor<5x37xi8>
  return %codes : tensor<5x37xi8>
}

// An op that adds the sums of two contractions is the epilogue of one.
func.func @two_sums(%a: tensor<6x5xf32>, %b: tensor<5x20xf32>, %c: tensor<6x7xf32>, %d: tensor<7x20xf32>) -> tensor<6x20xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<6x20xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<6x20xf32>) -> tensor<6x20xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<6x5xf32>, tensor<5x20xf32>) outs(%init : tensor<6x20xf32>) -> tensor<6x20xf32>
  %1 = linalg.matmul ins(%c, %d : tensor<6x7xf32>, tensor<7x20xf32>) outs(%init : tensor<6x20xf32>) -> tensor<6x20xf32>
  %2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%0, %1 : tensor<6x20xf32>, tensor<6x20xf32>) outs(%empty : tensor<6x20xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %s = arith.addf %x, %y : f32
    %r = arith.maximumf %s, %zero : f32
    linalg.yield %r : f32
  } -> tensor<6x20xf32>
  return %2 : tensor<6x20xf32>
}
