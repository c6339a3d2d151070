// RUN: cgmq-opt %s --cgmq-lower-to-tosa | FileCheck %s
// Stock mlir-opt takes it, finds it valid, and prints it as it is.
// RUN: cgmq-opt %s --cgmq-lower-to-tosa -o %t.mlir && mlir-opt %t.mlir | diff %t.mlir -
// RUN: mlir-opt %t.mlir --tosa-attach-target="profiles=pro_int extensions=int4,int16" --tosa-validate=strict-op-spec-alignment -o /dev/null

!x8 = !quant.uniform<u8:f32, 0.5>
!x4 = !quant.uniform<u4:f32, 2.0>
!s8 = !quant.uniform<i8<-127:127>:f32, 0.5>
!w4 = !quant.uniform<i4<-7:7>:f32, 0.25>
!b = !quant.uniform<i32<-2147483647:2147483647>:f32, 0.125>

// Constants are in place, and nothing says cgmq.
// CHECK-NOT: cgmq.
// CHECK-NOT: ml_program
ml_program.global private @w(dense<[[[[1], [2]]], [[[-3], [4]]]]> : tensor<2x1x2x1xi4>) : tensor<2x1x2x1xi4> {cgmq.bits = 16 : i64}
ml_program.global private @b(dense<[10, -20]> : tensor<2xi32>) : tensor<2xi32>

// The border stores code - 128: the codes of 8 bits as unsigned bytes, which wrap.
// CHECK-LABEL: func.func @conv(
// CHECK-SAME:    %{{.*}}: tensor<1x1x3x1xf32>) -> tensor<1x1x1x2xf32> {
// CHECK:         arith.fptoui %{{.*}} : f32 to i8
// CHECK:         %[[ZP:.*]] = arith.constant -128 : i8
// CHECK:         arith.addi %{{.*}}, %[[ZP]] : i8
// CHECK:         call @conv_integer
// CHECK:         arith.uitofp %{{.*}} : i8 to f32

