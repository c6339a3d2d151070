// RUN: cgmq-opt %s --cgmq-expand-math | FileCheck %s

// Inside other operations too; other functions and types stay. No product is
// rounded together with a sum.
// CHECK-LABEL: func.func @functions
// CHECK-NOT: math.{{erf|exp |log |tanh|fma}}
// CHECK: math.sin
// CHECK-NOT: math.{{erf|exp |log |tanh|fma}}
// CHECK: math.exp %{{.*}} : f64
// CHECK-NOT: math.{{erf|exp |log |tanh|fma}}
// CHECK: return
func.func @functions(%x: tensor<4xf32>, %wide: f64) -> (tensor<4xf32>, f64) {
  %y = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%x : tensor<4xf32>) {
  ^bb0(%in: f32):
    %0 = math.sin %in : f32
    %1 = math.erf %0 : f32
    %2 = math.exp %1 : f32
    %3 = math.tanh %2 : f32
    %4 = math.log %3 : f32
    linalg.yield %4 : f32
  } -> tensor<4xf32>
  %z = math.exp %wide : f64
  return %y, %z : tensor<4xf32>, f64
}
