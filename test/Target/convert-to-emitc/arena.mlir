// RUN: cgmq-opt %s --cgmq-convert-arena-to-emitc | FileCheck %s

// Buffers are members of one union; constants have names of C; sizes are told.
// CHECK: emitc.verbatim "/* Static memory: 16 bytes of buffers, 4 bytes of constants. */"
// CHECK: emitc.include <"stdint.h">
// CHECK: memref.global "private" constant @f_conv_1_weight : memref<4xi8>
// CHECK: emitc.verbatim "static union {\0A  struct { {{.*}}int8_t at{{.*}}; } b{{[01]}};{{.*}}} f_arena;"
// CHECK-LABEL: func.func @f(%arg0: memref<4xi8>) {
// CHECK-DAG: emitc.literal "f_arena.b{{[01]}}.at" : !emitc.array<2x4xi8>
// CHECK-DAG: emitc.literal "f_arena.b{{[01]}}.at" : !emitc.array<2xi32>
memref.global "private" constant @conv.1.weight : memref<4xi8> = dense<[1, 2, 3, 4]>
func.func @f(%in: memref<4xi8>, %arena: memref<16xi8> {cgmq.arena}) {
  %place = arith.constant 8 : index
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : i32
  %w = memref.get_global @conv.1.weight : memref<4xi8>
  %x = memref.load %w[%c0] : memref<4xi8>
  %a = memref.view %arena[%place][] : memref<16xi8> to memref<2x4xi8>
  %b = memref.view %arena[%c0][] : memref<16xi8> to memref<2xi32>
  memref.store %x, %a[%c0, %c0] : memref<2x4xi8>
  memref.store %c1, %b[%c0] : memref<2xi32>
  return
}
