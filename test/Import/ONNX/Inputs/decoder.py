"""Prints a network with two transposed convolutions in ONNX's textual syntax, as
PyTorch exports `ConvTranspose2d`, its weights drawn by a seed."""
from onnx_text import initializer

initializers = [
    initializer("conv_weight", 6, 1, 4, 4, fan_in=16),
    initializer("conv_bias", 6),
    initializer("up1_weight", 6, 8, 4, 4, fan_in=24),
    initializer("up1_bias", 8),
    initializer("up2_weight", 8, 4, 3, 3, fan_in=18),
    initializer("bn_weight", 4, value=1.2),
    initializer("bn_bias", 4, value=0.1),
    initializer("bn_mean", 4, value=0.2),
    initializer("bn_variance", 4, value=0.9),
    initializer("fc_weight", 10, 196, fan_in=196),
    initializer("fc_bias", 10),
]
print(f"""<ir_version: 8, opset_import: ["" : 13]>
decoder (float[batch, 1, 28, 28] images) => (float[batch, 10] logits)
<{", ".join(initializers)}>
{{
  c = Conv <kernel_shape = [4, 4], strides = [4, 4]> (images, conv_weight, conv_bias)
  r1 = Relu (c)
  t1 = ConvTranspose <kernel_shape = [4, 4], strides = [2, 2], pads = [1, 1, 1, 1]> (r1, up1_weight, up1_bias)
  r2 = Relu (t1)
  t2 = ConvTranspose <kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1], output_padding = [1, 1]> (r2, up2_weight)
  n = BatchNormalization (t2, bn_weight, bn_bias, bn_mean, bn_variance)
  r3 = Relu (n)
  p = MaxPool <kernel_shape = [4, 4], strides = [4, 4]> (r3)
  flat = Flatten (p)
  logits = Gemm <transB = 1> (flat, fc_weight, fc_bias)
}}""")
