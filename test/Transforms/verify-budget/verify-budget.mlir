// RUN: cgmq-opt %s --cgmq-verify-budget --remarks-filter-analyse=cgmq-cost 2>&1 | FileCheck %s

// A bound in percent that is met exactly holds: 8 * 8 / (32 * 32) = 6.25 %.
// CHECK: remark: [Analysis] Budget | Category:cgmq-cost | Function=percent | BOPs=512, Bound=512, RBOP=6.25%
func.func @percent(%a: tensor<1x?x4x!quant.uniform<u8:f32, 0.5>>, %b: tensor<1x4x2x!quant.uniform<i8<-127:127>:f32, 0.5>>) -> tensor<1x?x2xf32>
    attributes {cgmq.budget = #cgmq.budget<6.25 percent>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %ad = quant.dcast %a : tensor<1x?x4x!quant.uniform<u8:f32, 0.5>> to tensor<1x?x4xf32>
  %bd = quant.dcast %b : tensor<1x4x2x!quant.uniform<i8<-127:127>:f32, 0.5>> to tensor<1x4x2xf32>
  %y = tosa.matmul %ad, %bd, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// The bound of a function holds for what it calls: 4*2 products of 8 by 4 bits
// (the storage is wider) and 3 times that, (1 + 3) * 8 * 32 = 1024.
// CHECK: remark: [Analysis] Budget | Category:cgmq-cost | Function=calls | BOPs=1024, Bound=1024, RBOP=3.125%
func.func @calls(%a: tensor<?x4xi8>, %b: tensor<4x2xi8>) -> tensor<?x2xi32>
    attributes {cgmq.budget = #cgmq.budget<1024.0 bop>} {
  %y = call @called(%a, %b) : (tensor<?x4xi8>, tensor<4x2xi8>) -> tensor<?x2xi32>
  %z = call @three_times(%a, %b) : (tensor<?x4xi8>, tensor<4x2xi8>) -> tensor<?x2xi32>
  return %z : tensor<?x2xi32>
}
func.func @three_times(%a: tensor<?x4xi8>, %b: tensor<4x2xi8>) -> tensor<?x2xi32> {
  %0 = call @called(%a, %b) : (tensor<?x4xi8>, tensor<4x2xi8>) -> tensor<?x2xi32>
  %1 = call @called(%a, %b) : (tensor<?x4xi8>, tensor<4x2xi8>) -> tensor<?x2xi32>
  %2 = call @called(%a, %b) : (tensor<?x4xi8>, tensor<4x2xi8>) -> tensor<?x2xi32>
  return %2 : tensor<?x2xi32>
}
func.func @called(%a: tensor<?x4xi8>, %b: tensor<4x2xi8>) -> tensor<?x2xi32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x4xi8>
  %empty = tensor.empty(%n) : tensor<?x2xi32>
  %zero = arith.constant 0 : i32
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<?x2xi32>) -> tensor<?x2xi32>
  %y = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<?x4xi8>, tensor<4x2xi8>) outs(%init : tensor<?x2xi32>) attrs = {cgmq.widths = array<i64: 8, 4>} {
  ^bb0(%x: i8, %w: i8, %acc: i32):
    %xe = arith.extui %x : i8 to i32
    %we = arith.extsi %w : i8 to i32
    %p = arith.muli %xe, %we : i32
    %s = arith.addi %acc, %p : i32
    linalg.yield %s : i32
  } -> tensor<?x2xi32>
  return %y : tensor<?x2xi32>
}
