// RUN: cgmq-opt %s -cgmq-plan-buffers -split-input-file | FileCheck %s
// RUN: cgmq-opt %s -cgmq-plan-buffers=alignment=256 -split-input-file | FileCheck %s --check-prefix=WIDE

// Buffers that live one after the other share bytes: a until b is written, b
// until c is. a and c both start at 0, b behind them: 2 * 400 bytes, the
// second at the next multiple of 64 after 400, which is 448; 448 + 400 = 848.
// CHECK-LABEL: func.func @chain(
// CHECK-SAME:    %[[ARENA:[a-z0-9]+]]: memref<848xi8> {cgmq.arena})
// CHECK:         %[[A:.*]] = arith.constant 0 : index
// CHECK:         memref.view %[[ARENA]][%[[A]]][] : memref<848xi8> to memref<100xf32>
// CHECK:         %[[B:.*]] = arith.constant 448 : index
// CHECK:         memref.view %[[ARENA]][%[[B]]][] : memref<848xi8> to memref<100xf32>
// CHECK:         %[[C:.*]] = arith.constant 0 : index
// CHECK:         memref.view %[[ARENA]][%[[C]]][] : memref<848xi8> to memref<100xf32>
// CHECK-NOT:     memref.dealloc
// 512 + 400 = 912.
// WIDE-LABEL: func.func @chain({{.*}}: memref<912xi8> {cgmq.arena})
func.func @chain(%in: memref<100xf32>, %out: memref<100xf32>) {
  %a = memref.alloc() : memref<100xf32>
  memref.copy %in, %a : memref<100xf32> to memref<100xf32>
  %b = memref.alloc() : memref<100xf32>
  memref.copy %a, %b : memref<100xf32> to memref<100xf32>
  memref.dealloc %a : memref<100xf32>
  %c = memref.alloc() : memref<100xf32>
  memref.copy %b, %c : memref<100xf32> to memref<100xf32>
  memref.copy %c, %out : memref<100xf32> to memref<100xf32>
  return
}

// -----

// A buffer lives as long as a view of it: a overlaps c here.
// 448 + 448 + 400 = 1296.
// CHECK-LABEL: func.func @views(
// CHECK-SAME:    memref<1296xi8> {cgmq.arena})
func.func @views(%in: memref<100xf32>, %out: memref<10x10xf32>) {
  %a = memref.alloc() : memref<100xf32>
  memref.copy %in, %a : memref<100xf32> to memref<100xf32>
  %view = memref.expand_shape %a [[0, 1]] output_shape [10, 10] : memref<100xf32> into memref<10x10xf32>
  %b = memref.alloc() : memref<100xf32>
  memref.copy %a, %b : memref<100xf32> to memref<100xf32>
  %c = memref.alloc() : memref<100xf32>
  memref.copy %b, %c : memref<100xf32> to memref<100xf32>
  memref.copy %view, %out : memref<10x10xf32> to memref<10x10xf32>
  return
}

// -----

// What the arena cannot hold stays: dynamic, nested and returned buffers.
// CHECK-LABEL: func.func @others(
// CHECK-NOT:     cgmq.arena
// CHECK-COUNT-3: memref.alloc
func.func @others(%n: index) -> memref<8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc(%n) : memref<?xf32>
  scf.for %i = %c0 to %n step %c1 {
    %b = memref.alloc() : memref<8xf32>
  }
  %c = memref.alloc() : memref<8xf32>
  return %c : memref<8xf32>
}

// -----

// Nobody passes an arena to a private function; its buffers stay.
// CHECK-LABEL: func.func private @callee(
// CHECK-NOT:     cgmq.arena
// CHECK:         memref.alloc
// CHECK-LABEL: func.func @caller(
// CHECK-SAME:    memref<32xi8> {cgmq.arena})
// CHECK:         call @callee(%{{.*}}) : (memref<8xf32>) -> ()
func.func private @callee(%x: memref<8xf32>) {
  %a = memref.alloc() : memref<8xf32>
  memref.copy %x, %a : memref<8xf32> to memref<8xf32>
  memref.copy %a, %x : memref<8xf32> to memref<8xf32>
  return
}
func.func @caller(%out: memref<8xf32>) {
  %a = memref.alloc() : memref<8xf32>
  call @callee(%a) : (memref<8xf32>) -> ()
  memref.copy %a, %out : memref<8xf32> to memref<8xf32>
  return
}

// Buffers of a branch are in the arena too.
// CHECK-LABEL: func.func @branches(
// CHECK-SAME:    %[[ARENA:[a-z0-9]+]]: memref<848xi8> {cgmq.arena}
// CHECK-COUNT-2: memref.view %[[ARENA]]
// CHECK:         scf.if
// CHECK-NOT:     memref.alloc
func.func @branches(%in: memref<100xf32>, %out: memref<100xf32>, %c: i1) {
  scf.if %c {
    %a = memref.alloc() : memref<100xf32>
    memref.copy %in, %a : memref<100xf32> to memref<100xf32>
    memref.copy %a, %out : memref<100xf32> to memref<100xf32>
  } else {
    %b = memref.alloc() : memref<100xf32>
    memref.copy %out, %b : memref<100xf32> to memref<100xf32>
    memref.copy %b, %out : memref<100xf32> to memref<100xf32>
  }
  return
}
