# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes networks as functions on TOSA, a method for each operation.

A value is its name and shape; the batch is None, printed as `?`. Parameters are
globals whose weights are drawn by a rule, so that the text stays small.
"""

import math
from dataclasses import dataclass


@dataclass
class Value:
    name: str
    shape: tuple

    @property
    def type(self):
        return format_type(self.shape)


def format_type(shape, element="f32"):
    extents = "".join(f"{'?' if extent is None else extent}x" for extent in shape)
    return f"tensor<{extents}{element}>"


def format_array(values):
    return f"array<i64: {', '.join(map(str, values))}>"


class Function:
    """One function of one input, whose first extent is the batch."""

    def __init__(self, name, input_shape, nonnegative=True):
        self.name = name
        self.argument = Value("%images", (None, *input_shape))
        self.nonnegative = nonnegative
        self.globals, self.lines = [], []
        self.numbers, self.seed = {}, 0
        self.zero = self.constant("zero", 0.0)
        self.no_shift = self.emit("shift", (1,), '"tosa.const"() <{values = '
                                  "dense<0> : tensor<1xi8>}> : () -> "
                                  "tensor<1xi8>")

    def write(self, result):
        attributes = " {cgmq.nonnegative}" if self.nonnegative else ""
        body = "\n".join(f"  {line}" for line in self.lines)
        return "\n".join(self.globals) + f"""

