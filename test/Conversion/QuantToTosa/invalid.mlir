// RUN: cgmq-opt %s --cgmq-lower-to-tosa -split-input-file -verify-diagnostics

// Nothing is frozen.
// expected-error @+2 {{expects a function with quantized tensors, but got none}}
// expected-note @+1 {{cgmq-freeze makes them}}
module {
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}

// -----

!q = !quant.uniform<i8<-127:127>:f32, 0.25>

// TOSA 1.0 has no dynamic extents.
// expected-error @+2 {{expects static extents, as TOSA 1.0 has them, but got 'tensor<?x4xf32>'}}
// expected-note @+1 {{cgmq-set-batch fixes the batch}}
func.func @dynamic(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %q = quant.qcast %x : tensor<?x4xf32> to tensor<?x4x!q>
  %d = quant.dcast %q : tensor<?x4x!q> to tensor<?x4xf32>
  return %d : tensor<?x4xf32>
}

// -----

!q = !quant.uniform<i8<-127:127>:f32, 0.25>
!w = !quant.uniform<i16<-32767:32767>:f32, 0.25>
ml_program.global private @w(dense<300> : tensor<1x1x1x1xi16>) : tensor<1x1x1x1xi16>

// Convolutions take weights of 8 bits.
func.func @weight(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %q = quant.qcast %x : tensor<1x2x2x1xf32> to tensor<1x2x2x1x!q>
  %d = quant.dcast %q : tensor<1x2x2x1x!q> to tensor<1x2x2x1xf32>
  %c = ml_program.global_load_const @w : tensor<1x1x1x1xi16>
  %s = quant.scast %c : tensor<1x1x1x1xi16> to tensor<1x1x1x1x!w>
  %w = quant.dcast %s : tensor<1x1x1x1x!w> to tensor<1x1x1x1xf32>
  // expected-error @+2 {{expects weights of at most 8 bits in TOSA, but got 16}}
  // expected-note @+1 {{pin cgmq.width = 8 on the parameter}}
  %y = tosa.conv2d %d, %w, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  return %y : tensor<1x2x2x1xf32>
}

// -----

!q = !quant.uniform<i8<-127:127>:f32, 0.25>
!b = !quant.uniform<i32<-2147483647:2147483647>:f32, 0.0625>
ml_program.global private @b(dense<2147483640> : tensor<1x1x1xi32>) : tensor<1x1x1xi32>

