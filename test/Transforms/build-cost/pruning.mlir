// RUN: cgmq-opt %s -verify-diagnostics -test-cgmq-cost
// RUN: cgmq-opt %s --cgmq-report="function=table table-file=%t.txt" -o /dev/null && FileCheck %s --check-prefix=TABLE --input-file=%t.txt
// RUN: cgmq-opt %s --cgmq-report="function=nothing table-file=%t.txt report-file=%t.json" -o /dev/null && FileCheck %s --check-prefix=NOTHING --input-file=%t.txt

// What is pruned costs nothing, as a product of widths of which one is zero.

!p = !cgmq.gated<signed, [0, 2, 4, 8], f32>
!s = !cgmq.gated<signed, [2, 4, 8], f32>

ml_program.global private mutable @x.gate(dense<[[[-0.5, 2.5]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
ml_program.global private mutable @w(dense<0.5> : tensor<1x2x3xf32>) : tensor<1x2x3xf32>
ml_program.global private mutable @w.gate(dense<[[[0.0, 0.5, 1.5]]]> : tensor<1x1x3xf32>) : tensor<1x1x3xf32>
ml_program.global private mutable @layer.gate(dense<0.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @none.gate(dense<-0.5> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>

// The first input (0 bits) meets nothing, the second (8) the columns of 0, 2 and
// 4 bits: 8 * (0 + 2 + 4) = 48.
// expected-remark @below {{costs 48}}
func.func @channels(%a: tensor<1x?x2xf32>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @x.gate : tensor<1x1x2xf32>
  %xq = cgmq.quantize %a, %range, %xg : tensor<1x?x2xf32>, tensor<f32>, tensor<1x1x2xf32> -> tensor<1x?x2x!p>
  %x = cgmq.dequantize %xq : tensor<1x?x2x!p> -> tensor<1x?x2xf32>
  %b = ml_program.global_load @w : tensor<1x2x3xf32>
  %wg = ml_program.global_load @w.gate : tensor<1x1x3xf32>
  %wq = cgmq.quantize %b, %range, %wg : tensor<1x2x3xf32>, tensor<f32>, tensor<1x1x3xf32> -> tensor<1x2x3x!p>
  %w = cgmq.dequantize %wq : tensor<1x2x3x!p> -> tensor<1x2x3xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}

// One width for the input: 2 * 2 * (0 + 2 + 4) = 24. A table has no price for 0
// bits, and 5 for each other product: 2 * 2 * 5 = 20. The weight
// takes 2 * (0 + 2 + 4) = 12 bits.
// TABLE: w {{.*}} 2x2.00 24 100.00%
// TABLE: memory 12
// TABLE: flat 20
// expected-remark @below {{costs 24}}
func.func @table(%a: tensor<1x?x2xf32>) -> tensor<1x?x3xf32> attributes {cgmq.budget = [#cgmq.budget<24.0 bop>, #cgmq.budget<20.0 cost, #cgmq.cost_table<"flat", widths = [32], costs = {default = array<f64: 5.0>}>>]} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @layer.gate : tensor<f32>
  %xq = cgmq.quantize %a, %range, %xg : tensor<1x?x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x?x2x!s>
  %x = cgmq.dequantize %xq : tensor<1x?x2x!s> -> tensor<1x?x2xf32>
  %b = ml_program.global_load @w : tensor<1x2x3xf32>
  %wg = ml_program.global_load @w.gate : tensor<1x1x3xf32>
  %wq = cgmq.quantize %b, %range, %wg : tensor<1x2x3xf32>, tensor<f32>, tensor<1x1x3xf32> -> tensor<1x2x3x!p>
  %w = cgmq.dequantize %wq : tensor<1x2x3x!p> -> tensor<1x2x3xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}

// Gates that someone has set to prune all of the input: no layer has a share.
// NOTHING: w {{.*}} 0x2.00 0 0.00%
// expected-remark @below {{costs 0}}
func.func @nothing(%a: tensor<1x?x2xf32>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @none.gate : tensor<1x1x2xf32>
  %xq = cgmq.quantize %a, %range, %xg : tensor<1x?x2xf32>, tensor<f32>, tensor<1x1x2xf32> -> tensor<1x?x2x!p>
  %x = cgmq.dequantize %xq : tensor<1x?x2x!p> -> tensor<1x?x2xf32>
  %b = ml_program.global_load @w : tensor<1x2x3xf32>
  %wg = ml_program.global_load @w.gate : tensor<1x1x3xf32>
  %wq = cgmq.quantize %b, %range, %wg : tensor<1x2x3xf32>, tensor<f32>, tensor<1x1x3xf32> -> tensor<1x2x3x!p>
  %w = cgmq.dequantize %wq : tensor<1x2x3x!p> -> tensor<1x2x3xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}
