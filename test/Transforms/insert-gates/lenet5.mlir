// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates=budget=0.9% | FileCheck %s
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates=budget=0.9% | FileCheck %s --check-prefix=COUNT
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates | FileCheck %s --check-prefix=UNBOUNDED
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates=input=8 | FileCheck %s --check-prefix=PINNED
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="budget=38912000 widths=4,8" | FileCheck %s --check-prefix=WIDTHS

// What comes out parses again, as text and as bytecode.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates=budget=0.9% -o %t.mlir
// RUN: cgmq-opt %t.mlir | diff %t.mlir -
// RUN: cgmq-opt %t.mlir --emit-bytecode | cgmq-opt | diff %t.mlir -

// LeNet-5 has 4 weights, 4 biases and 4 activations that are factors (the
// images, both pools and the hidden layer's ReLU), each with a range and a
// gate; each bias goes to the grid of its contraction.
// COUNT-COUNT-12: ml_program.global private mutable @{{.*}}.range(dense<1.000000e+00> : tensor<f32>) : tensor<f32>
// COUNT-NOT: .range(dense
// COUNT-COUNT-12: cgmq.quantize
// COUNT-NOT: cgmq.quantize
// UNBOUNDED-COUNT-12: .gate(dense<5.500000e+00>
// UNBOUNDED-NOT: .gate(dense
// UNBOUNDED-COUNT-4: cgmq.align
// UNBOUNDED-NOT: cgmq.align

// Without a budget the function has none.
// UNBOUNDED-NOT: cgmq.budget

// CHECK-LABEL: func.func @lenet5
// CHECK-SAME: (%[[IMAGES:.*]]: tensor<?x28x28x1xf32> {cgmq.nonnegative})
// CHECK-SAME: cgmq.budget = #cgmq.budget<9.000000e-01 percent>

// The images are known not to be negative: unsigned codes.
// CHECK: %[[RANGE:.*]] = ml_program.global_load @lenet5.act0.range
// CHECK: %[[GATE:.*]] = ml_program.global_load @lenet5.act0.gate
// CHECK: %[[XQ:.*]] = cgmq.quantize %[[IMAGES]], %[[RANGE]], %[[GATE]] : {{.*}} -> tensor<?x28x28x1x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>
// CHECK: %[[X:.*]] = cgmq.dequantize %[[XQ]]
// CHECK: %[[WEIGHT:.*]] = ml_program.global_load @conv1.weight :
// CHECK: %[[WQ:.*]] = cgmq.quantize %[[WEIGHT]], %{{.*}}, %{{.*}} -> tensor<32x5x5x1x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
// CHECK: %[[W:.*]] = cgmq.dequantize %[[WQ]]
// CHECK: %[[BIAS:.*]] = ml_program.global_load @conv1.bias :
// CHECK: %[[BQ:.*]] = cgmq.quantize %[[BIAS]], %{{.*}}, %{{.*}} -> tensor<32x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
// CHECK: %[[BD:.*]] = cgmq.dequantize %[[BQ]]
// CHECK: %[[B:.*]] = cgmq.align %[[BD]], %[[XQ]], %[[WQ]]
// CHECK: tosa.conv2d %[[X]], %[[W]], %[[B]],

// The quantizer stands after the pool, not after the clamp.
// CHECK: %[[POOL1:.*]] = tosa.max_pool2d
// CHECK: %[[Q1:.*]] = cgmq.quantize %[[POOL1]], {{.*}} -> tensor<?x12x12x32x!cgmq.gated<unsigned
// CHECK: tosa.conv2d

// The quantizer stands before the reshape that feeds the matmul, and the bias
// that is added to the reshaped product is aligned.
// CHECK: %[[POOL2:.*]] = tosa.max_pool2d
// CHECK: %[[Q2:.*]] = cgmq.quantize %[[POOL2]], {{.*}} -> tensor<?x4x4x64x!cgmq.gated<unsigned
// CHECK: %[[D2:.*]] = cgmq.dequantize %[[Q2]]
// CHECK: %[[FLAT:.*]] = tosa.reshape %[[D2]]
// CHECK: %[[WQ3:.*]] = cgmq.quantize %fc1.weight,
// CHECK: %[[W3:.*]] = cgmq.dequantize %[[WQ3]]
// CHECK: %[[FC1:.*]] = tosa.matmul %[[FLAT]], %[[W3]],
// CHECK: %[[ROWS1:.*]] = tosa.reshape %[[FC1]]
// CHECK: %[[B3:.*]] = cgmq.align %{{.*}}, %[[Q2]], %[[WQ3]]
// CHECK: %[[SUM1:.*]] = tosa.add %[[ROWS1]], %[[B3]]
// CHECK: %[[RELU3:.*]] = tosa.clamp %[[SUM1]]
// CHECK: cgmq.quantize %[[RELU3]], {{.*}} -> tensor<?x512x!cgmq.gated<unsigned

// The logits stay as they are.
// CHECK: %[[LOGITS:.*]] = tosa.add
// CHECK: return %[[LOGITS]]

// A fixed input has a constant for a gate, and 8 bits are all that it knows.
// PINNED-NOT: @lenet5.act0.gate
// PINNED: %[[GATE:.*]] = arith.constant dense<2.500000e+00> : tensor<f32>
// PINNED: cgmq.quantize %arg0, %{{.*}}, %[[GATE]] : {{.*}} -> tensor<?x28x28x1x!cgmq.gated<unsigned, [8], f32>>
// PINNED: cgmq.quantize {{.*}} -> tensor<32x5x5x1x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>

// WIDTHS: cgmq.budget = #cgmq.budget<3.891200e+07 bop>
// WIDTHS-COUNT-12: cgmq.quantize {{.*}}!cgmq.gated<{{(un)?}}signed, [4, 8], f32>>
