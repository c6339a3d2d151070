// RUN: cgmq-opt %s --pass-pipeline='builtin.module(cgmq-set-batch{function=tosa batch=4})' -split-input-file | FileCheck %s
// RUN: cgmq-opt %s --pass-pipeline='builtin.module(cgmq-set-batch{function=tosa batch=4},cgmq-set-batch{function=tosa batch=4})' -split-input-file | FileCheck %s
// RUN: cgmq-opt %S/../../Models/lenet5.mlir --pass-pipeline='builtin.module(cgmq-set-batch{batch=128})' | FileCheck %s --check-prefix=LENET

// Every shape of LeNet-5 becomes static.
// LENET: func.func @lenet5(%{{.*}}: tensor<128x28x28x1xf32> {cgmq.nonnegative}) -> tensor<128x10xf32>
// LENET-NOT: tensor<{{.*}}?
// LENET: tosa.reshape {{.*}} -> tensor<1x128x1024xf32>
// LENET-NOT: tensor<{{.*}}?
// LENET: return {{.*}} : tensor<128x10xf32>

// TOSA operations infer their shapes; a function that is not named stays.
// CHECK-LABEL: func.func @tosa(
// CHECK-SAME: %{{.*}}: tensor<4x2x3xf32>, %{{.*}}: tensor<3xf32>) -> tensor<1x4x6xf32>
// CHECK: tosa.tanh {{.*}} -> tensor<4x2x3xf32>
// CHECK: tosa.reshape {{.*}} -> tensor<1x4x6xf32>
// CHECK-LABEL: func.func @other(
// CHECK-SAME: tensor<?x2xf32>
func.func @tosa(%x: tensor<?x2x3xf32>, %y: tensor<3xf32>) -> tensor<1x?x6xf32> {
  %shape = tosa.const_shape {values = dense<[1, -1, 6]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %0 = tosa.tanh %x : (tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %1 = tosa.reshape %0, %shape : (tensor<?x2x3xf32>, !tosa.shape<3>) -> tensor<1x?x6xf32>
  return %1 : tensor<1x?x6xf32>
}
func.func @other(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  return %x : tensor<?x2xf32>
}

// -----

// Quantized tensors, gated and of fixed width, have the shape of what is
// quantized; a bias keeps its own.
// CHECK-LABEL: func.func @tosa(
// CHECK: cgmq.quantize {{.*}} -> tensor<4x2x!cgmq.gated
// CHECK: cgmq.dequantize {{.*}} -> tensor<4x2xf32>
// CHECK: quant.qcast {{.*}} to tensor<4x2x!quant.uniform
// CHECK: quant.dcast {{.*}} to tensor<4x2xf32>
// CHECK: arith.addf {{.*}} : tensor<4x2xf32>
func.func @tosa(%x: tensor<?x2xf32>, %range: tensor<f32>, %gate: tensor<f32>) -> tensor<?x2xf32> {
  %0 = cgmq.quantize %x, %range, %gate : tensor<?x2xf32>, tensor<f32>, tensor<f32> -> tensor<?x2x!cgmq.gated<signed, [2, 4, 8], f32>>
  %1 = cgmq.dequantize %0 : tensor<?x2x!cgmq.gated<signed, [2, 4, 8], f32>> -> tensor<?x2xf32>
  %2 = quant.qcast %1 : tensor<?x2xf32> to tensor<?x2x!quant.uniform<i8:f32, 0.5>>
  %3 = quant.dcast %2 : tensor<?x2x!quant.uniform<i8:f32, 0.5>> to tensor<?x2xf32>
  %4 = arith.addf %3, %3 : tensor<?x2xf32>
  return %4 : tensor<?x2xf32>
}

// -----

// Extents that were read from a shape become numbers, in linalg and tensor
// operations and across a call.
// CHECK-LABEL: func.func @tosa(
// CHECK: call @callee(%{{.*}}) : (tensor<4x6xi8>) -> tensor<4x2x3xi8>
// CHECK: tensor.collapse_shape {{.*}} : tensor<4x2x3xi8> into tensor<24xi8>
// CHECK-LABEL: func.func private @callee(
// CHECK-SAME: tensor<4x6xi8>) -> tensor<4x2x3xi8>
// CHECK: tensor.empty() : tensor<4x6xi8>
// CHECK: linalg.map {{.*}} outs(%{{.*}} : tensor<4x6xi8>)
// CHECK: tensor.extract_slice {{.*}}[0, 1] [4, 1] [1, 1] : tensor<4x6xi8> to tensor<4xi8>
// CHECK: tensor.expand_shape {{.*}} output_shape [4, 2, 3] : tensor<4x6xi8> into tensor<4x2x3xi8>
func.func @tosa(%x: tensor<?x6xi8>) -> tensor<?xi8> {
  %0 = call @callee(%x) : (tensor<?x6xi8>) -> tensor<?x2x3xi8>
  %1 = tensor.collapse_shape %0 [[0, 1, 2]] : tensor<?x2x3xi8> into tensor<?xi8>
  return %1 : tensor<?xi8>
}
func.func private @callee(%x: tensor<?x6xi8>) -> tensor<?x2x3xi8> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x6xi8>
  %empty = tensor.empty(%batch) : tensor<?x6xi8>
  %0 = linalg.map { arith.addi } ins(%x, %x : tensor<?x6xi8>, tensor<?x6xi8>) outs(%empty : tensor<?x6xi8>)
  %column = tensor.extract_slice %0[0, 1] [%batch, 1] [1, 1] : tensor<?x6xi8> to tensor<?xi8>
  %1 = tensor.expand_shape %0 [[0], [1, 2]] output_shape [%batch, 2, 3] : tensor<?x6xi8> into tensor<?x2x3xi8>
  return %1 : tensor<?x2x3xi8>
}
