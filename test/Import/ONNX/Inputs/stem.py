"""Prints a network in ONNX's textual syntax whose image goes through a margin of
zeros and a pooling before a convolution whose stride leaves rows unread; the next
one has two groups."""
from onnx_text import initializer

initializers = [
    initializer("conv1_weight", 8, 1, 3, 3, fan_in=9),
    initializer("conv1_bias", 8),
    initializer("conv2_weight", 12, 4, 3, 3, fan_in=36),
    initializer("conv2_bias", 12),
    initializer("fc_weight", 10, 108, fan_in=108),
    initializer("fc_bias", 10),
]
print(f"""<ir_version: 8, opset_import: ["" : 13]>
stem (float[batch, 1, 28, 28] images) => (float[batch, 10] logits)
<{", ".join(initializers)}>
{{
  margins = Constant <value = int64[8] {{0, 0, 1, 1, 0, 0, 1, 1}}> ()
  padded = Pad (images, margins)
  pooled = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (padded)
  c1 = Conv <kernel_shape = [3, 3], strides = [2, 2], dilations = [2, 2]> (pooled, conv1_weight, conv1_bias)
  r1 = Relu (c1)
  c2 = Conv <kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1], group = 2> (r1, conv2_weight, conv2_bias)
  r2 = Relu (c2)
  flat = Flatten (r2)
  logits = Gemm <transB = 1> (flat, fc_weight, fc_bias)
}}""")
