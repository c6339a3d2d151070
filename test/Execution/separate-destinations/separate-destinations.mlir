// RUN: cgmq-opt %s -cgmq-separate-destinations -split-input-file | FileCheck %s

// Each writer has a tensor of its own, filled or not.
// CHECK-LABEL: func.func @writers(
// CHECK-SAME:    %[[A:.*]]: tensor<8x8xf32>)
// CHECK:         %[[E0:.*]] = tensor.empty()
// CHECK:         %[[F0:.*]] = linalg.fill {{.*}} outs(%[[E0]] :
// CHECK:         linalg.matmul {{.*}} outs(%[[F0]] :
// CHECK:         %[[E1:.*]] = tensor.empty()
// CHECK:         %[[F1:.*]] = linalg.fill {{.*}} outs(%[[E1]] :
// CHECK:         linalg.matmul {{.*}} outs(%[[F1]] :
// CHECK:         %[[E2:.*]] = tensor.empty()
// CHECK:         linalg.exp {{.*}} outs(%[[E2]] :
func.func @writers(%a: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x8xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x8xf32>) -> tensor<8x8xf32>
  %0 = linalg.matmul ins(%a, %a : tensor<8x8xf32>, tensor<8x8xf32>) outs(%fill : tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = linalg.matmul ins(%a, %0 : tensor<8x8xf32>, tensor<8x8xf32>) outs(%fill : tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = linalg.exp ins(%a : tensor<8x8xf32>) outs(%empty : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %0, %1, %2 : tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>
}

// -----

// Who only reads a fill shares it; who writes to it too does not.
// CHECK-LABEL: func.func @readers(
// CHECK:         %[[READ:.*]] = linalg.fill
// CHECK:         linalg.exp ins(%[[READ]] :
// CHECK:         linalg.log ins(%[[READ]] :
// CHECK:         %[[OWN:.*]] = linalg.fill
// CHECK:         linalg.matmul {{.*}} outs(%[[OWN]] :
// CHECK:         return %{{.*}}, %{{.*}}, %{{.*}}, %[[READ]]
func.func @readers(%a: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<8x8xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%e0 : tensor<8x8xf32>) -> tensor<8x8xf32>
  %0 = linalg.exp ins(%fill : tensor<8x8xf32>) outs(%e0 : tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = linalg.log ins(%fill : tensor<8x8xf32>) outs(%e0 : tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = linalg.matmul ins(%a, %a : tensor<8x8xf32>, tensor<8x8xf32>) outs(%fill : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %0, %1, %2, %fill : tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>
}

// -----

// One writer keeps what it has.
// CHECK-LABEL: func.func @single(
// CHECK-COUNT-1: tensor.empty
// CHECK-NOT:     tensor.empty
func.func @single(%a: tensor<8xf32>) -> tensor<8xf32> {
  %empty = tensor.empty() : tensor<8xf32>
  %0 = linalg.exp ins(%a : tensor<8xf32>) outs(%empty : tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// Of two branches one is run: they write to the same tensor, also where another
// op has one of its own.
// CHECK-LABEL: func.func @branches(
// CHECK:         scf.if
// CHECK:           linalg.exp {{.*}} outs(%[[E0:.*]] : tensor<8xf32>)
// CHECK:         } else {
// CHECK:           linalg.log {{.*}} outs(%[[E0]] :
// CHECK-NOT:     linalg.exp {{.*}} outs(%[[E0]] :
// CHECK:         return
func.func @branches(%a: tensor<8xf32>, %c: i1) -> (tensor<8xf32>, tensor<8xf32>) {
  %empty = tensor.empty() : tensor<8xf32>
  %0 = scf.if %c -> (tensor<8xf32>) {
    %1 = linalg.exp ins(%a : tensor<8xf32>) outs(%empty : tensor<8xf32>) -> tensor<8xf32>
    scf.yield %1 : tensor<8xf32>
  } else {
    %1 = linalg.log ins(%a : tensor<8xf32>) outs(%empty : tensor<8xf32>) -> tensor<8xf32>
    scf.yield %1 : tensor<8xf32>
  }
  %2 = linalg.exp ins(%0 : tensor<8xf32>) outs(%empty : tensor<8xf32>) -> tensor<8xf32>
  return %0, %2 : tensor<8xf32>, tensor<8xf32>
}
