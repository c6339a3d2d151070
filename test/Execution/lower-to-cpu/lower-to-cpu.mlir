// RUN: cgmq-opt %s -cgmq-lower-to-cpu | FileCheck %s
// RUN: cgmq-opt %s -cgmq-lower-to-cpu=tile-contractions=false | FileCheck %s --check-prefix=LOOPS

ml_program.global private mutable @w(dense<0.5> : tensor<1x20x30xf32>) : tensor<1x20x30xf32>

// Input, global, result and arena are one pointer each; nothing is allocated.
// CHECK-LABEL: llvm.func @f(
// CHECK-SAME:    %{{[a-z0-9]+}}: !llvm.ptr, %{{[a-z0-9]+}}: !llvm.ptr {cgmq.global = "w"}, %{{[a-z0-9]+}}: !llvm.ptr, %{{[a-z0-9]+}}: !llvm.ptr {cgmq.arena})
// CHECK-NOT:     llvm.call @malloc
// CHECK:         llvm.intr.fmuladd({{.*}}) : (vector<16xf32>, vector<16xf32>, vector<16xf32>)
// LOOPS-LABEL: llvm.func @f(
// LOOPS-NOT:     vector<16xf32>
// LOOPS:         llvm.fmul {{.*}} : f32
func.func @f(%x: tensor<1x10x20xf32>) -> tensor<1x10x30xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x20x30xf32>
  %0 = tosa.abs %x : (tensor<1x10x20xf32>) -> tensor<1x10x20xf32>
  %1 = tosa.matmul %0, %w, %zero, %zero : (tensor<1x10x20xf32>, tensor<1x20x30xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x10x30xf32>
  %2 = tosa.exp %1 : (tensor<1x10x30xf32>) -> tensor<1x10x30xf32>
  return %2 : tensor<1x10x30xf32>
}
