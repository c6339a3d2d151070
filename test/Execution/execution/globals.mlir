// RUN: cgmq-compare-lowerings %s

// Globals keep the meaning of loads and stores when they become arguments.

ml_program.global private mutable @a(dense<1.0> : tensor<23xf32>) : tensor<23xf32>
ml_program.global private mutable @b(dense<2.0> : tensor<23xf32>) : tensor<23xf32>

// Two globals change places.
func.func @swap() {
  %a = ml_program.global_load @a : tensor<23xf32>
  %b = ml_program.global_load @b : tensor<23xf32>
  ml_program.global_store @a = %b : tensor<23xf32>
  ml_program.global_store @b = %a : tensor<23xf32>
  return
}

// The result is the value from before the update.
func.func @old_value(%x: tensor<23xf32>) -> tensor<23xf32> {
  %a = ml_program.global_load @a : tensor<23xf32>
  %0 = arith.addf %a, %x : tensor<23xf32>
  ml_program.global_store @a = %0 : tensor<23xf32>
  return %a : tensor<23xf32>
}

// A load sees the store before it.
func.func @new_value(%x: tensor<23xf32>) -> tensor<23xf32> {
  %a = ml_program.global_load @a : tensor<23xf32>
  %0 = arith.mulf %a, %x : tensor<23xf32>
  ml_program.global_store @a = %0 : tensor<23xf32>
  %1 = ml_program.global_load @a : tensor<23xf32>
  %2 = arith.addf %1, %a : tensor<23xf32>
  return %2 : tensor<23xf32>
}
