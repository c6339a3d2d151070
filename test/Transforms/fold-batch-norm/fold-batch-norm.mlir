// RUN: cgmq-opt %s --split-input-file --cgmq-fold-batch-norm --mlir-print-local-scope 2>&1 | FileCheck %s
// RUN: cgmq-opt %s --split-input-file --cgmq-fold-batch-norm -o %t.mlir
// RUN: cgmq-opt %t.mlir --split-input-file --cgmq-fold-batch-norm | diff - %t.mlir
// RUN: cgmq-opt %t.mlir --split-input-file | diff - %t.mlir
// CHECK-NOT: remark

// A convolution and the four operations of a batch norm, each of its operands
// of another origin. Channel 0: mean 1, variance 3 + 1, scale 3, offset 1, so
// a = 3 / sqrt(4) = 1.5 and b = 1 - 1 * 1.5 = -0.5: weights 2 * 1.5 = 3 and
// 4 * 1.5 = 6, bias 1 * 1.5 - 0.5 = 1. Channel 1: mean -2, variance 15 + 1,
// scale 2, offset 0, so a = 0.5 and b = 2 * 0.5 = 1: weights 3 and 4, bias
// -4 * 0.5 + 1 = -1.
// CHECK-DAG: ml_program.global private mutable @conv.weight(dense<{{\[\[\[\[}}3.000000e+00, 6.000000e+00]]], {{\[\[\[}}3.000000e+00, 4.000000e+00]]]]> : tensor<2x1x1x2xf32>)
// CHECK-DAG: ml_program.global private mutable @conv.bias(dense<[1.000000e+00, -1.000000e+00]> : tensor<2xf32>)
// CHECK-NOT: ml_program.global {{(private|public)}}
// CHECK-LABEL: func.func @conv
// CHECK: %[[W:.*]] = ml_program.global_load @conv.weight
// CHECK: %[[B:.*]] = ml_program.global_load @conv.bias
// CHECK: %[[Y:.*]] = tosa.conv2d %{{.*}}, %[[W]], %[[B]],
// CHECK-NEXT: return %[[Y]]
ml_program.global private mutable @conv.weight(dense<[[[[2.0, 4.0]]], [[[6.0, 8.0]]]]> : tensor<2x1x1x2xf32>) : tensor<2x1x1x2xf32>
ml_program.global private mutable @conv.bias(dense<[1.0, -4.0]> : tensor<2xf32>) : tensor<2xf32>
ml_program.global private @mean(dense<[1.0, -2.0]> : tensor<2xf32>) : tensor<2xf32>
ml_program.global private @variance(dense<[3.0, 15.0]> : tensor<2xf32>) : tensor<2xf32>
ml_program.global private mutable @scale(dense<[[[[3.0, 2.0]]]]> : tensor<1x1x1x2xf32>) : tensor<1x1x1x2xf32>
func.func @conv(%x: tensor<?x4x4x2xf32>) -> tensor<?x4x4x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @conv.weight : tensor<2x1x1x2xf32>
  %b = ml_program.global_load @conv.bias : tensor<2xf32>
  %y = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x4x4x2xf32>
  %shape = tosa.const_shape {values = dense<[1, 1, 1, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %mean = ml_program.global_load_const @mean : tensor<2xf32>
  %means = tosa.reshape %mean, %shape : (tensor<2xf32>, !tosa.shape<4>) -> tensor<1x1x1x2xf32>
  %variance = ml_program.global_load_const @variance : tensor<2xf32>
  %epsilon = "tosa.const"() <{values = dense<1.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %sum = tosa.add %variance, %epsilon : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  %root = tosa.rsqrt %sum : (tensor<2xf32>) -> tensor<2xf32>
  %roots = tosa.reshape %root, %shape : (tensor<2xf32>, !tosa.shape<4>) -> tensor<1x1x1x2xf32>
  %scale = ml_program.global_load @scale : tensor<1x1x1x2xf32>
  %offset = "tosa.const"() <{values = dense<[[[[1.0, 0.0]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  %0 = tosa.sub %y, %means : (tensor<?x4x4x2xf32>, tensor<1x1x1x2xf32>) -> tensor<?x4x4x2xf32>
  %1 = tosa.mul %0, %roots, %shift : (tensor<?x4x4x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<?x4x4x2xf32>
  %2 = tosa.mul %scale, %1, %shift : (tensor<1x1x1x2xf32>, tensor<?x4x4x2xf32>, tensor<1xi8>) -> tensor<?x4x4x2xf32>
  %3 = tosa.add %2, %offset : (tensor<?x4x4x2xf32>, tensor<1x1x1x2xf32>) -> tensor<?x4x4x2xf32>
  return %3 : tensor<?x4x4x2xf32>
}

// -----

// The parameter that a matmul adds is its bias, wherever the reshape stands.
// a = (2, -1), b = (1, 0) and then 5 - x: weights -2 * (1, 3) and 1 * (2, 4),
// biases 5 - (2 * 10 + 1) = -16 and 5 + 20 = 25.
// CHECK-DAG: @fc.weight(dense<{{\[\[\[}}-2.000000e+00, 2.000000e+00], [-6.000000e+00, 4.000000e+00]]]> : tensor<1x2x2xf32>)
// CHECK-DAG: @fc.bias(dense<[-1.600000e+01, 2.500000e+01]> : tensor<2xf32>)
// CHECK-NOT: ml_program.global {{(private|public)}}
// CHECK-LABEL: func.func @matmul
// CHECK: %[[Y:.*]] = tosa.matmul
// CHECK: %[[ROWS:.*]] = tosa.reshape %[[Y]]
// CHECK: %[[B:.*]] = ml_program.global_load @fc.bias
// CHECK: %[[BIAS:.*]] = tosa.reshape %[[B]]
// CHECK: %[[Z:.*]] = tosa.add %[[BIAS]], %[[ROWS]]
// CHECK-NEXT: return %[[Z]]
ml_program.global private mutable @fc.weight(dense<[[[1.0, 2.0], [3.0, 4.0]]]> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
ml_program.global private mutable @fc.bias(dense<[10.0, 20.0]> : tensor<2xf32>) : tensor<2xf32>
func.func @matmul(%x: tensor<1x?x2xf32>) -> tensor<?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @fc.weight : tensor<1x2x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %rows = tosa.const_shape {values = dense<[-1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %0 = tosa.reshape %y, %rows : (tensor<1x?x2xf32>, !tosa.shape<2>) -> tensor<?x2xf32>
  %row = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %b = ml_program.global_load @fc.bias : tensor<2xf32>
  %bias = tosa.reshape %b, %row : (tensor<2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
  %1 = tosa.add %bias, %0 : (tensor<1x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %scale = "tosa.const"() <{values = dense<[[2.0, -1.0]]> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %offset = "tosa.const"() <{values = dense<[[1.0, 0.0]]> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %five = "tosa.const"() <{values = dense<5.0> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  %2 = tosa.mul %1, %scale, %shift : (tensor<?x2xf32>, tensor<1x2xf32>, tensor<1xi8>) -> tensor<?x2xf32>
  %3 = tosa.add %2, %offset : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
  %4 = tosa.sub %five, %3 : (tensor<1x1xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %4 : tensor<?x2xf32>
}

// -----

// A depthwise convolution, two channels of the result for each of the input:
// channel c * 2 + m has weight [.., c, m], and the factors 1, 2, 3, 4. Constants
// become mutable globals, named for the function.
// CHECK-DAG: ml_program.global private mutable @depthwise.weight(dense<{{\[\[\[\[}}1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]]]> : tensor<1x1x2x2xf32>)
// CHECK-DAG: ml_program.global private mutable @depthwise.bias(dense<[5.000000e-01, 1.000000e+00, 1.500000e+00, 2.000000e+00]> : tensor<4xf32>)
// CHECK-LABEL: func.func @depthwise
// CHECK: %[[W:.*]] = ml_program.global_load @depthwise.weight
// CHECK: %[[B:.*]] = ml_program.global_load @depthwise.bias
// CHECK: %[[Y:.*]] = tosa.depthwise_conv2d %{{.*}}, %[[W]], %[[B]],
// CHECK-NEXT: return %[[Y]]
func.func @depthwise(%x: tensor<?x4x4x2xf32>) -> tensor<?x4x4x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %half = "tosa.const"() <{values = dense<0.5> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x1x2x2xf32>}> : () -> tensor<1x1x2x2xf32>
  %y = tosa.depthwise_conv2d %x, %w, %half, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x4x2xf32>, tensor<1x1x2x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x4x4x4xf32>
  %scale = "tosa.const"() <{values = dense<[[[[1.0, 2.0, 3.0, 4.0]]]]> : tensor<1x1x1x4xf32>}> : () -> tensor<1x1x1x4xf32>
  %z = tosa.mul %y, %scale, %shift : (tensor<?x4x4x4xf32>, tensor<1x1x1x4xf32>, tensor<1xi8>) -> tensor<?x4x4x4xf32>
  return %z : tensor<?x4x4x4xf32>
}

// -----

// As PyTorch has it: channels first, so that the convolution stands between
// transposes, which stay, and its weight behind one. The factor is the power
// 4^-0.5 = 1/2 and 16^-0.5 = 1/4.
// CHECK-DAG: @weight(dense<{{\[\[\[\[}}5.000000e-01]], {{\[\[}}1.000000e+00]]], {{\[\[\[}}7.500000e-01]], {{\[\[}}1.000000e+00]]]]> : tensor<2x2x1x1xf32>)
// CHECK-DAG: ml_program.global private mutable @bias(dense<5.000000e-01> : tensor<2xf32>)
// CHECK-LABEL: func.func @channels_first
// CHECK: %[[Y:.*]] = tosa.conv2d
// CHECK-NEXT: %[[Z:.*]] = tosa.transpose %[[Y]]
// CHECK-NEXT: return %[[Z]]
ml_program.global private mutable @weight(dense<[[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]]> : tensor<2x2x1x1xf32>) : tensor<2x2x1x1xf32>
ml_program.global private mutable @bias(dense<[1.0, 2.0]> : tensor<2xf32>) : tensor<2xf32>
func.func @channels_first(%x: tensor<?x2x4x4xf32>) -> tensor<?x2x4x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @weight : tensor<2x2x1x1xf32>
  %b = ml_program.global_load @bias : tensor<2xf32>
  %wt = tosa.transpose %w {perms = array<i32: 0, 2, 3, 1>} : (tensor<2x2x1x1xf32>) -> tensor<2x1x1x2xf32>
  %xt = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<?x2x4x4xf32>) -> tensor<?x4x4x2xf32>
  %y = tosa.conv2d %xt, %wt, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x4x4x2xf32>
  %yt = tosa.transpose %y {perms = array<i32: 0, 3, 1, 2>} : (tensor<?x4x4x2xf32>) -> tensor<?x2x4x4xf32>
  %variance = "tosa.const"() <{values = dense<[[[[4.0]], [[16.0]]]]> : tensor<1x2x1x1xf32>}> : () -> tensor<1x2x1x1xf32>
  %exponent = "tosa.const"() <{values = dense<-0.5> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %factor = tosa.pow %variance, %exponent : (tensor<1x2x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  %z = tosa.mul %yt, %factor, %shift : (tensor<?x2x4x4xf32>, tensor<1x2x1x1xf32>, tensor<1xi8>) -> tensor<?x2x4x4xf32>
  return %z : tensor<?x2x4x4xf32>
}

// -----

// A transposed convolution. A number for all channels may be part of the chain.
// CHECK-DAG: @w(dense<{{\[\[\[\[}}4.000000e+00]]], {{\[\[\[}}1.200000e+01]]]]> : tensor<2x1x1x1xf32>)
// CHECK-DAG: ml_program.global private mutable @w.bias(dense<0.000000e+00> : tensor<2xf32>)
// CHECK-LABEL: func.func @transposed
// CHECK: %[[B:.*]] = ml_program.global_load @w.bias
// CHECK: %[[Y:.*]] = tosa.transpose_conv2d %{{.*}}, %{{.*}}, %[[B]],
// CHECK-NEXT: return %[[Y]]
ml_program.global private mutable @w(dense<[[[[1.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32>) : tensor<2x1x1x1xf32>
func.func @transposed(%x: tensor<?x4x4x1xf32>) -> tensor<?x4x4x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<2x1x1x1xf32>
  %y = tosa.transpose_conv2d %x, %w, %zero, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x4x1xf32>, tensor<2x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x4x4x2xf32>
  %scale = "tosa.const"() <{values = dense<[[[[2.0, 3.0]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %0 = tosa.mul %y, %scale, %shift : (tensor<?x4x4x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<?x4x4x2xf32>
  %1 = tosa.mul %0, %two, %shift : (tensor<?x4x4x2xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x4x4x2xf32>
  return %1 : tensor<?x4x4x2xf32>
}

// -----

// A rule becomes the numbers that it stands for, times two: bound 1, seed 0
// draws 0.76662 and -0.13695. A matmul that is followed by no parameter gets a
// bias of its own.
// CHECK-DAG: @w(dense<{{\[\[\[}}1.533{{[0-9]*}}, -0.273{{[0-9]*}}]]]> : tensor<1x1x2xf32>)
// CHECK-DAG: ml_program.global private mutable @w.bias(dense<{{\[\[\[}}-2.000000e+00, -4.000000e+00]]]> : tensor<1x1x2xf32>)
// CHECK-LABEL: func.func @rule
// CHECK: %[[Y:.*]] = tosa.matmul
// CHECK-NEXT: %[[B:.*]] = ml_program.global_load @w.bias
// CHECK-NEXT: %[[Z:.*]] = tosa.add %[[Y]], %[[B]]
// CHECK-NEXT: return %[[Z]]
ml_program.global private mutable @w(#cgmq.he_uniform<fan_in = 6, seed = 0>) : tensor<1x1x2xf32>
func.func @rule(%x: tensor<1x?x1xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x1x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x1xf32>, tensor<1x1x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %mean = "tosa.const"() <{values = dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %scale = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %0 = tosa.sub %y, %mean : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  %1 = tosa.mul %0, %scale, %shift : (tensor<1x?x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x?x2xf32>
  return %1 : tensor<1x?x2xf32>
}

// -----

// What stands behind a summand for each row stays, whatever it is. A width that
// was pinned for the result of the chain is pinned for what gives it now.
// CHECK-DAG: @w(dense<2.000000e+00> : tensor<1x1x2xf32>)
// CHECK-DAG: @w.bias(dense<0.000000e+00> : tensor<1x1x2xf32>)
// CHECK-LABEL: func.func @behind
// CHECK: %[[Y:.*]] = tosa.matmul %{{.*}}, %{{.*}}, %{{.*}}, %{{[^ ]*}} :
// CHECK: %[[Z:.*]] = tosa.add %[[Y]], %{{.*}} {cgmq.width = 8 : i64}
// CHECK: %[[R:.*]] = tosa.add %[[Z]],
// CHECK: tosa.mul %[[R]],
ml_program.global private mutable @w(dense<1.0> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
func.func @behind(%x: tensor<1x3x1xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x1x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x1xf32>, tensor<1x1x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %rows = "tosa.const"() <{values = dense<[[[1.0], [2.0], [3.0]]]> : tensor<1x3x1xf32>}> : () -> tensor<1x3x1xf32>
  %0 = tosa.mul %y, %two, %shift {cgmq.width = 8 : i64} : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  %1 = tosa.add %0, %rows : (tensor<1x3x2xf32>, tensor<1x3x1xf32>) -> tensor<1x3x2xf32>
  %2 = tosa.mul %1, %two, %shift : (tensor<1x3x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x2xf32>
  return %2 : tensor<1x3x2xf32>
}
