// RUN: cgmq-opt %s --cgmq-insert-gates="function=f granularity=channel" | FileCheck %s --check-prefixes=CHECK,CHANNEL
// RUN: cgmq-opt %s --cgmq-insert-gates="function=f granularity=element" | FileCheck %s --check-prefixes=CHECK,ELEMENT
// RUN: cgmq-opt %s --cgmq-insert-gates="function=static granularity=element" | FileCheck %s --check-prefix=STATIC

// Finer gates: one for each output channel of a weight, also behind a transpose
// and a reshape, or each weight; for the last extent of an activation, or each
// element of a sample; for each bias. Ranges stay scalars. One gate is a scalar.
// CHECK-DAG: @kernel.range({{.*}}) : tensor<f32>
// CHANNEL-DAG: @f.act0.gate({{.*}}) : tensor<f32>
// ELEMENT-DAG: @f.act0.gate({{.*}}) : tensor<1x4x4x1xf32>
// CHANNEL-DAG: @kernel.gate({{.*}}) : tensor<2x1x1x1xf32>
// ELEMENT-DAG: @kernel.gate({{.*}}) : tensor<2x3x3x1xf32>
// CHECK-DAG: @bias.gate({{.*}}) : tensor<2xf32>
// CHANNEL-DAG: @f.act1.gate({{.*}}) : tensor<1x1x1x2xf32>
// ELEMENT-DAG: @f.act1.gate({{.*}}) : tensor<1x2x2x2xf32>
// CHANNEL-DAG: @rows.gate({{.*}}) : tensor<5x1xf32>
// ELEMENT-DAG: @rows.gate({{.*}}) : tensor<5x8xf32>
// CHANNEL-DAG: @columns.gate({{.*}}) : tensor<1x1x3xf32>
// ELEMENT-DAG: @columns.gate({{.*}}) : tensor<1x5x3xf32>
// CHECK: cgmq.quantize %{{.*}} : tensor<?x2x2x2xf32>, tensor<f32>, tensor<1x{{.*}}x2xf32> ->
ml_program.global private mutable @kernel(dense<0.5> : tensor<2x3x3x1xf32>) : tensor<2x3x3x1xf32>
ml_program.global private mutable @bias(dense<0.5> : tensor<2xf32>) : tensor<2xf32>
ml_program.global private mutable @rows(dense<0.5> : tensor<5x8xf32>) : tensor<5x8xf32>
ml_program.global private mutable @columns(dense<0.5> : tensor<1x5x3xf32>) : tensor<1x5x3xf32>
func.func @f(%x: tensor<?x4x4x1xf32>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %kernel = ml_program.global_load @kernel : tensor<2x3x3x1xf32>
  %bias = ml_program.global_load @bias : tensor<2xf32>
  %conv = tosa.conv2d %x, %kernel, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x4x1xf32>, tensor<2x3x3x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x2x2x2xf32>
  %flat_shape = tosa.const_shape {values = dense<[1, -1, 8]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %conv, %flat_shape : (tensor<?x2x2x2xf32>, !tosa.shape<3>) -> tensor<1x?x8xf32>
  %rows = ml_program.global_load @rows : tensor<5x8xf32>
  %transposed = tosa.transpose %rows {perms = array<i32: 1, 0>} : (tensor<5x8xf32>) -> tensor<8x5xf32>
  %weight_shape = tosa.const_shape {values = dense<[1, 8, 5]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %weight = tosa.reshape %transposed, %weight_shape : (tensor<8x5xf32>, !tosa.shape<3>) -> tensor<1x8x5xf32>
  %y = tosa.matmul %flat, %weight, %zero, %zero : (tensor<1x?x8xf32>, tensor<1x8x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x5xf32>
  %columns = ml_program.global_load @columns : tensor<1x5x3xf32>
  %z = tosa.matmul %y, %columns, %zero, %zero : (tensor<1x?x5xf32>, tensor<1x5x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %z : tensor<1x?x3xf32>
}

// Of a static shape the leading extent is the batch.
// STATIC-DAG: @static.act0.gate({{.*}}) : tensor<1x4x4x1xf32>
func.func @static(%x: tensor<7x4x4x1xf32>) -> tensor<7x2x2x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %kernel = ml_program.global_load @kernel : tensor<2x3x3x1xf32>
  %bias = ml_program.global_load @bias : tensor<2xf32>
  %conv = tosa.conv2d %x, %kernel, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<7x4x4x1xf32>, tensor<2x3x3x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<7x2x2x2xf32>
  return %conv : tensor<7x2x2x2xf32>
}
