// RUN: cgmq-opt %s --cgmq-globals-to-constants=as-values | FileCheck %s
// RUN: cgmq-opt %s --cgmq-globals-to-constants=as-values '--cgmq-lay-out-contractions=vnni=true' | FileCheck %s --check-prefix=LAID

// Constants of the function, laid out when it is compiled.
// CHECK-NOT:   ml_program.global
// CHECK-LABEL: func.func @f(
// CHECK:         %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<8x2xi8>
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %[[W]] :
// LAID:          arith.constant dense<{{\[\[\[}}1, 3, 5, 7], [2, 4, 6, 8]], {{\[\[}}9, 11, 13, 15], [10, 12, 14, 16]]]> : tensor<2x2x4xi8>
// LAID-NOT:      linalg.transpose
ml_program.global private @w(dense<[[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12], [13, 14], [15, 16]]> : tensor<8x2xi8>) : tensor<8x2xi8>
func.func @f(%x: tensor<32x8xi8>, %init: tensor<32x2xi32>) -> tensor<32x2xi32> {
  %w = ml_program.global_load_const @w : tensor<8x2xi8>
  %sum = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<32x8xi8>, tensor<8x2xi8>) outs(%init : tensor<32x2xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %ae = arith.extui %a : i8 to i32
    %be = arith.extsi %b : i8 to i32
    %m = arith.muli %ae, %be : i32
    %t = arith.addi %s, %m : i32
    linalg.yield %t : i32
  } -> tensor<32x2xi32>
  return %sum : tensor<32x2xi32>
}
