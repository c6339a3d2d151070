// Functions of elements between contractions and joins: a hard-swish, a GELU that
// a residual addition takes, a leaky rectifier, a SiLU before a pooling, a
// sigmoid whose average is taken, a tanh of what a rectifier and two others take.
ml_program.global private mutable @stem.weight(#cgmq.he_uniform<fan_in = 9, seed = 1>) : tensor<4x3x3x1xf32>
ml_program.global private mutable @stem.bias(dense<0.1> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @one.weight(#cgmq.he_uniform<fan_in = 4, seed = 2>) : tensor<4x1x1x4xf32>
ml_program.global private mutable @one.bias(dense<0.0> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @two.weight(#cgmq.he_uniform<fan_in = 4, seed = 3>) : tensor<4x1x1x4xf32>
ml_program.global private mutable @two.bias(dense<-0.1> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private mutable @slope(dense<0.1> : tensor<1x1x1x1xf32>) : tensor<1x1x1x1xf32>
ml_program.global private mutable @fc.weight(#cgmq.he_uniform<fan_in = 36, seed = 5>) : tensor<1x36x5xf32>
ml_program.global private mutable @mean.weight(#cgmq.he_uniform<fan_in = 36, seed = 6>) : tensor<1x36x5xf32>

func.func @functions(%images: tensor<?x28x28x1xf32> {cgmq.nonnegative}) -> tensor<?x5xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %half = "tosa.const"() <{values = dense<0.5> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %one = "tosa.const"() <{values = dense<1.0> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %three = "tosa.const"() <{values = dense<3.0> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %sixth = "tosa.const"() <{values = dense<0.166666667> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %root = "tosa.const"() <{values = dense<0.707106769> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %small = tosa.avg_pool2d %images, %zero, %zero {acc_type = f32, kernel = array<i64: 4, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 4, 4>} : (tensor<?x28x28x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x7x7x1xf32>

  %w1 = ml_program.global_load @stem.weight : tensor<4x3x3x1xf32>
  %b1 = ml_program.global_load @stem.bias : tensor<4xf32>
  %stem = tosa.conv2d %small, %w1, %b1, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x7x7x1xf32>, tensor<4x3x3x1xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x7x7x4xf32>
  %raised = tosa.add %stem, %three : (tensor<?x7x7x4xf32>, tensor<1x1x1x1xf32>) -> tensor<?x7x7x4xf32>
  %six = tosa.clamp %raised {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x7x7x4xf32>) -> tensor<?x7x7x4xf32>
  %gate = tosa.mul %six, %sixth, %shift : (tensor<?x7x7x4xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x7x7x4xf32>
  %swish = tosa.mul %stem, %gate, %shift : (tensor<?x7x7x4xf32>, tensor<?x7x7x4xf32>, tensor<1xi8>) -> tensor<?x7x7x4xf32>

  %w2 = ml_program.global_load @one.weight : tensor<4x1x1x4xf32>
  %b2 = ml_program.global_load @one.bias : tensor<4xf32>
  %first = tosa.conv2d %swish, %w2, %b2, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x7x7x4xf32>, tensor<4x1x1x4xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x7x7x4xf32>
  %scaled = tosa.mul %first, %root, %shift : (tensor<?x7x7x4xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x7x7x4xf32>
  %erf = tosa.erf %scaled : (tensor<?x7x7x4xf32>) -> tensor<?x7x7x4xf32>
  %more = tosa.add %erf, %one : (tensor<?x7x7x4xf32>, tensor<1x1x1x1xf32>) -> tensor<?x7x7x4xf32>
  %halved = tosa.mul %first, %half, %shift : (tensor<?x7x7x4xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x7x7x4xf32>
  %gelu = tosa.mul %halved, %more, %shift : (tensor<?x7x7x4xf32>, tensor<?x7x7x4xf32>, tensor<1xi8>) -> tensor<?x7x7x4xf32>
  %sum = tosa.add %swish, %gelu : (tensor<?x7x7x4xf32>, tensor<?x7x7x4xf32>) -> tensor<?x7x7x4xf32>

  %slope = ml_program.global_load @slope : tensor<1x1x1x1xf32>
  %less = tosa.mul %sum, %slope, %shift : (tensor<?x7x7x4xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x7x7x4xf32>
  %leaky = tosa.maximum %sum, %less : (tensor<?x7x7x4xf32>, tensor<?x7x7x4xf32>) -> tensor<?x7x7x4xf32>
  %w3 = ml_program.global_load @two.weight : tensor<4x1x1x4xf32>
  %b3 = ml_program.global_load @two.bias : tensor<4xf32>
  %second = tosa.conv2d %leaky, %w3, %b3, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x7x7x4xf32>, tensor<4x1x1x4xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x7x7x4xf32>
  %sigmoid = tosa.sigmoid %second : (tensor<?x7x7x4xf32>) -> tensor<?x7x7x4xf32>
  %silu = tosa.mul %second, %sigmoid, %shift : (tensor<?x7x7x4xf32>, tensor<?x7x7x4xf32>, tensor<1xi8>) -> tensor<?x7x7x4xf32>
  %pool = tosa.max_pool2d %silu {kernel = array<i64: 3, 3>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x7x7x4xf32>) -> tensor<?x3x3x4xf32>

  %means = tosa.avg_pool2d %sigmoid, %zero, %zero {acc_type = f32, kernel = array<i64: 3, 3>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x7x7x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x3x3x4xf32>
  %relu = tosa.clamp %means {min_val = 0.25 : f32, max_val = 1.0 : f32} : (tensor<?x3x3x4xf32>) -> tensor<?x3x3x4xf32>
  %tanh = tosa.tanh %relu : (tensor<?x3x3x4xf32>) -> tensor<?x3x3x4xf32>

  %flat_shape = tosa.const_shape {values = dense<[1, -1, 36]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %pool, %flat_shape : (tensor<?x3x3x4xf32>, !tosa.shape<3>) -> tensor<1x?x36xf32>
  %w4 = ml_program.global_load @fc.weight : tensor<1x36x5xf32>
  %fc = tosa.matmul %flat, %w4, %zero, %zero : (tensor<1x?x36xf32>, tensor<1x36x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x5xf32>
  %flat_tanh = tosa.reshape %tanh, %flat_shape : (tensor<?x3x3x4xf32>, !tosa.shape<3>) -> tensor<1x?x36xf32>
  %w5 = ml_program.global_load @mean.weight : tensor<1x36x5xf32>
  %other = tosa.matmul %flat_tanh, %w5, %zero, %zero : (tensor<1x?x36xf32>, tensor<1x36x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x5xf32>
  %both = tosa.add %fc, %other : (tensor<1x?x5xf32>, tensor<1x?x5xf32>) -> tensor<1x?x5xf32>
  %row_shape = tosa.const_shape {values = dense<[-1, 5]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %logits = tosa.reshape %both, %row_shape : (tensor<1x?x5xf32>, !tosa.shape<2>) -> tensor<?x5xf32>
  return %logits : tensor<?x5xf32>
}
