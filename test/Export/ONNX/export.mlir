// RUN: cgmq-translate --export-onnx --onnx-function=layers %s | %python %S/Inputs/print_graph.py | FileCheck %s
// RUN: cgmq-translate --export-onnx --onnx-function=axis %s | %python %S/Inputs/print_graph.py | FileCheck %s --check-prefix=AXIS
// RUN: cgmq-translate --export-onnx --onnx-function=several %s | %python %S/Inputs/print_graph.py | FileCheck %s --check-prefix=SEVERAL
// RUN: cgmq-translate --export-onnx --onnx-function=twice %s | %python %S/Inputs/print_graph.py | FileCheck %s --check-prefix=TWICE
// RUN: cgmq-translate --export-onnx --onnx-function=several --onnx-quantizers=arithmetic %s | %python %S/Inputs/print_graph.py | FileCheck %s --check-prefix=ARITHMETIC
// What is left of it in upstream's dialects becomes the same, but for names.
// RUN: cgmq-opt %s --cgmq-lower-to-qdq=quantizers=casts -o %t.qdq.mlir
// RUN: cgmq-translate --export-onnx --onnx-function=layers %t.qdq.mlir | %python %S/Inputs/print_graph.py | FileCheck %s --check-prefix=QDQ

!u2 = !quant.uniform<u2:f32, 0.5>
!u8 = !quant.uniform<u8:f32, 0.25>
!i4 = !quant.uniform<i4<-7:7>:f32, 0.125>
!i8 = !quant.uniform<i8<-127:127>:f32, 0.5>
!i32 = !quant.uniform<i32<-2147483647:2147483647>:f32, 0.0625>

ml_program.global private @conv.weight(dense<[[[[1, -7]]], [[[2, 3]]], [[[4, 5]]]]> : tensor<3x1x1x2xi4>) : tensor<3x1x1x2xi4>
ml_program.global private @conv.bias(dense<[70000, -2, 3]> : tensor<3xi32>) : tensor<3xi32>
ml_program.global private @depthwise.weight(dense<[[[[1], [2], [3]], [[4], [5], [6]]]]> : tensor<1x2x3x1xi4>) : tensor<1x2x3x1xi4>

// Codes of less than 8 bits are clipped between the pair of nodes, those of 8
// bits with their sign at one end; unsigned bytes saturate on their own.
// Convolutions stand between transposes, weights are laid out anew: [output
// channels, channels, height, width], and by group.

