// RUN: cgmq-opt %s -cgmq-convert-dots-to-vnni | FileCheck %s

#group = affine_map<(i, k) -> (i, k)>
#lane = affine_map<(i, k) -> (i)>

// CHECK-LABEL: func.func @lanes_16(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: vector<64xi8>, %[[Y:[a-z0-9]+]]: vector<64xi8>, %[[SUM:[a-z0-9]+]]: vector<16xi32>)
// CHECK-NEXT:    %[[R:.*]] = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%[[SUM]], %[[X]], %[[Y]])
// CHECK-NEXT:    return %[[R]]
func.func @lanes_16(%x: vector<64xi8>, %y: vector<64xi8>, %sum: vector<16xi32>) -> vector<16xi32> {
  %0 = vector.shape_cast %x : vector<64xi8> to vector<16x4xi8>
  %1 = vector.shape_cast %y : vector<64xi8> to vector<16x4xi8>
  %a = arith.extui %0 : vector<16x4xi8> to vector<16x4xi32>
  %b = arith.extsi %1 : vector<16x4xi8> to vector<16x4xi32>
  %2 = vector.contract {indexing_maps = [#group, #group, #lane], iterator_types = ["parallel", "reduction"], kind = #vector.kind<add>} %a, %b, %sum : vector<16x4xi32>, vector<16x4xi32> into vector<16xi32>
  return %2 : vector<16xi32>
}

// CHECK-LABEL: func.func @lanes_8(
// CHECK:         llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"
func.func @lanes_8(%x: vector<8x4xi8>, %y: vector<8x4xi8>, %sum: vector<8xi32>) -> vector<8xi32> {
  %a = arith.extui %x : vector<8x4xi8> to vector<8x4xi32>
  %b = arith.extsi %y : vector<8x4xi8> to vector<8x4xi32>
  %0 = vector.contract {indexing_maps = [#group, #group, #lane], iterator_types = ["parallel", "reduction"], kind = #vector.kind<add>} %a, %b, %sum : vector<8x4xi32>, vector<8x4xi32> into vector<8xi32>
  return %0 : vector<8xi32>
}

// Two signed factors, groups of two, and a maximum stay.
// CHECK-LABEL: func.func @stay(
// CHECK-NOT:     call_intrinsic
// CHECK-COUNT-3: vector.contract
func.func @stay(%x: vector<16x4xi8>, %y: vector<16x4xi8>, %z: vector<16x2xi8>, %sum: vector<16xi32>) -> (vector<16xi32>, vector<16xi32>, vector<16xi32>) {
  %a = arith.extui %x : vector<16x4xi8> to vector<16x4xi32>
  %b = arith.extsi %y : vector<16x4xi8> to vector<16x4xi32>
  %c = arith.extui %z : vector<16x2xi8> to vector<16x2xi32>
  %d = arith.extsi %z : vector<16x2xi8> to vector<16x2xi32>
  %0 = vector.contract {indexing_maps = [#group, #group, #lane], iterator_types = ["parallel", "reduction"], kind = #vector.kind<add>} %b, %b, %sum : vector<16x4xi32>, vector<16x4xi32> into vector<16xi32>
  %1 = vector.contract {indexing_maps = [#group, #group, #lane], iterator_types = ["parallel", "reduction"], kind = #vector.kind<add>} %c, %d, %sum : vector<16x2xi32>, vector<16x2xi32> into vector<16xi32>
  %2 = vector.contract {indexing_maps = [#group, #group, #lane], iterator_types = ["parallel", "reduction"], kind = #vector.kind<maxsi>} %a, %b, %sum : vector<16x4xi32>, vector<16x4xi32> into vector<16xi32>
  return %0, %1, %2 : vector<16xi32>, vector<16xi32>, vector<16xi32>
}
