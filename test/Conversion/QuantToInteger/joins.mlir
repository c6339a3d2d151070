// RUN: cgmq-opt %s --cgmq-lower-to-integer -split-input-file | FileCheck %s

!s4 = !quant.uniform<i4<-7:7>:f32, 0.5>
!s2 = !quant.uniform<i2<-1:1>:f32, 1.0>

// A skip goes from its codes to those of the addition, half as many of twice the
// step, and back to an accumulator: -1 .. 1 and -1 .. 1 make -2 .. 2. What is
// quantized once is stored once.
// CHECK-LABEL: func.func @skip_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<4xi8>) -> (tensor<4xi32>, tensor<4xi8>)
// CHECK:         %[[CODES:.*]] = linalg.generic {{.*}} ins(%[[X]] : tensor<4xi8>)
// CHECK:           arith.muli
// CHECK:           arith.shrsi
// CHECK:           arith.trunci %{{.*}} : i64 to i8
// CHECK:         %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[CODES]], %[[CODES]] : tensor<4xi8>, tensor<4xi8>)
// CHECK:           arith.addi {{.*}} : i32
// CHECK:         return %[[SUM]], %[[X]]
func.func @skip(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!s4>
  %a = quant.dcast %q : tensor<4x!s4> to tensor<4xf32>
  %r = quant.qcast %a : tensor<4xf32> to tensor<4x!s2>
  %b = quant.dcast %r : tensor<4x!s2> to tensor<4xf32>
  %sum = tosa.add %b, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %sum, %a : tensor<4xf32>, tensor<4xf32>
}

// -----

!s4 = !quant.uniform<i4<-7:7>:f32, 0.5>
!u4 = !quant.uniform<u4:f32, 0.5>

// Codes stay codes side by side. Signed ones beside unsigned ones of the same
// step are numbers of 32 bits; so are differences.
// CHECK-LABEL: func.func @concat_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<4xi8>, %[[Y:.*]]: tensor<4xi8>)
// CHECK:         %[[CODES:.*]] = tosa.concat %[[X]], %[[X]] {{.*}} -> tensor<8xi8>
// CHECK:         %[[A:.*]] = linalg.generic {{.*}} ins(%[[X]] : tensor<4xi8>)
// CHECK:           arith.extsi
// CHECK:         %[[B:.*]] = linalg.generic {{.*}} ins(%[[Y]] : tensor<4xi8>)
// CHECK:           arith.extui
// CHECK:         %[[MIXED:.*]] = tosa.concat %[[A]], %[[B]] {{.*}} -> tensor<8xi32>
// CHECK:         linalg.generic {{.*}} ins(%[[X]], %[[Y]] : tensor<4xi8>, tensor<4xi8>)
// CHECK:           arith.subi
func.func @concat(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<4xf32>) {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!s4>
  %a = quant.dcast %q : tensor<4x!s4> to tensor<4xf32>
  %r = quant.qcast %y : tensor<4xf32> to tensor<4x!u4>
  %b = quant.dcast %r : tensor<4x!u4> to tensor<4xf32>
  %codes = tosa.concat %a, %a {axis = 0 : i32} : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  %mixed = tosa.concat %a, %b {axis = 0 : i32} : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  %difference = tosa.sub %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %codes, %mixed, %difference : tensor<8xf32>, tensor<8xf32>, tensor<4xf32>
}

// -----

!u4 = !quant.uniform<u4:f32, 0.5>
!u8 = !quant.uniform<u8:f32, 0.125>

