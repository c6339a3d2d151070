// RUN: cgmq-opt %s -split-input-file -verify-diagnostics -test-cgmq-gradients

// Each rule of contractions, windows, shapes and sums against central
// differences, on extents that no tile divides.

// A valid convolution.
// expected-remark @below {{gradients agree}}
func.func @conv2d(%x: tensor<2x5x7x3xf32>, %w: tensor<5x3x2x3xf32>, %b: tensor<5xf32>) -> tensor<2x3x6x5xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x5x7x3xf32>, tensor<5x3x2x3xf32>, tensor<5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x6x5xf32>
  return %y : tensor<2x3x6x5xf32>
}

// Padding that differs on each side.
// expected-remark @below {{gradients agree}}
func.func @conv2d_padded(%x: tensor<1x5x4x2xf32>, %w: tensor<3x3x3x2xf32>, %b: tensor<3xf32>) -> tensor<1x6x5x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 2, 2, 1>, stride = array<i64: 1, 1>} : (tensor<1x5x4x2xf32>, tensor<3x3x3x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x5x3xf32>
  return %y : tensor<1x6x5x3xf32>
}

// A kernel of one element, padded after the last column alone.
// expected-remark @below {{gradients agree}}
func.func @conv2d_pointwise_padded(%x: tensor<2x4x3x3xf32>, %w: tensor<5x1x1x3xf32>, %b: tensor<5xf32>) -> tensor<2x5x4x5xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 1>, stride = array<i64: 1, 1>} : (tensor<2x4x3x3xf32>, tensor<5x1x1x3xf32>, tensor<5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x5x4x5xf32>
  return %y : tensor<2x5x4x5xf32>
}

// Strides and dilations that differ in height and width.
// expected-remark @below {{gradients agree}}
func.func @conv2d_strided(%x: tensor<2x9x7x2xf32>, %w: tensor<3x3x2x2xf32>, %b: tensor<3xf32>) -> tensor<2x3x3x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 2, 1>, pad = array<i64: 0, 0, 1, 0>, stride = array<i64: 2, 3>} : (tensor<2x9x7x2xf32>, tensor<3x3x2x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x3x3xf32>
  return %y : tensor<2x3x3x3xf32>
}

// A bias of one element for all channels.
// expected-remark @below {{gradients agree}}
func.func @conv2d_bias_broadcast(%x: tensor<1x3x3x1xf32>, %w: tensor<2x2x2x1xf32>, %b: tensor<1xf32>) -> tensor<1x2x2x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x3x1xf32>, tensor<2x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  return %y : tensor<1x2x2x2xf32>
}

// Two channels of the result for each of the input.
// expected-remark @below {{gradients agree}}
func.func @depthwise_conv2d(%x: tensor<2x5x4x3xf32>, %w: tensor<3x2x3x2xf32>, %b: tensor<6xf32>) -> tensor<2x3x2x6xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.depthwise_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x5x4x3xf32>, tensor<3x2x3x2xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x2x6xf32>
  return %y : tensor<2x3x2x6xf32>
}

// Dilated windows, padded more on one side than on the other.
// expected-remark @below {{gradients agree}}
func.func @depthwise_conv2d_dilated(%x: tensor<1x7x5x2xf32>, %w: tensor<2x3x2x2xf32>, %b: tensor<4xf32>) -> tensor<1x7x3x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.depthwise_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 3, 2>, pad = array<i64: 1, 2, 0, 2>, stride = array<i64: 1, 1>} : (tensor<1x7x5x2xf32>, tensor<2x3x2x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x7x3x4xf32>
  return %y : tensor<1x7x3x4xf32>
}

// One channel of the result for each of the input.
// expected-remark @below {{gradients agree}}
func.func @depthwise_conv2d_single(%x: tensor<2x5x6x3xf32>, %w: tensor<3x2x3x1xf32>, %b: tensor<3xf32>) -> tensor<2x3x3x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.depthwise_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x5x6x3xf32>, tensor<3x2x3x1xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x3x3xf32>
  return %y : tensor<2x3x3x3xf32>
}