func.func @{self.name}({self.argument.name}: {self.argument.type}{attributes}) -> {result.type} {{
{body}
  return {result.name} : {result.type}
}}
"""

    # Text.

    def emit(self, name, shape, text):
        number = self.numbers[name] = self.numbers.get(name, -1) + 1
        value = Value(f"%{name}_{number}" if number else f"%{name}", shape)
        self.lines.append(f"{value.name} = {text}")
        return value

    def operation(self, name, operands, shape, attributes="", types=None):
        types = types or [operand.type for operand in operands]
        names = ", ".join(operand.name for operand in operands)
        return self.emit(name.split(".")[1], shape,
                         f"{name} {names}{attributes} : ({', '.join(types)}) "
                         f"-> {format_type(shape)}")

    def constant(self, name, value, shape=(1,)):
        type = format_type(shape)
        return self.emit(name, shape, f'"tosa.const"() <{{values = dense<'
                         f"{value:.9e}> : {type}}}> : () -> {type}")

    def parameter(self, name, shape, fan_in=None):
        """Weights of a rule, or zeros (a bias)."""
        type = format_type(shape)
        value = f"dense<0.0> : {type}"
        if fan_in:
            self.seed += 1
            value = f"#cgmq.he_uniform<fan_in = {fan_in}, seed = {self.seed}>"
        self.globals.append(f"ml_program.global private mutable @{name}({value})"
                            f" : {type}")
        return self.emit(name.replace(".", "_"), shape,
                         f"ml_program.global_load @{name} : {type}")

    def ones(self, name, shape):
        """A parameter that starts at one (a scale)."""
        type = format_type(shape)
        self.globals.append(f"ml_program.global private mutable @{name}"
                            f"(dense<1.0> : {type}) : {type}")
        return self.emit(name.replace(".", "_"), shape,
                         f"ml_program.global_load @{name} : {type}")

    # Layers.

    def conv(self, name, x, filters, kernel, stride=1, pad=None):
        """A convolution [N, H, W, C]; `pad` keeps the extents if left out."""
        kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        stride = stride if isinstance(stride, tuple) else (stride, stride)
        channels = x.shape[3]
        weight = self.parameter(f"{name}.weight", (filters, *kernel, channels),
                                kernel[0] * kernel[1] * channels)
        bias = self.parameter(f"{name}.bias", (filters,))
        return self.slide("tosa.conv2d", x, [weight, bias], filters, kernel,
                          stride, pad)

    def depthwise(self, name, x, kernel, stride=1, pad=None):
        channels = x.shape[3]
        weight = self.parameter(f"{name}.weight", (kernel, kernel, channels, 1),
                                kernel * kernel)
        bias = self.parameter(f"{name}.bias", (channels,))
        return self.slide("tosa.depthwise_conv2d", x, [weight, bias], channels,
                          (kernel, kernel), (stride, stride), pad)

    def slide(self, name, x, parameters, filters, kernel, stride, pad):
        padding, out = [], []
        for extent, size, step in zip(x.shape[1:3], kernel, stride):
            count = -(-extent // step)
            total = max((count - 1) * step + size - extent, 0)
            before = total // 2 if pad is None else pad
            # Windows fit exactly, as TOSA demands.
            count = ((extent + 2 * pad - size) // step + 1 if pad is not None
                     else count)
            padding += [before, (count - 1) * step + size - extent - before]
            out.append(count)
        attributes = (
            f" {{acc_type = f32, dilation = {format_array((1, 1))}, pad = "
            f"{format_array(padding)}, stride = {format_array(stride)}}}")
        if min(padding) < 0:
            x, padding = self.crop(x, padding)
            attributes = attributes.replace(
                attributes[attributes.index("pad ="):attributes.index(", stride")],
                f"pad = {format_array(padding)}")
        return self.operation(name, [x, *parameters, self.zero, self.zero],
                              (None, *out, filters), attributes)

    def crop(self, x, padding):
        """Rows and columns that no window reaches."""
        shape = list(x.shape)
        for index in (0, 1):
            shape[index + 1] += min(padding[2 * index + 1], 0)
        sizes = [-1, *shape[1:]]
        start = self.shape([0] * len(shape))
        size = self.shape(sizes)
        x = self.operation("tosa.slice", [x, start, size], tuple(shape),
                           types=[x.type, *["!tosa.shape<4>"] * 2])
        return x, [max(amount, 0) for amount in padding]

    def relu(self, x, most=3.40282347e+38):
        return self.operation("tosa.clamp", [x], x.shape,
                              f" {{max_val = {most!r} : f32, min_val = 0.0 : "
                              "f32}")

    def max_pool(self, x, size=2):
        rest = [-(extent % size) for extent in x.shape[1:3]]
        if any(rest):
            x, _ = self.crop(x, [0, rest[0], 0, rest[1]])
        shape = (None, x.shape[1] // size, x.shape[2] // size, x.shape[3])
        return self.operation(
            "tosa.max_pool2d", [x], shape,
            f" {{kernel = {format_array((size, size))}, pad = "
            f"{format_array((0, 0, 0, 0))}, stride = "
            f"{format_array((size, size))}}}")

    def global_average(self, x):
        """[N, H, W, C] to [N, C]."""
        extents = x.shape[1:3]
        pooled = self.operation(
            "tosa.avg_pool2d", [x, self.zero, self.zero],
            (None, 1, 1, x.shape[3]),
            f" {{acc_type = f32, kernel = {format_array(extents)}, pad = "
            f"{format_array((0, 0, 0, 0))}, stride = {format_array((1, 1))}}}")
        return self.reshape(pooled, (None, x.shape[3]))

    def shape(self, extents):
        rank = len(extents)
        return self.emit("shape", (), f"tosa.const_shape {{values = dense<"
                         f"{list(extents)}> : tensor<{rank}xindex>}} : () -> "
                         f"!tosa.shape<{rank}>")

    def reshape(self, x, shape):
        if x.shape == shape:
            return x
        extents = self.shape([-1 if extent is None else extent
                              for extent in shape])
        return self.operation("tosa.reshape", [x, extents], shape,
                              types=[x.type, f"!tosa.shape<{len(shape)}>"])

    def flatten(self, x):
        return self.reshape(x, (None, math.prod(x.shape[1:])))

    def transpose(self, x, order):
        return self.operation("tosa.transpose", [x],
                              tuple(x.shape[index] for index in order),
                              f" {{perms = array<i32: "
                              f"{', '.join(map(str, order))}>}}")

    def matmul(self, x, y):
        """[B, M, K] by [B, K, N]."""
        return self.operation("tosa.matmul", [x, y, self.zero, self.zero],
                              (x.shape[0], x.shape[1], y.shape[2]))

    def dense(self, name, x, features):
        """[..., C] to [..., features]."""
        channels = x.shape[-1]
        weight = self.parameter(f"{name}.weight", (1, channels, features),
                                channels)
        rows = self.reshape(x, (1, None, channels))
        product = self.reshape(self.matmul(rows, weight),
                               (*x.shape[:-1], features))
        bias = self.parameter(f"{name}.bias",
                              (*[1] * (len(x.shape) - 1), features))
        return self.add(product, bias)

    # Elementwise operations.

    def binary(self, name, x, y, extra=()):
        shape = tuple(b if a == 1 else a for a, b in zip(x.shape, y.shape))
        operands = [x, y, *extra]
        types = [x.type, y.type, *["tensor<1xi8>"] * len(extra)]
        return self.operation(f"tosa.{name}", operands, shape, types=types)

    def add(self, x, y):
        return self.binary("add", x, y)

    def sub(self, x, y):
        return self.binary("sub", x, y)

    def mul(self, x, y):
        return self.binary("mul", x, y, [self.no_shift])

    def scale(self, x, factor):
        return self.mul(x, self.constant("factor", factor,
                                         (1,) * len(x.shape)))

    def unary(self, name, x):
        return self.operation(f"tosa.{name}", [x], x.shape)

    def reduce(self, name, x):
        """Along the last dim, which becomes one."""
        attributes = f" {{axis = {len(x.shape) - 1} : i32}}"
        return self.operation(f"tosa.reduce_{name}", [x], (*x.shape[:-1], 1),
                              attributes)

    def softmax(self, x):
        powers = self.unary("exp", self.sub(x, self.reduce("max", x)))
        return self.mul(powers,
                        self.unary("reciprocal", self.reduce("sum", powers)))

    def layer_norm(self, name, x):
        count, ones = x.shape[-1], (1,) * (len(x.shape) - 1)
        mean = self.scale(self.reduce("sum", x), 1.0 / count)
        centered = self.sub(x, mean)
        variance = self.scale(self.reduce("sum", self.mul(centered, centered)),
                              1.0 / count)
        epsilon = self.constant("epsilon", 1e-5, (1,) * len(x.shape))
        normal = self.mul(centered,
                          self.unary("rsqrt", self.add(variance, epsilon)))
        scaled = self.mul(normal, self.ones(f"{name}.scale", (*ones, count)))
        return self.add(scaled, self.parameter(f"{name}.offset",
                                               (*ones, count)))

    def gelu(self, x):
        """x / 2 * (1 + erf(x / sqrt(2)))"""
        error = self.unary("erf", self.scale(x, math.sqrt(0.5)))
        one = self.constant("one", 1.0, (1,) * len(x.shape))
        return self.mul(self.scale(x, 0.5), self.add(error, one))
