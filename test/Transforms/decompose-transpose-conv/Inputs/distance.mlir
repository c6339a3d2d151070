// By how many ten thousandths the logits of two networks are apart, rounded
// down, and what that is where they are the same.

func.func @distance(%images: tensor<?x28x28x1xf32>) -> tensor<?x5xf32> {
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %scale = "tosa.const"() <{values = dense<1.0e4> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  %0 = call @decoder(%images) : (tensor<?x28x28x1xf32>) -> tensor<?x5xf32>
  %1 = call @decomposed(%images) : (tensor<?x28x28x1xf32>) -> tensor<?x5xf32>
  %2 = tosa.sub %0, %1 : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  %3 = tosa.mul %2, %scale, %shift : (tensor<?x5xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<?x5xf32>
  %4 = tosa.abs %3 : (tensor<?x5xf32>) -> tensor<?x5xf32>
  %5 = tosa.floor %4 : (tensor<?x5xf32>) -> tensor<?x5xf32>
  return %5 : tensor<?x5xf32>
}

func.func @none(%images: tensor<?x28x28x1xf32>) -> tensor<?x5xf32> {
  %0 = call @decoder(%images) : (tensor<?x28x28x1xf32>) -> tensor<?x5xf32>
  %1 = tosa.sub %0, %0 : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  return %1 : tensor<?x5xf32>
}
