// What is raised computes what linalg does, as loops of upstream's lowering, on
// odd shapes.
// RUN: cgmq-opt %s --cgmq-raise-linalg -o %t.mlir
// RUN: FileCheck %s --input-file=%t.mlir --implicit-check-not=linalg. --implicit-check-not=tensor.
// RUN: cgmq-compare-lowerings %t.mlir --against=%s --tolerance=1e-5

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @conv_nchw(
// CHECK: tosa.conv2d
func.func @conv_nchw(%x: tensor<2x3x7x9xf32>) -> tensor<2x4x3x7xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[[1.25, -1.25], [0.5, -2.0], [-0.25, 1.5]], [[-1.0, 0.75], [-1.75, 0.0], [1.75, -0.75]], [[1.0, -1.5], [0.25, 2.0], [-0.5, 1.25]]], [[[-1.25, 0.5], [-2.0, -0.25], [1.5, -1.0]], [[0.75, -1.75], [0.0, 1.75], [-0.75, 1.0]], [[-1.5, 0.25], [2.0, -0.5], [1.25, -1.25]]], [[[0.5, -2.0], [-0.25, 1.5], [-1.0, 0.75]], [[-1.75, 0.0], [1.75, -0.75], [1.0, -1.5]], [[0.25, 2.0], [-0.5, 1.25], [-1.25, 0.5]]], [[[-2.0, -0.25], [1.5, -1.0], [0.75, -1.75]], [[0.0, 1.75], [-0.75, 1.0], [-1.5, 0.25]], [[2.0, -0.5], [1.25, -1.25], [0.5, -2.0]]]]> : tensor<4x3x3x2xf32>
  %e = tensor.empty() : tensor<2x4x3x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x4x3x7xf32>) -> tensor<2x4x3x7xf32>
  %y = linalg.conv_2d_nchw_fchw {dilations = dense<[1, 2]> : vector<2xi64>, strides = dense<[2, 1]> : vector<2xi64>}
      ins(%x, %w : tensor<2x3x7x9xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<2x4x3x7xf32>) -> tensor<2x4x3x7xf32>
  return %y : tensor<2x4x3x7xf32>
}

// The result has fewer windows than fit.

// CHECK-LABEL: func.func @conv_fewer(
// CHECK: tosa.conv2d
func.func @conv_fewer(%x: tensor<1x2x9x8xf32>) -> tensor<1x3x3x2xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[[1.25, -1.25, 0.5], [-2.0, -0.25, 1.5]], [[-1.0, 0.75, -1.75], [0.0, 1.75, -0.75]]], [[[1.0, -1.5, 0.25], [2.0, -0.5, 1.25]], [[-1.25, 0.5, -2.0], [-0.25, 1.5, -1.0]]], [[[0.75, -1.75, 0.0], [1.75, -0.75, 1.0]], [[-1.5, 0.25, 2.0], [-0.5, 1.25, -1.25]]]]> : tensor<3x2x2x3xf32>
  %e = tensor.empty() : tensor<1x3x3x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<1x3x3x2xf32>) -> tensor<1x3x3x2xf32>
  %y = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<[2, 2]> : vector<2xi64>}
      ins(%x, %w : tensor<1x2x9x8xf32>, tensor<3x2x2x3xf32>) outs(%init : tensor<1x3x3x2xf32>) -> tensor<1x3x3x2xf32>
  return %y : tensor<1x3x3x2xf32>
}

// CHECK-LABEL: func.func @conv_nhwc_hwcf(
// CHECK: tosa.conv2d
func.func @conv_nhwc_hwcf(%x: tensor<2x5x7x3xf32>) -> tensor<2x3x6x4xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[[1.25, -1.25, 0.5, -2.0], [-0.25, 1.5, -1.0, 0.75], [-1.75, 0.0, 1.75, -0.75]], [[1.0, -1.5, 0.25, 2.0], [-0.5, 1.25, -1.25, 0.5], [-2.0, -0.25, 1.5, -1.0]]], [[[0.75, -1.75, 0.0, 1.75], [-0.75, 1.0, -1.5, 0.25], [2.0, -0.5, 1.25, -1.25]], [[0.5, -2.0, -0.25, 1.5], [-1.0, 0.75, -1.75, 0.0], [1.75, -0.75, 1.0, -1.5]]], [[[0.25, 2.0, -0.5, 1.25], [-1.25, 0.5, -2.0, -0.25], [1.5, -1.0, 0.75, -1.75]], [[0.0, 1.75, -0.75, 1.0], [-1.5, 0.25, 2.0, -0.5], [1.25, -1.25, 0.5, -2.0]]]]> : tensor<3x2x3x4xf32>
  %e = tensor.empty() : tensor<2x3x6x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x3x6x4xf32>) -> tensor<2x3x6x4xf32>
  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%x, %w : tensor<2x5x7x3xf32>, tensor<3x2x3x4xf32>) outs(%init : tensor<2x3x6x4xf32>) -> tensor<2x3x6x4xf32>
  return %y : tensor<2x3x6x4xf32>
}

// CHECK-LABEL: func.func @conv_nhwc_fhwc(
// CHECK: tosa.conv2d
func.func @conv_nhwc_fhwc(%x: tensor<2x5x7x3xf32>) -> tensor<2x3x6x4xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[[1.25, -1.25, 0.5], [-2.0, -0.25, 1.5]], [[-1.0, 0.75, -1.75], [0.0, 1.75, -0.75]], [[1.0, -1.5, 0.25], [2.0, -0.5, 1.25]]], [[[-1.25, 0.5, -2.0], [-0.25, 1.5, -1.0]], [[0.75, -1.75, 0.0], [1.75, -0.75, 1.0]], [[-1.5, 0.25, 2.0], [-0.5, 1.25, -1.25]]], [[[0.5, -2.0, -0.25], [1.5, -1.0, 0.75]], [[-1.75, 0.0, 1.75], [-0.75, 1.0, -1.5]], [[0.25, 2.0, -0.5], [1.25, -1.25, 0.5]]], [[[-2.0, -0.25, 1.5], [-1.0, 0.75, -1.75]], [[0.0, 1.75, -0.75], [1.0, -1.5, 0.25]], [[2.0, -0.5, 1.25], [-1.25, 0.5, -2.0]]]]> : tensor<4x3x2x3xf32>
  %e = tensor.empty() : tensor<2x3x6x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x3x6x4xf32>) -> tensor<2x3x6x4xf32>
  %y = linalg.conv_2d_nhwc_fhwc {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%x, %w : tensor<2x5x7x3xf32>, tensor<4x3x2x3xf32>) outs(%init : tensor<2x3x6x4xf32>) -> tensor<2x3x6x4xf32>
  return %y : tensor<2x3x6x4xf32>
}

