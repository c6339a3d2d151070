// RUN: cgmq-opt %s -verify-diagnostics -test-cgmq-cost

// The program of the cost gives what the analysis gives, and both give what
// the widths of the units that meet in each product add up to.

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

ml_program.global private mutable @w.gate(dense<[[[0.5, 1.5, 2.5], [3.5, 4.5, 0.5]]]> : tensor<1x2x3xf32>) : tensor<1x2x3xf32>
ml_program.global private mutable @x.gate(dense<[[[1.5, 2.5]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
ml_program.global private mutable @layer.gate(dense<2.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @image.gate(dense<[[[[0.5], [1.5]], [[2.5], [3.5]]]]> : tensor<1x2x2x1xf32>) : tensor<1x2x2x1xf32>
ml_program.global private mutable @kernel.gate(dense<[[[[0.5], [1.5]], [[2.5], [4.5]]]]> : tensor<1x2x2x1xf32>) : tensor<1x2x2x1xf32>
ml_program.global private mutable @strided.gate(dense<[[[[0.5], [0.5], [0.5], [0.5], [0.5]], [[0.5], [0.5], [0.5], [0.5], [0.5]], [[0.5], [0.5], [0.5], [0.5], [0.5]], [[0.5], [0.5], [0.5], [0.5], [0.5]], [[0.5], [0.5], [0.5], [0.5], [0.5]]]]> : tensor<1x5x5x1xf32>) : tensor<1x5x5x1xf32>
ml_program.global private mutable @ones.gate(dense<[[[[1.5], [1.5]], [[1.5], [1.5]]]]> : tensor<1x2x2x1xf32>) : tensor<1x2x2x1xf32>
ml_program.global private mutable @channel.gate(dense<[[[[0.5, 1.5]]]]> : tensor<1x1x1x2xf32>) : tensor<1x1x1x2xf32>
ml_program.global private mutable @depthwise.gate(dense<[[[[0.5, 1.5], [2.5, 3.5]]]]> : tensor<1x1x2x2xf32>) : tensor<1x1x2x2xf32>
ml_program.global private mutable @rows.gate(dense<[[0.5, 0.5, 0.5, 1.5], [0.5, 0.5, 0.5, 0.5], [2.5, 2.5, 2.5, 2.5]]> : tensor<3x4xf32>) : tensor<3x4xf32>
ml_program.global private mutable @act.gate(dense<[[[[0.5, 2.5]]]]> : tensor<1x1x1x2xf32>) : tensor<1x1x1x2xf32>
ml_program.global private mutable @square.gate(dense<[[[0.5, 1.5], [1.5, 2.5]]]> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>

// Each element: 4 * (2 + 4 + 8) + 8 * (16 + 32 + 2) = 456.
// expected-remark @below {{costs 456}}
func.func @matmul(%a: tensor<1x?x2xf32>, %b: tensor<1x2x3xf32>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @x.gate : tensor<1x1x2xf32>
  %xq = cgmq.quantize %a, %range, %xg : tensor<1x?x2xf32>, tensor<f32>, tensor<1x1x2xf32> -> tensor<1x?x2x!s>
  %x = cgmq.dequantize %xq : tensor<1x?x2x!s> -> tensor<1x?x2xf32>
  %wg = ml_program.global_load @w.gate : tensor<1x2x3xf32>
  %wq = cgmq.quantize %b, %range, %wg : tensor<1x2x3xf32>, tensor<f32>, tensor<1x2x3xf32> -> tensor<1x2x3x!s>
  %w = cgmq.dequantize %wq : tensor<1x2x3x!s> -> tensor<1x2x3xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}

// A scalar meets units: 8 * (2 + 4 + 8 + 16 + 32 + 2) = 512.
// expected-remark @below {{costs 512}}
func.func @scalar(%a: tensor<1x?x2xf32>, %b: tensor<1x2x3xf32>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @layer.gate : tensor<f32>
  %xq = cgmq.quantize %a, %range, %xg : tensor<1x?x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x?x2x!s>
  %x = cgmq.dequantize %xq : tensor<1x?x2x!s> -> tensor<1x?x2xf32>
  %wg = ml_program.global_load @w.gate : tensor<1x2x3xf32>
  %wq = cgmq.quantize %b, %range, %wg : tensor<1x2x3xf32>, tensor<f32>, tensor<1x2x3xf32> -> tensor<1x2x3x!s>
  %w = cgmq.dequantize %wq : tensor<1x2x3x!s> -> tensor<1x2x3xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}

// A factor without a gate: 32 * 64 = 2048.
// expected-remark @below {{costs 2048}}
func.func @float(%x: tensor<1x?x2xf32>, %b: tensor<1x2x3xf32>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %wg = ml_program.global_load @w.gate : tensor<1x2x3xf32>
  %wq = cgmq.quantize %b, %range, %wg : tensor<1x2x3xf32>, tensor<f32>, tensor<1x2x3xf32> -> tensor<1x2x3x!s>
  %w = cgmq.dequantize %wq : tensor<1x2x3x!s> -> tensor<1x2x3xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}

// A window over [[2, 4], [8, 16]] with a row and a column of padding, which
// counts as the element beside it. The four taps see sums of 4 * 2 = 8,
// 2 * (2 + 4) = 12, 2 * (2 + 8) = 20 and 30:
// 2 * 8 + 4 * 12 + 8 * 20 + 32 * 30 = 1184.
// expected-remark @below {{costs 1184}}
func.func @padded(%a: tensor<?x2x2x1xf32>, %b: tensor<1x2x2x1xf32>) -> tensor<?x2x2x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @image.gate : tensor<1x2x2x1xf32>
  %xq = cgmq.quantize %a, %range, %xg : tensor<?x2x2x1xf32>, tensor<f32>, tensor<1x2x2x1xf32> -> tensor<?x2x2x1x!s>
  %x = cgmq.dequantize %xq : tensor<?x2x2x1x!s> -> tensor<?x2x2x1xf32>
  %wg = ml_program.global_load @kernel.gate : tensor<1x2x2x1xf32>
  %wq = cgmq.quantize %b, %range, %wg : tensor<1x2x2x1xf32>, tensor<f32>, tensor<1x2x2x1xf32> -> tensor<1x2x2x1x!s>
  %w = cgmq.dequantize %wq : tensor<1x2x2x1x!s> -> tensor<1x2x2x1xf32>
  %bias = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x1xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x2x2x1xf32>
  return %y : tensor<?x2x2x1xf32>
}

// The same for one sample of a static batch.
// expected-remark @below {{costs 1184}}
func.func @batch(%a: tensor<4x2x2x1xf32>, %b: tensor<1x2x2x1xf32>) -> tensor<4x2x2x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @image.gate : tensor<1x2x2x1xf32>
  %xq = cgmq.quantize %a, %range, %xg : tensor<4x2x2x1xf32>, tensor<f32>, tensor<1x2x2x1xf32> -> tensor<4x2x2x1x!s>
  %x = cgmq.dequantize %xq : tensor<4x2x2x1x!s> -> tensor<4x2x2x1xf32>
  %wg = ml_program.global_load @kernel.gate : tensor<1x2x2x1xf32>
  %wq = cgmq.quantize %b, %range, %wg : tensor<1x2x2x1xf32>, tensor<f32>, tensor<1x2x2x1xf32> -> tensor<1x2x2x1x!s>
  %w = cgmq.dequantize %wq : tensor<1x2x2x1x!s> -> tensor<1x2x2x1xf32>
  %bias = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 1, 1>} : (tensor<4x2x2x1xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<4x2x2x1xf32>
  return %y : tensor<4x2x2x1xf32>
}

// Stride and dilation of two: 2 * 2 outputs of 4 products of 2 by 4 bits, 128.
// expected-remark @below {{costs 128}}
func.func @strided(%a: tensor<?x5x5x1xf32>, %b: tensor<1x2x2x1xf32>) -> tensor<?x2x2x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @strided.gate : tensor<1x5x5x1xf32>
  %xq = cgmq.quantize %a, %range, %xg : tensor<?x5x5x1xf32>, tensor<f32>, tensor<1x5x5x1xf32> -> tensor<?x5x5x1x!s>
  %x = cgmq.dequantize %xq : tensor<?x5x5x1x!s> -> tensor<?x5x5x1xf32>
  %wg = ml_program.global_load @ones.gate : tensor<1x2x2x1xf32>
  %wq = cgmq.quantize %b, %range, %wg : tensor<1x2x2x1xf32>, tensor<f32>, tensor<1x2x2x1xf32> -> tensor<1x2x2x1x!s>
  %w = cgmq.dequantize %wq : tensor<1x2x2x1x!s> -> tensor<1x2x2x1xf32>
  %bias = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x5x5x1xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x2x2x1xf32>
  return %y : tensor<?x2x2x1xf32>
}

// A gate for each channel, two results each, in four places:
// 4 * (2 * (2 + 4) + 4 * (8 + 16)) = 432.
// expected-remark @below {{costs 432}}
func.func @depthwise(%a: tensor<?x2x2x2xf32>, %b: tensor<1x1x2x2xf32>) -> tensor<?x2x2x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @channel.gate : tensor<1x1x1x2xf32>
  %xq = cgmq.quantize %a, %range, %xg : tensor<?x2x2x2xf32>, tensor<f32>, tensor<1x1x1x2xf32> -> tensor<?x2x2x2x!s>
  %x = cgmq.dequantize %xq : tensor<?x2x2x2x!s> -> tensor<?x2x2x2xf32>
  %wg = ml_program.global_load @depthwise.gate : tensor<1x1x2x2xf32>
  %wq = cgmq.quantize %b, %range, %wg : tensor<1x1x2x2xf32>, tensor<f32>, tensor<1x1x2x2xf32> -> tensor<1x1x2x2x!s>
  %w = cgmq.dequantize %wq : tensor<1x1x2x2x!s> -> tensor<1x1x2x2xf32>
  %bias = "tosa.const"() <{values = dense<0.0> : tensor<4xf32>}> : () -> tensor<4xf32>
  %y = tosa.depthwise_conv2d %x, %w, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x2xf32>, tensor<1x1x2x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x2x2x4xf32>
  return %y : tensor<?x2x2x4xf32>
}

// What a transpose and reshapes move: widths 2, 8, 2, 8 meet columns of sums
// 12, 12, 12 and 14: 24 + 96 + 24 + 112 = 256.
// expected-remark @below {{costs 256}}
func.func @moved(%a: tensor<?x2x1x2xf32>, %b: tensor<3x4xf32>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xsg = ml_program.global_load @act.gate : tensor<1x1x1x2xf32>
  %xsq = cgmq.quantize %a, %range, %xsg : tensor<?x2x1x2xf32>, tensor<f32>, tensor<1x1x1x2xf32> -> tensor<?x2x1x2x!s>
  %xs = cgmq.dequantize %xsq : tensor<?x2x1x2x!s> -> tensor<?x2x1x2xf32>
  %wsg = ml_program.global_load @rows.gate : tensor<3x4xf32>
  %wsq = cgmq.quantize %b, %range, %wsg : tensor<3x4xf32>, tensor<f32>, tensor<3x4xf32> -> tensor<3x4x!s>
  %ws = cgmq.dequantize %wsq : tensor<3x4x!s> -> tensor<3x4xf32>
  %flat = tosa.const_shape {values = dense<[1, -1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %x = tosa.reshape %xs, %flat : (tensor<?x2x1x2xf32>, !tosa.shape<3>) -> tensor<1x?x4xf32>
  %wt = tosa.transpose %ws {perms = array<i32: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %one = tosa.const_shape {values = dense<[1, 4, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %w = tosa.reshape %wt, %one : (tensor<4x3xf32>, !tosa.shape<3>) -> tensor<1x4x3xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}

// A gate on both sides, as rows and as columns: (2 + 4) * (2 + 4) +
// (4 + 8) * (4 + 8) = 180.
// expected-remark @below {{costs 180}}
func.func @square(%a: tensor<1x2x2xf32>) -> tensor<1x2x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @square.gate : tensor<1x2x2xf32>
  %xq = cgmq.quantize %a, %range, %xg : tensor<1x2x2xf32>, tensor<f32>, tensor<1x2x2xf32> -> tensor<1x2x2x!s>
  %x = cgmq.dequantize %xq : tensor<1x2x2x!s> -> tensor<1x2x2xf32>
  %y = tosa.matmul %x, %x, %zero, %zero : (tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2xf32>
  return %y : tensor<1x2x2xf32>
}

// Frozen widths: 4 * (2 + 4) + 2 * (2 + 4) = 36.
ml_program.global private @frozen.act(dense<[[[4, 2]]]> : tensor<1x1x2xi8>) : tensor<1x1x2xi8>
ml_program.global private @frozen.widths(dense<[[[2, 4]]]> : tensor<1x1x2xi8>) : tensor<1x1x2xi8>
ml_program.global private @frozen.codes(dense<5> : tensor<1x2x2xi4>) : tensor<1x2x2xi4>
!frozen_x = !quant.uniform<u4:f32, 0.5>
!frozen_w = !quant.uniform<i4<-7:7>:f32, 0.25>
// expected-remark @below {{costs 36}}
func.func @frozen(%a: tensor<1x?x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %widths = ml_program.global_load_const @frozen.act : tensor<1x1x2xi8>
  %xq = cgmq.quantize_units %a, %widths range 7.5 : tensor<1x?x2xf32>, tensor<1x1x2xi8> -> tensor<1x?x2x!frozen_x>
  %x = quant.dcast %xq : tensor<1x?x2x!frozen_x> to tensor<1x?x2xf32>
  %codes = ml_program.global_load_const @frozen.codes : tensor<1x2x2xi4>
  %wq = quant.scast %codes {cgmq.unit_widths = @frozen.widths} : tensor<1x2x2xi4> to tensor<1x2x2x!frozen_w>
  %w = quant.dcast %wq : tensor<1x2x2x!frozen_w> to tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// The integer form, with padding that counts as the element beside it: as
// @padded with 8 for 32 bits, 2 * 8 + 4 * 12 + 8 * 20 + 8 * 30 = 464.
ml_program.global private @integer.act(dense<[[[[2], [4]], [[8], [16]]]]> : tensor<1x2x2x1xi8>) : tensor<1x2x2x1xi8>
ml_program.global private @integer.widths(dense<[[[[2]], [[4]]], [[[8]], [[8]]]]> : tensor<2x2x1x1xi8>) : tensor<2x2x1x1xi8>
// expected-remark @below {{costs 464}}
func.func @integer(%x: tensor<?x2x2x1xi16>, %w: tensor<2x2x1x1xi8>) -> tensor<?x2x2x1xi32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i32
  %fill = arith.constant 0 : i16
  %padded = tensor.pad %x low[0, 1, 1, 0] high[0, 0, 0, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %fill : i16
  } : tensor<?x2x2x1xi16> to tensor<?x3x3x1xi16>
  %n = tensor.dim %x, %c0 : tensor<?x2x2x1xi16>
  %empty = tensor.empty(%n) : tensor<?x2x2x1xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<?x2x2x1xi32>) -> tensor<?x2x2x1xi32>
  %y = linalg.generic {
      indexing_maps = [affine_map<(n, h, w, f, p, q, c) -> (n, h + p, w + q, c)>, affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>, affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%padded, %w : tensor<?x3x3x1xi16>, tensor<2x2x1x1xi8>) outs(%init : tensor<?x2x2x1xi32>)
      attrs = {cgmq.widths = array<i64: 16, 8>, cgmq.lhs_widths = @integer.act, cgmq.rhs_widths = @integer.widths} {
  ^bb0(%a: i16, %b: i8, %acc: i32):
    %ae = arith.extui %a : i16 to i32
    %be = arith.extsi %b : i8 to i32
    %p = arith.muli %ae, %be : i32
    %s = arith.addi %acc, %p : i32
    linalg.yield %s : i32
  } -> tensor<?x2x2x1xi32>
  return %y : tensor<?x2x2x1xi32>
}
