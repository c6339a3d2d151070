// RUN: cgmq-opt %s --cgmq-verify-budget --remarks-filter-analyse=cgmq-cost 2>&1 | FileCheck %s

// Costs other than bit-operations, at each stage, with the arithmetic.

// Gated. MACs: 3 * 5 a sample = 15, of 4 by 2 bits: 120. Memory: weight 15 * 2
// + bias 5 * 8 = 70 of 20 * 32 = 640 bits; ranges and gates do not count. The
// table lists 4 bits and up, so 2 cost what 4 do: 15 * 0.5 = 7.5 of 15 * 16.
// CHECK: remark: [Analysis] Budget | Category:cgmq-cost | Function=gated | BOPs=120, Bound=120, RBOP=0.78125%
// CHECK: remark: [Analysis] Budget | Category:cgmq-cost | Function=gated | Bound=70, Cost=70, Model=memory, Percent=10.9375%
// CHECK: remark: [Analysis] Budget | Category:cgmq-cost | Function=gated | Bound=7.5, Cost=7.5, Model=npu, Percent=3.125%
!u = !cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>
#npu = #cgmq.cost_table<"npu", widths = [4, 8, 32], costs = {
    default = array<f64: 1.0, 1.0, 16.0, 1.0, 1.0, 16.0, 16.0, 16.0, 16.0>,
    matmul = array<f64: 0.5, 1.0, 16.0, 0.5, 1.0, 16.0, 16.0, 16.0, 16.0>}>