// CHECK-LABEL: func.func @conv_line(
// CHECK: tosa.conv2d
func.func @conv_line(%x: tensor<2x3x9xf32>) -> tensor<2x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[1.25, -1.25, 0.5], [-2.0, -0.25, 1.5], [-1.0, 0.75, -1.75]], [[0.0, 1.75, -0.75], [1.0, -1.5, 0.25], [2.0, -0.5, 1.25]], [[-1.25, 0.5, -2.0], [-0.25, 1.5, -1.0], [0.75, -1.75, 0.0]], [[1.75, -0.75, 1.0], [-1.5, 0.25, 2.0], [-0.5, 1.25, -1.25]]]> : tensor<4x3x3xf32>
  %e = tensor.empty() : tensor<2x4x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  %y = linalg.conv_1d_ncw_fcw {dilations = dense<1> : vector<1xi64>, strides = dense<2> : vector<1xi64>}
      ins(%x, %w : tensor<2x3x9xf32>, tensor<4x3x3xf32>) outs(%init : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %y : tensor<2x4x4xf32>
}

// CHECK-LABEL: func.func @conv_line_last(
// CHECK: tosa.conv2d
func.func @conv_line_last(%x: tensor<2x9x3xf32>) -> tensor<2x7x4xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[1.25, -1.25, 0.5, -2.0], [-0.25, 1.5, -1.0, 0.75], [-1.75, 0.0, 1.75, -0.75]], [[1.0, -1.5, 0.25, 2.0], [-0.5, 1.25, -1.25, 0.5], [-2.0, -0.25, 1.5, -1.0]], [[0.75, -1.75, 0.0, 1.75], [-0.75, 1.0, -1.5, 0.25], [2.0, -0.5, 1.25, -1.25]]]> : tensor<3x3x4xf32>
  %e = tensor.empty() : tensor<2x7x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x7x4xf32>) -> tensor<2x7x4xf32>
  %y = linalg.conv_1d_nwc_wcf {dilations = dense<1> : vector<1xi64>, strides = dense<1> : vector<1xi64>}
      ins(%x, %w : tensor<2x9x3xf32>, tensor<3x3x4xf32>) outs(%init : tensor<2x7x4xf32>) -> tensor<2x7x4xf32>
  return %y : tensor<2x7x4xf32>
}

// CHECK-LABEL: func.func @depthwise_nchw(
// CHECK: tosa.depthwise_conv2d
func.func @depthwise_nchw(%x: tensor<2x3x7x6xf32>) -> tensor<2x3x3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[1.25, -1.25], [0.5, -2.0], [-0.25, 1.5]], [[-1.0, 0.75], [-1.75, 0.0], [1.75, -0.75]], [[1.0, -1.5], [0.25, 2.0], [-0.5, 1.25]]]> : tensor<3x3x2xf32>
  %e = tensor.empty() : tensor<2x3x3x5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x3x3x5xf32>) -> tensor<2x3x3x5xf32>
  %y = linalg.depthwise_conv_2d_nchw_chw {dilations = dense<1> : vector<2xi64>, strides = dense<[2, 1]> : vector<2xi64>}
      ins(%x, %w : tensor<2x3x7x6xf32>, tensor<3x3x2xf32>) outs(%init : tensor<2x3x3x5xf32>) -> tensor<2x3x3x5xf32>
  return %y : tensor<2x3x3x5xf32>
}

// CHECK-LABEL: func.func @depthwise_nhwc(
// CHECK: tosa.depthwise_conv2d
func.func @depthwise_nhwc(%x: tensor<2x7x6x3xf32>) -> tensor<2x5x5x3xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[1.25, -1.25, 0.5], [-2.0, -0.25, 1.5]], [[-1.0, 0.75, -1.75], [0.0, 1.75, -0.75]], [[1.0, -1.5, 0.25], [2.0, -0.5, 1.25]]]> : tensor<3x2x3xf32>
  %e = tensor.empty() : tensor<2x5x5x3xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x5x5x3xf32>) -> tensor<2x5x5x3xf32>
  %y = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%x, %w : tensor<2x7x6x3xf32>, tensor<3x2x3xf32>) outs(%init : tensor<2x5x5x3xf32>) -> tensor<2x5x5x3xf32>
  return %y : tensor<2x5x5x3xf32>
}

// CHECK-LABEL: func.func @depthwise_multiplied(
// CHECK: tosa.depthwise_conv2d
func.func @depthwise_multiplied(%x: tensor<2x7x6x3xf32>) -> tensor<2x5x5x3x2xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[[1.25, -1.25], [0.5, -2.0], [-0.25, 1.5]], [[-1.0, 0.75], [-1.75, 0.0], [1.75, -0.75]]], [[[1.0, -1.5], [0.25, 2.0], [-0.5, 1.25]], [[-1.25, 0.5], [-2.0, -0.25], [1.5, -1.0]]], [[[0.75, -1.75], [0.0, 1.75], [-0.75, 1.0]], [[-1.5, 0.25], [2.0, -0.5], [1.25, -1.25]]]]> : tensor<3x2x3x2xf32>
  %e = tensor.empty() : tensor<2x5x5x3x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x5x5x3x2xf32>) -> tensor<2x5x5x3x2xf32>
  %y = linalg.depthwise_conv_2d_nhwc_hwcm {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%x, %w : tensor<2x7x6x3xf32>, tensor<3x2x3x2xf32>) outs(%init : tensor<2x5x5x3x2xf32>) -> tensor<2x5x5x3x2xf32>
  return %y : tensor<2x5x5x3x2xf32>
}

