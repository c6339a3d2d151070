// UNSUPPORTED: sanitized
// The stock driver knows the dialect, its interfaces and its passes once it has
// loaded the plugin.
// RUN: mlir-opt %s --load-dialect-plugin=%cgmq_plugin --load-pass-plugin=%cgmq_plugin --pass-pipeline="builtin.module(cgmq-insert-gates{budget=0.9%})" | FileCheck %s

// It writes what the own driver writes.
// RUN: mlir-opt %s --load-dialect-plugin=%cgmq_plugin --load-pass-plugin=%cgmq_plugin --pass-pipeline="builtin.module(cgmq-insert-gates{budget=0.9%})" -o %t.mlir
// RUN: cgmq-opt %s --cgmq-insert-gates=budget=0.9% | diff - %t.mlir

ml_program.global private mutable @w(#cgmq.he_uniform<fan_in = 4, seed = 1>) : tensor<1x4x4xf32>

// CHECK-LABEL: func.func @f
// CHECK-SAME: cgmq.budget = #cgmq.budget<9.000000e-01 percent>
// CHECK: cgmq.quantize
func.func @f(%x: tensor<1x?x4xf32> {cgmq.nonnegative}) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  return %y : tensor<1x?x4xf32>
}