// CHECK:      ir_version 7, opset 13, graph layers
// CHECK-NEXT: input: float[batch, 4, 4, 2] input
// CHECK-NEXT: output: float[batch, 4, 5, 3] output
// CHECK-NEXT: node: [[Q0:.*]] = QuantizeLinear (input, [[S0:.*]], [[Z0:.*]])
// CHECK-NEXT: node: [[C0:.*]] = Clip ([[Q0]], [[L0:.*]], [[H0:.*]])
// CHECK-NEXT: node: [[D0:.*]] = DequantizeLinear ([[C0]], [[S0]], [[Z0]])
// CHECK-NEXT: node: [[W0:.*]] = DequantizeLinear (conv.weight, [[SW:.*]], [[ZW:.*]])
// CHECK-NEXT: node: [[T0:.*]] = Transpose <perm = [0, 3, 1, 2]> ([[D0]])
// CHECK-NEXT: node: [[B0:.*]] = DequantizeLinear (conv.bias, [[SB:.*]])
// CHECK-NEXT: node: [[CONV:.*]] = Conv <pads = [1, 3, 2, 4], strides = [1, 2], dilations = [2, 1], group = 1> ([[T0]], [[W0]], [[B0]])
// CHECK-NEXT: node: [[RELU:.*]] = Relu ([[CONV]])
// CHECK-NEXT: node: [[Q1:.*]] = QuantizeLinear ([[RELU]], [[S1:.*]], [[Z1:.*]])
// CHECK-NEXT: node: [[D1:.*]] = DequantizeLinear ([[Q1]], [[S1]], [[Z1]])
// CHECK-NEXT: node: [[W1:.*]] = DequantizeLinear (depthwise.weight, [[SW]], [[ZW]])
// CHECK-NEXT: node: [[CONV1:.*]] = Conv <{{.*}}group = 3> ([[D1]], [[W1]], [[N:.*]])
// CHECK-NEXT: node: [[Q2:.*]] = QuantizeLinear ([[CONV1]], [[S2:.*]], [[Z2:.*]])
// CHECK-NEXT: node: [[C2:.*]] = Clip ([[Q2]], [[L2:.*]], [[H2:.*]])
// CHECK-NEXT: node: [[D2:.*]] = DequantizeLinear ([[C2]], [[S2]], [[Z2]])
// CHECK-NEXT: node: output = Transpose <perm = [0, 2, 3, 1]> ([[D2]])
// CHECK-NOT:  node:
// CHECK-DAG:  initializer: float[] [[S0]] = {0.5}
// CHECK-DAG:  initializer: uint8[] [[Z0]] = {0}
// CHECK-DAG:  initializer: uint8[] [[L0]] = {0}
// CHECK-DAG:  initializer: uint8[] [[H0]] = {3}
// CHECK-DAG:  initializer: int8[3, 2, 1, 1] conv.weight = {1, -7, 2, 3, 4, 5}
// CHECK-DAG:  initializer: int8[] [[ZW]] = {0}
// CHECK-DAG:  initializer: float[] [[SW]] = {0.125}
// CHECK-DAG:  initializer: int32[3] conv.bias = {70000, -2, 3}
// CHECK-DAG:  initializer: float[] [[SB]] = {0.0625}
// CHECK-DAG:  initializer: int8[3, 1, 1, 2] depthwise.weight = {1, 4, 2, 5, 3, 6}
// CHECK-DAG:  initializer: int8[] [[L2]] = {-127}
// CHECK-DAG:  initializer: int8[] [[H2]] = {127}
// QDQ:        node: {{.*}} = Clip
// QDQ:        node: {{.*}} = Conv <pads = [1, 3, 2, 4]
// QDQ:        node: output = Transpose
// QDQ:        initializer: int8[3, 2, 1, 1] {{.*}} = {1, -7, 2, 3, 4, 5}
func.func @layers(%x: tensor<?x4x4x2xf32> {cgmq.nonnegative}) -> tensor<?x4x5x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %none = "tosa.const"() <{values = dense<0.0> : tensor<3xf32>}> : () -> tensor<3xf32>
  %q0 = quant.qcast %x : tensor<?x4x4x2xf32> to tensor<?x4x4x2x!u2>
  %d0 = quant.dcast %q0 : tensor<?x4x4x2x!u2> to tensor<?x4x4x2xf32>
  %c0 = ml_program.global_load_const @conv.weight : tensor<3x1x1x2xi4>
  %s0 = quant.scast %c0 : tensor<3x1x1x2xi4> to tensor<3x1x1x2x!i4>
  %w0 = quant.dcast %s0 : tensor<3x1x1x2x!i4> to tensor<3x1x1x2xf32>
  %cb = ml_program.global_load_const @conv.bias : tensor<3xi32>
  %sb = quant.scast %cb : tensor<3xi32> to tensor<3x!i32>
  %b0 = quant.dcast %sb : tensor<3x!i32> to tensor<3xf32>
  %conv = tosa.conv2d %d0, %w0, %b0, %zero, %zero {acc_type = f32, dilation = array<i64: 2, 1>, pad = array<i64: 1, 2, 3, 4>, stride = array<i64: 1, 2>} : (tensor<?x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x7x6x3xf32>
  %relu = tosa.clamp %conv {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x7x6x3xf32>) -> tensor<?x7x6x3xf32>
  %q1 = quant.qcast %relu : tensor<?x7x6x3xf32> to tensor<?x7x6x3x!u8>
  %d1 = quant.dcast %q1 : tensor<?x7x6x3x!u8> to tensor<?x7x6x3xf32>
  %c1 = ml_program.global_load_const @depthwise.weight : tensor<1x2x3x1xi4>
  %s1 = quant.scast %c1 : tensor<1x2x3x1xi4> to tensor<1x2x3x1x!i4>
  %w1 = quant.dcast %s1 : tensor<1x2x3x1x!i4> to tensor<1x2x3x1xf32>
  %depthwise = tosa.depthwise_conv2d %d1, %w1, %none, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 1>} : (tensor<?x7x6x3xf32>, tensor<1x2x3x1xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x4x5x3xf32>
  %q2 = quant.qcast %depthwise : tensor<?x4x5x3xf32> to tensor<?x4x5x3x!i8>
  %d2 = quant.dcast %q2 : tensor<?x4x5x3x!i8> to tensor<?x4x5x3xf32>
  return %d2 : tensor<?x4x5x3xf32>
}

