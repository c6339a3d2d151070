// RUN: cgmq-opt %s --cgmq-convert-arena-to-emitc --cgmq-convert-border-to-emitc -split-input-file -verify-diagnostics

// Floats have no place in the program.
func.func @floats(%x: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  // expected-error @+2 {{expects integers of 8, 16, 32 or 64 bits in static shapes, but got 'f32'}}
  // expected-note @+1 {{cgmq-lower-to-integer leaves them, with a border of bytes or codes (cgmq-lower-border)}}
  %y = memref.load %x[%c0] : memref<4xf32>
  return
}

// -----

// Nor have widths that C has no type of.
func.func @widths(%x: memref<4xi4>) {
  %c0 = arith.constant 0 : index
  // expected-error @+2 {{expects integers of 8, 16, 32 or 64 bits in static shapes, but got 'i4'}}
  // expected-note @+1 {{cgmq-lower-to-integer leaves them}}
  %y = memref.load %x[%c0] : memref<4xi4>
  return
}

// -----

// Nor what is allocated.
func.func @allocation(%n: index) {
  // expected-error @+2 {{expects static storage for its buffer}}
  // expected-note @+1 {{cgmq-plan-buffers gives it to buffers of static shape that no loop makes anew}}
  %a = memref.alloc(%n) : memref<?xi8>
  return
}

// -----

// expected-error @+2 {{expects a name that C takes, but got 'le-net'}}
// expected-note @+1 {{rename the function in the module}}
func.func @"le-net"() {
  return
}

// -----

// expected-note @+1 {{another one is here}}
func.func @one() {
  return
}
// expected-error @+1 {{expects to be the only public function}}
func.func @two() {
  return
}

// -----

// An operation that no conversion has taken.
emitc.func @left(%x: !emitc.array<4xi8>) {
  // expected-error @+1 {{has no form in C}}
  %0 = arith.constant 0 : i8
  emitc.return
}
func.func @main_function() {
  return
}
