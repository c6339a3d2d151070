// Gradients of convolutions with respect to their input: sums over windows of an
// output's position, with tiles inside, at the borders and over both of them.

// RUN: cgmq-compare-lowerings %s
// RUN: cgmq-compare-lowerings %s --threads=3
// RUN: cgmq-compare-lowerings %s --vector-bits=256
// RUN: cgmq-compare-lowerings %s --vector-bits=128

// One channel: lanes hold partial sums over the filters.
func.func @one_channel(%g: tensor<2x24x24x32xf32>, %w: tensor<32x5x5xf32>, %start: tensor<2x28x28xf32>) -> (tensor<2x28x28xf32>, tensor<2x28x28xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x28x28xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x28x28xf32>) -> tensor<2x28x28xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f) -> (f, p, q)>, affine_map<(n, h, w, p, q, f) -> (n, h + p, w + q)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%g, %w : tensor<2x24x24x32xf32>, tensor<32x5x5xf32>) outs(%zeros : tensor<2x28x28xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x28x28xf32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f) -> (f, p, q)>, affine_map<(n, h, w, p, q, f) -> (n, h + p, w + q)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%g, %w : tensor<2x24x24x32xf32>, tensor<32x5x5xf32>) outs(%start : tensor<2x28x28xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x28x28xf32>
  return %0, %1 : tensor<2x28x28xf32>, tensor<2x28x28xf32>
}

// A vector of filters is partly used.
func.func @odd_filters(%g: tensor<3x7x9x37xf32>, %w: tensor<37x3x3xf32>, %start: tensor<3x9x11xf32>) -> (tensor<3x9x11xf32>, tensor<3x9x11xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x9x11xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x9x11xf32>) -> tensor<3x9x11xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f) -> (f, p, q)>, affine_map<(n, h, w, p, q, f) -> (n, h + p, w + q)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%g, %w : tensor<3x7x9x37xf32>, tensor<37x3x3xf32>) outs(%zeros : tensor<3x9x11xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<3x9x11xf32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f) -> (f, p, q)>, affine_map<(n, h, w, p, q, f) -> (n, h + p, w + q)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%g, %w : tensor<3x7x9x37xf32>, tensor<37x3x3xf32>) outs(%start : tensor<3x9x11xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<3x9x11xf32>
  return %0, %1 : tensor<3x9x11xf32>, tensor<3x9x11xf32>
}

// Vectors of channels.
func.func @channels(%g: tensor<2x8x8x17xf32>, %w: tensor<17x5x5x32xf32>, %start: tensor<2x12x12x32xf32>) -> (tensor<2x12x12x32xf32>, tensor<2x12x12x32xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x12x12x32xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x12x12x32xf32>) -> tensor<2x12x12x32xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f, c) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f, c) -> (f, p, q, c)>, affine_map<(n, h, w, p, q, f, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<2x8x8x17xf32>, tensor<17x5x5x32xf32>) outs(%zeros : tensor<2x12x12x32xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x12x12x32xf32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f, c) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f, c) -> (f, p, q, c)>, affine_map<(n, h, w, p, q, f, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<2x8x8x17xf32>, tensor<17x5x5x32xf32>) outs(%start : tensor<2x12x12x32xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x12x12x32xf32>
  return %0, %1 : tensor<2x12x12x32xf32>, tensor<2x12x12x32xf32>
}

// Channels that vectors do not divide.
func.func @odd_channels(%g: tensor<2x6x11x10xf32>, %w: tensor<10x3x5x7xf32>, %start: tensor<2x8x15x7xf32>) -> (tensor<2x8x15x7xf32>, tensor<2x8x15x7xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x8x15x7xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x8x15x7xf32>) -> tensor<2x8x15x7xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f, c) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f, c) -> (f, p, q, c)>, affine_map<(n, h, w, p, q, f, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<2x6x11x10xf32>, tensor<10x3x5x7xf32>) outs(%zeros : tensor<2x8x15x7xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x8x15x7xf32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f, c) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f, c) -> (f, p, q, c)>, affine_map<(n, h, w, p, q, f, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<2x6x11x10xf32>, tensor<10x3x5x7xf32>) outs(%start : tensor<2x8x15x7xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x8x15x7xf32>
  return %0, %1 : tensor<2x8x15x7xf32>, tensor<2x8x15x7xf32>
}

// A loop over tiles inside.
func.func @long_rows(%g: tensor<1x9x75x8xf32>, %w: tensor<8x3x3x16xf32>, %start: tensor<1x11x77x16xf32>) -> (tensor<1x11x77x16xf32>, tensor<1x11x77x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x11x77x16xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x11x77x16xf32>) -> tensor<1x11x77x16xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f, c) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f, c) -> (f, p, q, c)>, affine_map<(n, h, w, p, q, f, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<1x9x75x8xf32>, tensor<8x3x3x16xf32>) outs(%zeros : tensor<1x11x77x16xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<1x11x77x16xf32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f, c) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f, c) -> (f, p, q, c)>, affine_map<(n, h, w, p, q, f, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<1x9x75x8xf32>, tensor<8x3x3x16xf32>) outs(%start : tensor<1x11x77x16xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<1x11x77x16xf32>
  return %0, %1 : tensor<1x11x77x16xf32>, tensor<1x11x77x16xf32>
}

// A window shorter than the kernel.
func.func @short_rows(%g: tensor<2x3x2x9xf32>, %w: tensor<9x5x7x17xf32>, %start: tensor<2x7x8x17xf32>) -> (tensor<2x7x8x17xf32>, tensor<2x7x8x17xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x7x8x17xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x7x8x17xf32>) -> tensor<2x7x8x17xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f, c) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f, c) -> (f, p, q, c)>, affine_map<(n, h, w, p, q, f, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<2x3x2x9xf32>, tensor<9x5x7x17xf32>) outs(%zeros : tensor<2x7x8x17xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x7x8x17xf32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f, c) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f, c) -> (f, p, q, c)>, affine_map<(n, h, w, p, q, f, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<2x3x2x9xf32>, tensor<9x5x7x17xf32>) outs(%start : tensor<2x7x8x17xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x7x8x17xf32>
  return %0, %1 : tensor<2x7x8x17xf32>, tensor<2x7x8x17xf32>
}

// A kernel of one row.
func.func @one_offset(%g: tensor<1x5x40x12xf32>, %w: tensor<12x1x3x19xf32>, %start: tensor<1x5x42x19xf32>) -> (tensor<1x5x42x19xf32>, tensor<1x5x42x19xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x5x42x19xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x5x42x19xf32>) -> tensor<1x5x42x19xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f, c) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f, c) -> (f, p, q, c)>, affine_map<(n, h, w, p, q, f, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<1x5x40x12xf32>, tensor<12x1x3x19xf32>) outs(%zeros : tensor<1x5x42x19xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<1x5x42x19xf32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, p, q, f, c) -> (n, h, w, f)>, affine_map<(n, h, w, p, q, f, c) -> (f, p, q, c)>, affine_map<(n, h, w, p, q, f, c) -> (n, h + p, w + q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%g, %w : tensor<1x5x40x12xf32>, tensor<12x1x3x19xf32>) outs(%start : tensor<1x5x42x19xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %m : f32
    linalg.yield %s : f32
  } -> tensor<1x5x42x19xf32>
  return %0, %1 : tensor<1x5x42x19xf32>, tensor<1x5x42x19xf32>
}
