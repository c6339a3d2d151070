// RUN: cgmq-opt %s --cgmq-freeze | FileCheck %s
// RUN: cgmq-opt %s --cgmq-freeze --cgmq-lower-to-integer | FileCheck %s --check-prefix=INTEGER
// RUN: cgmq-opt %s --cgmq-verify-budget --cgmq-freeze --cgmq-verify-budget --cgmq-lower-to-integer --cgmq-verify-budget -o /dev/null
// RUN: sed s/110.0/109.0/ %s | not cgmq-opt --cgmq-freeze --cgmq-verify-budget -o /dev/null 2>&1 | FileCheck %s --check-prefix=ERROR
// RUN: sed s/110.0/109.0/ %s | not cgmq-opt --cgmq-freeze --cgmq-lower-to-integer --cgmq-verify-budget -o /dev/null 2>&1 | FileCheck %s --check-prefix=ERROR
// ERROR: error: expects at most 109 bits of weights and biases, but got 110

// The bits of each parameter go with it: 3 * 5 weights of 2 bits and a bias of 5
// * 16, which has 32 on the grid of its accumulators, 30 + 80 = 110.
// CHECK: ml_program.global private @w(dense<{{.*}}> : tensor<1x3x5xi2>) : tensor<1x3x5xi2> {cgmq.bits = 30 : i64}
// CHECK: ml_program.global private @b(dense<{{.*}}> : tensor<1x1x5xi32>) : tensor<1x1x5xi32> {cgmq.bits = 80 : i64}
// INTEGER: ml_program.global private @w(dense<{{.*}}> : tensor<1x3x5xi8>) : tensor<1x3x5xi8> {cgmq.bits = 30 : i64}
// INTEGER: ml_program.global private @b(dense<{{.*}}> : tensor<1x1x5xi32>) : tensor<1x1x5xi32> {cgmq.bits = 80 : i64}

!u = !cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>
ml_program.global private mutable @w(dense<0.5> : tensor<1x3x5xf32>) : tensor<1x3x5xf32>
ml_program.global private mutable @w.gate(dense<0.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @b(dense<0.25> : tensor<1x1x5xf32>) : tensor<1x1x5xf32>
ml_program.global private mutable @b.gate(dense<3.5> : tensor<f32>) : tensor<f32>
func.func @f(%x: tensor<1x?x3xf32>) -> tensor<1x?x5xf32>
    attributes {cgmq.budget = #cgmq.budget<110.0 bit, memory>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = arith.constant dense<1.5> : tensor<f32>
  %xq = cgmq.quantize %x, %range, %xg : tensor<1x?x3xf32>, tensor<f32>, tensor<f32> -> tensor<1x?x3x!u>
  %xd = cgmq.dequantize %xq : tensor<1x?x3x!u> -> tensor<1x?x3xf32>
  %w = ml_program.global_load @w : tensor<1x3x5xf32>
  %wg = ml_program.global_load @w.gate : tensor<f32>
  %wq = cgmq.quantize %w, %range, %wg : tensor<1x3x5xf32>, tensor<f32>, tensor<f32> -> tensor<1x3x5x!s>
  %wd = cgmq.dequantize %wq : tensor<1x3x5x!s> -> tensor<1x3x5xf32>
  %y = tosa.matmul %xd, %wd, %zero, %zero : (tensor<1x?x3xf32>, tensor<1x3x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x5xf32>
  %b = ml_program.global_load @b : tensor<1x1x5xf32>
  %bg = ml_program.global_load @b.gate : tensor<f32>
  %bq = cgmq.quantize %b, %range, %bg : tensor<1x1x5xf32>, tensor<f32>, tensor<f32> -> tensor<1x1x5x!s>
  %bd = cgmq.dequantize %bq : tensor<1x1x5x!s> -> tensor<1x1x5xf32>
  %ba = cgmq.align %bd, %xq, %wq : tensor<1x1x5xf32>, tensor<1x?x3x!u>, tensor<1x3x5x!s>
  %z = tosa.add %y, %ba : (tensor<1x?x5xf32>, tensor<1x1x5xf32>) -> tensor<1x?x5xf32>
  return %z : tensor<1x?x5xf32>
}