// The zero point of the input is that of the convolution; its weights are i4, in
// TOSA's order. The accumulator's step 0.125 is a sixteenth of the code's: the
// multiplier is 2^30 and the shift 34. The quantizer has gone above the pooling,
// and the rectifier into the clamp.
// CHECK-LABEL: func.func @conv_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<1x1x3x1xi8>) -> tensor<1x1x1x2xi8>
// CHECK:         %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1], [2]]], {{\[\[\[}}-3], [4]]]]> : tensor<2x1x2x1xi4>}>
// CHECK:         %[[B:.*]] = "tosa.const"() <{values = dense<[10, -20]> : tensor<2xi32>}>
// CHECK:         %[[ZP:.*]] = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}>
// CHECK:         %[[NONE:.*]] = "tosa.const"() <{values = dense<0> : tensor<1xi4>}>
// CHECK:         %[[ACC:.*]] = tosa.conv2d %[[X]], %[[W]], %[[B]], %[[ZP]], %[[NONE]] {acc_type = i32
// CHECK:         %[[M:.*]] = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}>
// CHECK:         %[[K:.*]] = "tosa.const"() <{values = dense<34> : tensor<1xi8>}>
// CHECK:         %[[CODE:.*]] = tosa.rescale %[[ACC]], %[[M]], %[[K]],
// CHECK-SAME:      per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true
// CHECK:         %[[CLAMPED:.*]] = tosa.clamp %[[CODE]] {max_val = 15 : i8, min_val = 0 : i8}
// CHECK:         %[[POOL:.*]] = tosa.max_pool2d %[[CLAMPED]] {kernel = array<i64: 1, 2>{{.*}} -> tensor<1x1x1x2xi8>
// CHECK:         return %[[POOL]]
func.func @conv(%images: tensor<1x1x3x1xf32> {cgmq.nonnegative}) -> tensor<1x1x1x2xf32>
    attributes {cgmq.budget = #cgmq.budget<5.0 percent>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xq = quant.qcast %images : tensor<1x1x3x1xf32> to tensor<1x1x3x1x!x8>
  %x = quant.dcast %xq : tensor<1x1x3x1x!x8> to tensor<1x1x3x1xf32>
  %wc = ml_program.global_load_const @w : tensor<2x1x2x1xi4>
  %wq = quant.scast %wc : tensor<2x1x2x1xi4> to tensor<2x1x2x1x!w4>
  %w = quant.dcast %wq : tensor<2x1x2x1x!w4> to tensor<2x1x2x1xf32>
  %bc = ml_program.global_load_const @b : tensor<2xi32>
  %bq = quant.scast %bc : tensor<2xi32> to tensor<2x!b>
  %b = quant.dcast %bq : tensor<2x!b> to tensor<2xf32>
  %acc = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x3x1xf32>, tensor<2x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2x2xf32>
  %relu = tosa.clamp %acc {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  %pool = tosa.max_pool2d %relu {kernel = array<i64: 1, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x2x2xf32>) -> tensor<1x1x1x2xf32>
  %yq = quant.qcast %pool : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!x4>
  %y = quant.dcast %yq : tensor<1x1x1x2x!x4> to tensor<1x1x1x2xf32>
  return %y : tensor<1x1x1x2xf32>
}

// Products of two activations: codes of 8 bits with and without a zero point, of
// which unsigned results of 8 bits need no clamp. A reshape has its extents.
// CHECK-LABEL: func.func @product_integer(
// CHECK-SAME:    %[[A:.*]]: tensor<1x2x3xi8>, %[[B:.*]]: tensor<1x3x2xi8>) -> tensor<4xi8>
// CHECK:         %[[AZ:.*]] = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}>
// CHECK:         %[[BZ:.*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}>
// CHECK:         %[[P:.*]] = tosa.matmul %[[A]], %[[B]], %[[AZ]], %[[BZ]] : {{.*}} -> tensor<1x2x2xi32>
// CHECK:         %[[SHAPE:.*]] = tosa.const_shape {{.*}}dense<4> : tensor<1xindex>
// CHECK:         %[[R:.*]] = tosa.reshape %[[P]], %[[SHAPE]]
// CHECK:         %[[Y:.*]] = tosa.rescale %[[R]], %{{.*}}, %{{.*}}, %{{.*}}, %[[AZ]]
// CHECK-NEXT:    return %[[Y]]
func.func @product(%a: tensor<1x2x3xf32>, %b: tensor<1x3x2xf32>) -> tensor<4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<-1> : tensor<1xindex>} : () -> !tosa.shape<1>
  %aq = quant.qcast %a : tensor<1x2x3xf32> to tensor<1x2x3x!x8>
  %ad = quant.dcast %aq : tensor<1x2x3x!x8> to tensor<1x2x3xf32>
  %bq = quant.qcast %b : tensor<1x3x2xf32> to tensor<1x3x2x!s8>
  %bd = quant.dcast %bq : tensor<1x3x2x!s8> to tensor<1x3x2xf32>
  %p = tosa.matmul %ad, %bd, %zero, %zero : (tensor<1x2x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2xf32>
  %r = tosa.reshape %p, %shape : (tensor<1x2x2xf32>, !tosa.shape<1>) -> tensor<4xf32>
  %yq = quant.qcast %r : tensor<4xf32> to tensor<4x!x8>
  %y = quant.dcast %yq : tensor<4x!x8> to tensor<4xf32>
  return %y : tensor<4xf32>
}

