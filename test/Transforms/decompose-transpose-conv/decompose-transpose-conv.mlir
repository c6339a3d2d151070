// RUN: cgmq-opt %s --split-input-file --cgmq-decompose-transpose-conv --mlir-print-local-scope -o %t.mlir && FileCheck %s --input-file=%t.mlir
// RUN: cgmq-opt %t.mlir --split-input-file --cgmq-decompose-transpose-conv --mlir-print-local-scope | diff - %t.mlir

// With strides of (2, 3), a kernel of 2 x 3 has one element for each phase, so
// none of 2 * 3 * 1 channels reaches into another; a result trimmed by the first
// row starts there. A pinned width stays with the result, the bias of one
// channel is that of each phase.
// CHECK-DAG: ml_program.global private mutable @w(dense<{{\[\[\[\[}}1.000000e+00]]], {{\[\[\[}}2.000000e+00]]], {{\[\[\[}}3.000000e+00]]], {{\[\[\[}}4.000000e+00]]], {{\[\[\[}}5.000000e+00]]], {{\[\[\[}}6.000000e+00]]]]> : tensor<6x1x1x1xf32>) : tensor<6x1x1x1xf32>
// CHECK-DAG: ml_program.global private mutable @b(dense<5.000000e-01> : tensor<6xf32>) : tensor<6xf32>
// CHECK-LABEL: func.func @phases
// CHECK:     %[[Y:.*]] = tosa.conv2d {{.*}}pad = array<i64: 0, 0, 0, 0>{{.*}}-> tensor<?x3x4x6xf32>
// CHECK:     %[[S:.*]] = tosa.reshape %[[Y]], {{.*}} -> tensor<?x3x4x2x3x1xf32>
// CHECK:     %[[T:.*]] = tosa.transpose %[[S]] {perms = array<i32: 0, 1, 3, 2, 4, 5>}
// CHECK:     %[[R:.*]] = tosa.reshape %[[T]], {{.*}} -> tensor<?x6x12x1xf32>
// CHECK:     %[[START:.*]] = tosa.const_shape {values = dense<[0, 1, 0, 0]>
// CHECK:     %[[SLICE:.*]] = tosa.slice %[[R]], %[[START]], {{.*}} {cgmq.width = 8 : i64} {{.*}} -> tensor<?x5x12x1xf32>
// CHECK:     return %[[SLICE]]
ml_program.global private mutable @w(dense<[[[[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]]]> : tensor<1x2x3x1xf32>) : tensor<1x2x3x1xf32>
ml_program.global private mutable @b(dense<0.5> : tensor<1xf32>) : tensor<1xf32>
func.func @phases(%x: tensor<?x3x4x1xf32>) -> tensor<?x5x12x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x2x3x1xf32>
  %b = ml_program.global_load @b : tensor<1xf32>
  %y = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32, cgmq.width = 8 : i64, out_pad = array<i64: -1, 0, 0, 0>, stride = array<i64: 2, 3>} : (tensor<?x3x4x1xf32>, tensor<1x2x3x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x5x12x1xf32>
  return %y : tensor<?x5x12x1xf32>
}

// -----

// A kernel of three with strides of two has a phase of two taps and one of a tap
// and a zero; later taps come first. A constant stays one, and so does a bias of
// zero; a weight that is moved on its way is laid out as it arrives.
// CHECK: ml_program.global private mutable @w(dense<{{\[\[\[\[}}3.000000e+00], [1.000000e+00]]], {{\[\[\[}}0.000000e+00], [2.000000e+00]]]]> : tensor<2x1x2x1xf32>)
// CHECK-LABEL: func.func @filled
// CHECK-DAG: %[[ZERO:.*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<2xf32>}>
// CHECK-DAG: %[[W:.*]] = ml_program.global_load @w : tensor<2x1x2x1xf32>
// CHECK:     tosa.conv2d %{{.*}}, %[[W]], %[[ZERO]], {{.*}}pad = array<i64: 0, 0, 1, 1>{{.*}}-> tensor<2x1x4x2xf32>
ml_program.global private mutable @w(dense<[[[[1.0, 2.0, 3.0]]]]> : tensor<1x1x1x3xf32>) : tensor<1x1x1x3xf32>
func.func @filled(%x: tensor<2x1x3x1xf32>) -> tensor<2x1x7x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x1x1x3xf32>
  %t = tosa.transpose %w {perms = array<i32: 0, 1, 3, 2>} : (tensor<1x1x1x3xf32>) -> tensor<1x1x3x1xf32>
  %y = tosa.transpose_conv2d %x, %t, %zero, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 2>} : (tensor<2x1x3x1xf32>, tensor<1x1x3x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x1x7x1xf32>
  return %y : tensor<2x1x7x1xf32>
}

// -----

// What others see keeps its numbers.
// CHECK-DAG: ml_program.global public mutable @w(dense<[{{.*}}1.000000e+00], [2.000000e+00]{{.*}}> : tensor<1x1x2x1xf32>)
// CHECK-DAG: ml_program.global private mutable @w_0(dense<[{{.*}}2.000000e+00], [1.000000e+00]{{.*}}> : tensor<1x1x2x1xf32>)
// CHECK-LABEL: func.func @shared
// CHECK:     ml_program.global_load @w_0
ml_program.global public mutable @w(dense<[[[[1.0], [2.0]]]]> : tensor<1x1x2x1xf32>) : tensor<1x1x2x1xf32>
func.func @shared(%x: tensor<2x1x3x1xf32>) -> tensor<2x1x4x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x1x2x1xf32>
  %y = tosa.transpose_conv2d %x, %w, %zero, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x1x3x1xf32>, tensor<1x1x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x1x4x1xf32>
  return %y : tensor<2x1x4x1xf32>
}
