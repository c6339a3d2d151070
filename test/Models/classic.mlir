// The classic LeNet-5 on 28 x 28 images: two valid 5x5 convolutions (6 and 16
// channels), each with ReLU and 2x2 max-pooling, and fully connected layers of
// 120, 84 and 10. 281,640 MACs a sample.

ml_program.global private mutable @conv1.weight(#cgmq.he_uniform<fan_in = 25, seed = 1>) : tensor<6x5x5x1xf32>
ml_program.global private mutable @conv1.bias(dense<0.0> : tensor<6xf32>) : tensor<6xf32>
ml_program.global private mutable @conv2.weight(#cgmq.he_uniform<fan_in = 150, seed = 2>) : tensor<16x5x5x6xf32>
ml_program.global private mutable @conv2.bias(dense<0.0> : tensor<16xf32>) : tensor<16xf32>
ml_program.global private mutable @fc1.weight(#cgmq.he_uniform<fan_in = 256, seed = 3>) : tensor<1x256x120xf32>
ml_program.global private mutable @fc1.bias(dense<0.0> : tensor<1x120xf32>) : tensor<1x120xf32>
ml_program.global private mutable @fc2.weight(#cgmq.he_uniform<fan_in = 120, seed = 4>) : tensor<1x120x84xf32>
ml_program.global private mutable @fc2.bias(dense<0.0> : tensor<1x84xf32>) : tensor<1x84xf32>
ml_program.global private mutable @fc3.weight(#cgmq.he_uniform<fan_in = 84, seed = 5>) : tensor<1x84x10xf32>
ml_program.global private mutable @fc3.bias(dense<0.0> : tensor<1x10xf32>) : tensor<1x10xf32>

func.func @classic(%images: tensor<?x28x28x1xf32> {cgmq.nonnegative}) -> tensor<?x10xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>

  %w1 = ml_program.global_load @conv1.weight : tensor<6x5x5x1xf32>
  %b1 = ml_program.global_load @conv1.bias : tensor<6xf32>
  %conv1 = tosa.conv2d %images, %w1, %b1, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x28x28x1xf32>, tensor<6x5x5x1xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x24x24x6xf32>
  %relu1 = tosa.clamp %conv1 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x24x24x6xf32>) -> tensor<?x24x24x6xf32>
  %pool1 = tosa.max_pool2d %relu1 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x24x24x6xf32>) -> tensor<?x12x12x6xf32>

  %w2 = ml_program.global_load @conv2.weight : tensor<16x5x5x6xf32>
  %b2 = ml_program.global_load @conv2.bias : tensor<16xf32>
  %conv2 = tosa.conv2d %pool1, %w2, %b2, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x12x12x6xf32>, tensor<16x5x5x6xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x8x8x16xf32>
  %relu2 = tosa.clamp %conv2 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x8x8x16xf32>) -> tensor<?x8x8x16xf32>
  %pool2 = tosa.max_pool2d %relu2 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x8x8x16xf32>) -> tensor<?x4x4x16xf32>

  %flat_shape1 = tosa.const_shape {values = dense<[1, -1, 256]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat1 = tosa.reshape %pool2, %flat_shape1 : (tensor<?x4x4x16xf32>, !tosa.shape<3>) -> tensor<1x?x256xf32>
  %w3 = ml_program.global_load @fc1.weight : tensor<1x256x120xf32>
  %b3 = ml_program.global_load @fc1.bias : tensor<1x120xf32>
  %fc1 = tosa.matmul %flat1, %w3, %zero, %zero : (tensor<1x?x256xf32>, tensor<1x256x120xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x120xf32>
  %row_shape1 = tosa.const_shape {values = dense<[-1, 120]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %rows1 = tosa.reshape %fc1, %row_shape1 : (tensor<1x?x120xf32>, !tosa.shape<2>) -> tensor<?x120xf32>
  %sum1 = tosa.add %rows1, %b3 : (tensor<?x120xf32>, tensor<1x120xf32>) -> tensor<?x120xf32>
  %relu3 = tosa.clamp %sum1 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x120xf32>) -> tensor<?x120xf32>

  %flat_shape2 = tosa.const_shape {values = dense<[1, -1, 120]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat2 = tosa.reshape %relu3, %flat_shape2 : (tensor<?x120xf32>, !tosa.shape<3>) -> tensor<1x?x120xf32>
  %w4 = ml_program.global_load @fc2.weight : tensor<1x120x84xf32>
  %b4 = ml_program.global_load @fc2.bias : tensor<1x84xf32>
  %fc2 = tosa.matmul %flat2, %w4, %zero, %zero : (tensor<1x?x120xf32>, tensor<1x120x84xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x84xf32>
  %row_shape2 = tosa.const_shape {values = dense<[-1, 84]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %rows2 = tosa.reshape %fc2, %row_shape2 : (tensor<1x?x84xf32>, !tosa.shape<2>) -> tensor<?x84xf32>
  %sum2 = tosa.add %rows2, %b4 : (tensor<?x84xf32>, tensor<1x84xf32>) -> tensor<?x84xf32>
  %relu4 = tosa.clamp %sum2 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x84xf32>) -> tensor<?x84xf32>

  %flat_shape3 = tosa.const_shape {values = dense<[1, -1, 84]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat3 = tosa.reshape %relu4, %flat_shape3 : (tensor<?x84xf32>, !tosa.shape<3>) -> tensor<1x?x84xf32>
  %w5 = ml_program.global_load @fc3.weight : tensor<1x84x10xf32>
  %b5 = ml_program.global_load @fc3.bias : tensor<1x10xf32>
  %fc3 = tosa.matmul %flat3, %w5, %zero, %zero : (tensor<1x?x84xf32>, tensor<1x84x10xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x10xf32>
  %row_shape3 = tosa.const_shape {values = dense<[-1, 10]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %rows3 = tosa.reshape %fc3, %row_shape3 : (tensor<1x?x10xf32>, !tosa.shape<2>) -> tensor<?x10xf32>
  %logits = tosa.add %rows3, %b5 : (tensor<?x10xf32>, tensor<1x10xf32>) -> tensor<?x10xf32>
  return %logits : tensor<?x10xf32>
}
