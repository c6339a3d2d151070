// An image, made smaller and larger again, as an autoencoder does it: a kernel of
// 3 x 3 that its strides do not divide, trimmed, with a rectifier behind it, then
// strides of one, and logits at the end.
ml_program.global private mutable @a.weight(#cgmq.he_uniform<fan_in = 16, seed = 1>) : tensor<4x4x4x1xf32>
ml_program.global private mutable @a.bias(dense<0.0> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @up.weight(#cgmq.he_uniform<fan_in = 16, seed = 2>) : tensor<3x3x3x4xf32>
ml_program.global private mutable @up.bias(#cgmq.he_uniform<fan_in = 36, seed = 3>) : tensor<3xf32>
ml_program.global private mutable @same.weight(#cgmq.he_uniform<fan_in = 12, seed = 4>) : tensor<2x2x2x3xf32>
ml_program.global private mutable @same.bias(#cgmq.he_uniform<fan_in = 36, seed = 5>) : tensor<2xf32>
ml_program.global private mutable @c.weight(#cgmq.he_uniform<fan_in = 392, seed = 6>) : tensor<1x392x5xf32>

func.func @decoder(%images: tensor<?x28x28x1xf32> {cgmq.nonnegative}) -> tensor<?x5xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %wa = ml_program.global_load @a.weight : tensor<4x4x4x1xf32>
  %ba = ml_program.global_load @a.bias : tensor<4xf32>
  %a = tosa.conv2d %images, %wa, %ba, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 4, 4>} : (tensor<?x28x28x1xf32>, tensor<4x4x4x1xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x7x7x4xf32>
  %ra = tosa.clamp %a {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x7x7x4xf32>) -> tensor<?x7x7x4xf32>
  %wu = ml_program.global_load @up.weight : tensor<3x3x3x4xf32>
  %bu = ml_program.global_load @up.bias : tensor<3xf32>
  %u = tosa.transpose_conv2d %ra, %wu, %bu, %zero, %zero {acc_type = f32, out_pad = array<i64: -1, 0, -1, -1>, stride = array<i64: 2, 2>} : (tensor<?x7x7x4xf32>, tensor<3x3x3x4xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x14x13x3xf32>
  %ru = tosa.clamp %u {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x14x13x3xf32>) -> tensor<?x14x13x3xf32>
  %ws = ml_program.global_load @same.weight : tensor<2x2x2x3xf32>
  %bs = ml_program.global_load @same.bias : tensor<2xf32>
  %s = tosa.transpose_conv2d %ru, %ws, %bs, %zero, %zero {acc_type = f32, out_pad = array<i64: -1, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x14x13x3xf32>, tensor<2x2x2x3xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x14x14x2xf32>
  %flat_shape = tosa.const_shape {values = dense<[1, -1, 392]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %s, %flat_shape : (tensor<?x14x14x2xf32>, !tosa.shape<3>) -> tensor<1x?x392xf32>
  %wc = ml_program.global_load @c.weight : tensor<1x392x5xf32>
  %c = tosa.matmul %flat, %wc, %zero, %zero : (tensor<1x?x392xf32>, tensor<1x392x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x5xf32>
  %row_shape = tosa.const_shape {values = dense<[-1, 5]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %rows = tosa.reshape %c, %row_shape : (tensor<1x?x5xf32>, !tosa.shape<2>) -> tensor<?x5xf32>
  return %rows : tensor<?x5xf32>
}
