// Padded convolutions and their gradients, which make no products with padding,
// agree with plain loops on padded tensors.

// RUN: cgmq-opt %s -cgmq-differentiate=wrt=arguments -o %t.mlir
// RUN: cgmq-compare-lowerings %t.mlir --threads=3
// RUN: cgmq-compare-lowerings %t.mlir --vector-bits=256
// RUN: cgmq-compare-lowerings %t.mlir --vector-bits=128

func.func @convolutions(
    %x0: tensor<2x3x20x17xf32>, %w0: tensor<19x3x3x17xf32>,
    %x1: tensor<1x24x24x2xf32>, %w1: tensor<128x3x3x2xf32>,
    %x2: tensor<1x24x24x128xf32>, %w2: tensor<2x3x3x128xf32>,
    %x3: tensor<3x9x7x9xf32>, %w3: tensor<16x3x3x9xf32>,
    %x4: tensor<2x11x9x11xf32>, %w4: tensor<24x3x3x11xf32>,
    %x5: tensor<2x11x9x8xf32>, %w5: tensor<24x3x3x8xf32>,
    %x6: tensor<2x12x12x8xf32>, %w6: tensor<24x3x3x8xf32>,
    %x7: tensor<2x3x3x8xf32>, %w7: tensor<24x3x3x8xf32>,
    %x8: tensor<4x2x2x8xf32>, %w8: tensor<24x3x3x8xf32>,
    %x9: tensor<4x2x3x8xf32>, %w9: tensor<24x5x5x8xf32>,
    %x10: tensor<4x12x12x1xf32>, %w10: tensor<24x3x3x1xf32>,
    %x11: tensor<3x6x6x3xf32>, %w11: tensor<24x3x3x3xf32>,
    %x12: tensor<4x12x12x24xf32>, %w12: tensor<1x3x3x24xf32>,
    %x13: tensor<8x12x12x16xf32>, %w13: tensor<32x3x3x16xf32>
    ) -> (tensor<2x3x20x19xf32>, tensor<1x24x24x128xf32>, tensor<1x24x24x2xf32>, tensor<3x8x8x16xf32>, tensor<2x6x5x24xf32>, tensor<2x11x9x24xf32>, tensor<2x6x6x24xf32>, tensor<2x8x7x24xf32>, tensor<4x1x1x24xf32>, tensor<4x2x3x24xf32>, tensor<4x12x12x24xf32>, tensor<3x6x6x24xf32>, tensor<4x12x12x1xf32>, tensor<8x12x12x32xf32>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // Tiles inside and at the borders; columns out of bounds at one side.
  %b0 = "tosa.const"() <{values = dense<2.0> : tensor<19xf32>}> : () -> tensor<19xf32>
  %y0 = tosa.conv2d %x0, %w0, %b0, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<2x3x20x17xf32>, tensor<19x3x3x17xf32>, tensor<19xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x20x19xf32>
  // Two panels of filters, and of channels for the gradient.
  %b1 = "tosa.const"() <{values = dense<2.0> : tensor<128xf32>}> : () -> tensor<128xf32>
  %y1 = tosa.conv2d %x1, %w1, %b1, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<1x24x24x2xf32>, tensor<128x3x3x2xf32>, tensor<128xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x24x24x128xf32>
  %b2 = "tosa.const"() <{values = dense<2.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %y2 = tosa.conv2d %x2, %w2, %b2, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<1x24x24x128xf32>, tensor<2x3x3x128xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x24x24x2xf32>
  // Sides that differ.
  %b3 = "tosa.const"() <{values = dense<2.0> : tensor<16xf32>}> : () -> tensor<16xf32>
  %y3 = tosa.conv2d %x3, %w3, %b3, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 1, 2, 1>, stride = array<i64: 1, 1>} : (tensor<3x9x7x9xf32>, tensor<16x3x3x9xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3x8x8x16xf32>
  // Strides, dilations and both.
  %b4 = "tosa.const"() <{values = dense<2.0> : tensor<24xf32>}> : () -> tensor<24xf32>
  %y4 = tosa.conv2d %x4, %w4, %b4, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 2, 2>} : (tensor<2x11x9x11xf32>, tensor<24x3x3x11xf32>, tensor<24xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x6x5x24xf32>
  %b5 = "tosa.const"() <{values = dense<2.0> : tensor<24xf32>}> : () -> tensor<24xf32>
  %y5 = tosa.conv2d %x5, %w5, %b5, %zero, %zero {acc_type = f32, dilation = array<i64: 2, 2>, pad = array<i64: 2, 2, 2, 2>, stride = array<i64: 1, 1>} : (tensor<2x11x9x8xf32>, tensor<24x3x3x8xf32>, tensor<24xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x11x9x24xf32>
  %b6 = "tosa.const"() <{values = dense<2.0> : tensor<24xf32>}> : () -> tensor<24xf32>
  %y6 = tosa.conv2d %x6, %w6, %b6, %zero, %zero {acc_type = f32, dilation = array<i64: 2, 2>, pad = array<i64: 2, 1, 1, 2>, stride = array<i64: 2, 2>} : (tensor<2x12x12x8xf32>, tensor<24x3x3x8xf32>, tensor<24xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x6x6x24xf32>
  // Positions that lie in the padding altogether.
  %b7 = "tosa.const"() <{values = dense<2.0> : tensor<24xf32>}> : () -> tensor<24xf32>
  %y7 = tosa.conv2d %x7, %w7, %b7, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 3, 4, 3, 3>, stride = array<i64: 1, 1>} : (tensor<2x3x3x8xf32>, tensor<24x3x3x8xf32>, tensor<24xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x8x7x24xf32>
  // One position, of which the kernel covers the input and more.
  %b8 = "tosa.const"() <{values = dense<2.0> : tensor<24xf32>}> : () -> tensor<24xf32>
  %y8 = tosa.conv2d %x8, %w8, %b8, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 1>, stride = array<i64: 1, 1>} : (tensor<4x2x2x8xf32>, tensor<24x3x3x8xf32>, tensor<24xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<4x1x1x24xf32>
  // No position that has all offsets in bounds.
  %b9 = "tosa.const"() <{values = dense<2.0> : tensor<24xf32>}> : () -> tensor<24xf32>
  %y9 = tosa.conv2d %x9, %w9, %b9, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 2, 2, 2, 2>, stride = array<i64: 1, 1>} : (tensor<4x2x3x8xf32>, tensor<24x5x5x8xf32>, tensor<24xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<4x2x3x24xf32>
  // One channel, three of them, and one filter.
  %b10 = "tosa.const"() <{values = dense<2.0> : tensor<24xf32>}> : () -> tensor<24xf32>
  %y10 = tosa.conv2d %x10, %w10, %b10, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<4x12x12x1xf32>, tensor<24x3x3x1xf32>, tensor<24xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<4x12x12x24xf32>
  %b11 = "tosa.const"() <{values = dense<2.0> : tensor<24xf32>}> : () -> tensor<24xf32>
  %y11 = tosa.conv2d %x11, %w11, %b11, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<3x6x6x3xf32>, tensor<24x3x3x3xf32>, tensor<24xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3x6x6x24xf32>
  %b12 = "tosa.const"() <{values = dense<2.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y12 = tosa.conv2d %x12, %w12, %b12, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<4x12x12x24xf32>, tensor<1x3x3x24xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<4x12x12x1xf32>
  // Threads divide the images.
  %b13 = "tosa.const"() <{values = dense<2.0> : tensor<32xf32>}> : () -> tensor<32xf32>
  %y13 = tosa.conv2d %x13, %w13, %b13, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<8x12x12x16xf32>, tensor<32x3x3x16xf32>, tensor<32xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<8x12x12x32xf32>
  return %y0, %y1, %y2, %y3, %y4, %y5, %y6, %y7, %y8, %y9, %y10, %y11, %y12, %y13
      : tensor<2x3x20x19xf32>, tensor<1x24x24x128xf32>, tensor<1x24x24x2xf32>, tensor<3x8x8x16xf32>, tensor<2x6x5x24xf32>, tensor<2x11x9x24xf32>, tensor<2x6x6x24xf32>, tensor<2x8x7x24xf32>, tensor<4x1x1x24xf32>, tensor<4x2x3x24xf32>, tensor<4x12x12x24xf32>, tensor<3x6x6x24xf32>, tensor<4x12x12x1xf32>, tensor<8x12x12x32xf32>
}
