// RUN: cgmq-opt %s --cgmq-lower-quantizers --canonicalize --cse -split-input-file | FileCheck %s

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>
!u = !cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>

// The contraction sums codes, bias codes included, and the one product with
// the step stands below it.
// CHECK-LABEL: func.func @conv
// CHECK: %[[XQ:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<?x4x4x1xf32>)
// CHECK: %[[WQ:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x3x1xf32>)
// CHECK: %[[ACC:.*]] = tosa.conv2d %[[XQ]], %[[WQ]], %{{[0-9]+}}, 
// CHECK: linalg.generic {{.*}} ins(%[[ACC]], %{{.*}} : tensor<?x2x2x2xf32>, f32)
// CHECK: arith.mulf
// CHECK-NOT: cgmq
func.func @conv(%x: tensor<?x4x4x1xf32>, %w: tensor<2x3x3x1xf32>, %b: tensor<2xf32>, %xr: tensor<f32>, %wr: tensor<f32>, %br: tensor<f32>, %g: tensor<f32>) -> tensor<?x2x2x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xq = cgmq.quantize %x, %xr, %g : tensor<?x4x4x1xf32>, tensor<f32>, tensor<f32> -> tensor<?x4x4x1x!u>
  %xd = cgmq.dequantize %xq : tensor<?x4x4x1x!u> -> tensor<?x4x4x1xf32>
  %wq = cgmq.quantize %w, %wr, %g : tensor<2x3x3x1xf32>, tensor<f32>, tensor<f32> -> tensor<2x3x3x1x!s>
  %wd = cgmq.dequantize %wq : tensor<2x3x3x1x!s> -> tensor<2x3x3x1xf32>
  %bq = cgmq.quantize %b, %br, %g : tensor<2xf32>, tensor<f32>, tensor<f32> -> tensor<2x!s>
  %bd = cgmq.dequantize %bq : tensor<2x!s> -> tensor<2xf32>
  %ba = cgmq.align %bd, %xq, %wq : tensor<2xf32>, tensor<?x4x4x1x!u>, tensor<2x3x3x1x!s>
  %y = tosa.conv2d %xd, %wd, %ba, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x4x1xf32>, tensor<2x3x3x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x2x2x2xf32>
  return %y : tensor<?x2x2x2xf32>
}

// -----

// Fixed widths: the step is a constant, the stored codes become floats.
// CHECK-LABEL: func.func @fixed
// CHECK: %[[S:.*]] = arith.constant 2.500000e-01 : f32
// CHECK: math.floor
// CHECK: arith.sitofp %{{.*}} : i8 to f32
// CHECK: %[[ACC:.*]] = tosa.matmul
// CHECK: linalg.generic {{.*}} ins(%[[ACC]], %[[S]] :
// CHECK-NOT: quant.
func.func @fixed(%x: tensor<1x?x4xf32>, %w: tensor<1x4x3xi8>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x?x4xf32> to tensor<1x?x4x!quant.uniform<u4:f32, 0.5>>
  %xd = quant.dcast %xq : tensor<1x?x4x!quant.uniform<u4:f32, 0.5>> to tensor<1x?x4xf32>
  %wq = quant.scast %w : tensor<1x4x3xi8> to tensor<1x4x3x!quant.uniform<i8<-127:127>:f32, 0.5>>
  %wd = quant.dcast %wq : tensor<1x4x3x!quant.uniform<i8<-127:127>:f32, 0.5>> to tensor<1x4x3xf32>
  %y = tosa.matmul %xd, %wd, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}

// -----

!s = !cgmq.gated<signed, [2, 8], f32>

