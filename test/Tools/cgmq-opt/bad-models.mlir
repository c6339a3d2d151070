// A model that cannot be trained or bounded is one error at the operation that
// is the reason; the driver fails and leaves no file.

// RUN: rm -rf %t && split-file %s %t
// RUN: printf '\0\0\010\002\0\0\0\004\0\0\0\004abcdefghijklmnop' > %t/images
// RUN: printf '\0\0\010\001\0\0\0\004\0\001\002\0' > %t/labels
// DEFINE: %{model} =
// DEFINE: %{train} = not cgmq-opt %t/%{model} "--cgmq-train=images=%t/images labels=%t/labels batch=2 epochs=1" -o %t/out 2>&1 \
// DEFINE:   | FileCheck %t/%{model} --implicit-check-not=error:
// DEFINE: %{pipeline} = not cgmq-opt %t/%{model} "--cgmq-quantize-pipeline=images=%t/images labels=%t/labels batch=2 epochs=1 budget=50%" -o %t/out 2>&1 \
// DEFINE:   | FileCheck %t/%{model} --implicit-check-not=error:

// REDEFINE: %{model} = no-gradient.mlir
// RUN: %{train}
// REDEFINE: %{model} = no-cost.mlir
// RUN: %{pipeline}
// REDEFINE: %{model} = no-contraction.mlir
// RUN: %{pipeline}
// REDEFINE: %{model} = several-functions.mlir
// RUN: %{train}
// RUN: %{pipeline}

// RUN: ls %t | FileCheck %s --check-prefix=FILES --implicit-check-not=out --implicit-check-not=tmp
// FILES: images

//--- no-gradient.mlir
ml_program.global private mutable @w(#cgmq.he_uniform<fan_in = 4, seed = 1>) : tensor<1x3xf32>

func.func @f(%x: tensor<?x4xf32>) -> tensor<?x3xf32> {
  %start = tosa.const_shape {values = dense<0> : tensor<2xindex>} : () -> !tosa.shape<2>
  %size = tosa.const_shape {values = dense<[-1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %y = tosa.slice %x, %start, %size : (tensor<?x4xf32>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x3xf32>
  %w = ml_program.global_load @w : tensor<1x3xf32>
  // CHECK: no-gradient.mlir:[[@LINE+2]]:8: error: 'tosa.floor' op has no gradient rule
  // CHECK: no-gradient.mlir:[[@LINE-2]]:8: note: the derivative is taken with respect to this value
  %r = tosa.floor %w : (tensor<1x3xf32>) -> tensor<1x3xf32>
  %logits = tosa.add %y, %r : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x3xf32>
  return %logits : tensor<?x3xf32>
}

//--- no-cost.mlir
ml_program.global private mutable @w(#cgmq.he_uniform<fan_in = 4, seed = 1>) : tensor<1x4x3xf32>

func.func @f(%x: tensor<?x4xf32>) -> tensor<?x3xf32> {
  // CHECK: no-cost.mlir:[[@LINE+1]]:8: error: 'math.erf' op has no known cost in bit-operations
  %e = math.erf %x : tensor<?x4xf32>
  // CHECK: note: a function is bounded only if every operation in it has the BopCostOpInterface
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %flat = tosa.const_shape {values = dense<[1, -1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %rows = tosa.reshape %e, %flat : (tensor<?x4xf32>, !tosa.shape<3>) -> tensor<1x?x4xf32>
  %w = ml_program.global_load @w : tensor<1x4x3xf32>
  %y = tosa.matmul %rows, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  %shape = tosa.const_shape {values = dense<[-1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %logits = tosa.reshape %y, %shape : (tensor<1x?x3xf32>, !tosa.shape<2>) -> tensor<?x3xf32>
  return %logits : tensor<?x3xf32>
}

//--- no-contraction.mlir
ml_program.global private mutable @b(dense<0.0> : tensor<1x4xf32>) : tensor<1x4xf32>

// CHECK: no-contraction.mlir:[[@LINE+1]]:1: error: {{.*}}expects at least one contraction for a cost in bit-operations, but got none
func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %b = ml_program.global_load @b : tensor<1x4xf32>
  %logits = tosa.add %x, %b : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x4xf32>
  return %logits : tensor<?x4xf32>
}

//--- several-functions.mlir
// CHECK: several-functions.mlir:{{.*}} error: expects one function where option 'function' names none, but got 2
// CHECK: several-functions.mlir:[[@LINE+1]]:1: note: function=f selects this one
func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}
// CHECK: several-functions.mlir:[[@LINE+1]]:1: note: function=g selects this one
func.func @g(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}
