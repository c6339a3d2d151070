// RUN: cgmq-opt %s --cgmq-lower-to-tosa | FileCheck %s
// RUN: cgmq-opt %s --cgmq-lower-to-tosa -o %t.mlir && mlir-opt %t.mlir --tosa-attach-target="profiles=pro_int extensions=int4,int16" --tosa-validate=strict-op-spec-alignment -o /dev/null

!u8 = !quant.uniform<u8:f32, 0.5>
!u4 = !quant.uniform<u4:f32, 0.5>
!u16 = !quant.uniform<u16:f32, 0.5>
!s8 = !quant.uniform<i8<-127:127>:f32, 0.5>
!w8 = !quant.uniform<i8<-127:127>:f32, 0.25>

// Codes are brought to i32, less their zero points.
// CHECK-LABEL: func.func @sum_integer(
// CHECK-SAME:    %[[A:.*]]: tensor<2x3xi8>, %[[B:.*]]: tensor<1x3xi8>) -> tensor<2x3xi32>
// CHECK:         %[[ZP:.*]] = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}>
// CHECK:         %[[WIDE_A:.*]] = tosa.rescale %[[A]], %{{.*}}, %{{.*}}, %[[ZP]], %{{.*}} -> tensor<2x3xi32>
// CHECK:         %[[WIDE_B:.*]] = tosa.rescale %[[B]], {{.*}} -> tensor<1x3xi32>
// CHECK:         tosa.sub %[[WIDE_A]], %[[WIDE_B]] : (tensor<2x3xi32>, tensor<1x3xi32>) -> tensor<2x3xi32>
func.func @sum(%a: tensor<2x3xf32>, %b: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %aq = quant.qcast %a : tensor<2x3xf32> to tensor<2x3x!u8>
  %ad = quant.dcast %aq : tensor<2x3x!u8> to tensor<2x3xf32>
  %bq = quant.qcast %b : tensor<1x3xf32> to tensor<1x3x!s8>
  %bd = quant.dcast %bq : tensor<1x3x!s8> to tensor<1x3xf32>
  %y = tosa.sub %ad, %bd : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// Narrow codes take the zero point of wide ones; a constant, 3.5 / 0.5 - 128, has
// it from the start.
// CHECK-LABEL: func.func @concat_integer(
// CHECK-SAME:    %[[A:.*]]: tensor<2xi8>, %[[B:.*]]: tensor<1xi8>) -> tensor<4xi8>
// CHECK-DAG:     %[[C:.*]] = "tosa.const"() <{values = dense<-121> : tensor<1xi8>}>
// CHECK-DAG:     %[[SHIFTED:.*]] = tosa.rescale %[[B]], {{.*}} : (tensor<1xi8>, {{.*}}) -> tensor<1xi8>
// CHECK:         tosa.concat %[[A]], %[[SHIFTED]], %[[C]] {axis = 0 : i32}
func.func @concat(%a: tensor<2xf32>, %b: tensor<1xf32>) -> tensor<4xf32> {
  %aq = quant.qcast %a : tensor<2xf32> to tensor<2x!u8>
  %ad = quant.dcast %aq : tensor<2x!u8> to tensor<2xf32>
  %bq = quant.qcast %b : tensor<1xf32> to tensor<1x!u4>
  %bd = quant.dcast %bq : tensor<1x!u4> to tensor<1xf32>
  %c = "tosa.const"() <{values = dense<3.5> : tensor<1xf32>}> : () -> tensor<1xf32>
  %cq = quant.qcast %c : tensor<1xf32> to tensor<1x!u8>
  %cd = quant.dcast %cq : tensor<1x!u8> to tensor<1xf32>
  %y = tosa.concat %ad, %bd, %cd {axis = 0 : i32} : (tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Without a quantizer after it, a clamp has bounds of codes, here 2 and 12 above
// the zero point; what is around the tensor is the zero point.
// CHECK-LABEL: func.func @clamp_pad_integer(
// CHECK:         %[[CLAMPED:.*]] = tosa.clamp %{{.*}} {max_val = -116 : i8, min_val = -126 : i8}
// CHECK:         %[[BEFORE:.*]] = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}>
// CHECK:         %[[AFTER:.*]] = "tosa.const"() <{values = dense<-128> : tensor<2xi8>}>
// CHECK:         tosa.concat %[[BEFORE]], %[[CLAMPED]], %[[AFTER]] {axis = 0 : i32} {{.*}} -> tensor<7xi8>
func.func @clamp_pad(%x: tensor<4xf32>) -> tensor<7xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!u8>
  %d = quant.dcast %q : tensor<4x!u8> to tensor<4xf32>
  %clamped = tosa.clamp %d {min_val = 1.0 : f32, max_val = 6.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  %amounts = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.pad %clamped, %amounts, %zero : (tensor<4xf32>, !tosa.shape<2>, tensor<1xf32>) -> tensor<7xf32>
  return %y : tensor<7xf32>
}

// Windows of one and two elements: sums by a convolution with ones, which pads by
// the zero point, and those of one element twice.
// CHECK-LABEL: func.func @average_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<1x1x3x1xi8>) -> tensor<1x1x2x1xi32>
// CHECK-DAG:     %[[ONES:.*]] = "tosa.const"() <{values = dense<1> : tensor<1x2x1x1xi4>}>
// CHECK-DAG:     %[[ZP:.*]] = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}>
// CHECK:         %[[SUMS:.*]] = tosa.depthwise_conv2d %[[X]], %[[ONES]], %{{.*}}, %[[ZP]], {{.*}}pad = array<i64: 0, 0, 1, 0>, stride = array<i64: 1, 2>}
// CHECK:         %[[RATIOS:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}2], [1]]]]> : tensor<1x1x2x1xi32>}>
// CHECK:         tosa.mul %[[SUMS]], %[[RATIOS]]
func.func @average(%x: tensor<1x1x3x1xf32>) -> tensor<1x1x2x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %q = quant.qcast %x : tensor<1x1x3x1xf32> to tensor<1x1x3x1x!u8>
  %d = quant.dcast %q : tensor<1x1x3x1x!u8> to tensor<1x1x3x1xf32>
  %y = tosa.avg_pool2d %d, %zero, %zero {acc_type = f32, kernel = array<i64: 1, 2>, pad = array<i64: 0, 0, 1, 0>, stride = array<i64: 1, 2>} : (tensor<1x1x3x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2x1xf32>
  return %y : tensor<1x1x2x1xf32>
}

// The average over an image is two sums.
// CHECK-LABEL: func.func @mean_integer(
// CHECK:         %[[COLUMNS:.*]] = tosa.reduce_sum %{{.*}} {axis = 1 : i32} : (tensor<1x2x3x5xi32>) -> tensor<1x1x3x5xi32>
// CHECK:         tosa.reduce_sum %[[COLUMNS]] {axis = 2 : i32} : (tensor<1x1x3x5xi32>) -> tensor<1x1x1x5xi32>
func.func @mean(%x: tensor<1x2x3x5xf32>) -> tensor<1x1x1x5xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %q = quant.qcast %x : tensor<1x2x3x5xf32> to tensor<1x2x3x5x!u8>
  %d = quant.dcast %q : tensor<1x2x3x5x!u8> to tensor<1x2x3x5xf32>
  %y = tosa.avg_pool2d %d, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 3>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x3x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x5xf32>
  return %y : tensor<1x1x1x5xf32>
}

// Codes of 16 bits are stored less 32768, which the bias makes up for: a channel's
// filter is one of the third dimension, so that it is 32768 * (3 + 5) in one and
// 32768 * (4 - 6) in the other.
ml_program.global private @w(dense<[[[[3], [4]], [[5], [-6]]]]> : tensor<1x2x2x1xi8>) : tensor<1x2x2x1xi8>
// CHECK-LABEL: func.func @depthwise_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<1x1x2x2xi16>) -> tensor<1x1x1x2xi32>
// CHECK:         %[[B:.*]] = "tosa.const"() <{values = dense<[262144, -65536]> : tensor<2xi48>}>
// CHECK:         tosa.depthwise_conv2d %[[X]], %{{.*}}, %[[B]], {{.*}} -> tensor<1x1x1x2xi48>
func.func @depthwise(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x1x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %q = quant.qcast %x : tensor<1x1x2x2xf32> to tensor<1x1x2x2x!u16>
  %d = quant.dcast %q : tensor<1x1x2x2x!u16> to tensor<1x1x2x2xf32>
  %wc = ml_program.global_load_const @w : tensor<1x2x2x1xi8>
  %wq = quant.scast %wc : tensor<1x2x2x1xi8> to tensor<1x2x2x1x!w8>
  %w = quant.dcast %wq : tensor<1x2x2x1x!w8> to tensor<1x2x2x1xf32>
  %y = tosa.depthwise_conv2d %d, %w, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x2x2xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  return %y : tensor<1x1x1x2xf32>
}
