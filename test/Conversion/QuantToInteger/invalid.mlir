// RUN: cgmq-opt %s --cgmq-lower-to-integer -split-input-file -verify-diagnostics

// Nothing is frozen.
// expected-error @+2 {{expects a function with quantized tensors, but got none}}
// expected-note @+1 {{cgmq-freeze makes them}}
module {
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>

// A bound between two integers, without a quantizer that rounds it.
func.func @bounds(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %d = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
  %y = tosa.clamp %d {min_val = 0.0 : f32, max_val = 1.1 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  // expected-error @+2 {{expects numbers clamped to multiples of 2.500000e-01, but got a bound of 1.100000e+00}}
  // expected-note @+1 {{a quantizer right after the clamp takes any bound}}
  return %y : tensor<4xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>

// Other numbers around a tensor than zero.
func.func @pad(%x: tensor<4xf32>) -> tensor<5xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %d = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
  %amounts = tosa.const_shape {values = dense<[1, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %one = "tosa.const"() <{values = dense<1.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-error @+2 {{expects to pad by zero on integers}}
  // expected-note @+1 {{concatenate other constants, which can be quantized}}
  %y = tosa.pad %d, %amounts, %one : (tensor<4xf32>, !tosa.shape<2>, tensor<1xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>

// A sum over the batch, of which nothing is known.
func.func @batch(%x: tensor<?x4xf32>) -> tensor<1x4xf32> {
  %q = quant.qcast %x : tensor<?x4xf32> to tensor<?x4x!q>
  %d = quant.dcast %q : tensor<?x4x!q> to tensor<?x4xf32>
  // expected-error @+1 {{expects a static extent to sum over}}
  %y = tosa.reduce_sum %d {axis = 0 : i32} : (tensor<?x4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>

// An average of windows that may be of any number.
func.func @average(%x: tensor<1x?x4x2xf32>) -> tensor<1x?x2x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %q = quant.qcast %x : tensor<1x?x4x2xf32> to tensor<1x?x4x2x!q>
  %d = quant.dcast %q : tensor<1x?x4x2x!q> to tensor<1x?x4x2xf32>
  // expected-error @+2 {{expects static extents, except for the batch, zero points of zero and windows that each hold something}}
  // expected-note @+1 {{where padding makes windows of very many sizes, pad the input by zeros instead}}
  %y = tosa.avg_pool2d %d, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x?x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2x2xf32>
  return %y : tensor<1x?x2x2xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>
!b = !quant.uniform<i32<-2147483647:2147483647>:f32, 0.5>
ml_program.global private @b(dense<1> : tensor<1x1x2xi32>) : tensor<1x1x2xi32>

// A bias of another step than 0.25 * 0.25.
func.func @bias(%a: tensor<1x?x3xf32>, %c: tensor<1x3x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %aq = quant.qcast %a : tensor<1x?x3xf32> to tensor<1x?x3x!q>
  %ad = quant.dcast %aq : tensor<1x?x3x!q> to tensor<1x?x3xf32>
  %cq = quant.qcast %c : tensor<1x3x2xf32> to tensor<1x3x2x!q>
  %cd = quant.dcast %cq : tensor<1x3x2x!q> to tensor<1x3x2xf32>
  %p = tosa.matmul %ad, %cd, %zero, %zero : (tensor<1x?x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %bc = ml_program.global_load_const @b : tensor<1x1x2xi32>
  %bq = quant.scast %bc : tensor<1x1x2xi32> to tensor<1x1x2x!b>
  // expected-note @+1 {{cgmq.align puts it there}}
  %bd = quant.dcast %bq : tensor<1x1x2x!b> to tensor<1x1x2xf32>
  // expected-error @+1 {{expects a bias on the grid of its accumulators, but got one of another step}}
  %y = tosa.add %p, %bd : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>
ml_program.global private @b(dense<0.1> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>

// A float bias off the grid: 0.1 is 1.6 steps of 0.0625.
func.func @float_bias(%a: tensor<1x?x3xf32>, %c: tensor<1x3x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %aq = quant.qcast %a : tensor<1x?x3xf32> to tensor<1x?x3x!q>
  %ad = quant.dcast %aq : tensor<1x?x3x!q> to tensor<1x?x3xf32>
  %cq = quant.qcast %c : tensor<1x3x2xf32> to tensor<1x3x2x!q>
  %cd = quant.dcast %cq : tensor<1x3x2x!q> to tensor<1x3x2xf32>
  %p = tosa.matmul %ad, %cd, %zero, %zero : (tensor<1x?x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  // expected-note @+1 {{cgmq.align puts it there}}
  %b = ml_program.global_load_const @b : tensor<1x1x2xf32>
  // expected-error @+1 {{expects a bias on the grid of its accumulators, but got 1.000000e-01 for a step of 6.250000e-02}}
  %y = tosa.add %p, %b : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// -----

// A zero point shifts codes, which the method does not do.
func.func @zero_point(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expects a !quant.uniform type of f32 and at most 16 bits with one scale and no zero point}}
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!quant.uniform<i8:f32, 0.5:3>>
  %d = quant.dcast %q : tensor<4x!quant.uniform<i8:f32, 0.5:3>> to tensor<4xf32>
  return %d : tensor<4xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>
!r = !quant.uniform<i4<-7:7>:f32, 0.5>

// Addends that count different steps.
func.func @addends(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %r = quant.qcast %x : tensor<4xf32> to tensor<4x!r>
  %a = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
  %b = quant.dcast %r : tensor<4x!r> to tensor<4xf32>
  // expected-error @+2 {{expects operands of one step, but got 2.500000e-01 and 5.000000e-01}}
  // expected-note @+1 {{quantizers of one range and one width give them}}
  %y = tosa.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>

func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %a = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
  return %a : tensor<4xf32>
}
// The new function's name is taken.
// expected-error @+1 {{expects the name 'f_integer' to be free for the integer function}}
func.func private @f_integer()

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>
ml_program.global private @w(dense<[5, 3]> : tensor<2xi4>) : tensor<2xi4>
// expected-note @+1 {{the widths are here}}
ml_program.global private @w.widths(dense<[2, 2]> : tensor<2xi8>) : tensor<2xi8>

// A code of 3 is none of 2 bits, which count by fives.
func.func @codes() -> tensor<2xf32> {
  %w = ml_program.global_load_const @w : tensor<2xi4>
  // expected-error @+1 {{expects codes of the widths of their units, but got 3 for 2 of 4 bits}}
  %q = quant.scast %w {cgmq.unit_widths = @w.widths} : tensor<2xi4> to tensor<2x!q>
  %d = quant.dcast %q : tensor<2x!q> to tensor<2xf32>
  return %d : tensor<2xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>
ml_program.global private @w(dense<[5, 3]> : tensor<2xi4>) : tensor<2xi4>
// expected-note @+1 {{the widths are here}}
ml_program.global private @w.widths(dense<[2, 8]> : tensor<2xi8>) : tensor<2xi8>

// No unit has more bits than the codes.
func.func @widths() -> tensor<2xf32> {
  %w = ml_program.global_load_const @w : tensor<2xi4>
  // expected-error @+1 {{expects widths out of 0, 2, 4, 8 and 16 and of at most 4 bits, which the codes have, but got 8}}
  %q = quant.scast %w {cgmq.unit_widths = @w.widths} : tensor<2xi4> to tensor<2x!q>
  %d = quant.dcast %q : tensor<2x!q> to tensor<2xf32>
  return %d : tensor<2xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>
ml_program.global private @w(dense<[5, 3]> : tensor<2xi4>) : tensor<2xi4>
ml_program.global private @w.widths(dense<[2, 4, 4]> : tensor<3xi8>) : tensor<3xi8>

// Three units in two elements.
func.func @shape() -> tensor<2xf32> {
  %w = ml_program.global_load_const @w : tensor<2xi4>
  // expected-error @+1 {{expects widths of the rank of the tensor and extents 1 or equal to its, but got 'tensor<3xi8>' for}}
  %q = quant.scast %w {cgmq.unit_widths = @w.widths} : tensor<2xi4> to tensor<2x!q>
  %d = quant.dcast %q : tensor<2x!q> to tensor<2xf32>
  return %d : tensor<2xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>
ml_program.global private @w(dense<[5, 3]> : tensor<2xi4>) : tensor<2xi4>
// expected-note @+1 {{the global is here}}
ml_program.global private mutable @w.widths(dense<[2, 4]> : tensor<2xi8>) : tensor<2xi8>

// Widths that may change are known to no one.
func.func @mutable() -> tensor<2xf32> {
  %w = ml_program.global_load_const @w : tensor<2xi4>
  // expected-error @+1 {{expects widths from a constant global of i8 with a value, but got @w.widths}}
  %q = quant.scast %w {cgmq.unit_widths = @w.widths} : tensor<2xi4> to tensor<2x!q>
  %d = quant.dcast %q : tensor<2x!q> to tensor<2xf32>
  return %d : tensor<2xf32>
}

// -----

!q = !quant.uniform<u4:f32, 0.5>

// expected-note @+1 {{the widths are defined here}}
func.func @operand(%x: tensor<2xf32>, %widths: tensor<2xi8>) -> tensor<2xf32> {
  // expected-error @+1 {{expects widths from a constant global}}
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<2xf32>, tensor<2xi8> -> tensor<2x!q>
  %d = quant.dcast %q : tensor<2x!q> to tensor<2xf32>
  return %d : tensor<2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @weight_of_data(%x: tensor<1x3x3x1xf32>) -> tensor<1x1x1x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %q = quant.qcast %x : tensor<1x3x3x1xf32> to tensor<1x3x3x1x!q>
  %d = quant.dcast %q : tensor<1x3x3x1x!q> to tensor<1x3x3x1xf32>
  // expected-error@+1 {{expects a weight that is a parameter}}
  %y = tosa.conv2d %d, %d, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x3x1xf32>, tensor<1x3x3x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}
