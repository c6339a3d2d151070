// RUN: cgmq-opt %s -split-input-file -verify-diagnostics

//===----------------------------------------------------------------------===//
// !cgmq.gated
//===----------------------------------------------------------------------===//

// C1: the list of widths is not empty.
// expected-error @+2 {{expected integer value}}
// expected-error @+1 {{failed to parse CGMQ_GatedType parameter 'widths'}}
func.func private @no_width(tensor<4x!cgmq.gated<signed, [], f32>>)

// -----

// C1: widths ascend.
// expected-error @+1 {{expects ascending widths out of 0, 2, 4, 8, 16 and 32, but got [4, 2]}}
func.func private @descending(tensor<4x!cgmq.gated<signed, [4, 2], f32>>)

// -----

// C1: no width stands twice.
// expected-error @+1 {{expects ascending widths out of 0, 2, 4, 8, 16 and 32, but got [4, 4]}}
func.func private @twice(tensor<4x!cgmq.gated<signed, [4, 4], f32>>)

// -----

// C1: gates select powers of two only.
// expected-error @+1 {{expects ascending widths out of 0, 2, 4, 8, 16 and 32, but got [2, 3]}}
func.func private @three(tensor<4x!cgmq.gated<signed, [2, 3], f32>>)

// -----

// C2: numbers are f32.
// expected-error @+1 {{expects expressed type f32, but got 'f16'}}
func.func private @half(tensor<4x!cgmq.gated<signed, [2], f16>>)

// -----

// Codes have a sign or have none.
// expected-error @+2 {{expected one of [unsigned, signed]}}
// expected-error @+1 {{failed to parse CGMQ_GatedType parameter 'signedness'}}
func.func private @sign(tensor<4x!cgmq.gated<positive, [2], f32>>)

// -----

//===----------------------------------------------------------------------===//
// #cgmq.budget
//===----------------------------------------------------------------------===//

