// RUN: cgmq-opt %s --cgmq-insert-gates=function=residual | FileCheck %s --check-prefix=RESIDUAL
// RUN: cgmq-opt %s --cgmq-insert-gates='function=residual granularity=element' | FileCheck %s --check-prefix=ELEMENT
// RUN: cgmq-opt %s --cgmq-insert-gates=function=pinned | FileCheck %s --check-prefix=PINNED
// RUN: cgmq-opt %s --cgmq-insert-gates='function=concat granularity=channel widths=0,2,4' | FileCheck %s --check-prefixes=CONCAT,CHANNELS
// RUN: cgmq-opt %s --cgmq-insert-gates='function=concat granularity=element widths=0,2,4' | FileCheck %s --check-prefixes=CONCAT,POSITIONS
// RUN: cgmq-opt %s --cgmq-insert-gates=function=operands | FileCheck %s --check-prefix=OPERANDS
// RUN: cgmq-opt %s --cgmq-insert-gates=function=averages | FileCheck %s --check-prefix=AVERAGES
// RUN: cgmq-opt %s --cgmq-insert-gates=function=residual --cgmq-build-loss='function=residual loss=mse' --cgmq-build-training-step='function=residual direction=cost' | FileCheck %s --check-prefix=STEP
// RUN: cgmq-opt %s --cgmq-insert-gates=function=residual --cgmq-build-loss='function=residual loss=mse' --cgmq-build-training-step='function=residual direction=magnitude' | FileCheck %s --check-prefix=MAGNITUDE

// Each addition has one range and one gate, loaded once, for both operands. What
// is quantized for a contraction is quantized again; the last product is not
// quantized for any. The first addition's result goes to the second alone.
// RESIDUAL-LABEL: func.func @residual(
// RESIDUAL-SAME: %[[X:.*]]: tensor<1x8x4xf32>
// RESIDUAL: cgmq.quantize %[[X]], %residual.act0.range, %residual.act0.gate
// RESIDUAL: %[[XD:.*]] = cgmq.dequantize
// RESIDUAL: %[[H:.*]] = tosa.matmul
// RESIDUAL: cgmq.quantize %[[H]], %residual.act1.range, %residual.act1.gate
// RESIDUAL: %[[HD:.*]] = cgmq.dequantize
// RESIDUAL: %[[I:.*]] = tosa.matmul %[[HD]]
// RESIDUAL: %[[RANGE:.*]] = ml_program.global_load @residual.act3.range
// RESIDUAL: %[[GATE:.*]] = ml_program.global_load @residual.act3.gate
// RESIDUAL: %[[AQ:.*]] = cgmq.quantize %[[XD]], %[[RANGE]], %[[GATE]]
// RESIDUAL: %[[A:.*]] = cgmq.dequantize %[[AQ]]
// RESIDUAL: %[[BQ:.*]] = cgmq.quantize %[[HD]], %[[RANGE]], %[[GATE]]
// RESIDUAL: %[[B:.*]] = cgmq.dequantize %[[BQ]]
// RESIDUAL: %[[SUM:.*]] = tosa.add %[[A]], %[[B]]
// RESIDUAL: cgmq.quantize %[[SUM]], %residual.act4.range, %residual.act4.gate
// RESIDUAL: %[[C:.*]] = cgmq.dequantize
// RESIDUAL: cgmq.quantize %[[I]], %residual.act4.range, %residual.act4.gate
// RESIDUAL: %[[D:.*]] = cgmq.dequantize
// RESIDUAL: %[[ALL:.*]] = tosa.add %[[C]], %[[D]]
// RESIDUAL: cgmq.quantize %[[ALL]], %residual.act2.range, %residual.act2.gate
// ELEMENT: ml_program.global private mutable @residual.act3.gate({{.*}}) : tensor<1x8x4xf32>

