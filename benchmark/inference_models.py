# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Quantized networks, written once and given to cgmq and to its peers.

A network is a list of layers on one sample, [height, width, channels] or
[features]; all of a batch go the same way. Activations are codes of 8 bits,
unsigned after a rectifier, weights signed ones, biases 32 bits, the scales are made
up such that codes neither vanish nor all saturate. For cgmq it is a frozen function (what
`cgmq-freeze` leaves), for ONNX Runtime a graph of QuantizeLinear and
DequantizeLinear around float operators, or the float operators alone.
"""

import math
from dataclasses import dataclass

import numpy as np

CODE_STEP = 1.0 / 255.0
SIGNED_STEP = 1.0 / 127.0
ZERO_POINTS = "%zero, %zero"


@dataclass
class Conv:
    """Padded by `pad` on each side; depthwise where `filters` is None."""
    filters: int
    kernel: int
    pad: int = 0
    relu: bool = True
    pool: bool = False


@dataclass
class Dense:
    features: int
    relu: bool = True


@dataclass
class Network:
    """Ends in codes where `quantize_result` says so, else in sums."""
    name: str
    input: tuple
    layers: list
    quantize_result: bool = True
    # The input is signed, and is added to the result.
    residual: bool = False

    def count_results(self):
        """Elements that a sample gives."""
        return math.prod(expand(self)[-1][-1])


def get_networks():
    """What is compared, beside the networks of files."""
    return [
        Network("lenet5", (28, 28, 1),
                [Conv(32, 5, pool=True), Conv(64, 5, pool=True), Dense(512),
                 Dense(10, relu=False)], quantize_result=False),
        Network("conv3x3-64-56", (56, 56, 64), [Conv(64, 3, 1)]),
        Network("conv3x3-128-28", (28, 28, 128), [Conv(128, 3, 1)]),
        Network("conv1x1-256-14", (14, 14, 256), [Conv(256, 1)]),
        Network("dense-1024-1024", (1024,), [Dense(1024)]),
        Network("mobilenetv2-block", (28, 28, 32),
                [Conv(192, 1), Conv(None, 3, 1), Conv(32, 1, relu=False)],
                residual=True),
    ]


class Weights:
    """Drawn parameters of one layer and the steps of its tensors."""

    def __init__(self, generator, shape, num_sums, num_biases,
                 input_step=CODE_STEP):
        self.codes = generator.integers(-127, 128, shape, dtype=np.int8)
        # Sums of n products have sqrt(n) times the size of one.
        self.step = np.float32(1.0 / (127.0 * math.sqrt(num_sums)))
        self.bias_step = np.float32(np.float32(input_step) * self.step)
        self.bias = generator.integers(-1000, 1000, num_biases, dtype=np.int32)


class FrozenWriter:
    """Writes a network as a frozen function."""

    def __init__(self, network):
        self.network = network
        self.globals, self.lines = [], []
        self.number = 0

    def emit(self, operation, type):
        self.number += 1
        value = f"%v{self.number}"
        self.lines.append(f"  {value} = {operation}")
        return value, type

    def load(self, name, array, storage, bounds, step):
        """A parameter as real numbers; scales are those of f32."""
        tensor = "x".join(map(str, array.shape)) + "x"
        data = array.tobytes().hex().upper()
        type = f"tensor<{tensor}{storage}>"
        self.globals.append(
            f'ml_program.global private @{name}(dense<"0x{data}"> : {type}) : '
            f"{type}")
        quantized = (f"tensor<{tensor}!quant.uniform<{storage}{bounds}:f32, "
                     f"{float(step)!r}>>")
        codes, _ = self.emit(f"ml_program.global_load_const @{name} : {type}",
                             type)
        value, _ = self.emit(f"quant.scast {codes} : {type} to {quantized}",
                             quantized)
        real = f"tensor<{tensor}f32>"
        return self.emit(f"quant.dcast {value} : {quantized} to {real}", real)

    def quantize(self, value, type, signed=False):
        storage, step = (("i8<-127:127>", SIGNED_STEP) if signed
                         else ("u8", CODE_STEP))
        quantized = type.replace(
            "f32>",
            f"!quant.uniform<{storage}:f32, {float(np.float32(step))!r}>>")
        codes, _ = self.emit(f"quant.qcast {value} : {type} to {quantized}",
                             quantized)
        return self.emit(f"quant.dcast {codes} : {quantized} to {type}", type)

    def clamp(self, value, type):
        return self.emit(
            f"tosa.clamp {value} {{max_val = 3.40282347e+38 : f32, min_val = "
            f"0.0 : f32}} : ({type}) -> {type}", type)

    def reshape(self, value, type, extents, result):
        shape, _ = self.emit(
            f"tosa.const_shape {{values = dense<{extents}> : "
            f"tensor<{len(extents)}xindex>}} : () -> "
            f"!tosa.shape<{len(extents)}>", "")
        return self.emit(
            f"tosa.reshape {value}, {shape} : ({type}, "
            f"!tosa.shape<{len(extents)}>) -> {result}", result)

    def write(self, layers):
        """`layers`: (layer, weights, shape before, after, after pooling)."""
        shape = self.network.input
        argument = f"tensor<?x{'x'.join(map(str, shape))}xf32>"
        residual = self.network.residual
        value, type = self.quantize("%in", argument, signed=residual)
        # What is added lies on one grid.
        skip = value
        for number, (layer, weights, before, after, pooled) in enumerate(
                layers):
            last = number == len(layers) - 1
            if isinstance(layer, Conv):
                value, type = self.convolve(number, layer, weights, value, type,
                                            after)
            else:
                value, type = self.multiply(number, weights, value, type,
                                            before, after)
            if layer.relu:
                value, type = self.clamp(value, type)
            if isinstance(layer, Conv) and layer.pool:
                result = f"tensor<?x{'x'.join(map(str, pooled))}xf32>"
                value, type = self.emit(
                    f"tosa.max_pool2d {value} {{kernel = array<i64: 2, 2>, pad "
                    "= array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : "
                    f"({type}) -> {result}", result)
            if last and residual:
                value, _ = self.quantize(value, type, signed=True)
                value, _ = self.emit(
                    f"tosa.add {value}, {skip} : ({type}, {type}) -> {type}",
                    type)
            if not last or self.network.quantize_result:
                value, type = self.quantize(value, type,
                                            signed=last and residual)
        name = self.network.name.replace("-", "_")
        body = "\n".join(self.lines)
        return ("\n".join(self.globals) + f"\nfunc.func @{name}(%in: "
                f"{argument}) -> {type} {{\n"
                '  %zero = "tosa.const"() <{values = dense<0.0> : '
                "tensor<1xf32>}> : () -> tensor<1xf32>\n"
                f"{body}\n  return {value} : {type}\n}}\n")

    def convolve(self, number, layer, weights, value, type, after):
        weight, weight_type = self.load(f"w{number}", weights.codes, "i8",
                                        "<-127:127>", weights.step)
        bias, bias_type = self.load(f"b{number}", weights.bias, "i32", "",
                                    weights.bias_step)
        result = f"tensor<?x{'x'.join(map(str, after))}xf32>"
        kind = "conv2d" if layer.filters else "depthwise_conv2d"
        pad = ", ".join([str(layer.pad)] * 4)
        return self.emit(
            f"tosa.{kind} {value}, {weight}, {bias}, {ZERO_POINTS} {{acc_type "
            f"= f32, dilation = array<i64: 1, 1>, pad = array<i64: {pad}>, "
            f"stride = array<i64: 1, 1>}} : ({type}, {weight_type}, "
            f"{bias_type}, tensor<1xf32>, tensor<1xf32>) -> {result}", result)

    def multiply(self, number, weights, value, type, before, after):
        depth, features = math.prod(before), after[0]
        rows = f"tensor<1x?x{depth}xf32>"
        value, _ = self.reshape(value, type, [1, -1, depth], rows)
        weight, weight_type = self.load(f"w{number}", weights.codes, "i8",
                                        "<-127:127>", weights.step)
        result = f"tensor<1x?x{features}xf32>"
        value, _ = self.emit(
            f"tosa.matmul {value}, {weight}, {ZERO_POINTS} : ({rows}, "
            f"{weight_type}, tensor<1xf32>, tensor<1xf32>) -> {result}", result)
        flat = f"tensor<?x{features}xf32>"
        value, _ = self.reshape(value, result, [-1, features], flat)
        bias, bias_type = self.load(f"b{number}", weights.bias[None], "i32", "",
                                    weights.bias_step)
        return self.emit(
            f"tosa.add {value}, {bias} : ({flat}, {bias_type}) -> {flat}", flat)


class OnnxWriter:
    """Writes a network for ONNX Runtime, quantized or in float."""

    def __init__(self, network, quantized):
        # Only those who compare need it.
        import onnx
        from onnx import helper, numpy_helper
        self.onnx, self.helper, self.numpy_helper = onnx, helper, numpy_helper
        self.network, self.quantized = network, quantized
        self.nodes, self.initializers = [], []

    def node(self, kind, inputs, **attributes):
        result = f"v{len(self.nodes)}"
        self.nodes.append(self.helper.make_node(kind, inputs, [result],
                                                **attributes))
        return result

    def constant(self, array):
        name = f"c{len(self.initializers)}"
        self.initializers.append(
            self.numpy_helper.from_array(np.array(array, order="C"), name))
        return name

    def parameter(self, codes, step):
        if not self.quantized:
            return self.constant(codes.astype(np.float32) * step)
        return self.node("DequantizeLinear",
                         [self.constant(codes), self.constant(step),
                          self.constant(np.zeros((), codes.dtype))])

    def grid(self, signed=False):
        # Signed numbers have a zero point in unsigned bytes, which ONNX Runtime
        # multiplies fastest.
        return [self.constant(np.float32(SIGNED_STEP if signed else CODE_STEP)),
                self.constant(np.uint8(128 if signed else 0))]

    def requantize(self, value, signed=False):
        if not self.quantized:
            return value
        codes = self.node("QuantizeLinear", [value] + self.grid(signed))
        return self.node("DequantizeLinear", [codes] + self.grid(signed))

    def write(self, layers, batch):
        types = self.onnx.TensorProto
        shape = self.network.input
        if len(shape) == 3:
            shape = (shape[2], shape[0], shape[1])
        source = self.helper.make_tensor_value_info(
            "in", types.UINT8 if self.quantized else types.FLOAT,
            (batch,) + shape)
        value = "in"
        residual = self.network.residual
        if self.quantized:
            value = self.node("DequantizeLinear", ["in"] + self.grid(residual))
        skip = value
        for number, (layer, weights, before, after, pooled) in enumerate(
                layers):
            if isinstance(layer, Conv):
                codes = (weights.codes.transpose(0, 3, 1, 2) if layer.filters
                         else weights.codes.transpose(2, 3, 0, 1))
                value = self.node(
                    "Conv", [value, self.parameter(codes, weights.step),
                             self.parameter(weights.bias, weights.bias_step)],
                    pads=[layer.pad] * 4,
                    group=1 if layer.filters else before[-1])
            else:
                # A fully connected layer of ONNX has its rows as cgmq has
                # them but for the order of channels, which changes no time.
                if len(before) > 1:
                    value = self.node("Flatten", [value])
                value = self.node(
                    "Gemm", [value,
                             self.parameter(weights.codes[0], weights.step),
                             self.parameter(weights.bias, weights.bias_step)])
            if layer.relu:
                value = self.node("Relu", [value])
            if isinstance(layer, Conv) and layer.pool:
                value = self.node("MaxPool", [value], kernel_shape=[2, 2],
                                  strides=[2, 2])
            last = number == len(layers) - 1
            if last and residual:
                value = self.node("Add", [self.requantize(value, signed=True),
                                          skip])
            if not last:
                value = self.requantize(value)
            elif self.network.quantize_result and self.quantized:
                value = self.node("QuantizeLinear",
                                  [value] + self.grid(residual))
        result = self.helper.make_empty_tensor_value_info(value)
        graph = self.helper.make_graph(self.nodes, self.network.name, [source],
                                       [result], self.initializers)
        model = self.helper.make_model(
            graph, opset_imports=[self.helper.make_opsetid("", 13)])
        model.ir_version = 7
        return model.SerializeToString()


def expand(network):
    """Each layer with its weights and the shapes before, after, pooled."""
    generator = np.random.default_rng(1)
    shape, layers = network.input, []
    for layer in network.layers:
        step = SIGNED_STEP if network.residual and not layers else CODE_STEP
        if isinstance(layer, Conv):
            height, width, channels = shape
            kernel, filters = layer.kernel, layer.filters
            after = (height + 2 * layer.pad - kernel + 1,
                     width + 2 * layer.pad - kernel + 1, filters or channels)
            weights = (Weights(generator, (filters, kernel, kernel, channels),
                               kernel * kernel * channels, filters, step)
                       if filters else
                       Weights(generator, (kernel, kernel, channels, 1),
                               kernel * kernel, channels, step))
            pooled = ((after[0] // 2, after[1] // 2, after[2])
                      if layer.pool else after)
        else:
            depth = math.prod(shape)
            after = pooled = (layer.features,)
            weights = Weights(generator, (1, depth, layer.features), depth,
                              layer.features)
        layers.append((layer, weights, shape, after, pooled))
        shape = pooled
    return layers


def count_macs(network):
    """Multiply-accumulates of a sample."""
    macs = 0
    for layer, weights, before, after, _ in expand(network):
        per_element = (weights.codes.size // weights.bias.size)
        macs += math.prod(after) * per_element
    return macs


def write_frozen(network):
    return FrozenWriter(network).write(expand(network))


def write_onnx(network, batch, quantized):
    return OnnxWriter(network, quantized).write(expand(network), batch)
