// RUN: cgmq-compare-lowerings %s
// RUN: cgmq-compare-lowerings %s --vector-bits=256
// RUN: cgmq-compare-lowerings %s --vector-bits=128

// Integer contractions widen their factors and are exact in any order.

// i8 (extui) by i8 (extsi) into i32, 3 to 17 channels.
func.func @forward_i8_i8_3_to_17(%a: tensor<3x7x8x3xi8>, %b: tensor<3x2x3x17xi8>) -> tensor<3x5x7x17xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<3x5x7x17xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x5x7x17xi32>) -> tensor<3x5x7x17xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x7x8x3xi8>, tensor<3x2x3x17xi8>) outs(%init : tensor<3x5x7x17xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x5x7x17xi32>
  return %sum : tensor<3x5x7x17xi32>
}

// i16 (extsi) by i8 (extsi) into i32, 10 to 7 channels.
func.func @forward_i16_i8_10_to_7(%a: tensor<3x11x14x10xi16>, %b: tensor<7x3x2x10xi8>) -> tensor<3x5x7x7xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<3x5x7x7xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x5x7x7xi32>) -> tensor<3x5x7x7xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h*2+p, w*2+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x11x14x10xi16>, tensor<7x3x2x10xi8>) outs(%init : tensor<3x5x7x7xi32>) {
  ^bb0(%x: i16, %y: i8, %s: i32):
    %xe = arith.extsi %x : i16 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x5x7x7xi32>
  return %sum : tensor<3x5x7x7xi32>
}

// i8 (extui) by i16 (extsi) into i32, 33 to 16 channels.
func.func @forward_i8_i16_33_to_16(%a: tensor<3x7x8x33xi8>, %b: tensor<3x2x33x16xi16>) -> tensor<3x5x7x16xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<3x5x7x16xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x5x7x16xi32>) -> tensor<3x5x7x16xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x7x8x33xi8>, tensor<3x2x33x16xi16>) outs(%init : tensor<3x5x7x16xi32>) {
  ^bb0(%x: i8, %y: i16, %s: i32):
    %xe = arith.extui %x : i8 to i32
    %ye = arith.extsi %y : i16 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<3x5x7x16xi32>
  return %sum : tensor<3x5x7x16xi32>
}

// Matrix product of 5 x 33 by 33 x 19 of i8 into i32.
func.func @matmul_5_19_33(%a: tensor<5x33xi8>, %b: tensor<33x19xi8>) -> tensor<5x19xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<5x19xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<5x19xi32>) -> tensor<5x19xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<5x33xi8>, tensor<33x19xi8>) outs(%init : tensor<5x19xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extsi %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<5x19xi32>
  return %sum : tensor<5x19xi32>
}

// Matrix product of 16 x 64 by 64 x 10 of i8 into i32.
func.func @matmul_16_10_64(%a: tensor<16x64xi8>, %b: tensor<64x10xi8>) -> tensor<16x10xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<16x10xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<16x10xi32>) -> tensor<16x10xi32>
  %sum = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<16x64xi8>, tensor<64x10xi8>) outs(%init : tensor<16x10xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %xe = arith.extsi %x : i8 to i32
    %ye = arith.extsi %y : i8 to i32
    %m = arith.muli %xe, %ye : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<16x10xi32>
  return %sum : tensor<16x10xi32>
}