// Each of two quantizers has its own sensitivity; other directions add up what
// their tensors tell. The gradients of the range add up in both.
// STEP-DAG: ml_program.global private mutable @residual.act3.gate.sensitivity(
// STEP-DAG: ml_program.global private mutable @residual.act3.gate.sensitivity.1(
// STEP: ml_program.global_store @residual.act3.gate.sensitivity =
// STEP: ml_program.global_store @residual.act3.gate.sensitivity.1 =
// STEP: ml_program.global_store @residual.act3.gate =
// STEP-NOT: ml_program.global_store @residual.act3.gate =
// STEP: ml_program.global_store @residual.act3.range =
// STEP-NOT: ml_program.global_store @residual.act3.range =
// MAGNITUDE: ml_program.global_store @residual.act3.gate =
// MAGNITUDE-NOT: ml_program.global_store @residual.act3.gate =
ml_program.global private mutable @w1(dense<1.0> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>
ml_program.global private mutable @w2(dense<-0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>
ml_program.global private mutable @w3(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
func.func @residual(%x: tensor<1x8x4xf32>) -> tensor<1x8x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w1 = ml_program.global_load @w1 : tensor<1x4x4xf32>
  %h = tosa.matmul %x, %w1, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x4xf32>
  %w2 = ml_program.global_load @w2 : tensor<1x4x4xf32>
  %i = tosa.matmul %h, %w2, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x4xf32>
  %sum = tosa.add %x, %h : (tensor<1x8x4xf32>, tensor<1x8x4xf32>) -> tensor<1x8x4xf32>
  %all = tosa.add %sum, %i : (tensor<1x8x4xf32>, tensor<1x8x4xf32>) -> tensor<1x8x4xf32>
  %w3 = ml_program.global_load @w3 : tensor<1x4x2xf32>
  %y = tosa.matmul %all, %w3, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x2xf32>
  return %y : tensor<1x8x2xf32>
}

// A pinned width is that of the operand alone: the addition has a gate.
// PINNED-LABEL: func.func @pinned(
// PINNED-SAME: %[[X:arg0]]: tensor<1x8x4xf32>
// PINNED: cgmq.quantize %[[X]], {{.*}}!cgmq.gated<signed, [8], f32>>
// PINNED: %[[XD:.*]] = cgmq.dequantize
// PINNED: %[[H:.*]] = tosa.matmul
// PINNED: cgmq.quantize %[[H]], {{.*}}!cgmq.gated<signed, [4], f32>>
// PINNED: %[[HD:.*]] = cgmq.dequantize
// PINNED: cgmq.quantize %[[XD]], %[[RANGE:.*]], %[[GATE:.*]] : {{.*}}!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
// PINNED: cgmq.quantize %[[HD]], %[[RANGE]], %[[GATE]]
// PINNED: tosa.add
func.func @pinned(%x: tensor<1x8x4xf32> {cgmq.width = 8 : i64}) -> tensor<1x8x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w1 = ml_program.global_load @w1 : tensor<1x4x4xf32>
  %h = tosa.matmul %x, %w1, %zero, %zero {cgmq.width = 4 : i64} : (tensor<1x8x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x4xf32>
  %sum = tosa.add %x, %h : (tensor<1x8x4xf32>, tensor<1x8x4xf32>) -> tensor<1x8x4xf32>
  return %sum : tensor<1x8x4xf32>
}

// Channels that are concatenated have none in common: one gate for all of them,
// or one for each position. All are signed for one that is. Nothing is pruned.
// CHANNELS-DAG: @concat.act1.gate({{.*}}) : tensor<f32>
// POSITIONS-DAG: @concat.act1.gate({{.*}}) : tensor<1x8x1xf32>
// CONCAT-LABEL: func.func @concat(
// CONCAT: cgmq.quantize %{{.*}}, %concat.act1.range, %concat.act1.gate {{.*}} -> tensor<1x8x4x!cgmq.gated<signed, [2, 4], f32>>
// CONCAT: cgmq.quantize %{{.*}}, %concat.act1.range, %concat.act1.gate {{.*}} -> tensor<1x8x2x!cgmq.gated<signed, [2, 4], f32>>
// CONCAT: tosa.concat
// CONCAT-NOT: cgmq.quantize
func.func @concat(%x: tensor<1x8x4xf32> {cgmq.nonnegative}) -> tensor<1x8x6xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w3 = ml_program.global_load @w3 : tensor<1x4x2xf32>
  %h = tosa.matmul %x, %w3, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x2xf32>
  %all = tosa.concat %x, %h {axis = 2 : i32} : (tensor<1x8x4xf32>, tensor<1x8x2xf32>) -> tensor<1x8x6xf32>
  return %all : tensor<1x8x6xf32>
}

// Operands that are parameters or constants. A parameter is rounded before it is
// moved; what the contraction adds is a bias still.
// OPERANDS-LABEL: func.func @operands(
// OPERANDS: cgmq.align
// OPERANDS: %[[Y:.*]] = tosa.add
// OPERANDS: %[[P:.*]] = ml_program.global_load @position
// OPERANDS: %[[YQ:.*]] = cgmq.quantize %[[Y]], %[[RANGE:.*]], %[[GATE:[a-z0-9._]*]]
// OPERANDS: %[[PQ:.*]] = cgmq.quantize %[[P]], %[[RANGE]], %[[GATE]] : tensor<32xf32>
// OPERANDS: %[[PD:.*]] = cgmq.dequantize %[[PQ]]
// OPERANDS: %[[MOVED:.*]] = tosa.reshape %[[PD]]
// OPERANDS: tosa.add %{{.*}}, %[[MOVED]]
// OPERANDS: tosa.sub
ml_program.global private mutable @b(dense<0.5> : tensor<1x1x4xf32>) : tensor<1x1x4xf32>
ml_program.global private mutable @position(dense<0.25> : tensor<32xf32>) : tensor<32xf32>
func.func @operands(%x: tensor<1x8x4xf32>) -> tensor<1x8x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w1 = ml_program.global_load @w1 : tensor<1x4x4xf32>
  %h = tosa.matmul %x, %w1, %zero, %zero : (tensor<1x8x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x4xf32>
  %b = ml_program.global_load @b : tensor<1x1x4xf32>
  %y = tosa.add %h, %b : (tensor<1x8x4xf32>, tensor<1x1x4xf32>) -> tensor<1x8x4xf32>
  %flat = ml_program.global_load @position : tensor<32xf32>
  %shape = tosa.const_shape {values = dense<[1, 8, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %position = tosa.reshape %flat, %shape : (tensor<32xf32>, !tosa.shape<3>) -> tensor<1x8x4xf32>
  %placed = tosa.add %y, %position : (tensor<1x8x4xf32>, tensor<1x8x4xf32>) -> tensor<1x8x4xf32>
  %three = "tosa.const"() <{values = dense<3.0> : tensor<1x1x1xf32>}> : () -> tensor<1x1x1xf32>
  %shifted = tosa.sub %placed, %three : (tensor<1x8x4xf32>, tensor<1x1x1xf32>) -> tensor<1x8x4xf32>
  return %shifted : tensor<1x8x4xf32>
}

// A sum of one operand: any grid will do. The first has codes, the second what a
// rectifier leaves of sums, the third the accumulators of a contraction.
// AVERAGES-LABEL: func.func @averages(
// AVERAGES-COUNT-2: cgmq.quantize
// AVERAGES-NOT: cgmq.quantize
// AVERAGES: tosa.avg_pool2d
// AVERAGES: %[[X:.*]] = cgmq.dequantize
// AVERAGES-NEXT: tosa.add %[[X]], %[[X]]
// AVERAGES-NOT: cgmq.quantize
// AVERAGES: tosa.reduce_sum
// AVERAGES: cgmq.quantize %{{.*}} -> tensor<2x4x4x3x!cgmq.gated<unsigned,
// AVERAGES: tosa.avg_pool2d
// AVERAGES-NOT: cgmq.quantize
ml_program.global private mutable @k(dense<0.5> : tensor<3x1x1x3xf32>) : tensor<3x1x1x3xf32>
func.func @averages(%x: tensor<2x4x4x3xf32>) -> (tensor<2x2x2x3xf32>, tensor<2x1x4x3xf32>, tensor<2x1x1x3xf32>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %k = ml_program.global_load @k : tensor<3x1x1x3xf32>
  %y = tosa.conv2d %x, %k, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x4x4x3xf32>, tensor<3x1x1x3xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x4x4x3xf32>
  %average = tosa.avg_pool2d %x, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x4x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x2x2x3xf32>
  %sum = tosa.add %x, %x : (tensor<2x4x4x3xf32>, tensor<2x4x4x3xf32>) -> tensor<2x4x4x3xf32>
  %relu = tosa.clamp %sum {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<2x4x4x3xf32>) -> tensor<2x4x4x3xf32>
  %rows = tosa.reduce_sum %relu {axis = 1 : i32} : (tensor<2x4x4x3xf32>) -> tensor<2x1x4x3xf32>
  %positive = tosa.clamp %y {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<2x4x4x3xf32>) -> tensor<2x4x4x3xf32>
  %all = tosa.avg_pool2d %positive, %zero, %zero {acc_type = f32, kernel = array<i64: 4, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 4, 4>} : (tensor<2x4x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x1x1x3xf32>
  return %average, %rows, %all : tensor<2x2x2x3xf32>, tensor<2x1x4x3xf32>, tensor<2x1x1x3xf32>
}