// CHECK-LABEL: func.func @grouped(
// CHECK: tosa.conv2d
func.func @grouped(%x: tensor<2x2x3x7x6xf32>) -> tensor<2x2x4x5x5xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[[[1.25, -1.25], [0.5, -2.0], [-0.25, 1.5]], [[-1.0, 0.75], [-1.75, 0.0], [1.75, -0.75]], [[1.0, -1.5], [0.25, 2.0], [-0.5, 1.25]]], [[[-1.25, 0.5], [-2.0, -0.25], [1.5, -1.0]], [[0.75, -1.75], [0.0, 1.75], [-0.75, 1.0]], [[-1.5, 0.25], [2.0, -0.5], [1.25, -1.25]]], [[[0.5, -2.0], [-0.25, 1.5], [-1.0, 0.75]], [[-1.75, 0.0], [1.75, -0.75], [1.0, -1.5]], [[0.25, 2.0], [-0.5, 1.25], [-1.25, 0.5]]], [[[-2.0, -0.25], [1.5, -1.0], [0.75, -1.75]], [[0.0, 1.75], [-0.75, 1.0], [-1.5, 0.25]], [[2.0, -0.5], [1.25, -1.25], [0.5, -2.0]]]], [[[[-0.25, 1.5], [-1.0, 0.75], [-1.75, 0.0]], [[1.75, -0.75], [1.0, -1.5], [0.25, 2.0]], [[-0.5, 1.25], [-1.25, 0.5], [-2.0, -0.25]]], [[[1.5, -1.0], [0.75, -1.75], [0.0, 1.75]], [[-0.75, 1.0], [-1.5, 0.25], [2.0, -0.5]], [[1.25, -1.25], [0.5, -2.0], [-0.25, 1.5]]], [[[-1.0, 0.75], [-1.75, 0.0], [1.75, -0.75]], [[1.0, -1.5], [0.25, 2.0], [-0.5, 1.25]], [[-1.25, 0.5], [-2.0, -0.25], [1.5, -1.0]]], [[[0.75, -1.75], [0.0, 1.75], [-0.75, 1.0]], [[-1.5, 0.25], [2.0, -0.5], [1.25, -1.25]], [[0.5, -2.0], [-0.25, 1.5], [-1.0, 0.75]]]]]> : tensor<2x4x3x3x2xf32>
  %e = tensor.empty() : tensor<2x2x4x5x5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x2x4x5x5xf32>) -> tensor<2x2x4x5x5xf32>
  %y = linalg.conv_2d_ngchw_gfchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%x, %w : tensor<2x2x3x7x6xf32>, tensor<2x4x3x3x2xf32>) outs(%init : tensor<2x2x4x5x5xf32>) -> tensor<2x2x4x5x5xf32>
  return %y : tensor<2x2x4x5x5xf32>
}

// CHECK-LABEL: func.func @grouped_second(
// CHECK: tosa.conv2d
func.func @grouped_second(%x: tensor<2x2x3x7x6xf32>) -> tensor<2x2x4x5x5xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[[[1.25, -1.25], [0.5, -2.0], [-0.25, 1.5]], [[-1.0, 0.75], [-1.75, 0.0], [1.75, -0.75]], [[1.0, -1.5], [0.25, 2.0], [-0.5, 1.25]]], [[[-1.25, 0.5], [-2.0, -0.25], [1.5, -1.0]], [[0.75, -1.75], [0.0, 1.75], [-0.75, 1.0]], [[-1.5, 0.25], [2.0, -0.5], [1.25, -1.25]]]], [[[[0.5, -2.0], [-0.25, 1.5], [-1.0, 0.75]], [[-1.75, 0.0], [1.75, -0.75], [1.0, -1.5]], [[0.25, 2.0], [-0.5, 1.25], [-1.25, 0.5]]], [[[-2.0, -0.25], [1.5, -1.0], [0.75, -1.75]], [[0.0, 1.75], [-0.75, 1.0], [-1.5, 0.25]], [[2.0, -0.5], [1.25, -1.25], [0.5, -2.0]]]], [[[[-0.25, 1.5], [-1.0, 0.75], [-1.75, 0.0]], [[1.75, -0.75], [1.0, -1.5], [0.25, 2.0]], [[-0.5, 1.25], [-1.25, 0.5], [-2.0, -0.25]]], [[[1.5, -1.0], [0.75, -1.75], [0.0, 1.75]], [[-0.75, 1.0], [-1.5, 0.25], [2.0, -0.5]], [[1.25, -1.25], [0.5, -2.0], [-0.25, 1.5]]]], [[[[-1.0, 0.75], [-1.75, 0.0], [1.75, -0.75]], [[1.0, -1.5], [0.25, 2.0], [-0.5, 1.25]], [[-1.25, 0.5], [-2.0, -0.25], [1.5, -1.0]]], [[[0.75, -1.75], [0.0, 1.75], [-0.75, 1.0]], [[-1.5, 0.25], [2.0, -0.5], [1.25, -1.25]], [[0.5, -2.0], [-0.25, 1.5], [-1.0, 0.75]]]]]> : tensor<4x2x3x3x2xf32>
  %e = tensor.empty() : tensor<2x2x4x5x5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x2x4x5x5xf32>) -> tensor<2x2x4x5x5xf32>
  %y = linalg.conv_2d_ngchw_fgchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%x, %w : tensor<2x2x3x7x6xf32>, tensor<4x2x3x3x2xf32>) outs(%init : tensor<2x2x4x5x5xf32>) -> tensor<2x2x4x5x5xf32>
  return %y : tensor<2x2x4x5x5xf32>
}

