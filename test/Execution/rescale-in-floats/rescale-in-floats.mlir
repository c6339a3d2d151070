// RUN: cgmq-opt %s -cgmq-rescale-in-floats | FileCheck %s

// Codes from 0 to 255: 0.5 / 0.0027948... is above 178, 254.5 / 0.0027948...
// is 91060.4, so 0 ends at 178 and 255 begins at 91061.
// CHECK-LABEL: func.func @one_factor(
// CHECK-SAME:    %[[SUM:.*]]: i32)
// CHECK-DAG:     %[[LEAST:.*]] = arith.constant 178 : i32
// CHECK-DAG:     %[[MOST:.*]] = arith.constant 91061 : i32
// CHECK-DAG:     %[[M:.*]] = arith.constant 0.0027948{{.*}} : f32
// CHECK-DAG:     %[[ROUNDER:.*]] = arith.constant 0x4B400000 : f32
// CHECK:         %[[LOW:.*]] = arith.maxsi %[[SUM]], %[[LEAST]] : i32
// CHECK:         %[[HIGH:.*]] = arith.minsi %[[LOW]], %[[MOST]] : i32
// CHECK:         %[[X:.*]] = arith.sitofp %[[HIGH]] : i32 to f32
// CHECK:         %[[ROUNDED:.*]] = math.fma %[[X]], %[[M]], %[[ROUNDER]] : f32
// CHECK:         %[[BITS:.*]] = arith.bitcast %[[ROUNDED]] : f32 to i32
// CHECK:         %[[CODE:.*]] = arith.trunci %[[BITS]] : i32 to i8
// CHECK:         return %[[CODE]]
func.func @one_factor(%sum: i32) -> i8 {
  %multiplier = arith.constant 1536482264 : i64
  %half = arith.constant 274877906944 : i64
  %shift = arith.constant 39 : i64
  %min = arith.constant 0 : i64
  %max = arith.constant 255 : i64
  %x = arith.extsi %sum : i32 to i64
  %p = arith.muli %x, %multiplier : i64
  %r = arith.addi %p, %half : i64
  %s = arith.shrsi %r, %shift : i64
  %low = arith.maxsi %s, %min : i64
  %high = arith.minsi %low, %max : i64
  %code = arith.trunci %high : i64 to i8
  return %code : i8
}

// Ties that simulation rounds up, and rounds to in the first place, are in reach
// of no product; what simulation does is.
// CHECK-LABEL: func.func @two_factors(
// CHECK-DAG:     %[[FIRST:.*]] = arith.constant 2.22846325E-6 : f32
// CHECK-DAG:     %[[SECOND:.*]] = arith.constant 1.270000e+02 : f32
// CHECK-DAG:     %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
// CHECK:         %[[X:.*]] = arith.sitofp %{{.*}} : i32 to f32
// CHECK:         %[[REAL:.*]] = arith.mulf %[[X]], %[[FIRST]] : f32
// CHECK:         %[[SCALED:.*]] = arith.mulf %[[REAL]], %[[SECOND]] : f32
// CHECK:         %[[ABOVE:.*]] = arith.addf %[[SCALED]], %[[HALF]] : f32
// CHECK:         %[[FLOOR:.*]] = math.floor %[[ABOVE]] : f32
// CHECK:         %[[BITS:.*]] = arith.fptosi %[[FLOOR]] : f32 to i32
// CHECK:         arith.trunci %[[BITS]] : i32 to i8
func.func @two_factors(%sum: i32) -> i8 {
  %multiplier = arith.constant 1244712400 : i64
  %half = arith.constant 2199023255552 : i64
  %shift = arith.constant 42 : i64
  %min = arith.constant -127 : i64
  %max = arith.constant 127 : i64
  %at0 = arith.constant -372772 : i64
  %at1 = arith.constant -326838 : i64
  %at2 = arith.constant 234970 : i64
  %at3 = arith.constant 280904 : i64
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %x = arith.extsi %sum : i32 to i64
  %p = arith.muli %x, %multiplier : i64
  %r = arith.addi %p, %half : i64
  %s0 = arith.shrsi %r, %shift : i64
  %is0 = arith.cmpi eq, %x, %at0 : i64
  %d0 = arith.extui %is0 : i1 to i64
  %s1 = arith.addi %s0, %d0 : i64
  %is1 = arith.cmpi eq, %x, %at1 : i64
  %d1 = arith.select %is1, %one, %zero : i64
  %s2 = arith.addi %s1, %d1 : i64
  %is2 = arith.cmpi eq, %x, %at2 : i64
  %d2 = arith.extui %is2 : i1 to i64
  %s3 = arith.addi %s2, %d2 : i64
  %is3 = arith.cmpi eq, %x, %at3 : i64
  %d3 = arith.extui %is3 : i1 to i64
  %s4 = arith.addi %s3, %d3 : i64
  %low = arith.maxsi %s4, %min : i64
  %high = arith.minsi %low, %max : i64
  %code = arith.trunci %high {cgmq.factors = array<f32: 2.22846325E-6, 127.0>} : i64 to i8
  return %code : i8
}