// C1: a bound is greater than zero.
// expected-error @+1 {{expects a bound that is finite and greater than zero, but got 0}}
func.func private @zero() attributes {cgmq.budget = #cgmq.budget<0.0 bop>}

// -----

// C1: so it is not negative.
// expected-error @+1 {{expects a bound that is finite and greater than zero, but got -1}}
func.func private @negative() attributes {cgmq.budget = #cgmq.budget<-1.0 percent>}

// -----

// C1: a bound is finite.
// expected-error @+1 {{expects a bound that is finite and greater than zero, but got}}
func.func private @infinite() attributes {cgmq.budget = #cgmq.budget<0x7FF0000000000000 bop>}

// -----

// C2: the cost at 32 bits is 100 percent.
// expected-error @+1 {{expects a bound of at most 100 percent, but got}}
func.func private @more_than_all() attributes {cgmq.budget = #cgmq.budget<100.1 percent>}

// -----

// A bound has a unit.
// expected-error @+1 {{expects unit percent, bop, bit or cost, but got 'bits'}}
func.func private @unit() attributes {cgmq.budget = #cgmq.budget<0.9 bits>}

// -----

// C3: each model has its unit.
// expected-error @+1 {{expects unit percent or bit for cost model 'memory', but got bop}}
func.func private @unit_of_memory() attributes {cgmq.budget = #cgmq.budget<100.0 bop, memory>}

// -----

// C3
// expected-error @+1 {{expects unit percent or bop for cost model 'bop', but got cost}}
func.func private @unit_of_bop() attributes {cgmq.budget = #cgmq.budget<100.0 cost>}

// -----

// C3
// expected-error @+1 {{expects unit percent or cost for cost model 'npu', but got bit}}
func.func private @unit_of_table() attributes {cgmq.budget = #cgmq.budget<100.0 bit, #cgmq.cost_table<"npu", widths = [8, 32], costs = {default = array<f64: 1.0, 2.0, 2.0, 3.0>}>>}

// -----

// A model is one.
// expected-error @+1 {{expects cost model bop, memory or an attribute, but got 'energy'}}
func.func private @model_word() attributes {cgmq.budget = #cgmq.budget<1.0 percent, energy>}

// -----

// A model is one.
// expected-error @+1 {{expects cost model bop, memory or an attribute, but got 3 : i64}}
func.func private @model_attribute() attributes {cgmq.budget = #cgmq.budget<1.0 percent, 3>}

// -----

//===----------------------------------------------------------------------===//
// #cgmq.cost_table
//===----------------------------------------------------------------------===//

// C1: a table has a name.
// expected-error @+1 {{expects a name that no other cost model has, but got ''}}
func.func private @table_name() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"", widths = [8, 32], costs = {default = array<f64: 1.0, 2.0, 2.0, 3.0>}>>}

// -----

// C1: of its own.
// expected-error @+1 {{expects a name that no other cost model has, but got 'memory'}}
func.func private @table_other_name() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"memory", widths = [8, 32], costs = {default = array<f64: 1.0, 2.0, 2.0, 3.0>}>>}

// -----

// C2: widths ascend.
// expected-error @+1 {{expects ascending widths that end with 32, but got [8, 4, 32]}}
func.func private @table_order() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"npu", widths = [8, 4, 32], costs = {default = array<f64: 1.0>}>>}

// -----

// C2: they are greater than zero.
// expected-error @+1 {{expects ascending widths that end with 32, but got [0, 32]}}
func.func private @table_zero() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"npu", widths = [0, 32], costs = {default = array<f64: 1.0>}>>}

// -----

// C2: the reference is there.
// expected-error @+1 {{expects ascending widths that end with 32, but got [4, 8]}}
func.func private @table_reference() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"npu", widths = [4, 8], costs = {default = array<f64: 1.0>}>>}

// -----

// C3: a kind without costs of its own has some.
// expected-error @+1 {{expects costs for 'default'}}
func.func private @table_default() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"npu", widths = [32], costs = {matmul = array<f64: 1.0>}>>}

// -----

// C3: what is told apart.
// expected-error @+1 {{expects costs for conv2d, depthwise_conv2d, matmul or default, but got 'softmax'}}
func.func private @table_kind() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"npu", widths = [32], costs = {default = array<f64: 1.0>, softmax = array<f64: 1.0>}>>}

// -----

// C4: each pair has a cost.
// expected-error @+1 {{expects an array<f64> of 4 costs for 'default', one for each pair of widths, but got array<f64: 1.000000e+00, 2.000000e+00, 3.000000e+00>}}
func.func private @table_pairs() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"npu", widths = [8, 32], costs = {default = array<f64: 1.0, 2.0, 3.0>}>>}

// -----

// C4: that is a number.
// expected-error @+1 {{expects an array<f64> of 1 costs for 'default', one for each pair of widths, but got 1.000000e+00 : f64}}
func.func private @table_number() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"npu", widths = [32], costs = {default = 1.0}>>}

// -----

// C5: no product gives something back.
// expected-error-re @+1 {{expects costs that are finite and not negative, but got -2.0{{.*}} for 'default' of 8 by 32 bits}}
func.func private @table_negative() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"npu", widths = [8, 32], costs = {default = array<f64: 1.0, -2.0, 2.0, 3.0>}>>}

// -----

