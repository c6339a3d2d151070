// RUN: cgmq-opt %s -cgmq-globals-to-arguments | FileCheck %s

// A global that no function uses any more goes; one that has no use stays out
// of the arguments and goes, too.
// CHECK-NOT: ml_program.global
ml_program.global private mutable @w(dense<1.0> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @v(dense<0.0> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private @codes(dense<3> : tensor<4xi8>) : tensor<4xi8>
ml_program.global private mutable @unused(dense<0.0> : tensor<4xf32>) : tensor<4xf32>

// A load reads an argument that follows the inputs; inputs are read-only.
// CHECK-LABEL: func.func @load(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: tensor<4xf32> {bufferization.writable = false},
// CHECK-SAME:    %[[W:[a-z0-9]+]]: memref<4xf32> {cgmq.global = "w"}) -> tensor<4xf32>
// CHECK:         %[[T:.*]] = bufferization.to_tensor %[[W]] restrict : memref<4xf32> to tensor<4xf32>
// CHECK:         %[[SUM:.*]] = arith.addf %[[X]], %[[T]]
// CHECK:         return %[[SUM]]
func.func @load(%x: tensor<4xf32>) -> tensor<4xf32> {
  %w = ml_program.global_load @w : tensor<4xf32>
  %0 = arith.addf %x, %w : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Two loads are one argument; arguments are in the order of the globals.
// CHECK-LABEL: func.func @order(
// CHECK-SAME:    memref<4xf32> {cgmq.global = "w"}, {{.*}}: memref<4xf32> {cgmq.global = "v"}, {{.*}}: memref<4xi8> {cgmq.global = "codes"})
func.func @order() {
  %0 = ml_program.global_load_const @codes : tensor<4xi8>
  %1 = ml_program.global_load @v : tensor<4xf32>
  %2 = ml_program.global_load @w : tensor<4xf32>
  %3 = ml_program.global_load @w : tensor<4xf32>
  return
}

// The last store is written in place at the end; a load after a store sees it.
// CHECK-LABEL: func.func @store(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: tensor<4xf32> {{.*}}, %[[W:.*]]: memref<4xf32> {cgmq.global = "w"})
// CHECK:         %[[OLD:.*]] = bufferization.to_tensor %[[W]] restrict writable
// CHECK:         %[[NEW:.*]] = arith.addf %[[OLD]], %[[X]]
// CHECK:         %[[NEWER:.*]] = arith.mulf %[[NEW]], %[[X]]
// CHECK:         %[[END:.*]] = bufferization.materialize_in_destination %[[NEWER]] in %[[OLD]]
// CHECK:         bufferization.materialize_in_destination %[[END]] in writable %[[W]]
// CHECK:         return
func.func @store(%x: tensor<4xf32>) {
  %w = ml_program.global_load @w : tensor<4xf32>
  %0 = arith.addf %w, %x : tensor<4xf32>
  ml_program.global_store @w = %0 : tensor<4xf32>
  %1 = ml_program.global_load @w : tensor<4xf32>
  %2 = arith.mulf %1, %x : tensor<4xf32>
  ml_program.global_store @w = %2 : tensor<4xf32>
  return
}

// An old value that outlives the store is copied.
// CHECK-LABEL: func.func @old_value(
// CHECK:         %[[OLD:.*]] = bufferization.to_tensor
// CHECK:         %[[COPY:.*]] = bufferization.alloc_tensor() copy(%[[OLD]])
// CHECK:         bufferization.materialize_in_destination
// CHECK:         return %[[COPY]]
func.func @old_value() -> tensor<4xf32> {
  %w = ml_program.global_load @w : tensor<4xf32>
  %0 = arith.addf %w, %w : tensor<4xf32>
  ml_program.global_store @w = %0 : tensor<4xf32>
  return %w : tensor<4xf32>
}

// A load in a region sees what was stored before the region.
// CHECK-LABEL: func.func @region(
// CHECK:         %[[W:.*]] = bufferization.to_tensor
// CHECK:         scf.if
// CHECK:           scf.yield %[[W]]
func.func @region(%c: i1, %x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = scf.if %c -> tensor<4xf32> {
    %w = ml_program.global_load @w : tensor<4xf32>
    scf.yield %w : tensor<4xf32>
  } else {
    scf.yield %x : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