// A batch of two products.
// expected-remark @below {{gradients agree}}
func.func @matmul(%a: tensor<2x3x5xf32>, %b: tensor<2x5x4xf32>) -> tensor<2x3x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.matmul %a, %b, %zero, %zero : (tensor<2x3x5xf32>, tensor<2x5x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// Windows that tile the input.
// expected-remark @below {{gradients agree}}
func.func @max_pool2d(%x: tensor<2x4x6x3xf32>) -> tensor<2x2x2x3xf32> {
  %y = tosa.max_pool2d %x {kernel = array<i64: 2, 3>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 3>} : (tensor<2x4x6x3xf32>) -> tensor<2x2x2x3xf32>
  return %y : tensor<2x2x2x3xf32>
}

// Windows that overlap.
// expected-remark @below {{gradients agree}}
func.func @max_pool2d_overlapping(%x: tensor<1x5x5x3xf32>) -> tensor<1x2x4x3xf32> {
  %y = tosa.max_pool2d %x {kernel = array<i64: 3, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 1>} : (tensor<1x5x5x3xf32>) -> tensor<1x2x4x3xf32>
  return %y : tensor<1x2x4x3xf32>
}

// Windows that reach into padding, which has no gradient.
// expected-remark @below {{gradients agree}}
func.func @max_pool2d_padded(%x: tensor<1x4x3x2xf32>) -> tensor<1x3x2x2xf32> {
  %y = tosa.max_pool2d %x {kernel = array<i64: 2, 2>, pad = array<i64: 1, 1, 0, 1>, stride = array<i64: 2, 2>} : (tensor<1x4x3x2xf32>) -> tensor<1x3x2x2xf32>
  return %y : tensor<1x3x2x2xf32>
}

// Averages of windows that tile the input.
// expected-remark @below {{gradients agree}}
func.func @avg_pool2d(%x: tensor<2x4x6x3xf32>) -> tensor<2x2x2x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.avg_pool2d %x, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 3>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 3>} : (tensor<2x4x6x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x2x2x3xf32>
  return %y : tensor<2x2x2x3xf32>
}

// Averages of windows that overlap.
// expected-remark @below {{gradients agree}}
func.func @avg_pool2d_overlapping(%x: tensor<1x5x5x3xf32>) -> tensor<1x2x4x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.avg_pool2d %x, %zero, %zero {acc_type = f32, kernel = array<i64: 3, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 1>} : (tensor<1x5x5x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x4x3xf32>
  return %y : tensor<1x2x4x3xf32>
}

// What is padded does not count: windows of 1 to 6 elements.
// expected-remark @below {{gradients agree}}
func.func @avg_pool2d_padded(%x: tensor<2x5x4x2xf32>) -> tensor<2x3x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.avg_pool2d %x, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 3>, pad = array<i64: 1, 0, 2, 1>, stride = array<i64: 2, 2>} : (tensor<2x5x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x3x2xf32>
  return %y : tensor<2x3x3x2xf32>
}

// Both bounds are met.
// expected-remark @below {{gradients agree}}
func.func @clamp(%x: tensor<3x17xf32>) -> tensor<3x17xf32> {
  %y = tosa.clamp %x {min_val = -0.49 : f32, max_val = 0.765 : f32} : (tensor<3x17xf32>) -> tensor<3x17xf32>
  return %y : tensor<3x17xf32>
}

// Without an upper bound.
// expected-remark @below {{gradients agree}}
func.func @relu(%x: tensor<30xf32>) -> tensor<30xf32> {
  %y = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<30xf32>) -> tensor<30xf32>
  return %y : tensor<30xf32>
}

