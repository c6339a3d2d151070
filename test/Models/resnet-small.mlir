// A small residual network with all that joins: a skip that two convolutions and
// an addition read, additions one after the other, a concatenation, depthwise
// convolutions, clamps at six, a dilated kernel and a global average. Pixels of
// 28 x 28 in [0, 1], ten logits.

ml_program.global private mutable @stem.weight(#cgmq.he_uniform<fan_in = 9, seed = 1>) : tensor<8x3x3x1xf32>
ml_program.global private mutable @stem.bias(dense<0.0> : tensor<8xf32>) : tensor<8xf32>
ml_program.global private mutable @block1a.weight(#cgmq.he_uniform<fan_in = 72, seed = 2>) : tensor<8x3x3x8xf32>
ml_program.global private mutable @block1a.bias(dense<0.0> : tensor<8xf32>) : tensor<8xf32>
ml_program.global private mutable @block1b.weight(#cgmq.he_uniform<fan_in = 72, seed = 3>) : tensor<8x3x3x8xf32>
ml_program.global private mutable @block1b.bias(dense<0.0> : tensor<8xf32>) : tensor<8xf32>
ml_program.global private mutable @depth.weight(#cgmq.he_uniform<fan_in = 9, seed = 4>) : tensor<3x3x8x1xf32>
ml_program.global private mutable @depth.bias(dense<0.0> : tensor<8xf32>) : tensor<8xf32>
ml_program.global private mutable @point.weight(#cgmq.he_uniform<fan_in = 8, seed = 5>) : tensor<8x1x1x8xf32>
ml_program.global private mutable @point.bias(dense<0.0> : tensor<8xf32>) : tensor<8xf32>
ml_program.global private mutable @block2.weight(#cgmq.he_uniform<fan_in = 144, seed = 6>) : tensor<16x3x3x16xf32>
ml_program.global private mutable @block2.bias(dense<0.0> : tensor<16xf32>) : tensor<16xf32>
ml_program.global private mutable @wide.weight(#cgmq.he_uniform<fan_in = 9, seed = 7>) : tensor<3x3x16x1xf32>
ml_program.global private mutable @wide.bias(dense<0.0> : tensor<16xf32>) : tensor<16xf32>
ml_program.global private mutable @fc.weight(#cgmq.he_uniform<fan_in = 16, seed = 8>) : tensor<1x16x10xf32>
ml_program.global private mutable @fc.bias(dense<0.0> : tensor<1x10xf32>) : tensor<1x10xf32>

func.func @resnet(%images: tensor<?x28x28x1xf32> {cgmq.nonnegative}) -> tensor<?x10xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>

  // A stem of stride two, with an upper bound on what it gives.
  %stem_weight = ml_program.global_load @stem.weight : tensor<8x3x3x1xf32>
  %stem_bias = ml_program.global_load @stem.bias : tensor<8xf32>
  %stem = tosa.conv2d %images, %stem_weight, %stem_bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 2, 2>} : (tensor<?x28x28x1xf32>, tensor<8x3x3x1xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x14x14x8xf32>
  %stem_relu = tosa.clamp %stem {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x14x14x8xf32>) -> tensor<?x14x14x8xf32>

  // A residual block, whose skip feeds two convolutions.
  %block1a_weight = ml_program.global_load @block1a.weight : tensor<8x3x3x8xf32>
  %block1a_bias = ml_program.global_load @block1a.bias : tensor<8xf32>
  %block1a = tosa.conv2d %stem_relu, %block1a_weight, %block1a_bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x14x14x8xf32>, tensor<8x3x3x8xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x14x14x8xf32>
  %block1_relu = tosa.clamp %block1a {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x14x14x8xf32>) -> tensor<?x14x14x8xf32>
  %block1b_weight = ml_program.global_load @block1b.weight : tensor<8x3x3x8xf32>
  %block1b_bias = ml_program.global_load @block1b.bias : tensor<8xf32>
  %block1b = tosa.conv2d %block1_relu, %block1b_weight, %block1b_bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x14x14x8xf32>, tensor<8x3x3x8xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x14x14x8xf32>
  %block1_sum = tosa.add %stem_relu, %block1b : (tensor<?x14x14x8xf32>, tensor<?x14x14x8xf32>) -> tensor<?x14x14x8xf32>
  %block1 = tosa.clamp %block1_sum {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x14x14x8xf32>) -> tensor<?x14x14x8xf32>

  // A depthwise and a pointwise convolution, beside what they are made of.
  %depth_weight = ml_program.global_load @depth.weight : tensor<3x3x8x1xf32>
  %depth_bias = ml_program.global_load @depth.bias : tensor<8xf32>
  %depth = tosa.depthwise_conv2d %block1, %depth_weight, %depth_bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x14x14x8xf32>, tensor<3x3x8x1xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x14x14x8xf32>
  %depth_relu = tosa.clamp %depth {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x14x14x8xf32>) -> tensor<?x14x14x8xf32>
  %point_weight = ml_program.global_load @point.weight : tensor<8x1x1x8xf32>
  %point_bias = ml_program.global_load @point.bias : tensor<8xf32>
  %point = tosa.conv2d %depth_relu, %point_weight, %point_bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x14x14x8xf32>, tensor<8x1x1x8xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x14x14x8xf32>
  %joined = tosa.concat %block1, %point {axis = 3 : i32} : (tensor<?x14x14x8xf32>, tensor<?x14x14x8xf32>) -> tensor<?x14x14x16xf32>
  %joined_relu = tosa.clamp %joined {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x14x14x16xf32>) -> tensor<?x14x14x16xf32>
  %pool = tosa.max_pool2d %joined_relu {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x14x14x16xf32>) -> tensor<?x7x7x16xf32>

  // A block of wide windows, and an addition after an addition.
  %block2_weight = ml_program.global_load @block2.weight : tensor<16x3x3x16xf32>
  %block2_bias = ml_program.global_load @block2.bias : tensor<16xf32>
  %block2 = tosa.conv2d %pool, %block2_weight, %block2_bias, %zero, %zero {acc_type = f32, dilation = array<i64: 2, 2>, pad = array<i64: 2, 2, 2, 2>, stride = array<i64: 1, 1>} : (tensor<?x7x7x16xf32>, tensor<16x3x3x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x7x7x16xf32>
  %block2_sum = tosa.add %pool, %block2 : (tensor<?x7x7x16xf32>, tensor<?x7x7x16xf32>) -> tensor<?x7x7x16xf32>
  %wide_weight = ml_program.global_load @wide.weight : tensor<3x3x16x1xf32>
  %wide_bias = ml_program.global_load @wide.bias : tensor<16xf32>
  %wide = tosa.depthwise_conv2d %pool, %wide_weight, %wide_bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x7x7x16xf32>, tensor<3x3x16x1xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x7x7x16xf32>
  %block3_sum = tosa.add %block2_sum, %wide : (tensor<?x7x7x16xf32>, tensor<?x7x7x16xf32>) -> tensor<?x7x7x16xf32>
  %block2_relu = tosa.clamp %block3_sum {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x7x7x16xf32>) -> tensor<?x7x7x16xf32>

  // The average over all positions.
  %average = tosa.avg_pool2d %block2_relu, %zero, %zero {acc_type = f32, kernel = array<i64: 7, 7>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 7, 7>} : (tensor<?x7x7x16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x1x16xf32>
  %flat_shape = tosa.const_shape {values = dense<[1, -1, 16]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %average, %flat_shape : (tensor<?x1x1x16xf32>, !tosa.shape<3>) -> tensor<1x?x16xf32>
  %fc_weight = ml_program.global_load @fc.weight : tensor<1x16x10xf32>
  %fc_bias = ml_program.global_load @fc.bias : tensor<1x10xf32>
  %fc = tosa.matmul %flat, %fc_weight, %zero, %zero : (tensor<1x?x16xf32>, tensor<1x16x10xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x10xf32>
  %row_shape = tosa.const_shape {values = dense<[-1, 10]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %rows = tosa.reshape %fc, %row_shape : (tensor<1x?x10xf32>, !tosa.shape<2>) -> tensor<?x10xf32>
  %logits = tosa.add %rows, %fc_bias : (tensor<?x10xf32>, tensor<1x10xf32>) -> tensor<?x10xf32>
  return %logits : tensor<?x10xf32>
}
