// RUN: cgmq-opt %s | cgmq-opt | FileCheck %s
// RUN: cgmq-opt %s --emit-bytecode | cgmq-opt | FileCheck %s

// A bound in percent, up to all of the cost.
// CHECK-LABEL: func.func private @percent
// CHECK-SAME: cgmq.budget = #cgmq.budget<9.000000e-01 percent>
func.func private @percent() attributes {cgmq.budget = #cgmq.budget<0.9 percent>}
// CHECK-LABEL: func.func private @all
// CHECK-SAME: cgmq.budget = #cgmq.budget<1.000000e+02 percent>
func.func private @all() attributes {cgmq.budget = #cgmq.budget<100.0 percent>}

// A bound in bit-operations, of which no bit is lost in print.
// CHECK-LABEL: func.func private @bop
// CHECK-SAME: cgmq.budget = #cgmq.budget<38912000.5 bop>
func.func private @bop() attributes {cgmq.budget = #cgmq.budget<38912000.5 bop>}

// Another cost than bit-operations is named; these are not, also if they were.
// CHECK-LABEL: func.func private @named
// CHECK-SAME: cgmq.budget = #cgmq.budget<9.000000e-01 percent>
func.func private @named() attributes {cgmq.budget = #cgmq.budget<0.9 percent, bop>}
// CHECK-LABEL: func.func private @memory
// CHECK-SAME: cgmq.budget = #cgmq.budget<2.500000e+01 percent, memory>
func.func private @memory() attributes {cgmq.budget = #cgmq.budget<25.0 percent, memory>}

// Several budgets are an array, of one too.
// CHECK-LABEL: func.func private @several
// CHECK-SAME: cgmq.budget = [#cgmq.budget<9.000000e-01 percent>, #cgmq.budget<1.000000e+06 bit, memory>]
func.func private @several() attributes {cgmq.budget = [#cgmq.budget<0.9 percent>, #cgmq.budget<1.0e6 bit, memory>]}
// CHECK-LABEL: func.func private @one_of_several
// CHECK-SAME: cgmq.budget = [#cgmq.budget<9.000000e-01 percent>]
func.func private @one_of_several() attributes {cgmq.budget = [#cgmq.budget<0.9 percent>]}

// A table is said in full, and no bit of a cost is lost in print.
// CHECK-LABEL: func.func private @table
// CHECK-SAME: cgmq.budget = #cgmq.budget<1.200000e+03 cost, #cgmq.cost_table<"npu", widths = [8, 32], costs = {conv2d = array<f64: 1.000000e-01, 1.000000e+00, 1.000000e+00, 2.000000e+00>, default = array<f64: 1.000000e+00, 2.000000e+00, 2.000000e+00, 3.000000e+00>}>>
func.func private @table() attributes {cgmq.budget = #cgmq.budget<1200.0 cost, #cgmq.cost_table<"npu", widths = [8, 32], costs = {default = array<f64: 1.0, 2.0, 2.0, 3.0>, conv2d = array<f64: 0.1, 1.0, 1.0, 2.0>}>>}

// The bits of a parameter whose storage is wider.
// CHECK: ml_program.global private @b(dense<0> : tensor<4xi32>) : tensor<4xi32> {cgmq.bits = 8 : i64}
ml_program.global private @b(dense<0> : tensor<4xi32>) : tensor<4xi32> {cgmq.bits = 8 : i64}

// CHECK: ml_program.global private @w(#cgmq.he_uniform<fan_in = 25, seed = 18446744073709551615>) : tensor<4xf32>
ml_program.global private @w(#cgmq.he_uniform<fan_in = 25, seed = 18446744073709551615>) : tensor<4xf32>

// Widths of the factors of an integer contraction.
// CHECK-LABEL: func.func @widths
// CHECK: cgmq.widths = array<i64: 4, 2>
func.func @widths() {
  %0 = arith.constant {cgmq.widths = array<i64: 4, 2>} 0 : i32
  return
}
