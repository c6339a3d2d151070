// RUN: cgmq-opt %s --cgmq-raise-linalg --split-input-file | FileCheck %s

// The batch may be unknown: extents that are computed from it go, and types say
// what follows from the argument's.
// CHECK-LABEL: func.func @batch(
// CHECK-SAME: tensor<?x4xf32>) -> tensor<?x12xf32>
// CHECK-NOT: tensor.dim
// CHECK: tosa.reshape
func.func @batch(%x: tensor<?x4xf32>) -> tensor<?x?xf32> {
  %zero = arith.constant 0.0 : f32
  %i = arith.constant 0 : index
  %n = tensor.dim %x, %i : tensor<?x4xf32>
  %w = arith.constant dense<0.5> : tensor<4x12xf32>
  %e = tensor.empty(%n) : tensor<?x12xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<?x12xf32>) -> tensor<?x12xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x4xf32>, tensor<4x12xf32>) outs(%init : tensor<?x12xf32>) -> tensor<?x12xf32>
  %a = tensor.expand_shape %y [[0], [1, 2]] output_shape [%n, 3, 4] : tensor<?x12xf32> into tensor<?x3x4xf32>
  %b = tensor.collapse_shape %a [[0], [1, 2]] : tensor<?x3x4xf32> into tensor<?x12xf32>
  %c = tensor.cast %b : tensor<?x12xf32> to tensor<?x?xf32>
  return %c : tensor<?x?xf32>
}

// -----

// A view whose extent is unknown by its type and known by its operand.
// CHECK-LABEL: func.func @view(
// CHECK-SAME: tensor<2x6xf32>) -> tensor<4x3xf32>
func.func @view(%x: tensor<2x6xf32>) -> tensor<?x3xf32> {
  %a = tensor.cast %x : tensor<2x6xf32> to tensor<?x6xf32>
  %b = tensor.collapse_shape %a [[0, 1]] : tensor<?x6xf32> into tensor<?xf32>
  %i = arith.constant 0 : index
  %three = arith.constant 3 : index
  %n = tensor.dim %b, %i : tensor<?xf32>
  %m = arith.divsi %n, %three : index
  %c = tensor.expand_shape %b [[0, 1]] output_shape [%m, 3] : tensor<?xf32> into tensor<?x3xf32>
  return %c : tensor<?x3xf32>
}

// -----

// Equal constants are parameters of their own, named by layer; what a relu is
// compared with is none. The seed goes.
// CHECK-NOT: @global_seed
// CHECK-DAG: ml_program.global private mutable @conv1.weight(dense<5.000000e-01> : tensor<2x1x1x2xf32>)
// CHECK-DAG: ml_program.global private mutable @conv2.weight(dense<5.000000e-01> : tensor<2x1x1x2xf32>)
// CHECK-DAG: ml_program.global private mutable @conv1.bias(dense<0.000000e+00> : tensor<2xf32>)
// CHECK-DAG: ml_program.global private mutable @conv2.bias(dense<0.000000e+00> : tensor<2xf32>)
// CHECK-DAG: ml_program.global private mutable @linear1.weight(dense_resource<weight{{.*}}> : tensor<1x2x2xf32>)
// CHECK-DAG: ml_program.global private mutable @parameter1({{.*}} : tensor<1x2xf32>)
// CHECK-LABEL: func.func @parameters(
// CHECK-COUNT-2: tosa.conv2d
ml_program.global private mutable @global_seed(dense<0> : tensor<i64>) : tensor<i64>
func.func @parameters(%x: tensor<3x2x1x1xf32>) -> tensor<3x2xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<0.5> : tensor<2x2x1x1xf32>
  %bias = arith.constant dense<0.0> : tensor<2xf32>
  %v = arith.constant dense_resource<weight> : tensor<2x2xf32>
  %factors = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<3x2x1x1xf32>
  %init = linalg.broadcast ins(%bias : tensor<2xf32>) outs(%e : tensor<3x2x1x1xf32>) dimensions = [0, 2, 3]
  %a = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<3x2x1x1xf32>, tensor<2x2x1x1xf32>) outs(%init : tensor<3x2x1x1xf32>) -> tensor<3x2x1x1xf32>
  %other = linalg.broadcast ins(%bias : tensor<2xf32>) outs(%e : tensor<3x2x1x1xf32>) dimensions = [0, 2, 3]
  %b = linalg.conv_2d_nchw_fchw ins(%a, %w : tensor<3x2x1x1xf32>, tensor<2x2x1x1xf32>) outs(%other : tensor<3x2x1x1xf32>) -> tensor<3x2x1x1xf32>
  %c = tensor.collapse_shape %b [[0], [1, 2, 3]] : tensor<3x2x1x1xf32> into tensor<3x2xf32>
  %f = tensor.empty() : tensor<3x2xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%f : tensor<3x2xf32>) -> tensor<3x2xf32>
  %d = linalg.matmul ins(%c, %v : tensor<3x2xf32>, tensor<2x2xf32>) outs(%zeros : tensor<3x2xf32>) -> tensor<3x2xf32>
  %many = linalg.broadcast ins(%factors : tensor<2xf32>) outs(%f : tensor<3x2xf32>) dimensions = [0]
  %y = linalg.mul ins(%d, %many : tensor<3x2xf32>, tensor<3x2xf32>) outs(%f : tensor<3x2xf32>) -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weight: "0x040000000000803F000000400000404000008040"
    }
  }