// 127 * 127 + 2147483640 is more than i32 holds.
func.func @sums(%a: tensor<1x1x1xf32>, %c: tensor<1x1x1xf32>) -> tensor<1x1x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %aq = quant.qcast %a : tensor<1x1x1xf32> to tensor<1x1x1x!q>
  %ad = quant.dcast %aq : tensor<1x1x1x!q> to tensor<1x1x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1xf32> to tensor<1x1x1x!q>
  %cd = quant.dcast %cq : tensor<1x1x1x!q> to tensor<1x1x1xf32>
  %p = tosa.matmul %ad, %cd, %zero, %zero : (tensor<1x1x1xf32>, tensor<1x1x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1xf32>
  %bc = ml_program.global_load_const @b : tensor<1x1x1xi32>
  %bq = quant.scast %bc : tensor<1x1x1xi32> to tensor<1x1x1x!b>
  %bd = quant.dcast %bq : tensor<1x1x1x!b> to tensor<1x1x1xf32>
  // expected-error @+2 {{expects sums that 32 bits hold, but got some from -16129 to 2147499769}}
  // expected-note @+1 {{TOSA rescales longer ones by 15 bits alone}}
  %y = tosa.add %p, %bd : (tensor<1x1x1xf32>, tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  return %y : tensor<1x1x1xf32>
}

// -----

!q = !quant.uniform<i8<-127:127>:f32, 0.25>

// Accumulators that nothing quantizes are not pooled.
func.func @pool(%a: tensor<1x4x1xf32>, %c: tensor<1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<[1, 2, 2, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %aq = quant.qcast %a : tensor<1x4x1xf32> to tensor<1x4x1x!q>
  %ad = quant.dcast %aq : tensor<1x4x1x!q> to tensor<1x4x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1xf32> to tensor<1x1x1x!q>
  %cd = quant.dcast %cq : tensor<1x1x1x!q> to tensor<1x1x1xf32>
  %p = tosa.matmul %ad, %cd, %zero, %zero : (tensor<1x4x1xf32>, tensor<1x1x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x1xf32>
  %r = tosa.reshape %p, %shape : (tensor<1x4x1xf32>, !tosa.shape<4>) -> tensor<1x2x2x1xf32>
  // expected-error @+2 {{expects codes to pool in TOSA, but got accumulators}}
  // expected-note @+1 {{quantize the result, and use it nowhere else, with one width for all or one for each channel}}
  %y = tosa.max_pool2d %r {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}

// -----

!q = !quant.uniform<i8<-127:127>:f32, 0.25>

// Averages over windows are convolutions, of codes alone.
func.func @average(%a: tensor<1x4x1xf32>, %c: tensor<1x1x1xf32>) -> tensor<1x1x2x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<[1, 2, 2, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %aq = quant.qcast %a : tensor<1x4x1xf32> to tensor<1x4x1x!q>
  %ad = quant.dcast %aq : tensor<1x4x1x!q> to tensor<1x4x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1xf32> to tensor<1x1x1x!q>
  %cd = quant.dcast %cq : tensor<1x1x1x!q> to tensor<1x1x1xf32>
  %p = tosa.matmul %ad, %cd, %zero, %zero : (tensor<1x4x1xf32>, tensor<1x1x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x1xf32>
  %r = tosa.reshape %p, %shape : (tensor<1x4x1xf32>, !tosa.shape<4>) -> tensor<1x2x2x1xf32>
  // expected-error @+2 {{expects codes to average over windows in TOSA, but got accumulators}}
  // expected-note @+1 {{quantize the input, or average over whole images}}
  %y = tosa.avg_pool2d %r, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2x1xf32>
  return %y : tensor<1x1x2x1xf32>
}

// -----

!q = !quant.uniform<i8<-127:127>:f32, 0.25>
!f = !quant.uniform<i8<-127:127>:f32, 1.0e-20>

// A ratio of steps for which no shift is left.
func.func @ratio(%a: tensor<1x1x1xf32>, %c: tensor<1x1x1xf32>) -> tensor<1x1x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %aq = quant.qcast %a : tensor<1x1x1xf32> to tensor<1x1x1x!q>
  %ad = quant.dcast %aq : tensor<1x1x1x!q> to tensor<1x1x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1xf32> to tensor<1x1x1x!q>
  %cd = quant.dcast %cq : tensor<1x1x1x!q> to tensor<1x1x1xf32>
  %p = tosa.matmul %ad, %cd, %zero, %zero : (tensor<1x1x1xf32>, tensor<1x1x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1xf32>
  // expected-error @+1 {{expects a step of codes that is not that much finer than its accumulators', but got 1.000000e-20 for 6.250000e-02}}
  %y = quant.qcast %p : tensor<1x1x1xf32> to tensor<1x1x1x!f>
  %d = quant.dcast %y : tensor<1x1x1x!f> to tensor<1x1x1xf32>
  return %d : tensor<1x1x1xf32>
}

// -----

!q = !quant.uniform<i8<-127:127>:f32, 0.25>
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %d = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
  return %d : tensor<4xf32>
}
// Another function that no other tool could read.
func.func @gated(%x: tensor<4xf32>) -> tensor<4xf32> {
  %one = arith.constant dense<1.0> : tensor<f32>
  // expected-error @+2 {{cannot be said without the cgmq dialect}}
  // expected-note @+1 {{cgmq-freeze fixes gates; erase functions and globals that are not frozen}}
  %q = cgmq.quantize %x, %one, %one : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!s>
  %d = cgmq.dequantize %q : tensor<4x!s> -> tensor<4xf32>
  return %d : tensor<4xf32>
}

// -----

!u = !quant.uniform<u16:f32, 0.25>
!q = !quant.uniform<i8<-127:127>:f32, 0.25>

// Unsigned codes of 16 bits go to constants alone: i16 has no zero point.
func.func @unsigned(%a: tensor<1x1x1xf32>, %c: tensor<1x1x1xf32>) -> tensor<1x1x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %aq = quant.qcast %a : tensor<1x1x1xf32> to tensor<1x1x1x!u>
  %ad = quant.dcast %aq : tensor<1x1x1x!u> to tensor<1x1x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1xf32> to tensor<1x1x1x!q>
  %cd = quant.dcast %cq : tensor<1x1x1x!q> to tensor<1x1x1xf32>
  // expected-error @+2 {{expects factors of at most 8 bits where they are unsigned and the other is no constant of 8 bits, but got 16}}
  // expected-note @+1 {{i16 has no zero point in TOSA}}
  %p = tosa.matmul %ad, %cd, %zero, %zero : (tensor<1x1x1xf32>, tensor<1x1x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1xf32>
  return %p : tensor<1x1x1xf32>
}

// -----

!q = !quant.uniform<i8<-127:127>:f32, 0.25>

// A value that is a rule of the dialect.
// expected-error @+2 {{cannot be said without the cgmq dialect}}
// expected-note @+1 {{cgmq-freeze fixes gates; erase functions and globals that are not frozen}}
ml_program.global private mutable @rule(#cgmq.he_uniform<fan_in = 4, seed = 1>) : tensor<4xf32>
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %d = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
  return %d : tensor<4xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>

// The profile has no floats between integers.
func.func @exp(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %d = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
  // expected-error @+2 {{cannot be carried on integers}}
  // expected-note @+1 {{others are floats, which this profile has not}}
  %y = tosa.exp %d : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
