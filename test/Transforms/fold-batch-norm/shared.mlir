// RUN: cgmq-opt %s --split-input-file --cgmq-fold-batch-norm | FileCheck %s

// Two layers share a weight, through one load, and a scale; one has a batch
// norm. It gets a copy, and the other keeps the numbers. The new bias is its.
// CHECK-DAG: ml_program.global private mutable @w(dense<{{\[\[\[}}1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]]> : tensor<1x2x2xf32>)
// CHECK-DAG: ml_program.global private mutable @[[COPY:w_[0-9]+]](dense<{{\[\[\[}}2.000000e+00, 6.000000e+00], [6.000000e+00, 1.200000e+01]]]> : tensor<1x2x2xf32>)
// CHECK-DAG: @scale(
// CHECK-LABEL: func.func @shared
// CHECK-DAG: %[[W:.*]] = ml_program.global_load @w :
// CHECK-DAG: %[[C:.*]] = ml_program.global_load @[[COPY]]
// CHECK: %[[Y:.*]] = tosa.matmul %{{.*}}, %[[C]],
// CHECK: %[[Z:.*]] = tosa.add %[[Y]]
// CHECK: tosa.matmul %[[Z]], %[[W]],
ml_program.global private mutable @w(dense<[[[1.0, 2.0], [3.0, 4.0]]]> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
ml_program.global private mutable @scale(dense<[[[2.0, 3.0]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
func.func @shared(%x: tensor<1x?x2xf32>) -> (tensor<1x?x2xf32>, tensor<1x1x2xf32>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %scale = ml_program.global_load @scale : tensor<1x1x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %z = tosa.mul %y, %scale, %shift : (tensor<1x?x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x?x2xf32>
  %r = tosa.matmul %z, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %r, %scale : tensor<1x?x2xf32>, tensor<1x1x2xf32>
}

// -----

// Both have one: the first gets a copy, and the second what is left. So it is
// with the bias, which comes by a reshape of its own.
// CHECK-DAG: @w(dense<3.000000e+00> : tensor<1x2x2xf32>)
// CHECK-DAG: @[[W:w_[0-9]+]](dense<2.000000e+00> : tensor<1x2x2xf32>)
// CHECK-DAG: @b(dense<1.500000e+01> : tensor<2xf32>)
// CHECK-DAG: @[[B:b_[0-9]+]](dense<1.000000e+01> : tensor<2xf32>)
// CHECK-LABEL: func.func @twice
// CHECK: ml_program.global_load @[[W]]
// CHECK: tosa.matmul
// CHECK: %[[LOAD:.*]] = ml_program.global_load @[[B]]
// CHECK: tosa.reshape %[[LOAD]]
// CHECK: ml_program.global_load @w :
// CHECK: tosa.matmul
ml_program.global private mutable @w(dense<1.0> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
ml_program.global private mutable @b(dense<5.0> : tensor<2xf32>) : tensor<2xf32>
func.func @twice(%x: tensor<1x?x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %three = "tosa.const"() <{values = dense<3.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %shape = tosa.const_shape {values = dense<[1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %b = ml_program.global_load @b : tensor<2xf32>
  %bias = tosa.reshape %b, %shape : (tensor<2xf32>, !tosa.shape<3>) -> tensor<1x1x2xf32>
  %v = ml_program.global_load @w : tensor<1x2x2xf32>
  %0 = tosa.matmul %x, %v, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %1 = tosa.add %0, %bias : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  %2 = tosa.mul %1, %two, %shift : (tensor<1x?x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x?x2xf32>
  %w = ml_program.global_load @w : tensor<1x2x2xf32>
  %3 = tosa.matmul %2, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %4 = tosa.add %3, %bias : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  %5 = tosa.mul %4, %three, %shift : (tensor<1x?x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x?x2xf32>
  return %5 : tensor<1x?x2xf32>
}

// -----

// A public global belongs to others too, and is never erased.
// CHECK-DAG: ml_program.global public mutable @w(dense<1.000000e+00> : tensor<1x1x2xf32>)
// CHECK-DAG: ml_program.global private mutable @{{w_[0-9]+}}(dense<2.000000e+00> : tensor<1x1x2xf32>)
// CHECK-LABEL: func.func @public
ml_program.global public mutable @w(dense<1.0> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
func.func @public(%x: tensor<1x?x1xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %w = ml_program.global_load @w : tensor<1x1x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x1xf32>, tensor<1x1x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %z = tosa.mul %y, %two, %shift : (tensor<1x?x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x?x2xf32>
  return %z : tensor<1x?x2xf32>
}
