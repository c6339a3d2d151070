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

// CHECK: ml_program.global private @w(#cgmq.he_uniform<fan_in = 25, seed = 18446744073709551615>) : tensor<4xf32>
ml_program.global private @w(#cgmq.he_uniform<fan_in = 25, seed = 18446744073709551615>) : tensor<4xf32>

// Widths of the factors of an integer contraction.
// CHECK-LABEL: func.func @widths
// CHECK: cgmq.widths = array<i64: 4, 2>
func.func @widths() {
  %0 = arith.constant {cgmq.widths = array<i64: 4, 2>} 0 : i32
  return
}