// Padding and bias are the convolution's own.
// CHECK-LABEL: func.func @padded(
// CHECK-NOT: tosa.pad
// CHECK: %[[BIAS:.+]] = ml_program.global_load @{{.*}}bias : tensor<4xf32>
// CHECK: tosa.conv2d {{.*}}, %[[BIAS]], {{.*}} pad = array<i64: 1, 0, 2, 1>
func.func @padded(%x: tensor<2x3x7x9xf32>) -> tensor<2x4x4x11xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[[1.25, -1.25], [0.5, -2.0]], [[-0.25, 1.5], [-1.0, 0.75]], [[-1.75, 0.0], [1.75, -0.75]]], [[[1.0, -1.5], [0.25, 2.0]], [[-0.5, 1.25], [-1.25, 0.5]], [[-2.0, -0.25], [1.5, -1.0]]], [[[0.75, -1.75], [0.0, 1.75]], [[-0.75, 1.0], [-1.5, 0.25]], [[2.0, -0.5], [1.25, -1.25]]], [[[0.5, -2.0], [-0.25, 1.5]], [[-1.0, 0.75], [-1.75, 0.0]], [[1.75, -0.75], [1.0, -1.5]]]]> : tensor<4x3x2x2xf32>
  %b = arith.constant dense<[1.0, -2.0, 3.0, 0.5]> : tensor<4xf32>
  %padded = tensor.pad %x low[0, 0, 1, 2] high[0, 0, 1, 1] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<2x3x7x9xf32> to tensor<2x3x9x12xf32>
  %e = tensor.empty() : tensor<2x4x4x11xf32>
  %init = linalg.broadcast ins(%b : tensor<4xf32>) outs(%e : tensor<2x4x4x11xf32>) dimensions = [0, 2, 3]
  %y = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<[2, 1]> : vector<2xi64>}
      ins(%padded, %w : tensor<2x3x9x12xf32>, tensor<4x3x2x2xf32>) outs(%init : tensor<2x4x4x11xf32>) -> tensor<2x4x4x11xf32>
  return %y : tensor<2x4x4x11xf32>
}

// A sum into another tensor is added.
// CHECK-LABEL: func.func @accumulated(
// CHECK: tosa.conv2d
// CHECK: tosa.add
func.func @accumulated(%x: tensor<1x5x6x3xf32>, %y: tensor<1x4x5x2xf32>) -> tensor<1x4x5x2xf32> {
  %w = arith.constant dense<[[[[-0.75, 1.0], [-1.5, 0.25], [2.0, -0.5]], [[1.25, -1.25], [0.5, -2.0], [-0.25, 1.5]]], [[[-1.0, 0.75], [-1.75, 0.0], [1.75, -0.75]], [[1.0, -1.5], [0.25, 2.0], [-0.5, 1.25]]]]> : tensor<2x2x3x2xf32>
  %z = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x5x6x3xf32>, tensor<2x2x3x2xf32>) outs(%y : tensor<1x4x5x2xf32>) -> tensor<1x4x5x2xf32>
  return %z : tensor<1x4x5x2xf32>
}

// A generic is read by its maps: height and width come first here.
// CHECK-LABEL: func.func @generic_windows(
// CHECK: tosa.conv2d
func.func @generic_windows(%x: tensor<5x6x3x2xf32>) -> tensor<4x3x2x4xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<[[[[1.5, -1.0, 0.75], [-1.75, 0.0, 1.75]], [[-0.75, 1.0, -1.5], [0.25, 2.0, -0.5]]], [[[1.25, -1.25, 0.5], [-2.0, -0.25, 1.5]], [[-1.0, 0.75, -1.75], [0.0, 1.75, -0.75]]], [[[1.0, -1.5, 0.25], [2.0, -0.5, 1.25]], [[-1.25, 0.5, -2.0], [-0.25, 1.5, -1.0]]], [[[0.75, -1.75, 0.0], [1.75, -0.75, 1.0]], [[-1.5, 0.25, 2.0], [-0.5, 1.25, -1.25]]]]> : tensor<4x2x2x3xf32>
  %e = tensor.empty() : tensor<4x3x2x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<4x3x2x4xf32>) -> tensor<4x3x2x4xf32>
  %y = linalg.generic {
      indexing_maps = [affine_map<(h, w, n, f, p, q, c) -> (h + p, q + w * 2, c, n)>,
                       affine_map<(h, w, n, f, p, q, c) -> (f, p, q, c)>,
                       affine_map<(h, w, n, f, p, q, c) -> (h, w, n, f)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : tensor<5x6x3x2xf32>, tensor<4x2x2x3xf32>) outs(%init : tensor<4x3x2x4xf32>) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %acc, %p : f32
    linalg.yield %s : f32
  } -> tensor<4x3x2x4xf32>
  return %y : tensor<4x3x2x4xf32>
}

//===----------------------------------------------------------------------===//
// Poolings
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @max_nchw(
// CHECK: tosa.max_pool2d
func.func @max_nchw(%x: tensor<2x3x7x9xf32>) -> tensor<2x3x3x3xf32> {
  %start = arith.constant 0xFF800000 : f32
  %k = tensor.empty() : tensor<2x3xf32>
  %e = tensor.empty() : tensor<2x3x3x3xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x3x3x3xf32>) -> tensor<2x3x3x3xf32>
  %y = linalg.pooling_nchw_max {dilations = dense<1> : vector<2xi64>, strides = dense<[2, 3]> : vector<2xi64>}
      ins(%x, %k : tensor<2x3x7x9xf32>, tensor<2x3xf32>) outs(%init : tensor<2x3x3x3xf32>) -> tensor<2x3x3x3xf32>
  return %y : tensor<2x3x3x3xf32>
}

// CHECK-LABEL: func.func @max_nhwc(
// CHECK: tosa.max_pool2d
func.func @max_nhwc(%x: tensor<2x7x9x3xf32>) -> tensor<2x5x8x3xf32> {
  %start = arith.constant -3.40282347E+38 : f32
  %k = tensor.empty() : tensor<3x2xf32>
  %e = tensor.empty() : tensor<2x5x8x3xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x5x8x3xf32>) -> tensor<2x5x8x3xf32>
  %y = linalg.pooling_nhwc_max {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%x, %k : tensor<2x7x9x3xf32>, tensor<3x2xf32>) outs(%init : tensor<2x5x8x3xf32>) -> tensor<2x5x8x3xf32>
  return %y : tensor<2x5x8x3xf32>
}

