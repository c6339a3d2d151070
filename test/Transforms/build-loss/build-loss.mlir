// RUN: cgmq-opt %s -cgmq-build-loss=function=logits | FileCheck %s
// RUN: cgmq-opt %s -cgmq-build-loss=function=dynamic_logits | FileCheck %s --check-prefix=DYNAMIC
// RUN: cgmq-opt %s -cgmq-build-loss="function=logits loss=mse" | FileCheck %s --check-prefix=MSE
// RUN: cgmq-opt %s -cgmq-build-loss=function=logits | cgmq-opt | FileCheck %s

// The function stays; the loss copies its body, takes labels and is a mean over
// 3 rows: -1/3.
// CHECK-LABEL: func.func @logits(%{{.*}}: tensor<3x4xf32>) -> tensor<3x4xf32>
// CHECK-LABEL: func.func @logits_loss
// CHECK-SAME:    (%[[X:.*]]: tensor<3x4xf32>, %[[LABELS:.*]]: tensor<3xi32>) -> tensor<f32>
// CHECK-DAG:     %[[LOGITS:.*]] = tosa.tanh %[[X]]
// CHECK-DAG:     %[[COLUMN:.*]] = tosa.reshape %[[LABELS]], {{.*}} -> tensor<3x1xi32>
// CHECK-DAG:     %[[IOTA:.*]] = "tosa.const"() <{values = dense<{{\[}}[0, 1, 2, 3]]>
// CHECK:         %[[IS_LABEL:.*]] = tosa.equal %[[COLUMN]], %[[IOTA]]
// CHECK:         %[[ONE_HOT:.*]] = tosa.cast %[[IS_LABEL]]
// CHECK:         %[[MAX:.*]] = tosa.reduce_max %[[LOGITS]] {axis = 1 : i32}
// CHECK:         %[[SHIFTED:.*]] = tosa.sub %[[LOGITS]], %[[MAX]]
// CHECK:         %[[EXP:.*]] = tosa.exp %[[SHIFTED]]
// CHECK:         %[[SUM:.*]] = tosa.reduce_sum %[[EXP]] {axis = 1 : i32}
// CHECK:         %[[LOG:.*]] = tosa.log %[[SUM]]
// CHECK:         %[[LIKELIHOODS:.*]] = tosa.sub %[[SHIFTED]], %[[LOG]]
// CHECK:         tosa.mul %[[LIKELIHOODS]], %[[ONE_HOT]]
// CHECK:         %[[TOTAL:.*]] = tosa.reshape {{.*}} -> tensor<f32>
// CHECK:         %[[FACTOR:.*]] = arith.constant dense<-0.333333343> : tensor<f32>
// CHECK:         %[[LOSS:.*]] = tosa.mul %[[TOTAL]], %[[FACTOR]]
// CHECK:         return %[[LOSS]] : tensor<f32>

// The target has the type of the result; the mean is over 3 * 4 elements: 1/12.
// MSE-LABEL: func.func @logits_loss
// MSE-SAME:    (%[[X:.*]]: tensor<3x4xf32>, %[[TARGET:.*]]: tensor<3x4xf32>) -> tensor<f32>
// MSE:         %[[RESULT:.*]] = tosa.tanh %[[X]]
// MSE:         %[[DIFFERENCE:.*]] = tosa.sub %[[RESULT]], %[[TARGET]]
// MSE:         tosa.mul %[[DIFFERENCE]], %[[DIFFERENCE]]
// MSE:         arith.constant dense<0.0833333358> : tensor<f32>
func.func @logits(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %y = tosa.tanh %x : (tensor<3x4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// A dynamic batch is counted where the loss runs.
// DYNAMIC-LABEL: func.func @dynamic_logits_loss
// DYNAMIC-SAME:    (%{{.*}}: tensor<?x4xf32>, %{{.*}}: tensor<?xi32>) -> tensor<f32>
// DYNAMIC:         %[[LOGITS:.*]] = tosa.tanh
// DYNAMIC:         %[[ONE:.*]] = arith.constant dense<-1.000000e+00> : tensor<f32>
// DYNAMIC:         %[[COUNT:.*]] = tensor.from_elements
// DYNAMIC:         arith.divf %[[ONE]], %[[COUNT]]
func.func @dynamic_logits(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = tosa.tanh %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}
