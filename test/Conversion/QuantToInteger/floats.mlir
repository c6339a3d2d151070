// RUN: cgmq-opt %s --cgmq-lower-to-integer -split-input-file | FileCheck %s

!q = !quant.uniform<i4<-7:7>:f32, 0.25>
!p = !quant.uniform<u8:f32, 0.125>

// A function of elements between two quantizers: scaled before, quantized after.
// CHECK-LABEL: func.func @function_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<4xi8>) -> tensor<4xi8>
// CHECK:         %[[F:.*]] = linalg.generic {{.*}} ins(%[[X]] : tensor<4xi8>)
// CHECK:           arith.sitofp
// CHECK:           arith.mulf
// CHECK:         %[[E:.*]] = tosa.exp %[[F]] : (tensor<4xf32>) -> tensor<4xf32>
// CHECK:         linalg.generic {{.*}} ins(%[[E]] : tensor<4xf32>)
// CHECK:           math.floor
// CHECK:           arith.fptoui
func.func @function(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %d = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
  %y = tosa.exp %d : (tensor<4xf32>) -> tensor<4xf32>
  %p = quant.qcast %y : tensor<4xf32> to tensor<4x!p>
  %e = quant.dcast %p : tensor<4x!p> to tensor<4xf32>
  return %e : tensor<4xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>

// A result that stays float leaves as it is; a clamp before it is taken then.
// CHECK-LABEL: func.func @result(
// CHECK:         %[[R:.*]] = call @result_integer
// CHECK-NEXT:    return %[[R]] : tensor<4xf32>
// CHECK-LABEL: func.func @result_integer(
// CHECK-SAME:    -> tensor<4xf32>
// CHECK:         %[[C:.*]] = tosa.clamp
// CHECK-SAME:      max_val = 1.100000e+00 : f32, min_val = 0.000000e+00 : f32
// CHECK:         tosa.tanh %[[C]]
func.func @result(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %d = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
  %c = tosa.clamp %d {min_val = 0.0 : f32, max_val = 1.1 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  %y = tosa.tanh %c : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>

// A factor at 32 bits, an argument, comes in as floats; the other one is scaled.
// CHECK-LABEL: func.func @wide(
// CHECK:         call @wide_integer(%{{.*}}) : (tensor<1x3x2xi8>, tensor<1x?x3xf32>) -> tensor<1x?x2xf32>
// CHECK-LABEL: func.func @wide_integer(
// CHECK-SAME:    %[[B:.*]]: tensor<1x3x2xi8>, %[[A:.*]]: tensor<1x?x3xf32>)
// CHECK:         %[[W:.*]] = linalg.generic {{.*}} ins(%[[B]] : tensor<1x3x2xi8>)
// CHECK:         tosa.matmul %[[A]], %[[W]],
func.func @wide(%a: tensor<1x?x3xf32>, %b: tensor<1x3x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %bq = quant.qcast %b : tensor<1x3x2xf32> to tensor<1x3x2x!q>
  %bd = quant.dcast %bq : tensor<1x3x2x!q> to tensor<1x3x2xf32>
  %y = tosa.matmul %a, %bd, %zero, %zero : (tensor<1x?x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}

// -----

!q = !quant.uniform<i4<-7:7>:f32, 0.25>
ml_program.global private @w(dense<2> : tensor<1x2x2xi4>) : tensor<1x2x2xi4>
ml_program.global private mutable @scale(dense<[[[0.5, 2.0]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>

// Accumulators that no quantizer takes are a factor of 32 bits; a weight beside
// them is scaled, and a parameter read as it is.
// CHECK-DAG:     ml_program.global private @scale(dense<{{.*}}> : tensor<1x1x2xf32>)
// CHECK-LABEL: func.func @chain_integer(
// CHECK:         %[[ACC:.*]] = linalg.generic {{.*}} attrs = {{.*}}cgmq.widths
// CHECK:         %[[F:.*]] = linalg.generic {{.*}} ins(%[[ACC]]
// CHECK:           arith.mulf
// CHECK:         %[[Y:.*]] = tosa.matmul %[[F]], %{{.*}}
// CHECK:         %[[SCALE:.*]] = ml_program.global_load_const @scale
// CHECK:         tosa.mul %[[Y]], %[[SCALE]]
func.func @chain(%a: tensor<1x?x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %aq = quant.qcast %a : tensor<1x?x2xf32> to tensor<1x?x2x!q>
  %ad = quant.dcast %aq : tensor<1x?x2x!q> to tensor<1x?x2xf32>
  %w = ml_program.global_load_const @w : tensor<1x2x2xi4>
  %wq = quant.scast %w : tensor<1x2x2xi4> to tensor<1x2x2x!q>
  %wd = quant.dcast %wq : tensor<1x2x2x!q> to tensor<1x2x2xf32>
  %p = tosa.matmul %ad, %wd, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %y = tosa.matmul %p, %wd, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %s = ml_program.global_load @scale : tensor<1x1x2xf32>
  %z = tosa.mul %y, %s, %shift : (tensor<1x?x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<1x?x2xf32>
  return %z : tensor<1x?x2xf32>
}
