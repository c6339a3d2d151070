// RUN: cgmq-opt %s -cgmq-lower-pads | FileCheck %s
// RUN: cgmq-opt %s -cgmq-lower-pads -eliminate-empty-tensors \
// RUN:     -one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" \
// RUN:     -cse -canonicalize | FileCheck %s --check-prefix=BUFFERS

// The borders of rows 0, 4 and 5, then those of columns within the rows between:
// each element is filled once. What computes the source writes inside of them.
// CHECK-LABEL: func @pad(
// CHECK: %[[EMPTY:.*]] = tensor.empty() : tensor<6x8xf32>
// CHECK: tensor.extract_slice %[[EMPTY]][0, 0] [1, 8] [1, 1]
// CHECK: linalg.fill
// CHECK: %[[TOP:.*]] = tensor.insert_slice
// CHECK: tensor.extract_slice %[[TOP]][4, 0] [2, 8] [1, 1]
// CHECK: %[[BOTTOM:.*]] = tensor.insert_slice
// CHECK: tensor.extract_slice %[[BOTTOM]][1, 7] [3, 1] [1, 1]
// CHECK: %[[BORDERS:.*]] = tensor.insert_slice
// CHECK: %[[SOURCE:.*]] = linalg.add
// CHECK: tensor.insert_slice %[[SOURCE]] into %[[BORDERS]][1, 0] [3, 7] [1, 1]
// BUFFERS-LABEL: func @pad(
// BUFFERS: %[[PADDED:.*]] = memref.alloc() {{.*}} : memref<6x8xf32>
// BUFFERS: %[[INSIDE:.*]] = memref.subview %[[PADDED]][1, 0] [3, 7] [1, 1]
// BUFFERS: linalg.add {{.*}} outs(%[[INSIDE]]
// BUFFERS-NOT: memref.copy
// BUFFERS: return
func.func @pad(%x: tensor<3x7xf32>) -> tensor<6x8xf32> {
  %one = arith.constant 1.0 : f32
  %empty = tensor.empty() : tensor<3x7xf32>
  %sum = linalg.add ins(%x, %x : tensor<3x7xf32>, tensor<3x7xf32>) outs(%empty : tensor<3x7xf32>) -> tensor<3x7xf32>
  %0 = tensor.pad %sum low[1, 0] high[2, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %one : f32
  } : tensor<3x7xf32> to tensor<6x8xf32>
  return %0 : tensor<6x8xf32>
}

// A value that is computed after the source fills the borders after it.
// CHECK-LABEL: func @late_value(
// CHECK: linalg.add
// CHECK: %[[VALUE:.*]] = arith.addf
// CHECK: linalg.fill ins(%[[VALUE]]
// CHECK: tensor.insert_slice
func.func @late_value(%x: tensor<3xf32>, %v: f32) -> tensor<4xf32> {
  %empty = tensor.empty() : tensor<3xf32>
  %sum = linalg.add ins(%x, %x : tensor<3xf32>, tensor<3xf32>) outs(%empty : tensor<3xf32>) -> tensor<3xf32>
  %value = arith.addf %v, %v : f32
  %0 = tensor.pad %sum low[1] high[0] {
  ^bb0(%i: index):
    tensor.yield %value : f32
  } : tensor<3xf32> to tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Pads that are no constant, or not static, stay.
// CHECK-LABEL: func @stay(
// CHECK-COUNT-2: tensor.pad
func.func @stay(%x: tensor<3xf32>, %y: tensor<?xf32>) -> (tensor<4xindex>, tensor<?xf32>) {
  %zero = arith.constant 0.0 : f32
  %i3 = tensor.empty() : tensor<3xindex>
  %0 = tensor.pad %i3 low[0] high[1] {
  ^bb0(%i: index):
    tensor.yield %i : index
  } : tensor<3xindex> to tensor<4xindex>
  %1 = tensor.pad %y low[1] high[0] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<?xf32> to tensor<?xf32>
  return %0, %1 : tensor<4xindex>, tensor<?xf32>
}

// A contraction that makes no products with the zeros gets a pad of its own,
// right before it; the other use is written in place.
// CHECK-LABEL: func @contraction(
// CHECK: %[[SOURCE:.*]] = linalg.exp
// CHECK: %[[WRITTEN:.*]] = tensor.insert_slice %[[SOURCE]]
// CHECK: %[[PADDED:.*]] = tensor.pad %[[SOURCE]] low[0, 1, 1, 0] high[0, 1, 1, 0]
// CHECK: linalg.conv_2d_nhwc_hwcf ins(%[[PADDED]],
// CHECK: return %{{.*}}, %[[WRITTEN]]
func.func @contraction(%x: tensor<4x8x8x16xf32>, %w: tensor<3x3x16x32xf32>, %init: tensor<4x8x8x32xf32>) -> (tensor<4x8x8x32xf32>, tensor<4x10x10x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x8x8x16xf32>
  %exp = linalg.exp ins(%x : tensor<4x8x8x16xf32>) outs(%empty : tensor<4x8x8x16xf32>) -> tensor<4x8x8x16xf32>
  %padded = tensor.pad %exp low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<4x8x8x16xf32> to tensor<4x10x10x16xf32>
  %0 = linalg.conv_2d_nhwc_hwcf ins(%padded, %w : tensor<4x10x10x16xf32>, tensor<3x3x16x32xf32>) outs(%init : tensor<4x8x8x32xf32>) -> tensor<4x8x8x32xf32>
  return %0, %padded : tensor<4x8x8x32xf32>, tensor<4x10x10x16xf32>
}
