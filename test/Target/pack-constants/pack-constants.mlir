// RUN: cgmq-opt %s --cgmq-pack-constants | FileCheck %s

// Two bits with sign: 1, -1, 0, 1 are 01 11 00 01 from the lowest on, 0x4d.
// CHECK-DAG: memref.global "private" constant @two : memref<2xi8> = dense<[77, 112]>
memref.global "private" constant @two : memref<2x4xi8> = dense<[[1, -1, 0, 1], [0, 0, -1, 1]]>
// Four bits without one: 15 + 16 * 2, and 3 alone in its byte.
// CHECK-DAG: memref.global "private" constant @four : memref<2xi8> = dense<[47, 3]>
memref.global "private" constant @four : memref<3xi16> = dense<[15, 2, 3]>
// 16 bits of 32.
// CHECK-DAG: memref.global "private" constant @sixteen : memref<2xi16> = dense<[-300, 7]>
memref.global "private" constant @sixteen : memref<2xi32> = dense<[-300, 7]>
// One number needs no storage.
// CHECK-NOT: @splat
memref.global "private" constant @splat : memref<4xi32> = dense<0>
// What is passed on stays.
// CHECK-DAG: memref.global "private" constant @passed : memref<4xi8> = dense<[0, 1, 0, 1]>
memref.global "private" constant @passed : memref<4xi8> = dense<[0, 1, 0, 1]>

// CHECK-LABEL: func.func @f(%arg0: index, %arg1: index)
func.func @f(%i: index, %j: index) -> (i8, i16, i32, i32, memref<4xi8>) {
  %two = memref.get_global @two : memref<2x4xi8>
  %four = memref.get_global @four : memref<3xi16>
  %sixteen = memref.get_global @sixteen : memref<2xi32>
  %splat = memref.get_global @splat : memref<4xi32>
  %passed = memref.get_global @passed : memref<4xi8>
  // CHECK: %[[ROW:.*]] = arith.muli %arg0, %c4
  // CHECK: %[[AT:.*]] = arith.addi %[[ROW]], %arg1
  // CHECK: %[[NUMBER:.*]] = arith.index_castui %[[AT]] : index to i32
  // CHECK: %[[BYTE:.*]] = arith.shrui %[[NUMBER]], %c2_i32
  // CHECK: arith.shli
  // CHECK: arith.shrsi %{{.*}}, %c30_i32
  // CHECK: arith.trunci
  %0 = memref.load %two[%i, %j] : memref<2x4xi8>
  // CHECK: arith.shrui %{{.*}}, %c28_i32
  %1 = memref.load %four[%i] : memref<3xi16>
  // CHECK: memref.load %{{.*}} : memref<2xi16>
  // CHECK: arith.extsi %{{.*}} : i16 to i32
  %2 = memref.load %sixteen[%i] : memref<2xi32>
  // CHECK: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK: return %{{.*}}, %{{.*}}, %{{.*}}, %[[ZERO]]
  %3 = memref.load %splat[%i] : memref<4xi32>
  return %0, %1, %2, %3, %passed : i8, i16, i32, i32, memref<4xi8>
}
