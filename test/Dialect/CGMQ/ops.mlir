// RUN: cgmq-opt %s | cgmq-opt | FileCheck %s
// RUN: cgmq-opt %s --emit-bytecode | cgmq-opt | FileCheck %s

!u = !cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>
!s = !cgmq.gated<signed, [2, 4, 8], f32>

// The QDQ pair around a value; CHECK lines prove that types print as written.
// CHECK-LABEL: func.func @qdq
// CHECK-SAME: cgmq.nonnegative
// CHECK-SAME: cgmq.budget = #cgmq.budget<9.000000e-01 percent>
func.func @qdq(%x: tensor<?x28xf32> {cgmq.nonnegative}, %range: tensor<f32>, %gate: tensor<f32>)
    -> tensor<?x28xf32> attributes {cgmq.budget = #cgmq.budget<0.9 percent>} {
  // CHECK: cgmq.quantize %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x28xf32>, tensor<f32>, tensor<f32> -> tensor<?x28x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>
  %q = cgmq.quantize %x, %range, %gate : tensor<?x28xf32>, tensor<f32>, tensor<f32> -> tensor<?x28x!u>
  // CHECK: cgmq.dequantize
  %y = cgmq.dequantize %q : tensor<?x28x!u> -> tensor<?x28xf32>
  return %y : tensor<?x28xf32>
}