// Codes are added in i32, each without its zero point; a rectifier that no
// quantizer follows is a maximum.
// CHECK-LABEL: func.func @sum_integer(
// CHECK-SAME:    %[[A:.*]]: tensor<4xi8>, %[[B:.*]]: tensor<4xi8>) -> tensor<4xi32>
// CHECK:         %[[ONE:.*]] = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}>
// CHECK:         %[[K:.*]] = "tosa.const"() <{values = dense<30> : tensor<1xi8>}>
// CHECK:         %[[AZ:.*]] = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}>
// CHECK:         %[[ZERO:.*]] = "tosa.const"() <{values = dense<0> : tensor<1xi32>}>
// CHECK:         %[[LEFT:.*]] = tosa.rescale %[[A]], %[[ONE]], %[[K]], %[[AZ]], {{.*}} -> tensor<4xi32>
// CHECK:         %[[RIGHT:.*]] = tosa.rescale %[[B]], {{.*}} -> tensor<4xi32>
// CHECK:         %[[SUM:.*]] = tosa.add %[[LEFT]], %[[RIGHT]]
// CHECK:         tosa.maximum %[[SUM]], %[[ZERO]]
func.func @sum(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %aq = quant.qcast %a : tensor<4xf32> to tensor<4x!x8>
  %ad = quant.dcast %aq : tensor<4x!x8> to tensor<4xf32>
  %bq = quant.qcast %b : tensor<4xf32> to tensor<4x!s8>
  %bd = quant.dcast %bq : tensor<4x!s8> to tensor<4xf32>
  %y = tosa.add %ad, %bd : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %r = tosa.clamp %y {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// Elements of several widths: a rule for each, of which a mask selects, and the
// ratio of grids, 17 from 4 to 8 bits.
// CHECK-LABEL: func.func @units_integer(
// CHECK:         %[[SUM:.*]] = tosa.add
// CHECK:         tosa.rescale %[[SUM]], {{.*}} -> tensor<2xi32>
// CHECK:         %[[RATIO:.*]] = "tosa.const"() <{values = dense<17> : tensor<1xi32>}>
// CHECK:         %[[FOUR:.*]] = tosa.mul %{{.*}}, %[[RATIO]]
// CHECK:         tosa.rescale %[[SUM]], {{.*}} -> tensor<2xi32>
// CHECK:         %[[MASK:.*]] = "tosa.const"() <{values = dense<[false, true]> : tensor<2xi1>}>
// CHECK:         %[[CODE:.*]] = tosa.select %[[MASK]], %{{.*}}, %[[FOUR]]
// CHECK:         tosa.rescale %[[CODE]], {{.*}} -> tensor<2xi8>
ml_program.global private @widths(dense<[4, 8]> : tensor<2xi8>) : tensor<2xi8>
func.func @units(%a: tensor<2xf32>) -> tensor<2xf32> {
  %aq = quant.qcast %a : tensor<2xf32> to tensor<2x!s8>
  %ad = quant.dcast %aq : tensor<2x!s8> to tensor<2xf32>
  %s = tosa.add %ad, %ad : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %widths = ml_program.global_load_const @widths : tensor<2xi8>
  %q = cgmq.quantize_units %s, %widths range 63.75 : tensor<2xf32>, tensor<2xi8> -> tensor<2x!s8>
  %d = quant.dcast %q : tensor<2x!s8> to tensor<2xf32>
  return %d : tensor<2xf32>
}

// A code of -8, which the method does not make and i4 in TOSA does not have.
// CHECK-LABEL: func.func @lowest_integer(
// CHECK:         "tosa.const"() <{values = dense<-8> : tensor<1x1x1x1xi8>}>
ml_program.global private @v(dense<-8> : tensor<1x1x1x1xi4>) : tensor<1x1x1x1xi4>
func.func @lowest(%images: tensor<1x1x3x1xf32>) -> tensor<1x1x3x1xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %xq = quant.qcast %images : tensor<1x1x3x1xf32> to tensor<1x1x3x1x!x8>
  %x = quant.dcast %xq : tensor<1x1x3x1x!x8> to tensor<1x1x3x1xf32>
  %wc = ml_program.global_load_const @v : tensor<1x1x1x1xi4>
  %wq = quant.scast %wc : tensor<1x1x1x1xi4> to tensor<1x1x1x1x!quant.uniform<i4:f32, 0.25>>
  %w = quant.dcast %wq : tensor<1x1x1x1x!quant.uniform<i4:f32, 0.25>> to tensor<1x1x1x1xf32>
  %y = tosa.conv2d %x, %w, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x3x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3x1xf32>
  return %y : tensor<1x1x3x1xf32>
}
