// RUN: cgmq-opt %s --cgmq-convert-border-to-emitc | FileCheck %s
// RUN: cgmq-opt %s --cgmq-convert-border-to-emitc | cgmq-translate --mlir-to-cpp | FileCheck %s --check-prefix=C

// What is read alone is const, what is marked is unsigned.
// CHECK: emitc.func @f(%arg0: !emitc.ptr<!emitc.opaque<"const uint8_t">>, %arg1: !emitc.ptr<i32>) -> !emitc.opaque<"int">
// C: int f(const uint8_t* [[IN:.*]], int32_t* [[OUT:.*]]) {
// C: const uint8_t [[BYTE:.*]] = [[IN]][
// C: (int8_t) [[BYTE]]
// C: return 0;
emitc.func @f(%in: !emitc.array<4xi8> {cgmq.unsigned}, %out: !emitc.array<4xi32>) {
  %i = "emitc.constant"() <{value = 0 : index}> : () -> !emitc.size_t
  %0 = emitc.subscript %in[%i] : (!emitc.array<4xi8>, !emitc.size_t) -> !emitc.lvalue<i8>
  %x = emitc.load %0 : !emitc.lvalue<i8>
  %y = emitc.cast %x : i8 to i32
  %1 = emitc.subscript %out[%i] : (!emitc.array<4xi32>, !emitc.size_t) -> !emitc.lvalue<i32>
  emitc.assign %y : i32 to %1 : !emitc.lvalue<i32>
  emitc.return
}
