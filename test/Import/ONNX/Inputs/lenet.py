"""Prints a small LeNet in ONNX's textual syntax, its weights drawn by a seed.

It is as PyTorch writes such networks: channels before height and width, an open
batch, a batch norm, and a view whose shape is computed from that of the data.
"""
from onnx_text import initializer

initializers = [
    initializer("conv1_weight", 6, 1, 5, 5, fan_in=25),
    initializer("conv1_bias", 6),
    initializer("conv2_weight", 16, 6, 5, 5, fan_in=150),
    initializer("bn_weight", 16, value=1.5),
    initializer("bn_bias", 16, value=0.1),
    initializer("bn_mean", 16, value=0.2),
    initializer("bn_variance", 16, value=0.9),
    initializer("fc1_weight", 120, 256, fan_in=256),
    initializer("fc1_bias", 120),
    initializer("fc2_weight", 10, 120, fan_in=120),
    initializer("fc2_bias", 10),
]
print(f"""<ir_version: 8, opset_import: ["" : 13]>
lenet (float[batch, 1, 28, 28] images) => (float[batch, 10] logits)
<{", ".join(initializers)}>
{{
  c1 = Conv <kernel_shape = [5, 5]> (images, conv1_weight, conv1_bias)
  r1 = Relu (c1)
  p1 = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (r1)
  c2 = Conv (p1, conv2_weight)
  n2 = BatchNormalization (c2, bn_weight, bn_bias, bn_mean, bn_variance)
  r2 = Relu (n2)
  p2 = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (r2)
  shape = Shape (p2)
  first = Constant <value = int64 {{0}}> ()
  extent = Gather (shape, first)
  axes = Constant <value = int64[1] {{0}}> ()
  extents = Unsqueeze (extent, axes)
  rest = Constant <value = int64[1] {{-1}}> ()
  view = Concat <axis = 0> (extents, rest)
  flat = Reshape (p2, view)
  f1 = Gemm <transB = 1> (flat, fc1_weight, fc1_bias)
  r3 = Relu (f1)
  logits = Gemm <transB = 1> (r3, fc2_weight, fc2_bias)
}}""")
