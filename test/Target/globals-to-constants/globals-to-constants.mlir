// RUN: cgmq-opt %s --cgmq-globals-to-constants -split-input-file -verify-diagnostics | FileCheck %s

// A global takes the shape that its one reader wants.
// CHECK: memref.global "private" constant @w : memref<4xi8> = dense<[1, 2, 3, 4]>
// CHECK-LABEL: func.func @f
// CHECK: %[[W:.*]] = memref.get_global @w : memref<4xi8>
// CHECK: %[[T:.*]] = bufferization.to_tensor %[[W]] restrict
// CHECK: return %[[T]]
ml_program.global private @w(dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>) : tensor<2x2xi8>
func.func @f() -> tensor<4xi8> {
  %w = ml_program.global_load_const @w : tensor<2x2xi8>
  %flat = tensor.collapse_shape %w [[0, 1]] : tensor<2x2xi8> into tensor<4xi8>
  return %flat : tensor<4xi8>
}

// -----

// What training may still write is part of no program.
// expected-error @+2 {{expects an immutable tensor with a dense value to be part of a program}}
// expected-note @+1 {{cgmq-freeze and cgmq-lower-to-integer leave those}}
ml_program.global private mutable @w(dense<1> : tensor<2xi8>) : tensor<2xi8>