ml_program.global private mutable @w(dense<0.5> : tensor<1x3x5xf32>) : tensor<1x3x5xf32>
ml_program.global private mutable @w.gate(dense<0.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @w.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @b(dense<0.5> : tensor<1x1x5xf32>) : tensor<1x1x5xf32>
ml_program.global private mutable @b.gate(dense<2.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @x.gate(dense<1.5> : tensor<f32>) : tensor<f32>
func.func @gated(%x: tensor<1x?x3xf32>) -> tensor<1x?x5xf32>
    attributes {cgmq.budget = [#cgmq.budget<120.0 bop>, #cgmq.budget<70.0 bit, memory>, #cgmq.budget<7.5 cost, #npu>]} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = ml_program.global_load @w.range : tensor<f32>
  %xg = ml_program.global_load @x.gate : tensor<f32>
  %xq = cgmq.quantize %x, %range, %xg : tensor<1x?x3xf32>, tensor<f32>, tensor<f32> -> tensor<1x?x3x!u>
  %xd = cgmq.dequantize %xq : tensor<1x?x3x!u> -> tensor<1x?x3xf32>
  %w = ml_program.global_load @w : tensor<1x3x5xf32>
  %wg = ml_program.global_load @w.gate : tensor<f32>
  %wq = cgmq.quantize %w, %range, %wg : tensor<1x3x5xf32>, tensor<f32>, tensor<f32> -> tensor<1x3x5x!s>
  %wd = cgmq.dequantize %wq : tensor<1x3x5x!s> -> tensor<1x3x5xf32>
  %y = tosa.matmul %xd, %wd, %zero, %zero : (tensor<1x?x3xf32>, tensor<1x3x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x5xf32>
  %b = ml_program.global_load @b : tensor<1x1x5xf32>
  %bg = ml_program.global_load @b.gate : tensor<f32>
  %bq = cgmq.quantize %b, %range, %bg : tensor<1x1x5xf32>, tensor<f32>, tensor<f32> -> tensor<1x1x5x!s>
  %bd = cgmq.dequantize %bq : tensor<1x1x5x!s> -> tensor<1x1x5xf32>
  %z = tosa.add %y, %bd : (tensor<1x?x5xf32>, tensor<1x1x5xf32>) -> tensor<1x?x5xf32>
  return %z : tensor<1x?x5xf32>
}

// Units of a gate. 2 and 4 bits of the activation, 2, 8 and 2, 2 bits of the
// weight: MACs 2x2, 2x8, 4x2, 4x2 cost 1 + 2 + 1 + 1 = 5 of 4 * 8. Memory: 14
// bits of 4 * 32.
// CHECK: remark: [Analysis] Budget | {{.*}}Function=units | Bound=5, Cost=5, Model=wide, Percent=15.625%
// CHECK: remark: [Analysis] Budget | {{.*}}Function=units | Bound=128, Cost=14, Model=memory, Percent=10.9375%
#wide = #cgmq.cost_table<"wide", widths = [4, 8, 32], costs = {
    default = array<f64: 1.0, 2.0, 8.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0>}>
ml_program.global private mutable @uw(dense<0.5> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
ml_program.global private mutable @uw.gate(dense<[[[0.5, 2.5], [0.5, 0.5]]]> : tensor<1x2x2xf32>) : tensor<1x2x2xf32>
ml_program.global private mutable @ux.gate(dense<[[[0.5, 1.5]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
func.func @units(%x: tensor<1x?x2xf32>) -> tensor<1x?x2xf32>
    attributes {cgmq.budget = [#cgmq.budget<5.0 cost, #wide>, #cgmq.budget<100.0 percent, memory>]} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @ux.gate : tensor<1x1x2xf32>
  %xq = cgmq.quantize %x, %range, %xg : tensor<1x?x2xf32>, tensor<f32>, tensor<1x1x2xf32> -> tensor<1x?x2x!s>
  %xd = cgmq.dequantize %xq : tensor<1x?x2x!s> -> tensor<1x?x2xf32>
  %w = ml_program.global_load @uw : tensor<1x2x2xf32>
  %wg = ml_program.global_load @uw.gate : tensor<1x2x2xf32>
  %wq = cgmq.quantize %w, %range, %wg : tensor<1x2x2xf32>, tensor<f32>, tensor<1x2x2xf32> -> tensor<1x2x2x!s>
  %wd = cgmq.dequantize %wq : tensor<1x2x2x!s> -> tensor<1x2x2xf32>
  %y = tosa.matmul %xd, %wd, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// Frozen, by hand: codes count as they are stored (6 * 4 bits of 6 * 32), but
// for what is recorded (3 bits of a bias of one element). Where the weight is
// the first factor, it is priced as one: 6 MACs of an activation of 8 bits and
// a weight of 4 cost 6 * 3, and not 6 * 2.
// CHECK: remark: [Analysis] Budget | {{.*}}Function=frozen | Bound=27, Cost=27, Model=memory, Percent=12.0536%
// CHECK: remark: [Analysis] Budget | {{.*}}Function=frozen | Bound=18, Cost=18, Model=oblong, Percent=30%
#oblong = #cgmq.cost_table<"oblong", widths = [4, 8, 32], costs = {
    default = array<f64: 1.0, 2.0, 10.0, 3.0, 4.0, 10.0, 10.0, 10.0, 10.0>}>
ml_program.global private @fw(dense<1> : tensor<1x2x3xi4>) : tensor<1x2x3xi4>
ml_program.global private @fb(dense<1> : tensor<1x1x1xi32>) : tensor<1x1x1xi32> {cgmq.bits = 3 : i64}
func.func @frozen(%x: tensor<1x3x1x!quant.uniform<u8:f32, 0.5>>) -> tensor<1x2x1xf32>
    attributes {cgmq.budget = [#cgmq.budget<27.0 bit, memory>, #cgmq.budget<18.0 cost, #oblong>]} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xd = quant.dcast %x : tensor<1x3x1x!quant.uniform<u8:f32, 0.5>> to tensor<1x3x1xf32>
  %w = ml_program.global_load_const @fw : tensor<1x2x3xi4>
  %wq = quant.scast %w : tensor<1x2x3xi4> to tensor<1x2x3x!quant.uniform<i4<-7:7>:f32, 0.5>>
  %wd = quant.dcast %wq : tensor<1x2x3x!quant.uniform<i4<-7:7>:f32, 0.5>> to tensor<1x2x3xf32>
  %y = tosa.matmul %wd, %xd, %zero, %zero : (tensor<1x2x3xf32>, tensor<1x3x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x1xf32>
  %b = ml_program.global_load_const @fb : tensor<1x1x1xi32>
  %bq = quant.scast %b : tensor<1x1x1xi32> to tensor<1x1x1x!quant.uniform<i32:f32, 0.25>>
  %bd = quant.dcast %bq : tensor<1x1x1x!quant.uniform<i32:f32, 0.25>> to tensor<1x1x1xf32>
  %z = tosa.add %y, %bd : (tensor<1x2x1xf32>, tensor<1x1x1xf32>) -> tensor<1x2x1xf32>
  return %z : tensor<1x2x1xf32>
}

// Kinds, and costs that fall as widths rise: 8 bits may carry 4, so that the
// pair of 4 by 4 bits costs 1 and not 9. A convolution of 2*2 windows of 2*2
// elements has 16 MACs at 1, a depthwise one of two channels 32 MACs at 2, one
// with windows of one element 9 MACs, which are a matrix product at 3.
// 16 * 1 + 32 * 2 + 9 * 3 = 107, at 32 bits 57 * 10.
// CHECK: remark: [Analysis] Budget | {{.*}}Function=kinds | Bound=107, Cost=107, Model=kinds, Percent=18.7719%
#kinds = #cgmq.cost_table<"kinds", widths = [4, 8, 32], costs = {
    default = array<f64: 9.0, 1.0, 10.0, 1.0, 1.0, 10.0, 10.0, 10.0, 10.0>,
    depthwise_conv2d = array<f64: 2.0, 2.0, 10.0, 2.0, 2.0, 10.0, 10.0, 10.0, 10.0>,
    matmul = array<f64: 3.0, 3.0, 10.0, 3.0, 3.0, 10.0, 10.0, 10.0, 10.0>}>
!q = !quant.uniform<i4<-7:7>:f32, 0.5>
func.func @kinds(%x: tensor<1x3x3x1x!q>, %x2: tensor<1x3x3x2x!q>, %w: tensor<1x2x2x1x!q>, %dw: tensor<2x2x2x1x!q>, %pw: tensor<1x1x1x1x!q>, %bias: tensor<1xf32>, %bias2: tensor<2xf32>) -> tensor<1x2x2x1xf32>
    attributes {cgmq.budget = #cgmq.budget<107.0 cost, #kinds>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xd = quant.dcast %x : tensor<1x3x3x1x!q> to tensor<1x3x3x1xf32>
  %x2d = quant.dcast %x2 : tensor<1x3x3x2x!q> to tensor<1x3x3x2xf32>
  %wd = quant.dcast %w : tensor<1x2x2x1x!q> to tensor<1x2x2x1xf32>
  %dwd = quant.dcast %dw : tensor<2x2x2x1x!q> to tensor<2x2x2x1xf32>
  %pwd = quant.dcast %pw : tensor<1x1x1x1x!q> to tensor<1x1x1x1xf32>
  %y = tosa.conv2d %xd, %wd, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x3x1xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  %d = tosa.depthwise_conv2d %x2d, %dwd, %bias2, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x3x2xf32>, tensor<2x2x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  %p = tosa.conv2d %xd, %pwd, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x3x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x1xf32>
  return %y : tensor<1x2x2x1xf32>
}

// A static batch is divided by: three samples of 4 MACs of unit widths 2 and 4
// each: 4 * (1 + 1) / 2 = 4 MACs a sample.
// CHECK: remark: [Analysis] Budget | {{.*}}Function=batch | Bound=4, Cost=4, Model=wide, Percent=12.5%
ml_program.global private mutable @bx.gate(dense<[[[0.5, 1.5]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
func.func @batch(%x: tensor<3x1x2xf32>) -> tensor<3x1x2xf32>
    attributes {cgmq.budget = #cgmq.budget<4.0 cost, #wide>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %pinned = arith.constant dense<0.5> : tensor<f32>
  %w = "tosa.const"() <{values = dense<0.5> : tensor<3x2x2xf32>}> : () -> tensor<3x2x2xf32>
  %xg = ml_program.global_load @bx.gate : tensor<1x1x2xf32>
  %xq = cgmq.quantize %x, %range, %xg : tensor<3x1x2xf32>, tensor<f32>, tensor<1x1x2xf32> -> tensor<3x1x2x!s>
  %xd = cgmq.dequantize %xq : tensor<3x1x2x!s> -> tensor<3x1x2xf32>
  %wq = cgmq.quantize %w, %range, %pinned : tensor<3x2x2xf32>, tensor<f32>, tensor<f32> -> tensor<3x2x2x!s>
  %wd = cgmq.dequantize %wq : tensor<3x2x2x!s> -> tensor<3x2x2xf32>
  %y = tosa.matmul %xd, %wd, %zero, %zero : (tensor<3x1x2xf32>, tensor<3x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3x1x2xf32>
  return %y : tensor<3x1x2xf32>
}
