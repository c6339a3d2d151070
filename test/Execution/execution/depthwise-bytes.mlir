// RUN: cgmq-compare-lowerings %s
// RUN: cgmq-compare-lowerings %s --threads=2
// RUN: cgmq-compare-lowerings %s --vector-bits=256

// Depthwise convolutions of unsigned and signed bytes, whose rows machines with
// VNNI interleave: kernels of one to seven rows, channels that vectors and groups
// of four divide and others, strides, dilations, and few positions.

func.func @channels_64(%x: tensor<2x6x8x64xi8>, %k: tensor<3x3x64xi8>, %bias: tensor<64xi32>) -> tensor<2x4x6x64xi32> {
  %empty = tensor.empty() : tensor<2x4x6x64xi32>
  %init = linalg.broadcast ins(%bias : tensor<64xi32>) outs(%empty : tensor<2x4x6x64xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, c, p, q) -> (n, h + p, w + q, c)>, affine_map<(n, h, w, c, p, q) -> (p, q, c)>, affine_map<(n, h, w, c, p, q) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %k : tensor<2x6x8x64xi8>, tensor<3x3x64xi8>) outs(%init : tensor<2x4x6x64xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %ae = arith.extui %a : i8 to i32
    %be = arith.extsi %b : i8 to i32
    %m = arith.muli %ae, %be : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x4x6x64xi32>
  return %sum : tensor<2x4x6x64xi32>
}

func.func @channels_41_swapped(%x: tensor<2x5x7x41xi8>, %k: tensor<3x3x41xi8>, %bias: tensor<41xi32>) -> tensor<2x3x5x41xi32> {
  %empty = tensor.empty() : tensor<2x3x5x41xi32>
  %init = linalg.broadcast ins(%bias : tensor<41xi32>) outs(%empty : tensor<2x3x5x41xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, c, p, q) -> (n, h + p, w + q, c)>, affine_map<(n, h, w, c, p, q) -> (p, q, c)>, affine_map<(n, h, w, c, p, q) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %k : tensor<2x5x7x41xi8>, tensor<3x3x41xi8>) outs(%init : tensor<2x3x5x41xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %ae = arith.extsi %a : i8 to i32
    %be = arith.extui %b : i8 to i32
    %m = arith.muli %ae, %be : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x3x5x41xi32>
  return %sum : tensor<2x3x5x41xi32>
}

func.func @channels_144_stride_2(%x: tensor<2x7x9x144xi8>, %k: tensor<3x3x144xi8>, %bias: tensor<144xi32>) -> tensor<2x3x4x144xi32> {
  %empty = tensor.empty() : tensor<2x3x4x144xi32>
  %init = linalg.broadcast ins(%bias : tensor<144xi32>) outs(%empty : tensor<2x3x4x144xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, c, p, q) -> (n, h * 2 + p, w * 2 + q, c)>, affine_map<(n, h, w, c, p, q) -> (p, q, c)>, affine_map<(n, h, w, c, p, q) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %k : tensor<2x7x9x144xi8>, tensor<3x3x144xi8>) outs(%init : tensor<2x3x4x144xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %ae = arith.extui %a : i8 to i32
    %be = arith.extsi %b : i8 to i32
    %m = arith.muli %ae, %be : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x3x4x144xi32>
  return %sum : tensor<2x3x4x144xi32>
}

func.func @channels_3_kernel_5x5(%x: tensor<2x6x11x3xi8>, %k: tensor<5x5x3xi8>, %bias: tensor<3xi32>) -> tensor<2x2x7x3xi32> {
  %empty = tensor.empty() : tensor<2x2x7x3xi32>
  %init = linalg.broadcast ins(%bias : tensor<3xi32>) outs(%empty : tensor<2x2x7x3xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, c, p, q) -> (n, h + p, w + q, c)>, affine_map<(n, h, w, c, p, q) -> (p, q, c)>, affine_map<(n, h, w, c, p, q) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %k : tensor<2x6x11x3xi8>, tensor<5x5x3xi8>) outs(%init : tensor<2x2x7x3xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %ae = arith.extui %a : i8 to i32
    %be = arith.extsi %b : i8 to i32
    %m = arith.muli %ae, %be : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x2x7x3xi32>
  return %sum : tensor<2x2x7x3xi32>
}

func.func @channels_16_kernel_7x7(%x: tensor<2x9x9x16xi8>, %k: tensor<7x7x16xi8>, %bias: tensor<16xi32>) -> tensor<2x3x3x16xi32> {
  %empty = tensor.empty() : tensor<2x3x3x16xi32>
  %init = linalg.broadcast ins(%bias : tensor<16xi32>) outs(%empty : tensor<2x3x3x16xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, c, p, q) -> (n, h + p, w + q, c)>, affine_map<(n, h, w, c, p, q) -> (p, q, c)>, affine_map<(n, h, w, c, p, q) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %k : tensor<2x9x9x16xi8>, tensor<7x7x16xi8>) outs(%init : tensor<2x3x3x16xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %ae = arith.extsi %a : i8 to i32
    %be = arith.extui %b : i8 to i32
    %m = arith.muli %ae, %be : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x3x3x16xi32>
  return %sum : tensor<2x3x3x16xi32>
}