// CHECK-LABEL: func.func @max_line(
// CHECK: tosa.max_pool2d
func.func @max_line(%x: tensor<2x3x9xf32>) -> tensor<2x3x4xf32> {
  %start = arith.constant 0xFF800000 : f32
  %k = tensor.empty() : tensor<3xf32>
  %e = tensor.empty() : tensor<2x3x4xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %y = linalg.pooling_ncw_max {dilations = dense<1> : vector<1xi64>, strides = dense<2> : vector<1xi64>}
      ins(%x, %k : tensor<2x3x9xf32>, tensor<3xf32>) outs(%init : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// CHECK-LABEL: func.func @sum_nchw(
// CHECK: tosa.avg_pool2d
func.func @sum_nchw(%x: tensor<2x3x7x9xf32>) -> tensor<2x3x6x7xf32> {
  %start = arith.constant 0.0 : f32
  %k = tensor.empty() : tensor<2x3xf32>
  %e = tensor.empty() : tensor<2x3x6x7xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x3x6x7xf32>) -> tensor<2x3x6x7xf32>
  %y = linalg.pooling_nchw_sum {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%x, %k : tensor<2x3x7x9xf32>, tensor<2x3xf32>) outs(%init : tensor<2x3x6x7xf32>) -> tensor<2x3x6x7xf32>
  return %y : tensor<2x3x6x7xf32>
}

// CHECK-LABEL: func.func @sum_nhwc(
// CHECK: tosa.avg_pool2d
func.func @sum_nhwc(%x: tensor<2x7x9x3xf32>) -> tensor<2x3x4x3xf32> {
  %start = arith.constant 0.0 : f32
  %k = tensor.empty() : tensor<2x3xf32>
  %e = tensor.empty() : tensor<2x3x4x3xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x3x4x3xf32>) -> tensor<2x3x4x3xf32>
  %y = linalg.pooling_nhwc_sum {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>}
      ins(%x, %k : tensor<2x7x9x3xf32>, tensor<2x3xf32>) outs(%init : tensor<2x3x4x3xf32>) -> tensor<2x3x4x3xf32>
  return %y : tensor<2x3x4x3xf32>
}

// CHECK-LABEL: func.func @sum_of_one(
// CHECK: return %arg0
func.func @sum_of_one(%x: tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32> {
  %start = arith.constant 0.0 : f32
  %k = tensor.empty() : tensor<1x1xf32>
  %e = tensor.empty() : tensor<2x3x4x5xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
  %y = linalg.pooling_nchw_sum {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%x, %k : tensor<2x3x4x5xf32>, tensor<1x1xf32>) outs(%init : tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
  return %y : tensor<2x3x4x5xf32>
}

// A sum that is divided by its count is an average.

// CHECK-LABEL: func.func @average(
// CHECK: tosa.avg_pool2d
// CHECK-NOT: tosa.mul
func.func @average(%x: tensor<2x3x7x7xf32>) -> tensor<2x3x1x1xf32> {
  %start = arith.constant 0.0 : f32
  %k = tensor.empty() : tensor<7x7xf32>
  %e = tensor.empty() : tensor<2x3x1x1xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x3x1x1xf32>) -> tensor<2x3x1x1xf32>
  %y = linalg.pooling_nchw_sum {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%x, %k : tensor<2x3x7x7xf32>, tensor<7x7xf32>) outs(%init : tensor<2x3x1x1xf32>) -> tensor<2x3x1x1xf32>
  %count = arith.constant 49.0 : f32
  %m = linalg.generic {indexing_maps = [affine_map<(a, b, c, d) -> (a, b, c, d)>, affine_map<(a, b, c, d) -> (a, b, c, d)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%y : tensor<2x3x1x1xf32>) outs(%e : tensor<2x3x1x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.divf %in, %count : f32
    linalg.yield %q : f32
  } -> tensor<2x3x1x1xf32>
  return %m : tensor<2x3x1x1xf32>
}

// CHECK-LABEL: func.func @max_padded(
// CHECK-NOT: tosa.pad
// CHECK: tosa.max_pool2d {{.*}}pad = array<i64: 1, 1, 1, 1>
func.func @max_padded(%x: tensor<1x2x7x7xf32>) -> tensor<1x2x4x4xf32> {
  %least = arith.constant 0xFF800000 : f32
  %padded = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %least : f32
  } : tensor<1x2x7x7xf32> to tensor<1x2x9x9xf32>
  %e = tensor.empty() : tensor<1x2x4x4xf32>
  %k = tensor.empty() : tensor<3x3xf32>
  %init = linalg.fill ins(%least : f32) outs(%e : tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  %y = linalg.pooling_nchw_max {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>}
      ins(%padded, %k : tensor<1x2x9x9xf32>, tensor<3x3xf32>) outs(%init : tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  return %y : tensor<1x2x4x4xf32>
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @matmul(
// CHECK: tosa.matmul
func.func @matmul(%x: tensor<5x3xf32>, %w: tensor<3x7xf32>) -> tensor<5x7xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<5x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<5x7xf32>) -> tensor<5x7xf32>
  %y = linalg.matmul ins(%x, %w : tensor<5x3xf32>, tensor<3x7xf32>) outs(%init : tensor<5x7xf32>) -> tensor<5x7xf32>
  return %y : tensor<5x7xf32>
}

// CHECK-LABEL: func.func @matmul_transposed(
// CHECK: tosa.matmul
func.func @matmul_transposed(%x: tensor<5x3xf32>, %w: tensor<7x3xf32>) -> tensor<5x7xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<5x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<5x7xf32>) -> tensor<5x7xf32>
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<5x3xf32>, tensor<7x3xf32>) outs(%init : tensor<5x7xf32>) -> tensor<5x7xf32>
  return %y : tensor<5x7xf32>
}

// CHECK-LABEL: func.func @batch_matmul(
// CHECK: tosa.matmul
func.func @batch_matmul(%x: tensor<2x5x3xf32>, %w: tensor<2x3x7xf32>) -> tensor<2x5x7xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x5x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x5x7xf32>) -> tensor<2x5x7xf32>
  %y = linalg.batch_matmul ins(%x, %w : tensor<2x5x3xf32>, tensor<2x3x7xf32>) outs(%init : tensor<2x5x7xf32>) -> tensor<2x5x7xf32>
  return %y : tensor<2x5x7xf32>
}