// Factors that are not those of this rule lose nothing but speed.
// CHECK-LABEL: func.func @wrong_factors(
// CHECK-NOT:     f32
// CHECK:         arith.trunci %{{.*}} {cgmq.factors
// CHECK:         return
func.func @wrong_factors(%sum: i32) -> i8 {
  %multiplier = arith.constant 1244712400 : i64
  %half = arith.constant 2199023255552 : i64
  %shift = arith.constant 42 : i64
  %min = arith.constant -127 : i64
  %max = arith.constant 127 : i64
  %at = arith.constant 234970 : i64
  %x = arith.extsi %sum : i32 to i64
  %p = arith.muli %x, %multiplier : i64
  %r = arith.addi %p, %half : i64
  %s0 = arith.shrsi %r, %shift : i64
  %is = arith.cmpi eq, %x, %at : i64
  %d = arith.extsi %is : i1 to i64
  %s1 = arith.addi %s0, %d : i64
  %low = arith.maxsi %s1, %min : i64
  %high = arith.minsi %low, %max : i64
  %code = arith.trunci %high {cgmq.factors = array<f32: 2.3E-6, 127.0>} : i64 to i8
  return %code : i8
}

// CHECK-LABEL: func.func @stay(
// CHECK-NOT:     f32
// CHECK:         return
func.func @stay(%sum: i32, %wide: i64, %multiplier: i64) -> (i8, i8, i8, i8, i8, i16) {
  %m = arith.constant 1536482264 : i64
  %negative = arith.constant -1536482264 : i64
  %small = arith.constant 3 : i64
  %half = arith.constant 274877906944 : i64
  %shift = arith.constant 39 : i64
  %min = arith.constant 0 : i64
  %max = arith.constant 255 : i64
  %more = arith.constant 256 : i64
  %x = arith.extsi %sum : i32 to i64
  // A multiplier that is not known.
  %p0 = arith.muli %x, %multiplier : i64
  %s0 = arith.shrsi %p0, %shift : i64
  %l0 = arith.maxsi %s0, %min : i64
  %h0 = arith.minsi %l0, %max : i64
  %0 = arith.trunci %h0 : i64 to i8
  // A rule that falls.
  %p1 = arith.muli %x, %negative : i64
  %s1 = arith.shrsi %p1, %shift : i64
  %l1 = arith.maxsi %s1, %min : i64
  %h1 = arith.minsi %l1, %max : i64
  %1 = arith.trunci %h1 : i64 to i8
  // A sum of more than 32 bits.
  %p2 = arith.muli %wide, %m : i64
  %s2 = arith.shrsi %p2, %shift : i64
  %l2 = arith.maxsi %s2, %min : i64
  %h2 = arith.minsi %l2, %max : i64
  %2 = arith.trunci %h2 : i64 to i8
  // More codes than 8 bits hold.
  %p3 = arith.muli %x, %m : i64
  %s3 = arith.shrsi %p3, %shift : i64
  %l3 = arith.maxsi %s3, %min : i64
  %h3 = arith.minsi %l3, %more : i64
  %3 = arith.trunci %h3 : i64 to i8
  // Codes that begin at sums above 2^24, which not all are floats.
  %p4 = arith.muli %x, %small : i64
  %s4 = arith.shrsi %p4, %shift : i64
  %l4 = arith.maxsi %s4, %min : i64
  %h4 = arith.minsi %l4, %max : i64
  %4 = arith.trunci %h4 : i64 to i8
  // Codes of 16 bits.
  %5 = arith.trunci %h3 : i64 to i16
  return %0, %1, %2, %3, %4, %5 : i8, i8, i8, i8, i8, i16
}
