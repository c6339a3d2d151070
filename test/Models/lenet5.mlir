// LeNet-5 as LR-Net and Bayesian Bits use it: two valid 5x5 convolutions (32
// and 64 channels), each with ReLU and 2x2 max-pooling, and two fully connected
// layers (512 and 10). Pixels in [0, 1], logits out; 4,267,008 MACs a sample.
// The weights are a seeded rule; `cgmq-train` gives them their values.

ml_program.global private mutable @conv1.weight(#cgmq.he_uniform<fan_in = 25, seed = 1>) : tensor<32x5x5x1xf32>
ml_program.global private mutable @conv1.bias(dense<0.0> : tensor<32xf32>) : tensor<32xf32>
ml_program.global private mutable @conv2.weight(#cgmq.he_uniform<fan_in = 800, seed = 2>) : tensor<64x5x5x32xf32>
ml_program.global private mutable @conv2.bias(dense<0.0> : tensor<64xf32>) : tensor<64xf32>
ml_program.global private mutable @fc1.weight(#cgmq.he_uniform<fan_in = 1024, seed = 3>) : tensor<1x1024x512xf32>
ml_program.global private mutable @fc1.bias(dense<0.0> : tensor<1x512xf32>) : tensor<1x512xf32>
ml_program.global private mutable @fc2.weight(#cgmq.he_uniform<fan_in = 512, seed = 4>) : tensor<1x512x10xf32>
ml_program.global private mutable @fc2.bias(dense<0.0> : tensor<1x10xf32>) : tensor<1x10xf32>

func.func @lenet5(%images: tensor<?x28x28x1xf32> {cgmq.nonnegative}) -> tensor<?x10xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>

  %w1 = ml_program.global_load @conv1.weight : tensor<32x5x5x1xf32>
  %b1 = ml_program.global_load @conv1.bias : tensor<32xf32>
  %conv1 = tosa.conv2d %images, %w1, %b1, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x28x28x1xf32>, tensor<32x5x5x1xf32>, tensor<32xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x24x24x32xf32>
  %relu1 = tosa.clamp %conv1 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x24x24x32xf32>) -> tensor<?x24x24x32xf32>
  %pool1 = tosa.max_pool2d %relu1 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x24x24x32xf32>) -> tensor<?x12x12x32xf32>

  %w2 = ml_program.global_load @conv2.weight : tensor<64x5x5x32xf32>
  %b2 = ml_program.global_load @conv2.bias : tensor<64xf32>
  %conv2 = tosa.conv2d %pool1, %w2, %b2, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x12x12x32xf32>, tensor<64x5x5x32xf32>, tensor<64xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x8x8x64xf32>
  %relu2 = tosa.clamp %conv2 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x8x8x64xf32>) -> tensor<?x8x8x64xf32>
  %pool2 = tosa.max_pool2d %relu2 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x8x8x64xf32>) -> tensor<?x4x4x64xf32>

  %flat_shape = tosa.const_shape {values = dense<[1, -1, 1024]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %pool2, %flat_shape : (tensor<?x4x4x64xf32>, !tosa.shape<3>) -> tensor<1x?x1024xf32>
  %row_shape1 = tosa.const_shape {values = dense<[-1, 512]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %w3 = ml_program.global_load @fc1.weight : tensor<1x1024x512xf32>
  %b3 = ml_program.global_load @fc1.bias : tensor<1x512xf32>
  %fc1 = tosa.matmul %flat, %w3, %zero, %zero : (tensor<1x?x1024xf32>, tensor<1x1024x512xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x512xf32>
  %rows1 = tosa.reshape %fc1, %row_shape1 : (tensor<1x?x512xf32>, !tosa.shape<2>) -> tensor<?x512xf32>
  %sum1 = tosa.add %rows1, %b3 : (tensor<?x512xf32>, tensor<1x512xf32>) -> tensor<?x512xf32>
  %relu3 = tosa.clamp %sum1 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x512xf32>) -> tensor<?x512xf32>

  %hidden_shape = tosa.const_shape {values = dense<[1, -1, 512]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %hidden = tosa.reshape %relu3, %hidden_shape : (tensor<?x512xf32>, !tosa.shape<3>) -> tensor<1x?x512xf32>
  %row_shape2 = tosa.const_shape {values = dense<[-1, 10]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %w4 = ml_program.global_load @fc2.weight : tensor<1x512x10xf32>
  %b4 = ml_program.global_load @fc2.bias : tensor<1x10xf32>
  %fc2 = tosa.matmul %hidden, %w4, %zero, %zero : (tensor<1x?x512xf32>, tensor<1x512x10xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x10xf32>
  %rows2 = tosa.reshape %fc2, %row_shape2 : (tensor<1x?x10xf32>, !tosa.shape<2>) -> tensor<?x10xf32>
  %logits = tosa.add %rows2, %b4 : (tensor<?x10xf32>, tensor<1x10xf32>) -> tensor<?x10xf32>
  return %logits : tensor<?x10xf32>
}
