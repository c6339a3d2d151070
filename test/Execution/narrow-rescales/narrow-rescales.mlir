// RUN: cgmq-opt %s -cgmq-narrow-rescales -canonicalize | FileCheck %s

// 274877906944 is 64 * 2^32, 39 is 32 + 7.
// CHECK-LABEL: func.func @rescale(
// CHECK-SAME:    %[[SUM:.*]]: i32)
// CHECK-DAG:     %[[M:.*]] = arith.constant 1536482264 : i32
// CHECK-DAG:     %[[HALF:.*]] = arith.constant 64 : i32
// CHECK-DAG:     %[[SHIFT:.*]] = arith.constant 7 : i32
// CHECK:         %{{.*}}, %[[HIGH:.*]] = arith.mulsi_extended %[[SUM]], %[[M]] : i32
// CHECK:         %[[R:.*]] = arith.addi %[[HIGH]], %[[HALF]] : i32
// CHECK:         %[[S:.*]] = arith.shrsi %[[R]], %[[SHIFT]] : i32
// CHECK:         %[[CODE:.*]] = arith.extsi %[[S]] : i32 to i64
// CHECK:         return %[[CODE]]
func.func @rescale(%sum: i32) -> i64 {
  %multiplier = arith.constant 1536482264 : i64
  %half = arith.constant 274877906944 : i64
  %shift = arith.constant 39 : i64
  %x = arith.extsi %sum : i32 to i64
  %p = arith.muli %x, %multiplier : i64
  %r = arith.addi %p, %half : i64
  %code = arith.shrsi %r, %shift : i64
  return %code : i64
}

// A rule for each width of a tensor: selections stay selections.
// CHECK-LABEL: func.func @selected(
// CHECK-SAME:    %[[SUM:.*]]: i32, %[[IS8:.*]]: i1)
// CHECK-DAG:     %[[M:.*]] = arith.select %[[IS8]], %c1536482264_i32, %c1442928635_i32 : i32
// CHECK:         arith.mulsi_extended %[[SUM]], %[[M]] : i32
// CHECK-DAG:     arith.select %[[IS8]], %c64_i32, %c1_i32 : i32
// CHECK-DAG:     arith.select %[[IS8]], %c7_i32, %c1_i32 : i32
// CHECK-NOT:     i64
// CHECK:         arith.extsi
func.func @selected(%sum: i32, %is8: i1) -> i64 {
  %m8 = arith.constant 1536482264 : i64
  %m2 = arith.constant 1442928635 : i64
  %multiplier = arith.select %is8, %m8, %m2 : i64
  %half8 = arith.constant 274877906944 : i64
  %half2 = arith.constant 4294967296 : i64
  %half = arith.select %is8, %half8, %half2 : i64
  %shift8 = arith.constant 39 : i64
  %shift2 = arith.constant 33 : i64
  %shift = arith.select %is8, %shift8, %shift2 : i64
  %x = arith.extsi %sum : i32 to i64
  %p = arith.muli %x, %multiplier : i64
  %r = arith.addi %p, %half : i64
  %code = arith.shrsi %r, %shift : i64
  return %code : i64
}

// The lower half counts where less is shifted or what is added reaches into it;
// an unsigned or a wide factor, and numbers that are not known, are none to
// multiply in 32 bits.
// CHECK-LABEL: func.func @stay(
// CHECK-NOT:     mulsi_extended
func.func @stay(%sum: i32, %wide: i64, %known_later: i64) -> (i64, i64, i64, i64, i64, i64) {
  %m = arith.constant 1536482264 : i64
  %m33 = arith.constant 4294967296 : i64
  %half30 = arith.constant 536870912 : i64
  %half39 = arith.constant 274877906944 : i64
  %c30 = arith.constant 30 : i64
  %c39 = arith.constant 39 : i64
  %x = arith.extsi %sum : i32 to i64
  %p = arith.muli %x, %m : i64
  %r0 = arith.addi %p, %half30 : i64
  %0 = arith.shrsi %r0, %c30 : i64
  %1 = arith.shrsi %r0, %c39 : i64
  %u = arith.extui %sum : i32 to i64
  %pu = arith.muli %u, %m : i64
  %r2 = arith.addi %pu, %half39 : i64
  %2 = arith.shrsi %r2, %c39 : i64
  %pw = arith.muli %wide, %m : i64
  %r3 = arith.addi %pw, %half39 : i64
  %3 = arith.shrsi %r3, %c39 : i64
  %p33 = arith.muli %x, %m33 : i64
  %r4 = arith.addi %p33, %half39 : i64
  %4 = arith.shrsi %r4, %c39 : i64
  %pk = arith.muli %x, %known_later : i64
  %r5 = arith.addi %pk, %half39 : i64
  %5 = arith.shrsi %r5, %c39 : i64
  return %0, %1, %2, %3, %4, %5 : i64, i64, i64, i64, i64, i64
}
