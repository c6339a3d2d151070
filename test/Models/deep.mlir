// Six 3x3 convolutions for 32 x 32 colour images, as VGG stacks them: padded by
// one, two of 32, 64 and 128 channels each, ReLU after each and 2x2 max-pooling
// after each second, then one fully connected layer. 38,653,952 MACs a sample.

ml_program.global private mutable @conv1.weight(#cgmq.he_uniform<fan_in = 27, seed = 1>) : tensor<32x3x3x3xf32>
ml_program.global private mutable @conv1.bias(dense<0.0> : tensor<32xf32>) : tensor<32xf32>
ml_program.global private mutable @conv2.weight(#cgmq.he_uniform<fan_in = 288, seed = 2>) : tensor<32x3x3x32xf32>
ml_program.global private mutable @conv2.bias(dense<0.0> : tensor<32xf32>) : tensor<32xf32>
ml_program.global private mutable @conv3.weight(#cgmq.he_uniform<fan_in = 288, seed = 3>) : tensor<64x3x3x32xf32>
ml_program.global private mutable @conv3.bias(dense<0.0> : tensor<64xf32>) : tensor<64xf32>
ml_program.global private mutable @conv4.weight(#cgmq.he_uniform<fan_in = 576, seed = 4>) : tensor<64x3x3x64xf32>
ml_program.global private mutable @conv4.bias(dense<0.0> : tensor<64xf32>) : tensor<64xf32>
ml_program.global private mutable @conv5.weight(#cgmq.he_uniform<fan_in = 576, seed = 5>) : tensor<128x3x3x64xf32>
ml_program.global private mutable @conv5.bias(dense<0.0> : tensor<128xf32>) : tensor<128xf32>
ml_program.global private mutable @conv6.weight(#cgmq.he_uniform<fan_in = 1152, seed = 6>) : tensor<128x3x3x128xf32>
ml_program.global private mutable @conv6.bias(dense<0.0> : tensor<128xf32>) : tensor<128xf32>
ml_program.global private mutable @fc.weight(#cgmq.he_uniform<fan_in = 2048, seed = 7>) : tensor<1x2048x10xf32>
ml_program.global private mutable @fc.bias(dense<0.0> : tensor<1x10xf32>) : tensor<1x10xf32>

func.func @deep(%images: tensor<?x32x32x3xf32> {cgmq.nonnegative}) -> tensor<?x10xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>

  %w1 = ml_program.global_load @conv1.weight : tensor<32x3x3x3xf32>
  %b1 = ml_program.global_load @conv1.bias : tensor<32xf32>
  %conv1 = tosa.conv2d %images, %w1, %b1, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x32x32x3xf32>, tensor<32x3x3x3xf32>, tensor<32xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x32x32x32xf32>
  %relu1 = tosa.clamp %conv1 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x32x32x32xf32>) -> tensor<?x32x32x32xf32>

  %w2 = ml_program.global_load @conv2.weight : tensor<32x3x3x32xf32>
  %b2 = ml_program.global_load @conv2.bias : tensor<32xf32>
  %conv2 = tosa.conv2d %relu1, %w2, %b2, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x32x32x32xf32>, tensor<32x3x3x32xf32>, tensor<32xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x32x32x32xf32>
  %relu2 = tosa.clamp %conv2 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x32x32x32xf32>) -> tensor<?x32x32x32xf32>
  %pool1 = tosa.max_pool2d %relu2 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x32x32x32xf32>) -> tensor<?x16x16x32xf32>

  %w3 = ml_program.global_load @conv3.weight : tensor<64x3x3x32xf32>
  %b3 = ml_program.global_load @conv3.bias : tensor<64xf32>
  %conv3 = tosa.conv2d %pool1, %w3, %b3, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x16x16x32xf32>, tensor<64x3x3x32xf32>, tensor<64xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x16x16x64xf32>
  %relu3 = tosa.clamp %conv3 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x16x16x64xf32>) -> tensor<?x16x16x64xf32>

  %w4 = ml_program.global_load @conv4.weight : tensor<64x3x3x64xf32>
  %b4 = ml_program.global_load @conv4.bias : tensor<64xf32>
  %conv4 = tosa.conv2d %relu3, %w4, %b4, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x16x16x64xf32>, tensor<64x3x3x64xf32>, tensor<64xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x16x16x64xf32>
  %relu4 = tosa.clamp %conv4 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x16x16x64xf32>) -> tensor<?x16x16x64xf32>
  %pool2 = tosa.max_pool2d %relu4 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x16x16x64xf32>) -> tensor<?x8x8x64xf32>

  %w5 = ml_program.global_load @conv5.weight : tensor<128x3x3x64xf32>
  %b5 = ml_program.global_load @conv5.bias : tensor<128xf32>
  %conv5 = tosa.conv2d %pool2, %w5, %b5, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x8x8x64xf32>, tensor<128x3x3x64xf32>, tensor<128xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x8x8x128xf32>
  %relu5 = tosa.clamp %conv5 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x8x8x128xf32>) -> tensor<?x8x8x128xf32>

  %w6 = ml_program.global_load @conv6.weight : tensor<128x3x3x128xf32>
  %b6 = ml_program.global_load @conv6.bias : tensor<128xf32>
  %conv6 = tosa.conv2d %relu5, %w6, %b6, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x8x8x128xf32>, tensor<128x3x3x128xf32>, tensor<128xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x8x8x128xf32>
  %relu6 = tosa.clamp %conv6 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x8x8x128xf32>) -> tensor<?x8x8x128xf32>
  %pool3 = tosa.max_pool2d %relu6 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x8x8x128xf32>) -> tensor<?x4x4x128xf32>

  %flat_shape1 = tosa.const_shape {values = dense<[1, -1, 2048]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat1 = tosa.reshape %pool3, %flat_shape1 : (tensor<?x4x4x128xf32>, !tosa.shape<3>) -> tensor<1x?x2048xf32>
  %w7 = ml_program.global_load @fc.weight : tensor<1x2048x10xf32>
  %b7 = ml_program.global_load @fc.bias : tensor<1x10xf32>
  %fc = tosa.matmul %flat1, %w7, %zero, %zero : (tensor<1x?x2048xf32>, tensor<1x2048x10xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x10xf32>
  %row_shape1 = tosa.const_shape {values = dense<[-1, 10]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %rows1 = tosa.reshape %fc, %row_shape1 : (tensor<1x?x10xf32>, !tosa.shape<2>) -> tensor<?x10xf32>
  %logits = tosa.add %rows1, %b7 : (tensor<?x10xf32>, tensor<1x10xf32>) -> tensor<?x10xf32>
  return %logits : tensor<?x10xf32>
}
