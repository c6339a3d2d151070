// What has an integer form beside LeNet-5's operations: an average of windows
// that padding cuts off, clamps with two bounds, a depthwise convolution with two
// results for each channel, strides and dilation, slices, zeros around a tensor,
// differences, sums with parameters, with constants and by broadcasting, one
// operand twice, a mean as sums along dimensions and a product.
ml_program.global private mutable @stem.weight(#cgmq.he_uniform<fan_in = 9, seed = 1>) : tensor<4x3x3x1xf32>
ml_program.global private mutable @stem.bias(dense<0.0> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @depth.weight(#cgmq.he_uniform<fan_in = 6, seed = 2>) : tensor<2x3x4x2xf32>
ml_program.global private mutable @depth.bias(dense<0.0> : tensor<8xf32>) : tensor<8xf32>
ml_program.global private mutable @point.weight(#cgmq.he_uniform<fan_in = 8, seed = 3>) : tensor<4x1x1x8xf32>
ml_program.global private mutable @point.bias(dense<0.0> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @position(#cgmq.he_uniform<fan_in = 6, seed = 4>) : tensor<1x6x6x4xf32>
ml_program.global private mutable @fc.weight(#cgmq.he_uniform<fan_in = 36, seed = 5>) : tensor<1x36x5xf32>

func.func @joins(%images: tensor<?x28x28x1xf32> {cgmq.nonnegative}) -> tensor<?x5xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %small = tosa.avg_pool2d %images, %zero, %zero {acc_type = f32, kernel = array<i64: 3, 3>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 3, 3>} : (tensor<?x28x28x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x10x10x1xf32>

  %w1 = ml_program.global_load @stem.weight : tensor<4x3x3x1xf32>
  %b1 = ml_program.global_load @stem.bias : tensor<4xf32>
  %stem = tosa.conv2d %small, %w1, %b1, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 2, 2>} : (tensor<?x10x10x1xf32>, tensor<4x3x3x1xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x5x5x4xf32>
  %clamped = tosa.clamp %stem {min_val = -0.7 : f32, max_val = 1.1 : f32} : (tensor<?x5x5x4xf32>) -> tensor<?x5x5x4xf32>

  %w2 = ml_program.global_load @depth.weight : tensor<2x3x4x2xf32>
  %b2 = ml_program.global_load @depth.bias : tensor<8xf32>
  %depth = tosa.depthwise_conv2d %clamped, %w2, %b2, %zero, %zero {acc_type = f32, dilation = array<i64: 2, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x5x5x4xf32>, tensor<2x3x4x2xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x5x5x8xf32>
  %relu6 = tosa.clamp %depth {min_val = 0.0 : f32, max_val = 0.9 : f32} : (tensor<?x5x5x8xf32>) -> tensor<?x5x5x8xf32>

  %start = tosa.const_shape {values = dense<[0, 0, 0, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size = tosa.const_shape {values = dense<[-1, 5, 5, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %part = tosa.slice %relu6, %start, %size : (tensor<?x5x5x8xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<?x5x5x4xf32>
  %difference = tosa.sub %clamped, %part : (tensor<?x5x5x4xf32>, tensor<?x5x5x4xf32>) -> tensor<?x5x5x4xf32>
  %amounts = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %padded = tosa.pad %difference, %amounts, %zero : (tensor<?x5x5x4xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<?x6x6x4xf32>
  %both = tosa.concat %padded, %padded {axis = 3 : i32} : (tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>) -> tensor<?x6x6x8xf32>

  %w3 = ml_program.global_load @point.weight : tensor<4x1x1x8xf32>
  %b3 = ml_program.global_load @point.bias : tensor<4xf32>
  %point = tosa.conv2d %both, %w3, %b3, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x6x6x8xf32>, tensor<4x1x1x8xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x6x6x4xf32>
  %relu = tosa.clamp %point {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>

  %position = ml_program.global_load @position : tensor<1x6x6x4xf32>
  %placed = tosa.add %position, %relu : (tensor<1x6x6x4xf32>, tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
  %numbers = "tosa.const"() <{values = dense<[[[[0.1, -0.2, 0.3, -0.4]]]]> : tensor<1x1x1x4xf32>}> : () -> tensor<1x1x1x4xf32>
  %shifted = tosa.add %placed, %numbers : (tensor<?x6x6x4xf32>, tensor<1x1x1x4xf32>) -> tensor<?x6x6x4xf32>
  %rows = tosa.reduce_sum %shifted {axis = 1 : i32} : (tensor<?x6x6x4xf32>) -> tensor<?x1x6x4xf32>
  %total = tosa.reduce_sum %rows {axis = 2 : i32} : (tensor<?x1x6x4xf32>) -> tensor<?x1x1x4xf32>
  %part_of = "tosa.const"() <{values = dense<0.0277777778> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %mean = tosa.mul %total, %part_of, %shift : (tensor<?x1x1x4xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x1x1x4xf32>
  %spread = tosa.add %mean, %shifted : (tensor<?x1x1x4xf32>, tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
  %pool = tosa.max_pool2d %spread {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x6x6x4xf32>) -> tensor<?x3x3x4xf32>

  %flat_shape = tosa.const_shape {values = dense<[1, -1, 36]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %pool, %flat_shape : (tensor<?x3x3x4xf32>, !tosa.shape<3>) -> tensor<1x?x36xf32>
  %w4 = ml_program.global_load @fc.weight : tensor<1x36x5xf32>
  %fc = tosa.matmul %flat, %w4, %zero, %zero : (tensor<1x?x36xf32>, tensor<1x36x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x5xf32>
  %row_shape = tosa.const_shape {values = dense<[-1, 5]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %logits = tosa.reshape %fc, %row_shape : (tensor<1x?x5xf32>, !tosa.shape<2>) -> tensor<?x5xf32>
  return %logits : tensor<?x5xf32>
}
