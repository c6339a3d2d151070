// RUN: cgmq-opt %s --cgmq-lower-quantizers --canonicalize --cse | FileCheck %s

// Where 0 bits are allowed, a gate of at most zero makes the least and greatest
// code zero; the step is that of another width. Where they are not, nothing
// compares with zero.

// CHECK-LABEL: func.func @pruned
// CHECK-SAME:    %{{.*}}: tensor<4xf32>, %{{.*}}: tensor<f32>, %[[G:.*]]: tensor<f32>
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK:         %[[GATE:.*]] = tensor.extract %[[G]][]
// CHECK:         %[[KEPT:.*]] = arith.cmpf ogt, %[[GATE]], %[[ZERO]]
// CHECK:         arith.select %[[KEPT]], %{{.*}}, %[[ZERO]]
!p = !cgmq.gated<signed, [0, 2, 4], f32>
func.func @pruned(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> tensor<4xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!p>
  %y = cgmq.dequantize %q : tensor<4x!p> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @kept
// CHECK-SAME:    %{{.*}}: tensor<4xf32>, %{{.*}}: tensor<f32>, %[[G:.*]]: tensor<f32>
// CHECK:         %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK:         %[[GATE:.*]] = tensor.extract %[[G]][]
// CHECK-NOT:     arith.cmpf ogt, %[[GATE]], %[[ZERO]]
// CHECK:         return
!s = !cgmq.gated<signed, [2, 4], f32>
func.func @kept(%x: tensor<4xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> tensor<4xf32> {
  %q = cgmq.quantize %x, %range, %gate : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4x!s>
  %y = cgmq.dequantize %q : tensor<4x!s> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Of widths that stand a zero is one of them.
// CHECK-LABEL: func.func @units
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK:         math.floor
// CHECK:         %[[IS:.*]] = arith.cmpi {{.*}}, %{{.*}}, %c0_i8 : i8
// CHECK:         arith.select %[[IS]], %{{.*}}, %[[ZERO]]
// CHECK:         linalg.yield
ml_program.global private @x.widths(dense<[0, 4, 0, 2]> : tensor<4xi8>) : tensor<4xi8>
func.func @units(%x: tensor<4xf32>) -> tensor<4xf32> {
  %widths = ml_program.global_load_const @x.widths : tensor<4xi8>
  %q = cgmq.quantize_units %x, %widths range 7.5 : tensor<4xf32>, tensor<4xi8> -> tensor<4x!quant.uniform<u4:f32, 0.5>>
  %y = quant.dcast %q : tensor<4x!quant.uniform<u4:f32, 0.5>> to tensor<4xf32>
  return %y : tensor<4xf32>
}