// C5: and each costs something that adds up.
// expected-error @+1 {{expects costs that are finite and not negative, but got nan for 'default' of 32 by 32 bits}}
func.func private @table_nan() attributes {cgmq.budget = #cgmq.budget<1.0 percent, #cgmq.cost_table<"npu", widths = [32], costs = {default = array<f64: 0x7FF8000000000000>}>>}

// -----

//===----------------------------------------------------------------------===//
// #cgmq.he_uniform
//===----------------------------------------------------------------------===//

// C1: fan_in divides.
// expected-error @+1 {{expects fan_in greater than zero, but got 0}}
ml_program.global private @w(#cgmq.he_uniform<fan_in = 0, seed = 1>) : tensor<4xf32>

// -----

//===----------------------------------------------------------------------===//
// cgmq.quantize
//===----------------------------------------------------------------------===//

// C1: the input is f32.
func.func @input_type(%x: tensor<4xf16>, %range: tensor<f32>, %gate: tensor<f32>) {
  // expected-error @+1 {{operand #0 must be ranked tensor of 32-bit float values}}
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf16>, tensor<f32>, tensor<f32> -> tensor<4x!cgmq.gated<signed, [8], f32>>
  return
}

// -----

// The result is gated.
func.func @result_type(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) {
  // expected-error @+1 {{result #0 must be tensor of Quantized number whose width a gate decides values}}
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4xf32>
  return
}

// -----

// Input and result have one shape.
func.func @shapes(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) {
  // expected-error @+1 {{failed to verify that all of {input, result} have same shape}}
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<5x!cgmq.gated<signed, [8], f32>>
  return
}

// -----

// C2: the range is a scalar.
func.func @range(%x: tensor<4xf32>, %range: tensor<4xf32>, %gate: tensor<f32>) {
  // expected-error @+1 {{operand #1 must be 0D tensor of 32-bit float values}}
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<4xf32>, tensor<f32> -> tensor<4x!cgmq.gated<signed, [8], f32>>
  return
}

// -----

// C3: a gate that is no scalar has the rank of the input.
func.func @gate_rank(%x: tensor<2x4xf32>, %range: tensor<f32>, %gate: tensor<4xf32>) {
  // expected-error @+1 {{expects a gate that is a scalar or has the rank of the input and extents 1 or equal to its, but got 'tensor<4xf32>' for 'tensor<2x4xf32>'}}
  %q = cgmq.quantize %x, %range, %gate : tensor<2x4xf32>, tensor<f32>, tensor<4xf32> -> tensor<2x4x!cgmq.gated<signed, [8], f32>>
  return
}

// -----

// C3: its extents are 1 or those of the input.
func.func @gate_extent(%x: tensor<2x4xf32>, %range: tensor<f32>, %gate: tensor<1x3xf32>) {
  // expected-error @+1 {{expects a gate that is a scalar or has the rank of the input and extents 1 or equal to its, but got 'tensor<1x3xf32>' for 'tensor<2x4xf32>'}}
  %q = cgmq.quantize %x, %range, %gate : tensor<2x4xf32>, tensor<f32>, tensor<1x3xf32> -> tensor<2x4x!cgmq.gated<signed, [8], f32>>
  return
}

// -----

//===----------------------------------------------------------------------===//
// cgmq.dequantize
//===----------------------------------------------------------------------===//

// C1: the result is f32, the one expressed type there is.
func.func @dequantize_type(%q: tensor<4x!cgmq.gated<signed, [8], f32>>) {
  // expected-error @+1 {{result #0 must be ranked tensor of 32-bit float values}}
  %x = cgmq.dequantize %q : tensor<4x!cgmq.gated<signed, [8], f32>> -> tensor<4xf16>
  return
}

// -----

// Only what is quantized can be dequantized.
func.func @dequantize_float(%x: tensor<4xf32>) {
  // expected-error @+1 {{operand #0 must be tensor of Quantized number whose width a gate decides values}}
  %y = cgmq.dequantize %x : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

// Input and result have one shape.
func.func @dequantize_shape(%q: tensor<4x!cgmq.gated<signed, [8], f32>>) {
  // expected-error @+1 {{failed to verify that all of {input, result} have same shape}}
  %x = cgmq.dequantize %q : tensor<4x!cgmq.gated<signed, [8], f32>> -> tensor<5xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// cgmq.align
//===----------------------------------------------------------------------===//

// A grid comes from two gated tensors.
func.func @align(%b: tensor<4xf32>, %x: tensor<4xf32>, %w: tensor<4x!cgmq.gated<signed, [8], f32>>) {
  // expected-error @+1 {{operand #1 must be tensor of Quantized number whose width a gate decides values}}
  %y = cgmq.align %b, %x, %w : tensor<4xf32>, tensor<4xf32>, tensor<4x!cgmq.gated<signed, [8], f32>>
  return
}

// -----

//===----------------------------------------------------------------------===//
// cgmq.bit_width
//===----------------------------------------------------------------------===//

// C1: widths are those of the gated type.
func.func @bit_width(%gate: tensor<f32>) {
  // expected-error @+1 {{expects ascending widths out of 0, 2, 4, 8, 16 and 32, but got [8, 64]}}
  %b = cgmq.bit_width %gate, [8, 64] : tensor<f32> -> tensor<f64>
  return
}

// -----

// C1: nor is the list empty.
func.func @no_bit_width(%gate: tensor<f32>) {
  // expected-error @+1 {{expects ascending widths out of 0, 2, 4, 8, 16 and 32, but got []}}
  %b = cgmq.bit_width %gate, [] : tensor<f32> -> tensor<f64>
  return
}

// -----

// One width for each gate.
func.func @bit_width_shape(%gate: tensor<f32>) {
  // expected-error @+1 {{failed to verify that all of {gate, result} have same shape}}
  %b = cgmq.bit_width %gate, [8] : tensor<f32> -> tensor<1xf64>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Discardable attributes
//===----------------------------------------------------------------------===//

// A budget bounds a function.
func.func @budget_place() {
  // expected-error @+1 {{expects 'cgmq.budget' on functions only}}
  %0 = arith.constant {cgmq.budget = #cgmq.budget<0.9 percent>} 0 : i32
  return
}

// -----

// expected-error @+1 {{expects 'cgmq.budget' to be a #cgmq.budget or an array of them, but got 9.000000e-01}}
func.func private @budget_value() attributes {cgmq.budget = 0.9}

// -----

// A checkpoint is a module with a dictionary.
// expected-error @+1 {{expects 'cgmq.checkpoint' to be a dictionary of a module}}
func.func private @checkpoint() attributes {cgmq.checkpoint = {}}

// -----

// No budget is none at all.
// expected-error @+1 {{expects 'cgmq.budget' to be a #cgmq.budget or an array of them, but got []}}
func.func private @budget_empty() attributes {cgmq.budget = []}

// -----

// expected-error @+1 {{expects 'cgmq.budget' to be a #cgmq.budget or an array of them, but got [#cgmq.budget<9.000000e-01 percent>, unit]}}
func.func private @budget_element() attributes {cgmq.budget = [#cgmq.budget<0.9 percent>, unit]}

// -----

// Of two bounds on one cost, one means nothing.
// expected-error @+1 {{expects one budget for each cost model, but got several for 'bop'}}
func.func private @budget_twice() attributes {cgmq.budget = [#cgmq.budget<0.9 percent>, #cgmq.budget<100.0 bop>]}

// -----

// Bits are those of a parameter.
// expected-error @+1 {{expects 'cgmq.bits' to be an i64 of an ml_program.global, zero or more}}
func.func private @bits_place() attributes {cgmq.bits = 8 : i64}

// -----

// expected-error @+1 {{expects 'cgmq.bits' to be an i64 of an ml_program.global, zero or more}}
ml_program.global private @bits_value(dense<0> : tensor<4xi32>) : tensor<4xi32> {cgmq.bits = -8 : i64}

// -----

// One range for each width.
func.func @ranges_number(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) {
  // expected-error @+1 {{expects 'cgmq.ranges' to be an array<f32> with one number for each width of a cgmq.quantize}}
  %q = cgmq.quantize %x, %range, %gate {cgmq.ranges = array<f32: 1.0>} : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!cgmq.gated<signed, [4, 8], f32>>
  return
}

// -----

// One error for each width.
func.func @errors_number(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) {
  // expected-error @+1 {{expects 'cgmq.errors' to be an array<f32> with one number for each width of a cgmq.quantize}}
  %q = cgmq.quantize %x, %range, %gate {cgmq.errors = array<f32: 1.0>} : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!cgmq.gated<signed, [4, 8], f32>>
  return
}

// -----

// Ranges are of f32.
func.func @ranges_type(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) {
  // expected-error @+1 {{expects 'cgmq.ranges' to be an array<f32> with one number for each width of a cgmq.quantize}}
  %q = cgmq.quantize %x, %range, %gate {cgmq.ranges = array<i64: 1, 2>} : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!cgmq.gated<signed, [4, 8], f32>>
  return
}

// -----

// Only quantizers have ranges.
func.func @ranges_place() {
  // expected-error @+1 {{expects 'cgmq.ranges' to be an array<f32> with one number for each width of a cgmq.quantize}}
  %0 = arith.constant {cgmq.ranges = array<f32: 1.0>} 0 : i32
  return
}

// -----

// A whole value is not pinned to nothing.
func.func @pinned_to_nothing() {
  // expected-error @+2 {{expects 'cgmq.width' to be 2, 4, 8, 16 or 32 of type i64, but got 0 : i64}}
  // expected-note @+1 {{without all of a value, nothing would depend on what it is made of}}
  %0 = arith.constant {cgmq.width = 0 : i64} 0 : i32
  return
}

// -----

func.func @factors(%code: i64) -> i8 {
  // expected-error @+1 {{expects 'cgmq.factors' to be an array<f32> of two factors}}
  %0 = arith.trunci %code {cgmq.factors = array<f32: 0.5>} : i64 to i8
  return %0 : i8
}

// -----

// A contraction has two factors.
func.func @widths() {
  // expected-error @+1 {{expects 'cgmq.widths' to be an array<i64> of two widths}}
  %0 = arith.constant {cgmq.widths = array<i64: 4>} 0 : i32
  return
}

// -----

// Misspelt attributes do not pass in silence.
func.func @unknown() {
  // expected-error @+1 {{has unknown attribute 'cgmq.bugdet' of the cgmq dialect}}
  %0 = arith.constant {cgmq.bugdet} 0 : i32
  return
}

// -----

// Nor do they on arguments.
// expected-error @+1 {{has unknown argument attribute 'cgmq.nonegative' of the cgmq dialect}}
func.func private @unknown_argument(tensor<4xf32> {cgmq.nonegative})

// -----

// What cannot be negative is said by a unit.
// expected-error @+1 {{expects argument attribute 'cgmq.nonnegative' to be a unit}}
func.func private @nonnegative(tensor<4xf32> {cgmq.nonnegative = true})

// -----

//===----------------------------------------------------------------------===//
// cgmq.quantize_units
//===----------------------------------------------------------------------===//

// C1: one width for each unit.
func.func @units(%x: tensor<?x4xf32>, %widths: tensor<4xi8>) {
  // expected-error @+1 {{expects widths of the rank of the input and extents 1 or equal to its, but got 'tensor<4xi8>' for 'tensor<?x4xf32>'}}
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<?x4xf32>, tensor<4xi8> -> tensor<?x4x!quant.uniform<u4:f32, 0.5>>
  return
}

// -----

// C2: the result has codes.
func.func @floats(%x: tensor<4xf32>, %widths: tensor<4xi8>) {
  // expected-error @+1 {{expects a result of a !quant.uniform type of f32 with 2, 4, 8 or 16 bits, no zero point and the bounds of a quantizer, but got 'f32'}}
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<4xf32>, tensor<4xi8> -> tensor<4xf32>
  return
}

// -----

// C2: with the bounds of a quantizer, which are symmetric.
func.func @bounds(%x: tensor<4xf32>, %widths: tensor<4xi8>) {
  // expected-error @+1 {{and the bounds of a quantizer, but got '!quant.uniform<i4:f32, 5.000000e-01>'}}
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<4xf32>, tensor<4xi8> -> tensor<4x!quant.uniform<i4:f32, 0.5>>
  return
}

// -----

// C3: 7.5 / 15 is 0.5.
func.func @scale(%x: tensor<4xf32>, %widths: tensor<4xi8>) {
  // expected-error @+1 {{expects the scale 5.000000e-01 of 4 bits in a range of 7.5}}
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<4xf32>, tensor<4xi8> -> tensor<4x!quant.uniform<u4:f32, 0.25>>
  return
}

// -----

// The widths of units have a name.
func.func @attribute(%w: tensor<4xi4>) {
  // expected-error @+1 {{expects 'cgmq.unit_widths' to be the symbol of a global of widths, but got 4}}
  %q = quant.scast %w {cgmq.unit_widths = 4 : i8} : tensor<4xi4> to tensor<4x!quant.uniform<i4<-7:7>:f32, 0.25>>
  return
}