#-}

// -----

// CHECK-LABEL: func.func @softmax(
// CHECK: tosa.reduce_max %{{.*}} {axis = 1 : i32}
// CHECK: tosa.exp
// CHECK: tosa.reduce_sum
// CHECK: tosa.reciprocal
// CHECK: tosa.mul
func.func @softmax(%x: tensor<2x5x3xf32>) -> tensor<2x5x3xf32> {
  %e = tensor.empty() : tensor<2x5x3xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<2x5x3xf32>) outs(%e : tensor<2x5x3xf32>) -> tensor<2x5x3xf32>
  return %y : tensor<2x5x3xf32>
}

// -----

// A condition that holds is nothing.
// CHECK-LABEL: func.func @assertion(
// CHECK-NEXT: tosa.tanh
func.func @assertion(%x: tensor<3xf32>) -> tensor<3xf32> {
  %true = arith.constant true
  cf.assert %true, "inference"
  %y = linalg.tanh ins(%x : tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

// Nothing to raise, nothing changed.
// CHECK-LABEL: func.func @untouched(
// CHECK: arith.constant
// CHECK: arith.constant
func.func @untouched(%x: tensor<3xf32>) -> tensor<3xf32> {
  %unused = arith.constant 1.0 : f32
  %c = arith.constant dense<1.0> : tensor<3xf32>
  %y = arith.addf %x, %c : tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

// Paddings below zero cut.
// CHECK-LABEL: func.func @cut(
// CHECK-SAME: %[[X:.+]]: tensor
// CHECK-DAG: %[[PAD:.+]] = tosa.const_shape {values = dense<[0, 1, 1, 0]>
// CHECK-DAG: %[[START:.+]] = tosa.const_shape {values = dense<[1, 0]>
// CHECK: %[[ROWS:.+]] = tosa.slice %[[X]], %[[START]], {{.*}} -> tensor<3x5xf32>
// CHECK: %[[CUT:.+]] = tosa.slice %[[ROWS]], {{.*}} -> tensor<3x3xf32>
// CHECK: tosa.pad %[[CUT]], %[[PAD]]
func.func @cut(%x: tensor<4x5xf32>) -> tensor<4x4xf32> {
  %two = arith.constant 2.0 : f32
  %y = tensor.pad %x low[-1, 1] high[1, -2] {
  ^bb0(%i: index, %j: index):
    tensor.yield %two : f32
  } : tensor<4x5xf32> to tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}
