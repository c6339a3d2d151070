// RUN: cgmq-compare-lowerings %s
// RUN: cgmq-compare-lowerings %s --vector-bits=256
// RUN: cgmq-compare-lowerings %s --vector-bits=128

// Convolutions and their gradients give the same bits as register tiles and as
// plain loops, for channels that no vector divides.

// Convolution, 1 to 3 channels, stride 1, dilation 1, weights (p, q, c, f).
func.func @forward_1_to_3(%a: tensor<3x7x8x1xf32>, %b: tensor<3x2x1x3xf32>) -> tensor<3x5x7x3xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x5x7x3xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x5x7x3xf32>) -> tensor<3x5x7x3xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x7x8x1xf32>, tensor<3x2x1x3xf32>) outs(%init : tensor<3x5x7x3xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x5x7x3xf32>
  return %sum : tensor<3x5x7x3xf32>
}

// Weight gradient, 1 to 3 channels, stride 1, dilation 1, weights (p, q, c, f).
func.func @weight_gradient_1_to_3(%a: tensor<3x7x8x1xf32>, %b: tensor<3x5x7x3xf32>) -> tensor<3x2x1x3xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x2x1x3xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x2x1x3xf32>) -> tensor<3x2x1x3xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>], iterator_types = ["reduction", "reduction", "reduction", "parallel", "parallel", "parallel", "parallel"]}
      ins(%a, %b : tensor<3x7x8x1xf32>, tensor<3x5x7x3xf32>) outs(%init : tensor<3x2x1x3xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x2x1x3xf32>
  return %sum : tensor<3x2x1x3xf32>
}

// Input gradient, 1 to 3 channels, stride 1, dilation 1, weights (p, q, c, f).
func.func @input_gradient_1_to_3(%a: tensor<3x5x7x3xf32>, %b: tensor<3x2x1x3xf32>) -> tensor<3x7x8x1xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x7x8x1xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x7x8x1xf32>) -> tensor<3x7x8x1xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%a, %b : tensor<3x5x7x3xf32>, tensor<3x2x1x3xf32>) outs(%init : tensor<3x7x8x1xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x7x8x1xf32>
  return %sum : tensor<3x7x8x1xf32>
}

// Convolution, 3 to 7 channels, stride 2, dilation 1, weights (f, p, q, c).
func.func @forward_3_to_7(%a: tensor<3x11x14x3xf32>, %b: tensor<7x3x2x3xf32>) -> tensor<3x5x7x7xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x5x7x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x5x7x7xf32>) -> tensor<3x5x7x7xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h*2+p, w*2+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x11x14x3xf32>, tensor<7x3x2x3xf32>) outs(%init : tensor<3x5x7x7xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x5x7x7xf32>
  return %sum : tensor<3x5x7x7xf32>
}

// Weight gradient, 3 to 7 channels, stride 2, dilation 1, weights (f, p, q, c).
func.func @weight_gradient_3_to_7(%a: tensor<3x11x14x3xf32>, %b: tensor<3x5x7x7xf32>) -> tensor<7x3x2x3xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<7x3x2x3xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<7x3x2x3xf32>) -> tensor<7x3x2x3xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h*2+p, w*2+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>], iterator_types = ["reduction", "reduction", "reduction", "parallel", "parallel", "parallel", "parallel"]}
      ins(%a, %b : tensor<3x11x14x3xf32>, tensor<3x5x7x7xf32>) outs(%init : tensor<7x3x2x3xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<7x3x2x3xf32>
  return %sum : tensor<7x3x2x3xf32>
}

// Input gradient, 3 to 7 channels, stride 2, dilation 1, weights (f, p, q, c).
func.func @input_gradient_3_to_7(%a: tensor<3x5x7x7xf32>, %b: tensor<7x3x2x3xf32>) -> tensor<3x11x14x3xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x11x14x3xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x11x14x3xf32>) -> tensor<3x11x14x3xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h*2+p, w*2+q, c)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%a, %b : tensor<3x5x7x7xf32>, tensor<7x3x2x3xf32>) outs(%init : tensor<3x11x14x3xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x11x14x3xf32>
  return %sum : tensor<3x11x14x3xf32>
}

