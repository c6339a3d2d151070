// The network of blobnet.mlir with a batch norm behind each layer: with mean and
// variance behind the convolution, which has no bias, and with a scale and an
// offset behind the bias of the fully connected layer.

ml_program.global private mutable @conv.weight(#cgmq.he_uniform<fan_in = 9, seed = 1>) : tensor<4x3x3x1xf32>
ml_program.global private mutable @norm.mean(dense<[0.1, -0.2, 0.3, 0.0]> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @norm.variance(dense<[0.5, 0.25, 2.0, 1.0]> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @norm.scale(dense<[1.1, 0.9, -1.3, 0.7]> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @norm.offset(dense<[0.05, 0.1, 0.4, -0.1]> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @fc.weight(#cgmq.he_uniform<fan_in = 36, seed = 2>) : tensor<1x36x4xf32>
ml_program.global private mutable @fc.bias(dense<[[0.3, -0.1, 0.2, 0.0]]> : tensor<1x4xf32>) : tensor<1x4xf32>
ml_program.global private mutable @last.scale(dense<[[1.2, 0.8, 1.1, 0.9]]> : tensor<1x4xf32>) : tensor<1x4xf32>
ml_program.global private mutable @last.offset(dense<[[-0.2, 0.1, 0.0, 0.3]]> : tensor<1x4xf32>) : tensor<1x4xf32>

func.func @blobnorm(%images: tensor<?x8x8x1xf32> {cgmq.nonnegative}) -> tensor<?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = ml_program.global_load @conv.weight : tensor<4x3x3x1xf32>
  %conv = tosa.conv2d %images, %w, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x8x8x1xf32>, tensor<4x3x3x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x6x6x4xf32>
  %mean = ml_program.global_load @norm.mean : tensor<4xf32>
  %variance = ml_program.global_load @norm.variance : tensor<4xf32>
  %epsilon = "tosa.const"() <{values = dense<1.0e-5> : tensor<1xf32>}> : () -> tensor<1xf32>
  %sum = tosa.add %variance, %epsilon : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  %root = tosa.rsqrt %sum : (tensor<4xf32>) -> tensor<4xf32>
  %scale = ml_program.global_load @norm.scale : tensor<4xf32>
  %offset = ml_program.global_load @norm.offset : tensor<4xf32>
  %channels = tosa.const_shape {values = dense<[1, 1, 1, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %means = tosa.reshape %mean, %channels : (tensor<4xf32>, !tosa.shape<4>) -> tensor<1x1x1x4xf32>
  %roots = tosa.reshape %root, %channels : (tensor<4xf32>, !tosa.shape<4>) -> tensor<1x1x1x4xf32>
  %scales = tosa.reshape %scale, %channels : (tensor<4xf32>, !tosa.shape<4>) -> tensor<1x1x1x4xf32>
  %offsets = tosa.reshape %offset, %channels : (tensor<4xf32>, !tosa.shape<4>) -> tensor<1x1x1x4xf32>
  %centred = tosa.sub %conv, %means : (tensor<?x6x6x4xf32>, tensor<1x1x1x4xf32>) -> tensor<?x6x6x4xf32>
  %normal = tosa.mul %centred, %roots, %shift : (tensor<?x6x6x4xf32>, tensor<1x1x1x4xf32>, tensor<1xi8>) -> tensor<?x6x6x4xf32>
  %scaled = tosa.mul %normal, %scales, %shift : (tensor<?x6x6x4xf32>, tensor<1x1x1x4xf32>, tensor<1xi8>) -> tensor<?x6x6x4xf32>
  %norm = tosa.add %scaled, %offsets : (tensor<?x6x6x4xf32>, tensor<1x1x1x4xf32>) -> tensor<?x6x6x4xf32>
  %relu = tosa.clamp %norm {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
  %pool = tosa.max_pool2d %relu {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x6x6x4xf32>) -> tensor<?x3x3x4xf32>
  %flat_shape = tosa.const_shape {values = dense<[1, -1, 36]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %pool, %flat_shape : (tensor<?x3x3x4xf32>, !tosa.shape<3>) -> tensor<1x?x36xf32>
  %fw = ml_program.global_load @fc.weight : tensor<1x36x4xf32>
  %fb = ml_program.global_load @fc.bias : tensor<1x4xf32>
  %fc = tosa.matmul %flat, %fw, %zero, %zero : (tensor<1x?x36xf32>, tensor<1x36x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  %row_shape = tosa.const_shape {values = dense<[-1, 4]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %rows = tosa.reshape %fc, %row_shape : (tensor<1x?x4xf32>, !tosa.shape<2>) -> tensor<?x4xf32>
  %biased = tosa.add %rows, %fb : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x4xf32>
  %last_scale = ml_program.global_load @last.scale : tensor<1x4xf32>
  %last_offset = ml_program.global_load @last.offset : tensor<1x4xf32>
  %stretched = tosa.mul %biased, %last_scale, %shift : (tensor<?x4xf32>, tensor<1x4xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  %logits = tosa.add %stretched, %last_offset : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x4xf32>
  return %logits : tensor<?x4xf32>
}