// Element by element.
// expected-remark @below {{gradients agree}}
func.func @exp(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = tosa.exp %x : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// expected-remark @below {{gradients agree}}
func.func @erf(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = tosa.erf %x : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// expected-remark @below {{gradients agree}}
func.func @sin(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = tosa.sin %x : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// expected-remark @below {{gradients agree}}
func.func @cos(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = tosa.cos %x : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// expected-remark @below {{gradients agree}}
func.func @reduce_min(%x: tensor<3x5xf32>) -> tensor<3x1xf32> {
  %y = tosa.reduce_min %x {axis = 1 : i32} : (tensor<3x5xf32>) -> tensor<3x1xf32>
  return %y : tensor<3x1xf32>
}

// Element by element.
// expected-remark @below {{gradients agree}}
func.func @sigmoid(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = tosa.sigmoid %x : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// Element by element.
// expected-remark @below {{gradients agree}}
func.func @tanh(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = tosa.tanh %x : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// Element by element.
// expected-remark @below {{gradients agree}}
func.func @abs(%x: tensor<2x7xf32>) -> tensor<2x7xf32> {
  %y = tosa.abs %x : (tensor<2x7xf32>) -> tensor<2x7xf32>
  return %y : tensor<2x7xf32>
}

// Element by element.
// expected-remark @below {{gradients agree}}
func.func @identity(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = tosa.identity %x : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// Element by element.
// expected-remark @below {{gradients agree}}
func.func @negate(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.negate %x, %zero, %zero : (tensor<3x7xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// Along a dimension in the middle.
// expected-remark @below {{gradients agree}}
func.func @reduce_sum(%x: tensor<3x5x2xf32>) -> tensor<3x1x2xf32> {
  %y = tosa.reduce_sum %x {axis = 1 : i32} : (tensor<3x5x2xf32>) -> tensor<3x1x2xf32>
  return %y : tensor<3x1x2xf32>
}

// Along the last dimension.
// expected-remark @below {{gradients agree}}
func.func @reduce_max(%x: tensor<3x5xf32>) -> tensor<3x1xf32> {
  %y = tosa.reduce_max %x {axis = 1 : i32} : (tensor<3x5xf32>) -> tensor<3x1xf32>
  return %y : tensor<3x1xf32>
}

// A permutation that is not its own inverse.
// expected-remark @below {{gradients agree}}
func.func @transpose(%x: tensor<2x3x5xf32>) -> tensor<3x5x2xf32> {
  %y = tosa.transpose %x {perms = array<i32: 1, 2, 0>} : (tensor<2x3x5xf32>) -> tensor<3x5x2xf32>
  return %y : tensor<3x5x2xf32>
}

// Two dimensions into one.
// expected-remark @below {{gradients agree}}
func.func @reverse(%x: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  %y = tosa.reverse %x {axis = 1 : i32} : (tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  return %y : tensor<2x3x5xf32>
}

// Copies along the first and the last dimension.
// expected-remark @below {{gradients agree}}
func.func @tile(%x: tensor<2x3x5xf32>) -> tensor<6x3x10xf32> {
  %multiples = tosa.const_shape {values = dense<[3, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %y = tosa.tile %x, %multiples : (tensor<2x3x5xf32>, !tosa.shape<3>) -> tensor<6x3x10xf32>
  return %y : tensor<6x3x10xf32>
}

// Rows by constant indices, one of them three times and two never.
// expected-remark @below {{gradients agree}}
func.func @gather(%x: tensor<2x4x3xf32>) -> tensor<2x5x3xf32> {
  %indices = "tosa.const"() <{values = dense<[[3, 0, 3, 1, 3], [2, 2, 1, 0, 1]]> : tensor<2x5xi32>}> : () -> tensor<2x5xi32>
  %y = tosa.gather %x, %indices : (tensor<2x4x3xf32>, tensor<2x5xi32>) -> tensor<2x5x3xf32>
  return %y : tensor<2x5x3xf32>
}

// Three parts, one of them twice.
// expected-remark @below {{gradients agree}}
func.func @concat(%a: tensor<2x1x5xf32>, %b: tensor<2x3x5xf32>) -> tensor<2x5x5xf32> {
  %y = tosa.concat %a, %b, %a {axis = 1 : i32} : (tensor<2x1x5xf32>, tensor<2x3x5xf32>, tensor<2x1x5xf32>) -> tensor<2x5x5xf32>
  return %y : tensor<2x5x5xf32>
}

// expected-remark @below {{gradients agree}}
func.func @pad(%x: tensor<2x3xf32>) -> tensor<5x4xf32> {
  %padding = tosa.const_shape {values = dense<[1, 2, 0, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %number = "tosa.const"() <{values = dense<0.5> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.pad %x, %padding, %number : (tensor<2x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<5x4xf32>
  return %y : tensor<5x4xf32>
}

// expected-remark @below {{gradients agree}}
func.func @slice(%x: tensor<5x4xf32>) -> tensor<3x2xf32> {
  %start = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %size = tosa.const_shape {values = dense<[3, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %y = tosa.slice %x, %start, %size : (tensor<5x4xf32>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

// expected-remark @below {{gradients agree}}
func.func @reshape(%x: tensor<2x3x5xf32>) -> tensor<6x5xf32> {
  %shape = tosa.const_shape {values = dense<[6, 5]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %y = tosa.reshape %x, %shape : (tensor<2x3x5xf32>, !tosa.shape<2>) -> tensor<6x5xf32>
  return %y : tensor<6x5xf32>
}

// From and to a scalar.
// expected-remark @below {{gradients agree}}
func.func @reshape_scalar(%x: tensor<1x1xf32>) -> tensor<1xf32> {
  %none = tosa.const_shape {values = dense<> : tensor<0xindex>} : () -> !tosa.shape<0>
  %one = tosa.const_shape {values = dense<1> : tensor<1xindex>} : () -> !tosa.shape<1>
  %s = tosa.reshape %x, %none : (tensor<1x1xf32>, !tosa.shape<0>) -> tensor<f32>
  %y = tosa.reshape %s, %one : (tensor<f32>, !tosa.shape<1>) -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// Each operand broadcasts along its own dimension.
// expected-remark @below {{gradients agree}}
func.func @add(%a: tensor<3x1x5xf32>, %b: tensor<1x4x5xf32>) -> tensor<3x4x5xf32> {
  %y = tosa.add %a, %b : (tensor<3x1x5xf32>, tensor<1x4x5xf32>) -> tensor<3x4x5xf32>
  return %y : tensor<3x4x5xf32>
}

// Each operand broadcasts along its own dimension.
// expected-remark @below {{gradients agree}}
func.func @sub(%a: tensor<3x1x5xf32>, %b: tensor<1x4x5xf32>) -> tensor<3x4x5xf32> {
  %y = tosa.sub %a, %b : (tensor<3x1x5xf32>, tensor<1x4x5xf32>) -> tensor<3x4x5xf32>
  return %y : tensor<3x4x5xf32>
}

// Each operand broadcasts along its own dimension.
// expected-remark @below {{gradients agree}}
func.func @maximum(%a: tensor<3x1x5xf32>, %b: tensor<1x4x5xf32>) -> tensor<3x4x5xf32> {
  %y = tosa.maximum %a, %b : (tensor<3x1x5xf32>, tensor<1x4x5xf32>) -> tensor<3x4x5xf32>
  return %y : tensor<3x4x5xf32>
}

// Each operand broadcasts along its own dimension.
// expected-remark @below {{gradients agree}}
func.func @minimum(%a: tensor<3x1x5xf32>, %b: tensor<1x4x5xf32>) -> tensor<3x4x5xf32> {
  %y = tosa.minimum %a, %b : (tensor<3x1x5xf32>, tensor<1x4x5xf32>) -> tensor<3x4x5xf32>
  return %y : tensor<3x4x5xf32>
}

// Each operand broadcasts along its own dimension.
// expected-remark @below {{gradients agree}}
func.func @mul(%a: tensor<3x1x5xf32>, %b: tensor<1x4x5xf32>) -> tensor<3x4x5xf32> {
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %y = tosa.mul %a, %b, %shift : (tensor<3x1x5xf32>, tensor<1x4x5xf32>, tensor<1xi8>) -> tensor<3x4x5xf32>
  return %y : tensor<3x4x5xf32>
}

// One element for all.
// expected-remark @below {{gradients agree}}
func.func @mul_scalar(%a: tensor<3x7xf32>, %b: tensor<1x1xf32>) -> tensor<3x7xf32> {
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %y = tosa.mul %a, %b, %shift : (tensor<3x7xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// The condition, a bit for each row, has no gradient.
// expected-remark @below {{gradients agree}}
func.func @select(%c: tensor<3x1xi1>, %a: tensor<3x5xf32>, %b: tensor<1x5xf32>) -> tensor<3x5xf32> {
  %y = tosa.select %c, %a, %b : (tensor<3x1xi1>, tensor<3x5xf32>, tensor<1x5xf32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// A value used twice, once by both operands of one operation.
// expected-remark @below {{gradients agree}}
func.func @used_twice(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %e = tosa.exp %x : (tensor<3x5xf32>) -> tensor<3x5xf32>
  %s = tosa.mul %e, %e, %shift : (tensor<3x5xf32>, tensor<3x5xf32>, tensor<1xi8>) -> tensor<3x5xf32>
  %y = tosa.add %s, %x : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// An argument and an operation that no result depends on.
// expected-remark @below {{gradients agree}}
func.func @unused(%x: tensor<4xf32>, %z: tensor<3xf32>) -> tensor<4xf32> {
  %u = tosa.exp %z : (tensor<3xf32>) -> tensor<3xf32>
  %y = tosa.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Where several elements attain a maximum, their shares add up to the whole:
// this is the identity, by maxima of copies.
// expected-remark @below {{gradients agree}}
func.func @ties(%x: tensor<1x1x1x5xf32>) -> tensor<1x1x1x5xf32> {
  %zeros = "tosa.const"() <{values = dense<0.0> : tensor<1x4x3x5xf32>}> : () -> tensor<1x4x3x5xf32>
  %copies = tosa.add %x, %zeros : (tensor<1x1x1x5xf32>, tensor<1x4x3x5xf32>) -> tensor<1x4x3x5xf32>
  %tiling = tosa.max_pool2d %copies {kernel = array<i64: 2, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 1>} : (tensor<1x4x3x5xf32>) -> tensor<1x2x3x5xf32>
  %overlapping = tosa.max_pool2d %tiling {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x3x5xf32>) -> tensor<1x1x2x5xf32>
  %row = tosa.reduce_max %overlapping {axis = 2 : i32} : (tensor<1x1x2x5xf32>) -> tensor<1x1x1x5xf32>
  %y = tosa.maximum %row, %x : (tensor<1x1x1x5xf32>, tensor<1x1x1x5xf32>) -> tensor<1x1x1x5xf32>
  return %y : tensor<1x1x1x5xf32>
}

// Two results, one of which is an argument, and one that has no gradient.
// expected-remark @below {{gradients agree}}
func.func @several_results(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xi1>) {
  %y = tosa.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %p = tosa.greater %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return %y, %x, %p : tensor<4xf32>, tensor<4xf32>, tensor<4xi1>
}

// -----

// The product of the others.
// expected-remark @below {{gradients agree}}
func.func @reduce_product(%x: tensor<3x5x2xf32>) -> tensor<3x1x2xf32> {
  %y = tosa.reduce_product %x {axis = 1 : i32} : (tensor<3x5x2xf32>) -> tensor<3x1x2xf32>
  return %y : tensor<3x1x2xf32>
}

// Rectified, with a zero in some rows and two in others.
// expected-remark @below {{gradients agree}}
func.func @reduce_product_zeros(%x: tensor<13x2xf32>) -> tensor<13x1xf32> {
  %r = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<13x2xf32>) -> tensor<13x2xf32>
  %y = tosa.reduce_product %r {axis = 1 : i32} : (tensor<13x2xf32>) -> tensor<13x1xf32>
  return %y : tensor<13x1xf32>
}

// One element, which is its product.
// expected-remark @below {{gradients agree}}
func.func @reduce_product_single(%x: tensor<3x1xf32>) -> tensor<3x1xf32> {
  %y = tosa.reduce_product %x {axis = 1 : i32} : (tensor<3x1xf32>) -> tensor<3x1xf32>
  return %y : tensor<3x1xf32>
}

// Gradients pass a select, and no comparison or argmax that decides for it:
// those results are no floats, and change in steps. (Both sides are the same
// where the comparison changes.)
// expected-remark @below {{gradients agree}}
func.func @select_greater(%a: tensor<3x1x5xf32>, %b: tensor<1x4x5xf32>) -> tensor<3x4x5xf32> {
  %c = tosa.greater %a, %b : (tensor<3x1x5xf32>, tensor<1x4x5xf32>) -> tensor<3x4x5xi1>
  %d = tosa.sub %a, %b : (tensor<3x1x5xf32>, tensor<1x4x5xf32>) -> tensor<3x4x5xf32>
  %p = tosa.add %a, %d : (tensor<3x1x5xf32>, tensor<3x4x5xf32>) -> tensor<3x4x5xf32>
  %y = tosa.select %c, %p, %b : (tensor<3x4x5xi1>, tensor<3x4x5xf32>, tensor<1x4x5xf32>) -> tensor<3x4x5xf32>
  return %y : tensor<3x4x5xf32>
}

// expected-remark @below {{gradients agree}}
func.func @select_greater_equal(%a: tensor<3x1x5xf32>, %b: tensor<1x4x5xf32>) -> tensor<3x4x5xf32> {
  %c = tosa.greater_equal %b, %a : (tensor<1x4x5xf32>, tensor<3x1x5xf32>) -> tensor<3x4x5xi1>
  %d = tosa.sub %b, %a : (tensor<1x4x5xf32>, tensor<3x1x5xf32>) -> tensor<3x4x5xf32>
  %p = tosa.add %b, %d : (tensor<1x4x5xf32>, tensor<3x4x5xf32>) -> tensor<3x4x5xf32>
  %y = tosa.select %c, %p, %a : (tensor<3x4x5xi1>, tensor<3x4x5xf32>, tensor<3x1x5xf32>) -> tensor<3x4x5xf32>
  return %y : tensor<3x4x5xf32>
}

// expected-remark @below {{gradients agree}}
func.func @select_equal(%a: tensor<3x5xf32>, %b: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %max = tosa.reduce_max %a {axis = 1 : i32} : (tensor<3x5xf32>) -> tensor<3x1xf32>
  %c = tosa.equal %a, %max : (tensor<3x5xf32>, tensor<3x1xf32>) -> tensor<3x5xi1>
  %e = tosa.exp %a : (tensor<3x5xf32>) -> tensor<3x5xf32>
  %y = tosa.select %c, %e, %b : (tensor<3x5xi1>, tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// The class beside the logits.
// expected-remark @below {{gradients agree}}
func.func @argmax(%x: tensor<3x5xf32>) -> (tensor<3x5xf32>, tensor<3xi32>) {
  %y = tosa.tanh %x : (tensor<3x5xf32>) -> tensor<3x5xf32>
  %class = tosa.argmax %y {axis = 1 : i32} : (tensor<3x5xf32>) -> tensor<3xi32>
  return %y, %class : tensor<3x5xf32>, tensor<3xi32>
}

// -----

// A parameter that is loaded twice gets the sum of both gradients.
ml_program.global private mutable @w(dense<1.0> : tensor<4xf32>) : tensor<4xf32>
// expected-remark @below {{gradients agree}}
func.func @parameter(%x: tensor<4xf32>) -> tensor<4xf32> {
  %w1 = ml_program.global_load @w : tensor<4xf32>
  %e = tosa.exp %w1 : (tensor<4xf32>) -> tensor<4xf32>
  %w2 = ml_program.global_load @w : tensor<4xf32>
  %s = tosa.add %w2, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %y = tosa.mul %s, %e, %shift : (tensor<4xf32>, tensor<4xf32>, tensor<1xi8>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