// Convolution, 7 to 10 channels, stride 1, dilation 2, weights (p, q, c, f).
func.func @forward_7_to_10(%a: tensor<3x9x9x7xf32>, %b: tensor<3x2x7x10xf32>) -> tensor<3x5x7x10xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x5x7x10xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x5x7x10xf32>) -> tensor<3x5x7x10xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p*2, w+q*2, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x9x9x7xf32>, tensor<3x2x7x10xf32>) outs(%init : tensor<3x5x7x10xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x5x7x10xf32>
  return %sum : tensor<3x5x7x10xf32>
}

// Weight gradient, 7 to 10 channels, stride 1, dilation 2, weights (p, q, c, f).
func.func @weight_gradient_7_to_10(%a: tensor<3x9x9x7xf32>, %b: tensor<3x5x7x10xf32>) -> tensor<3x2x7x10xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x2x7x10xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x2x7x10xf32>) -> tensor<3x2x7x10xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p*2, w+q*2, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>], iterator_types = ["reduction", "reduction", "reduction", "parallel", "parallel", "parallel", "parallel"]}
      ins(%a, %b : tensor<3x9x9x7xf32>, tensor<3x5x7x10xf32>) outs(%init : tensor<3x2x7x10xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x2x7x10xf32>
  return %sum : tensor<3x2x7x10xf32>
}

// Input gradient, 7 to 10 channels, stride 1, dilation 2, weights (p, q, c, f).
func.func @input_gradient_7_to_10(%a: tensor<3x5x7x10xf32>, %b: tensor<3x2x7x10xf32>) -> tensor<3x9x9x7xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x9x9x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x9x9x7xf32>) -> tensor<3x9x9x7xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h+p*2, w+q*2, c)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%a, %b : tensor<3x5x7x10xf32>, tensor<3x2x7x10xf32>) outs(%init : tensor<3x9x9x7xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x9x9x7xf32>
  return %sum : tensor<3x9x9x7xf32>
}

// Convolution, 10 to 17 channels, stride 3, dilation 2, weights (f, p, q, c).
func.func @forward_10_to_17(%a: tensor<3x17x21x10xf32>, %b: tensor<17x3x2x10xf32>) -> tensor<3x5x7x17xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x5x7x17xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x5x7x17xf32>) -> tensor<3x5x7x17xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h*3+p*2, w*3+q*2, c)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x17x21x10xf32>, tensor<17x3x2x10xf32>) outs(%init : tensor<3x5x7x17xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x5x7x17xf32>
  return %sum : tensor<3x5x7x17xf32>
}

// Weight gradient, 10 to 17 channels, stride 3, dilation 2, weights (f, p, q, c).
func.func @weight_gradient_10_to_17(%a: tensor<3x17x21x10xf32>, %b: tensor<3x5x7x17xf32>) -> tensor<17x3x2x10xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<17x3x2x10xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<17x3x2x10xf32>) -> tensor<17x3x2x10xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h*3+p*2, w*3+q*2, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>], iterator_types = ["reduction", "reduction", "reduction", "parallel", "parallel", "parallel", "parallel"]}
      ins(%a, %b : tensor<3x17x21x10xf32>, tensor<3x5x7x17xf32>) outs(%init : tensor<17x3x2x10xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<17x3x2x10xf32>
  return %sum : tensor<17x3x2x10xf32>
}

// Input gradient, 10 to 17 channels, stride 3, dilation 2, weights (f, p, q, c).
func.func @input_gradient_10_to_17(%a: tensor<3x5x7x17xf32>, %b: tensor<17x3x2x10xf32>) -> tensor<3x17x21x10xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x17x21x10xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x17x21x10xf32>) -> tensor<3x17x21x10xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h*3+p*2, w*3+q*2, c)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%a, %b : tensor<3x5x7x17xf32>, tensor<17x3x2x10xf32>) outs(%init : tensor<3x17x21x10xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x17x21x10xf32>
  return %sum : tensor<3x17x21x10xf32>
}