// Of four codes of 0.5 the average counts steps of 0.125, which are those of the
// codes that it goes to; they end at 2.0, which is 16. Constants have codes too.
// CHECK-LABEL: func.func @average_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<?x2x2x1xi8>)
// CHECK:         %[[SUM:.*]] = linalg.generic {{.*}}"reduction", "reduction"]} ins(%[[X]], %{{.*}} : tensor<?x2x2x1xi8>, tensor<2x2xi32>)
// CHECK:           arith.extui
// CHECK:           arith.addi
// CHECK:         linalg.generic {{.*}} ins(%[[SUM]] : tensor<?x1x1x1xi32>)
// CHECK:           arith.constant 16 : i64
// CHECK:         %[[NUMBER:.*]] = arith.constant dense<12> : tensor<1x1x1x1xi8>
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<?x1x1x1xi8>, tensor<1x1x1xi8>)
func.func @average(%x: tensor<?x2x2x1xf32>) -> tensor<?x1x1x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %q = quant.qcast %x : tensor<?x2x2x1xf32> to tensor<?x2x2x1x!u4>
  %d = quant.dcast %q : tensor<?x2x2x1x!u4> to tensor<?x2x2x1xf32>
  %y = tosa.avg_pool2d %d, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x1x1xf32>
  %clamped = tosa.clamp %y {min_val = 0.0 : f32, max_val = 2.0 : f32} : (tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32>
  %r = quant.qcast %clamped : tensor<?x1x1x1xf32> to tensor<?x1x1x1x!u8>
  %a = quant.dcast %r : tensor<?x1x1x1x!u8> to tensor<?x1x1x1xf32>
  %number = "tosa.const"() <{values = dense<1.5> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %n = quant.qcast %number : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!u8>
  %b = quant.dcast %n : tensor<1x1x1x1x!u8> to tensor<1x1x1x1xf32>
  %sum = tosa.add %a, %b : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x1x1x1xf32>
  return %sum : tensor<?x1x1x1xf32>
}

// -----

!s4 = !quant.uniform<i4<-7:7>:f32, 0.5>

// A bound that is a multiple of the step is taken on codes: 1.0 is 2. Zeros
// around a tensor are codes of zero.
// CHECK-LABEL: func.func @clamp_integer(
// CHECK:         linalg.generic
// CHECK-DAG:       arith.constant 0 : i8
// CHECK-DAG:       arith.constant 2 : i8
// CHECK:           arith.minsi
// CHECK:         tensor.pad %{{.*}} low[1] high[0]
func.func @clamp(%x: tensor<4xf32>) -> tensor<5xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!s4>
  %d = quant.dcast %q : tensor<4x!s4> to tensor<4xf32>
  %clamped = tosa.clamp %d {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  %amounts = tosa.const_shape {values = dense<[1, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.pad %clamped, %amounts, %zero : (tensor<4xf32>, !tosa.shape<2>, tensor<1xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

!u8 = !quant.uniform<u8:f32, 0.5>
!w4 = !quant.uniform<i4<-7:7>:f32, 0.25>
ml_program.global private @w(dense<[[[[1], [2]], [[-3], [4]]]]> : tensor<1x2x2x1xi4>) : tensor<1x2x2x1xi4>
ml_program.global private @v(dense<[[[[1, 2]], [[-3, 4]]]]> : tensor<1x2x1x2xi4>) : tensor<1x2x1x2xi4>

// One result for each channel, and two: each filter slides over its channel.
// CHECK: ml_program.global private @w({{.*}}) : tensor<1x2x2xi8>
// CHECK: ml_program.global private @v({{.*}}) : tensor<1x2x1x2xi8>
// CHECK-LABEL: func.func @depthwise_integer(
// CHECK:         linalg.generic {{.*}}"reduction", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<?x1x3x2xi8>, tensor<1x2x2xi8>) outs(%{{.*}} : tensor<?x1x2x2xi32>)
// CHECK-SAME:      cgmq.widths = array<i64: 8, 4>
// CHECK:         %[[TWO:.*]] = linalg.generic {{.*}}"reduction", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<?x1x3x1xi8>, tensor<1x2x1x2xi8>) outs(%{{.*}} : tensor<?x1x2x1x2xi32>)
// CHECK:         tensor.collapse_shape %[[TWO]] {{.*}} into tensor<?x1x2x2xi32>
func.func @depthwise(%x: tensor<?x1x3x2xf32>, %z: tensor<?x1x3x1xf32>) -> (tensor<?x1x2x2xf32>, tensor<?x1x2x2xf32>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<?x1x3x2xf32> to tensor<?x1x3x2x!u8>
  %xd = quant.dcast %xq : tensor<?x1x3x2x!u8> to tensor<?x1x3x2xf32>
  %zq = quant.qcast %z : tensor<?x1x3x1xf32> to tensor<?x1x3x1x!u8>
  %zd = quant.dcast %zq : tensor<?x1x3x1x!u8> to tensor<?x1x3x1xf32>
  %wc = ml_program.global_load_const @w : tensor<1x2x2x1xi4>
  %wq = quant.scast %wc : tensor<1x2x2x1xi4> to tensor<1x2x2x1x!w4>
  %w = quant.dcast %wq : tensor<1x2x2x1x!w4> to tensor<1x2x2x1xf32>
  %vc = ml_program.global_load_const @v : tensor<1x2x1x2xi4>
  %vq = quant.scast %vc : tensor<1x2x1x2xi4> to tensor<1x2x1x2x!w4>
  %v = quant.dcast %vq : tensor<1x2x1x2x!w4> to tensor<1x2x1x2xf32>
  %one = tosa.depthwise_conv2d %xd, %w, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x1x3x2xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x2x2xf32>
  %two = tosa.depthwise_conv2d %zd, %v, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x1x3x1xf32>, tensor<1x2x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x2x2xf32>
  return %one, %two : tensor<?x1x2x2xf32>, tensor<?x1x2x2xf32>
}
