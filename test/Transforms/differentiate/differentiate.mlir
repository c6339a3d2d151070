// RUN: cgmq-opt %s -cgmq-differentiate=function=matmul -canonicalize -cse | FileCheck %s --check-prefix=MATMUL
// RUN: cgmq-opt %s -cgmq-differentiate=function=matmul | cgmq-opt | cgmq-opt -canonicalize -cse | FileCheck %s --check-prefix=MATMUL
// RUN: cgmq-opt %s -cgmq-differentiate="function=matmul wrt=arguments" -canonicalize -cse | FileCheck %s --check-prefix=ARGUMENTS
// RUN: cgmq-opt %s -cgmq-differentiate="function=matmul wrt=all" -canonicalize -cse | FileCheck %s --check-prefix=ALL
// RUN: cgmq-opt %s -cgmq-differentiate="function=relu wrt=arguments" -canonicalize -cse | FileCheck %s --check-prefix=RELU
// RUN: cgmq-opt %s -cgmq-differentiate="function=cast wrt=arguments" -canonicalize -cse | FileCheck %s --check-prefix=CAST
// RUN: cgmq-opt %s -cgmq-differentiate=function=gated -canonicalize -cse | FileCheck %s --check-prefix=GATED
// RUN: cgmq-opt %s -cgmq-differentiate=function=shared -canonicalize -cse | FileCheck %s --check-prefix=SHARED
// RUN: cgmq-opt %s -cgmq-differentiate="function=conv wrt=all" -canonicalize -cse | FileCheck %s --check-prefix=CONV
// RUN: cgmq-opt %S/../../Models/lenet5.mlir -cgmq-build-loss -cgmq-differentiate=function=lenet5_loss | FileCheck %s --check-prefix=LENET

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
ml_program.global private mutable @w.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @w.gate(dense<5.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @unused(dense<5.5> : tensor<f32>) : tensor<f32>
ml_program.global private @fixed(dense<5.5> : tensor<f32>) : tensor<f32>

// The adjoint of a product is a product with permuted maps; the bound of the
// function does not go over to its gradient, and a parameter that no result
// depends on has a gradient of zeros.
// MATMUL-DAG: #[[DY:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>
// MATMUL-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d1)>
// MATMUL-DAG: #[[DW:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// MATMUL-LABEL: func.func @matmul(
// MATMUL-SAME:    attributes {cgmq.budget
// MATMUL-LABEL: func.func @matmul_vjp
// MATMUL-SAME:    (%[[x:.*]]: tensor<1x3x4xf32> {cgmq.nonnegative}, %[[dy:.*]]: tensor<1x3x2xf32>)
// MATMUL-SAME:    -> (tensor<1x3x2xf32>, tensor<1x4x2xf32> {cgmq.gradient_of = @w}, tensor<f32> {cgmq.gradient_of = @unused}) {
// MATMUL-DAG:     %[[y:.*]] = tosa.matmul
// MATMUL-DAG:     %[[zeros:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<1x4x2xf32>)
// MATMUL:         %[[dw:.*]] = linalg.generic {indexing_maps = [#[[X]], #[[DY]], #[[DW]]], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
// MATMUL-SAME:      ins(%[[x]], %[[dy]] : {{.*}}) outs(%[[zeros]] :
// MATMUL:         return %[[y]], %[[dw]], %{{.*}}

// ARGUMENTS: func.func @matmul_vjp
// ARGUMENTS-SAME: -> (tensor<1x3x2xf32>, tensor<1x3x4xf32>) {

// ALL: func.func @matmul_vjp
// ALL-SAME: -> (tensor<1x3x2xf32>, tensor<1x3x4xf32>, tensor<1x4x2xf32> {cgmq.gradient_of = @w}, tensor<f32> {cgmq.gradient_of = @unused}) {
func.func @matmul(%x: tensor<1x3x4xf32> {cgmq.nonnegative}) -> tensor<1x3x2xf32> attributes {cgmq.budget = #cgmq.budget<0.9 percent>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x2xf32>
  %unused = ml_program.global_load @unused : tensor<f32>
  %fixed = ml_program.global_load_const @fixed : tensor<f32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x3x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  return %y : tensor<1x3x2xf32>
}

// The mask is read off the result, so that the operand is not kept; nothing
// exceeds the upper bound.
// RELU-LABEL: func.func @relu_vjp
// RELU:         %[[Y:.*]] = tosa.clamp
// RELU:         linalg.generic {{.*}} ins(%[[Y]], %{{.*}} : tensor<5xf32>, tensor<5xf32>)
// RELU-NEXT:    ^bb0(%[[y:.*]]: f32, %[[dy:.*]]: f32, %{{.*}}: f32):
// RELU-NEXT:      %[[MASK:.*]] = arith.cmpf ogt, %[[y]], %{{.*}} : f32
// RELU-NEXT:      arith.select %[[MASK]], %[[dy]], %{{.*}} : f32
// RELU-NEXT:      linalg.yield
func.func @relu(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<5xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// A cotangent has the element type of its value; an integer has none, and
// neither has what is computed of it.
// CAST-LABEL: func.func @cast_vjp
// CAST-SAME:    (%{{.*}}: tensor<5xf32>, %{{.*}}: tensor<5xi32>, %[[DY:.*]]: tensor<5xf16>) -> (tensor<5xf16>, tensor<5xi32>, tensor<5xf32>) {
// CAST:         %[[DX:.*]] = tosa.cast %[[DY]] : (tensor<5xf16>) -> tensor<5xf32>
// CAST:         return %{{.*}}, %{{.*}}, %[[DX]]
func.func @cast(%x: tensor<5xf32>, %i: tensor<5xi32>) -> (tensor<5xf16>, tensor<5xi32>) {
  %y = tosa.cast %x : (tensor<5xf32>) -> tensor<5xf16>
  %z = tosa.cast %x : (tensor<5xf32>) -> tensor<5xi32>
  %s = tosa.bitwise_and %z, %i : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  return %y, %s : tensor<5xf16>, tensor<5xi32>
}

// The cotangent goes straight through dequantize and align; the one
// dequantization of the forward pass serves the gradient of the range, and the
// gate has none.
// GATED-LABEL: func.func @gated_vjp
// GATED-SAME:    (%[[X:.*]]: tensor<1x4x2xf32>, %[[DY:.*]]: tensor<1x4x2xf32>)
// GATED-SAME:    {cgmq.gradient_of = @w}, tensor<f32> {cgmq.gradient_of = @w.range}, tensor<f32> {cgmq.gradient_of = @w.gate})
// GATED:         %[[Q:.*]] = cgmq.quantize
// GATED-NEXT:    %[[XQ:.*]] = cgmq.dequantize %[[Q]]
// GATED-NOT:     cgmq.dequantize
// GATED:         %[[DW:.*]] = linalg.generic {{.*}} ins(%w, %w.range, %[[DY]]
// GATED:         %[[DRANGE:.*]] = linalg.generic {{.*}} iterator_types = ["reduction", "reduction", "reduction"]} ins(%w, %[[XQ]], %w.range, %[[DY]]
// GATED:           arith.addf {{.*}} fastmath<reassoc>
// GATED:         return %{{.*}}, %[[DW]], %[[DRANGE]], %{{.*}}
func.func @gated(%x: tensor<1x4x2xf32>) -> tensor<1x4x2xf32> {
  %w = ml_program.global_load @w : tensor<1x4x2xf32>
  %range = ml_program.global_load @w.range : tensor<f32>
  %gate = ml_program.global_load @w.gate : tensor<f32>
  %q = cgmq.quantize %w, %range, %gate : tensor<1x4x2xf32>, tensor<f32>, tensor<f32> -> tensor<1x4x2x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
  %wq = cgmq.dequantize %q : tensor<1x4x2x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>> -> tensor<1x4x2xf32>
  %b = cgmq.align %wq, %q, %q : tensor<1x4x2xf32>, tensor<1x4x2x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>, tensor<1x4x2x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
  %y = tosa.add %b, %x : (tensor<1x4x2xf32>, tensor<1x4x2xf32>) -> tensor<1x4x2xf32>
  return %y : tensor<1x4x2xf32>
}

// Two loads of one global have one gradient, the sum.
// SHARED-LABEL: func.func @shared_vjp
// SHARED-SAME:    (%{{.*}}: tensor<1x4x2xf32>, %[[DY:.*]]: tensor<1x4x2xf32>) -> (tensor<1x4x2xf32>, tensor<1x4x2xf32> {cgmq.gradient_of = @w}) {
// SHARED:         %[[SUM:.*]] = arith.addf %[[DY]], %[[DY]]
// SHARED:         return %{{.*}}, %[[SUM]]
func.func @shared(%x: tensor<1x4x2xf32>) -> tensor<1x4x2xf32> {
  %w1 = ml_program.global_load @w : tensor<1x4x2xf32>
  %s = tosa.add %x, %w1 : (tensor<1x4x2xf32>, tensor<1x4x2xf32>) -> tensor<1x4x2xf32>
  %w2 = ml_program.global_load @w : tensor<1x4x2xf32>
  %y = tosa.add %s, %w2 : (tensor<1x4x2xf32>, tensor<1x4x2xf32>) -> tensor<1x4x2xf32>
  return %y : tensor<1x4x2xf32>
}

// Both gradients of a convolution are the convolution with permuted maps; that
// of the input adds to the places that a window covers, strides and dilations
// included, in a buffer with room for the padding.
// CONV-DAG: #[[DY:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>
// CONV-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d3, d4, d5, d6)>
// CONV-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 2 + d4, d2 + d5 * 2, d6)>
// CONV-LABEL: func.func @conv_vjp
// CONV:         linalg.generic {{.*}} iterator_types = ["reduction", "reduction", "reduction", "parallel"]}
// CONV:         %[[DX:.*]] = linalg.generic {indexing_maps = [#[[DY]], #[[W]], #[[X]]], {{.*}} outs(%{{.*}} : tensor<2x7x7x3xf32>)
// CONV:         tensor.extract_slice %[[DX]][0, 1, 0, 0] [2, 5, 7, 3] [1, 1, 1, 1]
// CONV:         %[[PADDED:.*]] = tensor.pad %{{.*}} low[0, 1, 0, 0] high[0, 1, 0, 0]
// CONV:         linalg.generic {indexing_maps = [#[[X]], #[[DY]], #[[W]]], {{.*}} ins(%[[PADDED]],
func.func @conv(%x: tensor<2x5x7x3xf32>, %w: tensor<4x3x2x3xf32>, %b: tensor<4xf32>) -> tensor<2x3x5x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 2>, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 2, 1>} : (tensor<2x5x7x3xf32>, tensor<4x3x2x3xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x5x4xf32>
  return %y : tensor<2x3x5x4xf32>
}

// A whole network with a dynamic batch: gradients in the order of the loads.
// LENET-LABEL: func.func @lenet5_loss_vjp
// LENET-SAME:    (%{{.*}}: tensor<?x28x28x1xf32> {cgmq.nonnegative}, %{{.*}}: tensor<?xi32>, %{{.*}}: tensor<f32>) -> (tensor<f32>,
// LENET-SAME:    tensor<32x5x5x1xf32> {cgmq.gradient_of = @conv1.weight}, tensor<32xf32> {cgmq.gradient_of = @conv1.bias},
// LENET-SAME:    tensor<64x5x5x32xf32> {cgmq.gradient_of = @conv2.weight}, tensor<64xf32> {cgmq.gradient_of = @conv2.bias},
// LENET-SAME:    tensor<1x1024x512xf32> {cgmq.gradient_of = @fc1.weight}, tensor<1x512xf32> {cgmq.gradient_of = @fc1.bias},
// LENET-SAME:    tensor<1x512x10xf32> {cgmq.gradient_of = @fc2.weight}, tensor<1x10xf32> {cgmq.gradient_of = @fc2.bias})
