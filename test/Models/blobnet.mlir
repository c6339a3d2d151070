// A network for 8 x 8 images in four classes, small enough to be trained in
// seconds: a valid 3x3 convolution (4 channels), ReLU, 2x2 max-pooling and a
// fully connected layer. 36 * 9 * 4 + 36 * 4 = 1,440 MACs a sample.

ml_program.global private mutable @conv.weight(#cgmq.he_uniform<fan_in = 9, seed = 1>) : tensor<4x3x3x1xf32>
ml_program.global private mutable @conv.bias(dense<0.0> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @fc.weight(#cgmq.he_uniform<fan_in = 36, seed = 2>) : tensor<1x36x4xf32>
ml_program.global private mutable @fc.bias(dense<0.0> : tensor<1x4xf32>) : tensor<1x4xf32>

func.func @blobnet(%images: tensor<?x8x8x1xf32> {cgmq.nonnegative}) -> tensor<?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @conv.weight : tensor<4x3x3x1xf32>
  %b = ml_program.global_load @conv.bias : tensor<4xf32>
  %conv = tosa.conv2d %images, %w, %b, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x8x8x1xf32>, tensor<4x3x3x1xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x6x6x4xf32>
  %relu = tosa.clamp %conv {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
  %pool = tosa.max_pool2d %relu {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x6x6x4xf32>) -> tensor<?x3x3x4xf32>
  %flat_shape = tosa.const_shape {values = dense<[1, -1, 36]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %pool, %flat_shape : (tensor<?x3x3x4xf32>, !tosa.shape<3>) -> tensor<1x?x36xf32>
  %fw = ml_program.global_load @fc.weight : tensor<1x36x4xf32>
  %fb = ml_program.global_load @fc.bias : tensor<1x4xf32>
  %fc = tosa.matmul %flat, %fw, %zero, %zero : (tensor<1x?x36xf32>, tensor<1x36x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  %row_shape = tosa.const_shape {values = dense<[-1, 4]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %rows = tosa.reshape %fc, %row_shape : (tensor<1x?x4xf32>, !tosa.shape<2>) -> tensor<?x4xf32>
  %logits = tosa.add %rows, %fb : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x4xf32>
  return %logits : tensor<?x4xf32>
}