func.func @channels_80_row(%x: tensor<2x1x12x80xi8>, %k: tensor<1x3x80xi8>, %bias: tensor<80xi32>) -> tensor<2x1x10x80xi32> {
  %empty = tensor.empty() : tensor<2x1x10x80xi32>
  %init = linalg.broadcast ins(%bias : tensor<80xi32>) outs(%empty : tensor<2x1x10x80xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, c, p, q) -> (n, h + p, w + q, c)>, affine_map<(n, h, w, c, p, q) -> (p, q, c)>, affine_map<(n, h, w, c, p, q) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %k : tensor<2x1x12x80xi8>, tensor<1x3x80xi8>) outs(%init : tensor<2x1x10x80xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %ae = arith.extui %a : i8 to i32
    %be = arith.extsi %b : i8 to i32
    %m = arith.muli %ae, %be : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x1x10x80xi32>
  return %sum : tensor<2x1x10x80xi32>
}

func.func @channels_33_dilated(%x: tensor<2x7x8x33xi8>, %k: tensor<3x2x33xi8>, %bias: tensor<33xi32>) -> tensor<2x3x6x33xi32> {
  %empty = tensor.empty() : tensor<2x3x6x33xi32>
  %init = linalg.broadcast ins(%bias : tensor<33xi32>) outs(%empty : tensor<2x3x6x33xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, c, p, q) -> (n, h + p * 2, w + q * 2, c)>, affine_map<(n, h, w, c, p, q) -> (p, q, c)>, affine_map<(n, h, w, c, p, q) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %k : tensor<2x7x8x33xi8>, tensor<3x2x33xi8>) outs(%init : tensor<2x3x6x33xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %ae = arith.extui %a : i8 to i32
    %be = arith.extsi %b : i8 to i32
    %m = arith.muli %ae, %be : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x3x6x33xi32>
  return %sum : tensor<2x3x6x33xi32>
}

func.func @channels_96_one_position(%x: tensor<2x3x3x96xi8>, %k: tensor<3x3x96xi8>, %bias: tensor<96xi32>) -> tensor<2x1x1x96xi32> {
  %empty = tensor.empty() : tensor<2x1x1x96xi32>
  %init = linalg.broadcast ins(%bias : tensor<96xi32>) outs(%empty : tensor<2x1x1x96xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, c, p, q) -> (n, h + p, w + q, c)>, affine_map<(n, h, w, c, p, q) -> (p, q, c)>, affine_map<(n, h, w, c, p, q) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %k : tensor<2x3x3x96xi8>, tensor<3x3x96xi8>) outs(%init : tensor<2x1x1x96xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %ae = arith.extui %a : i8 to i32
    %be = arith.extsi %b : i8 to i32
    %m = arith.muli %ae, %be : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<2x1x1x96xi32>
  return %sum : tensor<2x1x1x96xi32>
}

// Padded, and requantized in registers.
func.func @requantized(%x: tensor<1x10x9x72xi8>, %k: tensor<3x3x72xi8>, %bias: tensor<72xi32>) -> tensor<1x10x9x72xi8> {
  %zero = arith.constant 0 : i8
  %half = arith.constant 16384 : i64
  %factor = arith.constant 77 : i64
  %shift = arith.constant 15 : i64
  %low = arith.constant 0 : i64
  %high = arith.constant 255 : i64
  %padded = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%n: index, %h: index, %w: index, %c: index):
    tensor.yield %zero : i8
  } : tensor<1x10x9x72xi8> to tensor<1x12x11x72xi8>
  %empty = tensor.empty() : tensor<1x10x9x72xi32>
  %init = linalg.broadcast ins(%bias : tensor<72xi32>) outs(%empty : tensor<1x10x9x72xi32>) dimensions = [0, 1, 2]
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, c, p, q) -> (n, h + p, w + q, c)>, affine_map<(n, h, w, c, p, q) -> (p, q, c)>, affine_map<(n, h, w, c, p, q) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%padded, %k : tensor<1x12x11x72xi8>, tensor<3x3x72xi8>) outs(%init : tensor<1x10x9x72xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %ae = arith.extui %a : i8 to i32
    %be = arith.extsi %b : i8 to i32
    %m = arith.muli %ae, %be : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<1x10x9x72xi32>
  %none = tensor.empty() : tensor<1x10x9x72xi8>
  %codes = linalg.generic {indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%sum : tensor<1x10x9x72xi32>) outs(%none : tensor<1x10x9x72xi8>) {
  ^bb0(%s: i32, %o: i8):
    %wide = arith.extsi %s : i32 to i64
    %p = arith.muli %wide, %factor : i64
    %r = arith.addi %p, %half : i64
    %q = arith.shrsi %r, %shift : i64
    %c0 = arith.maxsi %q, %low : i64
    %c1 = arith.minsi %c0, %high : i64
    %code = arith.trunci %c1 : i64 to i8
    linalg.yield %code : i8
  } -> tensor<1x10x9x72xi8>
  return %codes : tensor<1x10x9x72xi8>
}
