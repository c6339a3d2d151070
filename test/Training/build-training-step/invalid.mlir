// RUN: cgmq-opt %s --cgmq-build-training-step -split-input-file -verify-diagnostics

// No loss.
// expected-error @below {{expects a loss, as cgmq-build-loss leaves it, but got none}}
module {
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}

// -----

// Several losses and no name.
// expected-error @below {{expects one loss or the option 'function', but got several losses}}
module {
  func.func @f_loss(%x: tensor<f32>) -> tensor<f32> {
    return %x : tensor<f32>
  }
  func.func @g_loss(%x: tensor<f32>) -> tensor<f32> {
    return %x : tensor<f32>
  }
}

// -----

// The loss is one number.
// expected-error @below {{expects a loss that returns tensor<f32>, but got '(tensor<4xf32>) -> tensor<4xf32>'}}
func.func @f_loss(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// A parameter of unknown shape has no buffer.
ml_program.global private mutable @w : tensor<?xf32>
func.func @f_loss(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @below {{expects parameters of static shape and f32, but got 'tensor<?xf32>'}}
  %w = ml_program.global_load @w : tensor<?xf32>
  return %x : tensor<f32>
}

// -----

// An op without a gradient rule between parameter and loss.
ml_program.global private mutable @w(dense<0.5> : tensor<f32>) : tensor<f32>
func.func @f_loss(%x: tensor<f32>) -> tensor<f32> {
  // expected-note @below {{}}
  %w = ml_program.global_load @w : tensor<f32>
  // expected-error @below {{has no gradient rule}}
  // expected-note @below {{}}
  %y = math.cos %w : tensor<f32>
  return %y : tensor<f32>
}
