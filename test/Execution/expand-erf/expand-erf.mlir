// RUN: cgmq-opt %s --cgmq-expand-erf | FileCheck %s

// Inside other operations too; other functions stay.
// CHECK-LABEL: func.func @erf
// CHECK-NOT: math.erf
// CHECK: math.tanh
// CHECK-NOT: math.erf
// CHECK: return
func.func @erf(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%x : tensor<4xf32>) {
  ^bb0(%in: f32):
    %0 = math.tanh %in : f32
    %1 = math.erf %0 : f32
    linalg.yield %1 : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