!perAxis = !quant.uniform<u8:f32:2, {0.5:10, 0.25:20}>

// Scales and zero points for each index of a dimension, which goes with it where
// the dimensions are ordered anew.
// AXIS:     node: [[Q:.*]] = QuantizeLinear <axis = 2> (input, [[S:.*]], [[Z:.*]])
// AXIS:     node: {{.*}} = DequantizeLinear <axis = 2> ([[Q]], [[S]], [[Z]])
// AXIS:     node: {{.*}} = DequantizeLinear <axis = 1> (constant, [[SW:.*]], [[ZW:.*]])
// AXIS-DAG: initializer: float[2] [[S]] = {0.5, 0.25}
// AXIS-DAG: initializer: uint8[2] [[Z]] = {10, 20}
// AXIS-DAG: initializer: int8[1, 2, 2] constant = {1, 3, 2, 4}
func.func @axis(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %q = quant.qcast %x : tensor<1x3x2xf32> to tensor<1x3x2x!perAxis>
  %d = quant.dcast %q : tensor<1x3x2x!perAxis> to tensor<1x3x2xf32>
  %c = arith.constant dense<[[[1, 2], [3, 4]]]> : tensor<1x2x2xi8>
  %s = quant.scast %c : tensor<1x2x2xi8> to tensor<1x2x2x!quant.uniform<i8:f32:2, {0.5, 0.25}>>
  %w = quant.dcast %s : tensor<1x2x2x!quant.uniform<i8:f32:2, {0.5, 0.25}>> to tensor<1x2x2xf32>
  %t = tosa.transpose %w {perms = array<i32: 0, 2, 1>} : (tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %y = tosa.matmul %d, %t, %zero, %zero : (tensor<1x3x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  return %y : tensor<1x3x2xf32>
}

// Several arguments and results are counted; one that is an argument, or comes
// twice, has a name of its own all the same.
// SEVERAL:      input: float[2] input0
// SEVERAL-NEXT: input: float[2] input1
// SEVERAL-NEXT: output: float[2] output0
// SEVERAL-NEXT: output: float[2] output1
// SEVERAL-NEXT: output: float[2] output2
// SEVERAL:      node: output0 = DequantizeLinear
// SEVERAL-NEXT: node: output1 = Identity (input1)
// SEVERAL-NEXT: node: output2 = Identity (output0)
// The quantizer's own arithmetic: floor(x * 4 + 0.5), clipped, as bytes.
// ARITHMETIC:      node: [[M:.*]] = Mul (input0, [[I:.*]])
// ARITHMETIC-NEXT: node: [[A:.*]] = Add ([[M]], [[H:.*]])
// ARITHMETIC-NEXT: node: [[F:.*]] = Floor ([[A]])
// ARITHMETIC-NEXT: node: [[C:.*]] = Clip ([[F]], [[LO:.*]], [[HI:.*]])
// ARITHMETIC-NEXT: node: [[CODES:.*]] = Cast <to = 2> ([[C]])
// ARITHMETIC-NEXT: node: output0 = DequantizeLinear ([[CODES]],
// ARITHMETIC-DAG:  initializer: float[] [[I]] = {4}
// ARITHMETIC-DAG:  initializer: float[] [[H]] = {0.5}
// ARITHMETIC-DAG:  initializer: float[] [[LO]] = {0}
// ARITHMETIC-DAG:  initializer: float[] [[HI]] = {255}
func.func @several(%x: tensor<2xf32>, %y: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %q = quant.qcast %x : tensor<2xf32> to tensor<2x!u8>
  %d = quant.dcast %q : tensor<2x!u8> to tensor<2xf32>
  return %d, %y, %d : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// TWICE:      node: output0 = DequantizeLinear
// TWICE-NEXT: node: output1 = Identity (output0)
func.func @twice(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %q = quant.qcast %x : tensor<2xf32> to tensor<2x!u8>
  %d = quant.dcast %q : tensor<2x!u8> to tensor<2xf32>
  return %d, %d : tensor<2xf32>, tensor<2xf32>
}
