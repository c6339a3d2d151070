// RUN: cgmq-opt %s -split-input-file --cgmq-decompose-transpose-conv \
// RUN:   --cgmq-initialize-parameters -verify-diagnostics -test-cgmq-gradients

// The gradients of what transposed convolutions become against central
// differences, with respect to images, weights and biases.

// Strides of one: the kernel is reversed.
ml_program.global private mutable @valid.weight(#cgmq.he_uniform<fan_in = 12, seed = 3>) : tensor<3x3x2x2xf32>
ml_program.global private mutable @valid.bias(#cgmq.he_uniform<fan_in = 4, seed = 5>) : tensor<3xf32>
// expected-remark @below {{gradients agree}}
func.func @valid(%x: tensor<2x4x5x2xf32>) -> tensor<2x6x6x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @valid.weight : tensor<3x3x2x2xf32>
  %b = ml_program.global_load @valid.bias : tensor<3xf32>
  %y = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x4x5x2xf32>, tensor<3x3x2x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x6x6x3xf32>
  return %y : tensor<2x6x6x3xf32>
}

// -----

// Strides of one, trimmed and extended.
ml_program.global private mutable @trimmed.weight(#cgmq.he_uniform<fan_in = 45, seed = 3>) : tensor<2x3x5x3xf32>
ml_program.global private mutable @trimmed.bias(#cgmq.he_uniform<fan_in = 4, seed = 5>) : tensor<2xf32>
// expected-remark @below {{gradients agree}}
func.func @trimmed(%x: tensor<2x4x3x3xf32>) -> tensor<2x3x5x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @trimmed.weight : tensor<2x3x5x3xf32>
  %b = ml_program.global_load @trimmed.bias : tensor<2xf32>
  %y = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, out_pad = array<i64: -1, -2, 2, -4>, stride = array<i64: 1, 1>} : (tensor<2x4x3x3xf32>, tensor<2x3x5x3xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x5x2xf32>
  return %y : tensor<2x3x5x2xf32>
}

// -----

// Strides that divide the kernel.
ml_program.global private mutable @strided.weight(#cgmq.he_uniform<fan_in = 16, seed = 3>) : tensor<3x4x2x2xf32>
ml_program.global private mutable @strided.bias(#cgmq.he_uniform<fan_in = 4, seed = 5>) : tensor<3xf32>
// expected-remark @below {{gradients agree}}
func.func @strided(%x: tensor<2x3x5x2xf32>) -> tensor<2x6x10x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @strided.weight : tensor<3x4x2x2xf32>
  %b = ml_program.global_load @strided.bias : tensor<3xf32>
  %y = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, out_pad = array<i64: -1, -1, 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x5x2xf32>, tensor<3x4x2x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x6x10x3xf32>
  return %y : tensor<2x6x10x3xf32>
}

// -----

// Strides that differ and do not divide the kernel, trimmed by more than one
// step at either end.
ml_program.global private mutable @odd.weight(#cgmq.he_uniform<fan_in = 45, seed = 3>) : tensor<2x5x3x3xf32>
ml_program.global private mutable @odd.bias(#cgmq.he_uniform<fan_in = 4, seed = 5>) : tensor<2xf32>
// expected-remark @below {{gradients agree}}
func.func @odd(%x: tensor<2x3x4x3xf32>) -> tensor<2x4x9x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @odd.weight : tensor<2x5x3x3xf32>
  %b = ml_program.global_load @odd.bias : tensor<2xf32>
  %y = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, out_pad = array<i64: -3, -2, -1, -2>, stride = array<i64: 2, 3>} : (tensor<2x3x4x3xf32>, tensor<2x5x3x3xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x4x9x2xf32>
  return %y : tensor<2x4x9x2xf32>
}

// -----

// Extended by more than a kernel; one bias for all channels.
ml_program.global private mutable @extended.weight(#cgmq.he_uniform<fan_in = 12, seed = 3>) : tensor<3x3x2x2xf32>
ml_program.global private mutable @extended.bias(#cgmq.he_uniform<fan_in = 4, seed = 5>) : tensor<1xf32>
// expected-remark @below {{gradients agree}}
func.func @extended(%x: tensor<2x3x2x2xf32>) -> tensor<2x14x11x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @extended.weight : tensor<3x3x2x2xf32>
  %b = ml_program.global_load @extended.bias : tensor<1xf32>
  %y = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, out_pad = array<i64: 4, 3, 1, 5>, stride = array<i64: 2, 3>} : (tensor<2x3x2x2xf32>, tensor<3x3x2x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x14x11x3xf32>
  return %y : tensor<2x14x11x3xf32>
}

// -----

// Kernels below the strides, which leave elements of the bias alone.
ml_program.global private mutable @gaps.weight(#cgmq.he_uniform<fan_in = 6, seed = 3>) : tensor<2x1x2x3xf32>
ml_program.global private mutable @gaps.bias(#cgmq.he_uniform<fan_in = 4, seed = 5>) : tensor<2xf32>
// expected-remark @below {{gradients agree}}
func.func @gaps(%x: tensor<2x4x3x3xf32>) -> tensor<2x8x10x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @gaps.weight : tensor<2x1x2x3xf32>
  %b = ml_program.global_load @gaps.bias : tensor<2xf32>
  %y = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, out_pad = array<i64: 1, 0, 0, 2>, stride = array<i64: 2, 3>} : (tensor<2x4x3x3xf32>, tensor<2x1x2x3xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x8x10x2xf32>
  return %y : tensor<2x8x10x2xf32>
}
