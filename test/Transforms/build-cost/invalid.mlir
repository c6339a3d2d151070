// RUN: cgmq-opt %s --cgmq-build-cost="function=f" -split-input-file -verify-diagnostics

func.func @f(%a: tensor<1x?x4xf32>, %b: tensor<1x4x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.matmul %a, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}
// Nothing is replaced.
// expected-error @+1 {{expects the name 'f_cost' to be free for the cost function}}
func.func @f_cost() {
  return
}

// -----

// Which of the widths a maximum hands on depends on the data.
func.func @f(%a: tensor<?x2x2x4xf32>, %b: tensor<1x4x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %gate = arith.constant dense<1.5> : tensor<1x2x2x4xf32>
  // expected-note @+1 {{the gates are here}}
  %q = cgmq.quantize %a, %range, %gate : tensor<?x2x2x4xf32>, tensor<f32>, tensor<1x2x2x4xf32> -> tensor<?x2x2x4x!cgmq.gated<signed, [2, 4], f32>>
  %d = cgmq.dequantize %q : tensor<?x2x2x4x!cgmq.gated<signed, [2, 4], f32>> -> tensor<?x2x2x4xf32>
  // expected-error @+1 {{expects no more than reshapes and transposes between gates finer than a tensor and the contraction}}
  %m = tosa.max_pool2d %d {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x2x2x4xf32>) -> tensor<?x1x1x4xf32>
  %shape = tosa.const_shape {values = dense<[1, -1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %x = tosa.reshape %m, %shape : (tensor<?x1x1x4xf32>, !tosa.shape<3>) -> tensor<1x?x4xf32>
  %y = tosa.matmul %x, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}