// Convolution, 17 to 1 channels, stride 2, dilation 2, weights (p, q, c, f).
func.func @forward_17_to_1(%a: tensor<3x13x15x17xf32>, %b: tensor<3x2x17x1xf32>) -> tensor<3x5x7x1xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x5x7x1xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x5x7x1xf32>) -> tensor<3x5x7x1xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h*2+p*2, w*2+q*2, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x13x15x17xf32>, tensor<3x2x17x1xf32>) outs(%init : tensor<3x5x7x1xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x5x7x1xf32>
  return %sum : tensor<3x5x7x1xf32>
}

// Weight gradient, 17 to 1 channels, stride 2, dilation 2, weights (p, q, c, f).
func.func @weight_gradient_17_to_1(%a: tensor<3x13x15x17xf32>, %b: tensor<3x5x7x1xf32>) -> tensor<3x2x17x1xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x2x17x1xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x2x17x1xf32>) -> tensor<3x2x17x1xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h*2+p*2, w*2+q*2, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>], iterator_types = ["reduction", "reduction", "reduction", "parallel", "parallel", "parallel", "parallel"]}
      ins(%a, %b : tensor<3x13x15x17xf32>, tensor<3x5x7x1xf32>) outs(%init : tensor<3x2x17x1xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x2x17x1xf32>
  return %sum : tensor<3x2x17x1xf32>
}

// Input gradient, 17 to 1 channels, stride 2, dilation 2, weights (p, q, c, f).
func.func @input_gradient_17_to_1(%a: tensor<3x5x7x1xf32>, %b: tensor<3x2x17x1xf32>) -> tensor<3x13x15x17xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x13x15x17xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x13x15x17xf32>) -> tensor<3x13x15x17xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h*2+p*2, w*2+q*2, c)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%a, %b : tensor<3x5x7x1xf32>, tensor<3x2x17x1xf32>) outs(%init : tensor<3x13x15x17xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x13x15x17xf32>
  return %sum : tensor<3x13x15x17xf32>
}

// Convolution, 2 to 33 channels, stride 1, dilation 1, weights (f, p, q, c).
func.func @forward_2_to_33(%a: tensor<3x7x8x2xf32>, %b: tensor<33x3x2x2xf32>) -> tensor<3x5x7x33xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x5x7x33xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x5x7x33xf32>) -> tensor<3x5x7x33xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<3x7x8x2xf32>, tensor<33x3x2x2xf32>) outs(%init : tensor<3x5x7x33xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x5x7x33xf32>
  return %sum : tensor<3x5x7x33xf32>
}

// Weight gradient, 2 to 33 channels, stride 1, dilation 1, weights (f, p, q, c).
func.func @weight_gradient_2_to_33(%a: tensor<3x7x8x2xf32>, %b: tensor<3x5x7x33xf32>) -> tensor<33x3x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<33x3x2x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<33x3x2x2xf32>) -> tensor<33x3x2x2xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>], iterator_types = ["reduction", "reduction", "reduction", "parallel", "parallel", "parallel", "parallel"]}
      ins(%a, %b : tensor<3x7x8x2xf32>, tensor<3x5x7x33xf32>) outs(%init : tensor<33x3x2x2xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<33x3x2x2xf32>
  return %sum : tensor<33x3x2x2xf32>
}

// Input gradient, 2 to 33 channels, stride 1, dilation 1, weights (f, p, q, c).
func.func @input_gradient_2_to_33(%a: tensor<3x5x7x33xf32>, %b: tensor<33x3x2x2xf32>) -> tensor<3x7x8x2xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x7x8x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x7x8x2xf32>) -> tensor<3x7x8x2xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>, affine_map<(n, h, w, f, p, q, c) -> (f, p, q, c)>, affine_map<(n, h, w, f, p, q, c) -> (n, h+p, w+q, c)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%a, %b : tensor<3x5x7x33xf32>, tensor<33x3x2x2xf32>) outs(%init : tensor<3x7x8x2xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<3x7x8x2xf32>
  return %sum : tensor<3x7x8x2xf32>
}
