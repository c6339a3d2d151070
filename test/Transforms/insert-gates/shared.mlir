// RUN: cgmq-opt %s --cgmq-insert-gates=function=residual | FileCheck %s --check-prefix=RESIDUAL
// RUN: cgmq-opt %s --cgmq-insert-gates='function=residual granularity=element' | FileCheck %s --check-prefix=ELEMENT
// RUN: cgmq-opt %s --cgmq-insert-gates=function=pinned | FileCheck %s --check-prefix=PINNED
// RUN: cgmq-opt %s --cgmq-insert-gates=function=residual --cgmq-build-loss='function=residual loss=mse' --cgmq-build-training-step='function=residual direction=cost' | FileCheck %s --check-prefix=STEP
// RUN: cgmq-opt %s --cgmq-insert-gates=function=residual --cgmq-build-loss='function=residual loss=mse' --cgmq-build-training-step='function=residual direction=magnitude' | FileCheck %s --check-prefix=SUM

// The input and the hidden layer meet in an addition, and both are quantized for
// a contraction: one gate for both, each with a range of its own.
// RESIDUAL-NOT: @residual.act1.gate
// RESIDUAL: @residual.act1.range
// RESIDUAL-NOT: @residual.act1.gate
// RESIDUAL-LABEL: func.func @residual(
// RESIDUAL: cgmq.quantize %arg0, %residual.act0.range, %[[GATE:residual.act0.gate[_0-9]*]]
// RESIDUAL: %[[SAME:.*]] = ml_program.global_load @residual.act0.gate
// RESIDUAL: cgmq.quantize %{{.*}}, %residual.act1.range, %[[SAME]]
// ELEMENT: ml_program.global private mutable @residual.act0.gate({{.*}}) : tensor<1x8x4xf32>
// ELEMENT-NOT: @residual.act1.gate

// Each of the two quantizers has its own sensitivity; other directions add up
// what their tensors tell.
// STEP-DAG: ml_program.global private mutable @residual.act0.gate.sensitivity(
// STEP-DAG: ml_program.global private mutable @residual.act0.gate.sensitivity.1(
// STEP: ml_program.global_store @residual.act0.gate.sensitivity =
// STEP: ml_program.global_store @residual.act0.gate.sensitivity.1 =
// STEP: ml_program.global_store @residual.act0.gate =
// STEP-NOT: ml_program.global_store @residual.act0.gate =
// SUM: ml_program.global_store @residual.act0.gate =
// SUM-NOT: ml_program.global_store @residual.act0.gate =

// A pinned width is shared with nothing.
// PINNED: @pinned.act1.gate
ml_program.global private mutable @w1(dense<1.0> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>
ml_program.global private mutable @w2(dense<-0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>
ml_program.global private mutable @w3(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
func.func @residual(%x: tensor<1x8x4xf32>) -> tensor<1x8x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w1 = ml_program.global_load @w1 : tensor<1x4x4xf32>
  %h = tosa.matmul %x, %w1, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x4xf32>
  %w2 = ml_program.global_load @w2 : tensor<1x4x4xf32>
  %i = tosa.matmul %h, %w2, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x4xf32>
  %sum = tosa.add %x, %h : (tensor<1x8x4xf32>, tensor<1x8x4xf32>) -> tensor<1x8x4xf32>
  %all = tosa.add %sum, %i : (tensor<1x8x4xf32>, tensor<1x8x4xf32>) -> tensor<1x8x4xf32>
  %w3 = ml_program.global_load @w3 : tensor<1x4x2xf32>
  %y = tosa.matmul %all, %w3, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x2xf32>
  return %y : tensor<1x8x2xf32>
}
func.func @pinned(%x: tensor<1x8x4xf32> {cgmq.width = 8 : i64}) -> tensor<1x8x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w1 = ml_program.global_load @w1 : tensor<1x4x4xf32>
  %h = tosa.matmul %x, %w1, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x4xf32>
  %w2 = ml_program.global_load @w2 : tensor<1x4x4xf32>
  %i = tosa.matmul %h, %w2, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x4xf32>
  %sum = tosa.add %x, %h : (tensor<1x8x4xf32>, tensor<1x8x4xf32>) -> tensor<1x8x4xf32>
  %w3 = ml_program.global_load @w3 : tensor<1x4x2xf32>
  %y = tosa.matmul %sum, %w3, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x2xf32>
  return %y : tensor<1x8x2xf32>
}