// CHECK-LABEL: func.func @matvec(
// CHECK: tosa.matmul
func.func @matvec(%x: tensor<5x3xf32>, %w: tensor<3xf32>) -> tensor<5xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<5xf32>) -> tensor<5xf32>
  %y = linalg.matvec ins(%x, %w : tensor<5x3xf32>, tensor<3xf32>) outs(%init : tensor<5xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// CHECK-LABEL: func.func @vecmat(
// CHECK: tosa.matmul
func.func @vecmat(%x: tensor<3xf32>, %w: tensor<3x5xf32>) -> tensor<5xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<5xf32>) -> tensor<5xf32>
  %y = linalg.vecmat ins(%x, %w : tensor<3xf32>, tensor<3x5xf32>) outs(%init : tensor<5xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// CHECK-LABEL: func.func @dot(
// CHECK: tosa.matmul
func.func @dot(%x: tensor<7xf32>, %w: tensor<7xf32>) -> tensor<f32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<f32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<f32>) -> tensor<f32>
  %y = linalg.dot ins(%x, %w : tensor<7xf32>, tensor<7xf32>) outs(%init : tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// CHECK-LABEL: func.func @contract(
// CHECK: tosa.matmul
func.func @contract(%x: tensor<2x5x3x4xf32>, %w: tensor<7x2x4x3xf32>) -> tensor<2x3x7x5xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x3x7x5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x3x7x5xf32>) -> tensor<2x3x7x5xf32>
  %y = linalg.contract indexing_maps = [affine_map<(b, h, m, n, k) -> (b, m, h, k)>, affine_map<(b, h, m, n, k) -> (n, b, k, h)>, affine_map<(b, h, m, n, k) -> (b, h, n, m)>] ins(%x, %w : tensor<2x5x3x4xf32>, tensor<7x2x4x3xf32>) outs(%init : tensor<2x3x7x5xf32>) -> tensor<2x3x7x5xf32>
  return %y : tensor<2x3x7x5xf32>
}

// A matrix for all of a batch multiplies the rows of all.
// CHECK-LABEL: func.func @one_matrix(
// CHECK-NOT: tosa.tile
// CHECK: tosa.matmul {{.*}} -> tensor<1x10x4xf32>
func.func @one_matrix(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32>) -> tensor<2x5x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x5x4xf32>
  %f = tensor.empty() : tensor<2x3x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  %many = linalg.broadcast ins(%w : tensor<3x4xf32>) outs(%f : tensor<2x3x4xf32>) dimensions = [0]
  %y = linalg.batch_matmul ins(%x, %many : tensor<2x5x3xf32>, tensor<2x3x4xf32>) outs(%init : tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  return %y : tensor<2x5x4xf32>
}