// Several gates in a tensor: the widest says which grid is the finest, what a
// width needs is computed outside, elements select by their gate, and the gate
// that a batch shares is read without the batch's extent.
// CHECK-DAG: #[[GATE:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: func.func @elements
// CHECK-SAME: %[[X:.*]]: tensor<?x4xf32>, %{{.*}}: tensor<f32>, %[[G:.*]]: tensor<1x4xf32>
// CHECK: %[[MAX:.*]] = linalg.generic {{.*}} ins(%[[G]] : tensor<1x4xf32>)
// CHECK: arith.maximumf
// CHECK: tensor.extract %[[MAX]][]
// CHECK: %[[SHARED:.*]] = tensor.extract_slice %[[G]][0, 0] [1, 4] [1, 1] : tensor<1x4xf32> to tensor<4xf32>
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[GATE]],{{.*}} ins(%[[X]], %[[SHARED]],
// CHECK-NOT: divf
// CHECK: math.floor
// CHECK-NOT: cgmq
func.func @elements(%x: tensor<?x4xf32>, %range: tensor<f32>, %gate: tensor<1x4xf32>) -> tensor<?x4xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<?x4xf32>, tensor<f32>, tensor<1x4xf32> -> tensor<?x4x!s>
  %y = cgmq.dequantize %q : tensor<?x4x!s> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

// The gradient of a weight, through padding, sums codes too, and so does that
// of an input, of which borders are cut off.
// CHECK-LABEL: func.func @gradients
// CHECK-SAME: %[[X:.*]]: tensor<5x3xf32>, %[[W:.*]]: tensor<3x4xf32>, %[[G:.*]]: tensor<6x4xf32>
// CHECK: %[[PADDED:.*]] = tensor.pad %[[X]]
// CHECK: %[[DW:.*]] = linalg.generic {{.*}} ins(%[[PADDED]], %[[G]] :
// CHECK: linalg.generic {{.*}} ins(%[[DW]], %{{.*}} : tensor<3x4xf32>, f32)
// CHECK: %[[DX:.*]] = linalg.generic {{.*}} ins(%[[G]], %[[W]] :
// CHECK: %[[CUT:.*]] = tensor.extract_slice %[[DX]]
// CHECK: linalg.generic {{.*}} ins(%[[CUT]], %{{.*}} : tensor<5x3xf32>, f32)
// CHECK-NOT: cgmq
#xg = affine_map<(i, j, k) -> (k, i)>
#gw = affine_map<(i, j, k) -> (i, k)>
#out = affine_map<(i, j, k) -> (i, j)>
func.func @gradients(%x: tensor<5x3xf32>, %w: tensor<3x4xf32>, %g: tensor<6x4xf32>, %s: f32, %t: f32) -> (tensor<3x4xf32>, tensor<5x3xf32>) {
  %zero = arith.constant 0.0 : f32
  %xs = cgmq.scale %x, %s : tensor<5x3xf32>
  %ws = cgmq.scale %w, %t : tensor<3x4xf32>
  %padded = tensor.pad %xs low[1, 0] high[0, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<5x3xf32> to tensor<6x3xf32>
  %empty0 = tensor.empty() : tensor<3x4xf32>
  %zeros0 = linalg.fill ins(%zero : f32) outs(%empty0 : tensor<3x4xf32>) -> tensor<3x4xf32>
  %dw = linalg.generic {indexing_maps = [#xg, affine_map<(i, j, k) -> (k, j)>, #out], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%padded, %g : tensor<6x3xf32>, tensor<6x4xf32>) outs(%zeros0 : tensor<3x4xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<3x4xf32>
  %empty1 = tensor.empty() : tensor<6x3xf32>
  %zeros1 = linalg.fill ins(%zero : f32) outs(%empty1 : tensor<6x3xf32>) -> tensor<6x3xf32>
  %dx = linalg.generic {indexing_maps = [#gw, affine_map<(i, j, k) -> (j, k)>, #out], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%g, %ws : tensor<6x4xf32>, tensor<3x4xf32>) outs(%zeros1 : tensor<6x3xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<6x3xf32>
  %cut = tensor.extract_slice %dx[1, 0] [5, 3] [1, 1] : tensor<6x3xf32> to tensor<5x3xf32>
  return %dw, %cut : tensor<3x4xf32>, tensor<5x3xf32>
}

// -----

// A sum that starts elsewhere than at zero, and padding that is not zero, have
// no step to be counted in.
// CHECK-LABEL: func.func @other_starts
// CHECK: %[[V:.*]] = linalg.generic
// CHECK: arith.mulf
// CHECK: linalg.yield
// CHECK: linalg.generic {{.*}} ins(%[[V]], %[[V]] :
// CHECK: tensor.pad %[[V]]
func.func @other_starts(%x: tensor<4xf32>, %s: f32, %start: tensor<f32>) -> (tensor<f32>, tensor<5xf32>) {
  %one = arith.constant 1.0 : f32
  %xs = cgmq.scale %x, %s : tensor<4xf32>
  %dot = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
      ins(%xs, %xs : tensor<4xf32>, tensor<4xf32>) outs(%start : tensor<f32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<f32>
  %padded = tensor.pad %xs low[1] high[0] {
  ^bb0(%i: index):
    tensor.yield %one : f32
  } : tensor<4xf32> to tensor<5xf32>
  return %dot, %padded : tensor<f32>, tensor<5xf32>
}

// -----

// Widths that stand and differ: the numbers of each grid are constants, among
// which an element selects by its width. A range of 7.5 at 2 bits has a step of
// 2.5, whose codes count five of 4 bits; the step is that of 4 bits.
// CHECK-LABEL: func.func @units
// CHECK-DAG:   %[[COARSE:.*]] = arith.constant 4.000000e-01 : f32
// CHECK-DAG:   %[[FINE:.*]] = arith.constant 2.000000e+00 : f32
// CHECK-DAG:   %[[FIVE:.*]] = arith.constant 5.000000e+00 : f32
// CHECK-DAG:   %[[TWO:.*]] = arith.constant 2 : i8
// CHECK:       linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<?x2xf32>, tensor<2xi8>)
// CHECK:         %[[ABOVE:.*]] = arith.cmpi ugt, %{{.*}}, %[[TWO]] : i8
// CHECK:         %[[INVERSE:.*]] = arith.select %[[ABOVE]], %[[FINE]], %[[COARSE]]
// CHECK:         %[[RATIO:.*]] = arith.select %[[ABOVE]], %{{.*}}, %[[FIVE]]
// CHECK:         arith.mulf %{{.*}}, %[[INVERSE]]
// CHECK:         math.floor
// CHECK:         arith.mulf %{{.*}}, %[[RATIO]]
// CHECK-NOT:   cgmq.
// CHECK-NOT:   quant.
func.func @units(%x: tensor<?x2xf32>, %widths: tensor<1x2xi8>) -> tensor<?x2xf32> {
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<?x2xf32>, tensor<1x2xi8> -> tensor<?x2x!quant.uniform<u4:f32, 0.5>>
  %y = quant.dcast %q : tensor<?x2x!quant.uniform<u4:f32, 0.5>> to tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