//===----------------------------------------------------------------------===//
// Elementwise operations
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @relu(
// CHECK: tosa.clamp {{.*}}min_val = 0.0
func.func @relu(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %c = arith.cmpf ugt, %v, %zero : f32
    %r = arith.select %c, %v, %zero : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @relu6(
// CHECK: tosa.clamp {{.*}}max_val = 2.0{{.*}}min_val = 0.0
func.func @relu6(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %c = arith.cmpf ult, %v, %zero : f32
    %s = arith.select %c, %zero, %v : f32
    %d = arith.cmpf ugt, %s, %two : f32
    %r = arith.select %d, %two, %s : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @leaky(
// CHECK: tosa.select
func.func @leaky(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %m = arith.mulf %v, %half : f32
    %c = arith.cmpf ogt, %v, %zero : f32
    %r = arith.select %c, %v, %m : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @sigmoid(
// CHECK: tosa.sigmoid
func.func @sigmoid(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %n = arith.negf %v : f32
    %p = math.exp %n : f32
    %q = arith.addf %p, %one : f32
    %r = arith.divf %one, %q : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @gelu(
// CHECK: tosa.erf
func.func @gelu(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %a = arith.divf %v, %two : f32
    %b = math.erf %a : f32
    %c = arith.addf %b, %one : f32
    %d = arith.mulf %c, %half : f32
    %r = arith.mulf %v, %d : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @tanh(
// CHECK: tosa.tanh
func.func @tanh(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %r = math.tanh %v : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @floor(
// CHECK: tosa.floor
func.func @floor(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %r = math.floor %v : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @ceil(
// CHECK: tosa.ceil
func.func @ceil(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %r = math.ceil %v : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @abs(
// CHECK: tosa.abs
func.func @abs(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %r = math.absf %v : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @sin(
// CHECK: tosa.sin
func.func @sin(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %r = math.sin %v : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @cos(
// CHECK: tosa.cos
func.func @cos(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %r = math.cos %v : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @log(
// CHECK: tosa.log
func.func @log(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %in0 = math.absf %in : f32
    %v = arith.addf %in0, %half : f32
    %r = math.log %v : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @sqrt(
// CHECK: tosa.reciprocal
func.func @sqrt(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %in0 = math.absf %in : f32
    %v = arith.addf %in0, %half : f32
    %r = math.sqrt %v : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @rsqrt(
// CHECK: tosa.rsqrt
func.func @rsqrt(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %in0 = math.absf %in : f32
    %v = arith.addf %in0, %half : f32
    %r = math.rsqrt %v : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @powers(
// CHECK: tosa.pow
func.func @powers(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %in0 = math.absf %in : f32
    %v = arith.addf %in0, %half : f32
    %a = math.powf %v, %two : f32
    %b = math.powf %v, %half : f32
    %r = math.fma %a, %b, %v : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func.func @integers(
// CHECK: tosa.cast
func.func @integers(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.3 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %half : f32
    %a = arith.fptosi %v : f32 to i32
    %b = arith.sitofp %a : i32 to f32
    %c = arith.cmpf one, %b, %v : f32
    %d = arith.uitofp %c : i1 to f32
    %s = arith.subf %b, %d : f32
    %m = arith.minimumf %s, %v : f32
    %r = arith.maximumf %m, %two : f32
    linalg.yield %r : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// Operands in other orders, repeated, and of one element where an index is zero.
// CHECK-LABEL: func.func @broadcasting(
func.func @broadcasting(%x: tensor<2x3x5xf32>, %y: tensor<5x2xf32>, %z: tensor<1x3xf32>, %s: tensor<f32>) -> tensor<5x2x3xf32> {
  %e = tensor.empty() : tensor<5x2x3xf32>
  %r = linalg.generic {
      indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (k, i)>, affine_map<(i, j, k) -> (0, j)>,
                       affine_map<(i, j, k) -> ()>, affine_map<(i, j, k) -> (k, i, j)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %y, %z, %s : tensor<2x3x5xf32>, tensor<5x2xf32>, tensor<1x3xf32>, tensor<f32>) outs(%e : tensor<5x2x3xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %d: f32, %out: f32):
    %p = arith.mulf %a, %b : f32
    %q = arith.subf %p, %c : f32
    %t = arith.addf %q, %d : f32
    linalg.yield %t : f32
  } -> tensor<5x2x3xf32>
  return %r : tensor<5x2x3xf32>
}

// A tensor that is repeated and nothing else.
// CHECK-LABEL: func.func @repeated(
// CHECK: tosa.tile
func.func @repeated(%x: tensor<3xf32>) -> tensor<2x3x4xf32> {
  %e = tensor.empty() : tensor<2x3x4xf32>
  %y = linalg.broadcast ins(%x : tensor<3xf32>) outs(%e : tensor<2x3x4xf32>) dimensions = [0, 2]
  return %y : tensor<2x3x4xf32>
}

// Named operations, a map, and two results.
// CHECK-LABEL: func.func @named(
func.func @named(%x: tensor<3x5xf32>, %y: tensor<3x5xf32>) -> (tensor<5x3xf32>, tensor<3x5xf32>) {
  %e = tensor.empty() : tensor<3x5xf32>
  %t = tensor.empty() : tensor<5x3xf32>
  %a = linalg.add ins(%x, %y : tensor<3x5xf32>, tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) -> tensor<3x5xf32>
  %b = linalg.exp ins(%y : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) -> tensor<3x5xf32>
  %c = linalg.div ins(%a, %b : tensor<3x5xf32>, tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) -> tensor<3x5xf32>
  %d = linalg.map { arith.maximumf } ins(%c, %x : tensor<3x5xf32>, tensor<3x5xf32>) outs(%e : tensor<3x5xf32>)
  %f = linalg.elementwise kind=#linalg.elementwise_kind<sub> ins(%d, %y : tensor<3x5xf32>, tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) -> tensor<3x5xf32>
  %g:2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%f : tensor<3x5xf32>) outs(%e, %e : tensor<3x5xf32>, tensor<3x5xf32>) {
  ^bb0(%in: f32, %o: f32, %p: f32):
    %q = arith.mulf %in, %in : f32
    %r = arith.negf %in : f32
    linalg.yield %q, %r : f32, f32
  } -> (tensor<3x5xf32>, tensor<3x5xf32>)
  %h = linalg.transpose ins(%g#0 : tensor<3x5xf32>) outs(%t : tensor<5x3xf32>) permutation = [1, 0]
  %i = arith.addf %g#1, %x : tensor<3x5xf32>
  return %h, %i : tensor<5x3xf32>, tensor<3x5xf32>
}

// Inference of a batch norm, its epsilon in double.
// CHECK-LABEL: func.func @batch_norm(
// CHECK: ml_program.global_load_const
// CHECK: tosa.rsqrt
func.func @batch_norm(%x: tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32> {
  %epsilon = arith.constant 1.0e-05 : f64
  %scale = arith.constant dense<[1.5, 2.0, -1.0]> : tensor<3xf32>
  %shift = arith.constant dense<[0.5, -2.0, 1.0]> : tensor<3xf32>
  %mean = arith.constant dense<[0.25, 2.0, -1.0]> : tensor<3xf32>
  %variance = arith.constant dense<[0.75, 2.0, 3.0]> : tensor<3xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(n, c, h, w) -> (n, c, h, w)>, affine_map<(n, c, h, w) -> (c)>, affine_map<(n, c, h, w) -> (c)>,
                                        affine_map<(n, c, h, w) -> (c)>, affine_map<(n, c, h, w) -> (c)>, affine_map<(n, c, h, w) -> (n, c, h, w)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x, %scale, %shift, %mean, %variance : tensor<2x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) outs(%x : tensor<2x3x4x5xf32>) {
  ^bb0(%in: f32, %g: f32, %b: f32, %m: f32, %v: f32, %out: f32):
    %e = arith.truncf %epsilon : f64 to f32
    %s = arith.addf %v, %e : f32
    %r = math.rsqrt %s : f32
    %c = arith.subf %in, %m : f32
    %n = arith.mulf %c, %r : f32
    %k = arith.mulf %n, %g : f32
    %z = arith.addf %k, %b : f32
    linalg.yield %z : f32
  } -> tensor<2x3x4x5xf32>
  return %y : tensor<2x3x4x5xf32>
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @sum(
// CHECK: tosa.reduce_sum
func.func @sum(%x: tensor<2x3x5xf32>) -> tensor<2x5xf32> {
  %start = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x5xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x5xf32>) -> tensor<2x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, k)>], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%x : tensor<2x3x5xf32>) outs(%init : tensor<2x5xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %r = arith.addf %in, %acc : f32
    linalg.yield %r : f32
  } -> tensor<2x5xf32>
  return %y : tensor<2x5xf32>
}

// CHECK-LABEL: func.func @sum_of_squares(
// CHECK: tosa.reduce_sum
func.func @sum_of_squares(%x: tensor<2x3x5xf32>) -> tensor<5x2xf32> {
  %start = arith.constant 1.5 : f32
  %e = tensor.empty() : tensor<5x2xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<5x2xf32>) -> tensor<5x2xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (k, i)>], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%x : tensor<2x3x5xf32>) outs(%init : tensor<5x2xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %q = arith.mulf %in, %in : f32
    %r = arith.addf %q, %acc : f32
    linalg.yield %r : f32
  } -> tensor<5x2xf32>
  return %y : tensor<5x2xf32>
}

// CHECK-LABEL: func.func @product(
// CHECK: tosa.reduce_product
func.func @product(%x: tensor<2x3x5xf32>) -> tensor<2x1x5xf32> {
  %start = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<2x1x5xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x1x5xf32>) -> tensor<2x1x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, 0, k)>], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%x : tensor<2x3x5xf32>) outs(%init : tensor<2x1x5xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %r = arith.mulf %in, %acc : f32
    linalg.yield %r : f32
  } -> tensor<2x1x5xf32>
  return %y : tensor<2x1x5xf32>
}

// CHECK-LABEL: func.func @maximum(
// CHECK: tosa.reduce_max
func.func @maximum(%x: tensor<2x3x5xf32>) -> tensor<2x1x5xf32> {
  %start = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<2x1x5xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x1x5xf32>) -> tensor<2x1x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, 0, k)>], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%x : tensor<2x3x5xf32>) outs(%init : tensor<2x1x5xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %r = arith.maximumf %in, %acc : f32
    linalg.yield %r : f32
  } -> tensor<2x1x5xf32>
  return %y : tensor<2x1x5xf32>
}

// CHECK-LABEL: func.func @minimum(
// CHECK: tosa.reduce_min
func.func @minimum(%x: tensor<2x3x5xf32>) -> tensor<2x5xf32> {
  %start = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x5xf32>
  %init = linalg.fill ins(%start : f32) outs(%e : tensor<2x5xf32>) -> tensor<2x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, k)>], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%x : tensor<2x3x5xf32>) outs(%init : tensor<2x5xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %r = arith.minimumf %in, %acc : f32
    linalg.yield %r : f32
  } -> tensor<2x5xf32>
  return %y : tensor<2x5xf32>
}

// As torch-mlir writes it, with an index of the maximum that nothing needs.
// CHECK-LABEL: func.func @softmax_steps(
// CHECK: tosa.reduce_max
// CHECK: tosa.reciprocal
func.func @softmax_steps(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = arith.constant 0.0 : f32
  %none = arith.constant 0 : i64
  %least = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %c = tensor.empty() : tensor<3x1xf32>
  %d = tensor.empty() : tensor<3x1xi64>
  %indices = linalg.fill ins(%none : i64) outs(%d : tensor<3x1xi64>) -> tensor<3x1xi64>
  %start = linalg.fill ins(%least : f32) outs(%c : tensor<3x1xf32>) -> tensor<3x1xf32>
  %max:2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, 0)>, affine_map<(i, j) -> (i, 0)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<3x5xf32>) outs(%start, %indices : tensor<3x1xf32>, tensor<3x1xi64>) {
  ^bb0(%in: f32, %acc: f32, %at: i64):
    %j = linalg.index 1 : index
    %index = arith.index_cast %j : index to i64
    %m = arith.maximumf %in, %acc : f32
    %p = arith.cmpf ogt, %in, %acc : f32
    %s = arith.select %p, %index, %at : i64
    linalg.yield %m, %s : f32, i64
  } -> (tensor<3x1xf32>, tensor<3x1xi64>)
  %exp = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, 0)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x, %max#0 : tensor<3x5xf32>, tensor<3x1xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %m: f32, %out: f32):
    %s = arith.subf %in, %m : f32
    %p = math.exp %s : f32
    linalg.yield %p : f32
  } -> tensor<3x5xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%c : tensor<3x1xf32>) -> tensor<3x1xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, 0)>], iterator_types = ["parallel", "reduction"]}
      ins(%exp : tensor<3x5xf32>) outs(%zeros : tensor<3x1xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %s = arith.addf %in, %acc : f32
    linalg.yield %s : f32
  } -> tensor<3x1xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, 0)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%exp, %sum : tensor<3x5xf32>, tensor<3x1xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %s: f32, %out: f32):
    %q = arith.divf %in, %s : f32
    linalg.yield %q : f32
  } -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @views(
func.func @views(%x: tensor<2x3x4xf32>) -> tensor<6x2x2xf32> {
  %a = tensor.collapse_shape %x [[0, 1], [2]] : tensor<2x3x4xf32> into tensor<6x4xf32>
  %b = tensor.expand_shape %a [[0], [1, 2]] output_shape [6, 2, 2] : tensor<6x4xf32> into tensor<6x2x2xf32>
  %c = tensor.cast %b : tensor<6x2x2xf32> to tensor<?x2x2xf32>
  %d = tensor.cast %c : tensor<?x2x2xf32> to tensor<6x2x2xf32>
  return %d : tensor<6x2x2xf32>
}

// CHECK-LABEL: func.func @parts(
// CHECK: tosa.slice
// CHECK: tosa.concat
func.func @parts(%x: tensor<3x4xf32>, %y: tensor<3x2xf32>) -> tensor<3x7xf32> {
  %s = tensor.extract_slice %x[0, 1] [3, 1] [1, 1] : tensor<3x4xf32> to tensor<3xf32>
  %t = tensor.expand_shape %s [[0, 1]] output_shape [3, 1] : tensor<3xf32> into tensor<3x1xf32>
  %z = tensor.concat dim(1) %x, %y, %t : (tensor<3x4xf32>, tensor<3x2xf32>, tensor<3x1xf32>) -> tensor<3x7xf32>
  return %z : tensor<3x7xf32>
}

// Parts that fill an empty tensor, one after the other.
// CHECK-LABEL: func.func @inserted(
// CHECK: tosa.concat
// CHECK-NOT: tosa.pad
func.func @inserted(%x: tensor<3x4xf32>, %y: tensor<3x2xf32>) -> tensor<3x8xf32> {
  %e = tensor.empty() : tensor<3x8xf32>
  %a = tensor.insert_slice %x into %e[0, 0] [3, 4] [1, 1] : tensor<3x4xf32> into tensor<3x8xf32>
  %b = tensor.insert_slice %y into %a[0, 4] [3, 2] [1, 1] : tensor<3x2xf32> into tensor<3x8xf32>
  %c = tensor.insert_slice %y into %b[0, 6] [3, 2] [1, 1] : tensor<3x2xf32> into tensor<3x8xf32>
  return %c : tensor<3x8xf32>
}

// A part in a tensor of one number is padded, one in another replaces.
// CHECK-LABEL: func.func @replaced(
// CHECK: tosa.pad
// CHECK: tosa.concat
func.func @replaced(%x: tensor<3x4xf32>, %y: tensor<5x6xf32>) -> tensor<5x6xf32> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<5x6xf32>
  %ones = linalg.fill ins(%one : f32) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %a = tensor.insert_slice %x into %ones[1, 2] [3, 4] [1, 1] : tensor<3x4xf32> into tensor<5x6xf32>
  %r = tensor.extract_slice %y[0, 0] [2, 6] [1, 1] : tensor<5x6xf32> to tensor<2x6xf32>
  %b = tensor.insert_slice %r into %a[2, 0] [2, 6] [1, 1] : tensor<2x6xf32> into tensor<5x6xf32>
  return %b : tensor<5x6xf32>
}
