"""Prints a network as torch-mlir lowers it to linalg, its weights drawn by a seed.

usage: networks.py lenet|resnet|transformer

The batch is open, channels come before height and width, weights are constants
in resources, and biases are broadcast to what is accumulated into.
"""
import random
import struct
import sys

draw = random.Random(1)


def type_of(shape):
    return f"tensor<{''.join(f'{extent}x' for extent in shape)}f32>"


class Network:
    """The text of a function; shapes have "?" for the batch."""

    def __init__(self, shape):
        self.argument = shape
        self.lines, self.resources, self.count = [], [], 0

    def emit(self, text):
        self.count += 1
        self.lines.append(f"    %{self.count} = {text}")
        return f"%{self.count}"

    def constant(self, *shape, fan_in=0, value=0.0):
        size = 1
        for extent in shape:
            size *= extent
        bound = (6 / fan_in) ** 0.5 if fan_in else 0
        numbers = [draw.uniform(-bound, bound) if fan_in else value for _ in range(size)]
        if not fan_in:
            return self.emit(f"arith.constant dense<{value:e}> : {type_of(shape)}")
        name = "torch_tensor_" + "_".join(map(str, shape)) + f"_torch.float32_{len(self.resources)}"
        data = struct.pack(f"<I{size}f", 4, *numbers).hex()
        self.resources.append(f'      {name}: "0x{data}"')
        return self.emit(f"arith.constant dense_resource<{name}> : {type_of(shape)}")

    def empty(self, shape, batch="%dim"):
        sizes = batch if "?" in shape else ""
        return self.emit(f"tensor.empty({sizes}) : {type_of(shape)}")

    def fill(self, shape, number, batch="%dim"):
        init = self.empty(shape, batch)
        return self.emit(f"linalg.fill ins({number} : f32) outs({init} : {type_of(shape)}) -> {type_of(shape)}")

    def generic(self, inputs, shape, body, init=None, reduced=None):
        """A body over (value, shape, map) of each input; the result has `shape`."""
        rank = max(len(other) for _, other, _ in inputs)
        dims = [f"d{i}" for i in range(rank)]
        iterators = ", ".join('"reduction"' if i == reduced else '"parallel"' for i in range(rank))
        out = [("0" if i == reduced else dim) for i, dim in enumerate(dims)]
        maps = ", ".join(f"affine_map<({', '.join(dims)}) -> ({', '.join(map)})>"
                         for map in [map for _, _, map in inputs] + [out])
        init = init or self.empty(shape)
        names = ["%in"] + [f"%in_{i}" for i in range(1, len(inputs))]
        arguments = ", ".join(f"{name}: f32" for name in names + ["%out"])
        result = self.emit(
            f"linalg.generic {{indexing_maps = [{maps}], iterator_types = [{iterators}]}} "
            f"ins({', '.join(value for value, _, _ in inputs)} : {', '.join(type_of(other) for _, other, _ in inputs)}) "
            f"outs({init} : {type_of(shape)}) {{\n    ^bb0({arguments}):")
        self.lines += [f"      {line}" for line in body]
        self.lines.append(f"    }} -> {type_of(shape)}")
        return result

    def map(self, value, shape, *body):
        dims = [f"d{i}" for i in range(len(shape))]
        return self.generic([(value, shape, dims)], shape, body)

    def relu(self, value, shape):
        return self.map(value, shape, "%c = arith.cmpf ugt, %in, %zero : f32",
                        "%r = arith.select %c, %in, %zero : f32", "linalg.yield %r : f32")

    def combine(self, lhs, rhs, shape, op, other=None):
        """lhs op rhs, rhs of another shape with ones, or of the last dimensions."""
        dims = [f"d{i}" for i in range(len(shape))]
        other = other or shape
        last = dims[len(shape) - len(other):]
        indices = [dim if extent != 1 else "0" for dim, extent in zip(last, other)]
        return self.generic([(lhs, shape, dims), (rhs, other, indices)], shape,
                            [f"%r = arith.{op} %in, %in_1 : f32", "linalg.yield %r : f32"])

    def pad(self, value, shape, amount, number):
        padded = shape[:2] + [extent + 2 * amount for extent in shape[2:]]
        low = f"[0, 0, {amount}, {amount}]"
        result = self.emit(f"tensor.pad {value} low{low} high{low} {{\n    ^bb0(%i: index, %j: index, %k: index, %l: index):\n"
                           f"      tensor.yield {number} : f32\n    }} : {type_of(shape)} to {type_of(padded)}")
        return result, padded

    def conv(self, value, shape, channels, kernel, stride=1, pad=0, bias=True):
        if pad:
            value, shape = self.pad(value, shape, pad, "%zero")
        fan_in = shape[1] * kernel * kernel
        weight = self.constant(channels, shape[1], kernel, kernel, fan_in=fan_in)
        result = ["?", channels] + [(extent - kernel) // stride + 1 for extent in shape[2:]]
        if bias:
            numbers = self.constant(channels)
            init = self.empty(result)
            init = self.emit(f"linalg.broadcast ins({numbers} : {type_of([channels])}) "
                             f"outs({init} : {type_of(result)}) dimensions = [0, 2, 3]")
        else:
            init = self.fill(result, "%zero")
        types = f"{type_of(shape)}, {type_of([channels, shape[1], kernel, kernel])}"
        return self.emit(
            f"linalg.conv_2d_nchw_fchw {{dilations = dense<1> : vector<2xi64>, strides = dense<{stride}> : vector<2xi64>}} "
            f"ins({value}, {weight} : {types}) outs({init} : {type_of(result)}) -> {type_of(result)}"), result

    def pool(self, value, shape, kernel, stride, kind="max"):
        window = self.empty([kernel, kernel])
        result = shape[:2] + [(extent - kernel) // stride + 1 for extent in shape[2:]]
        init = self.fill(result, "%least" if kind == "max" else "%zero")
        return self.emit(
            f"linalg.pooling_nchw_{kind} {{dilations = dense<1> : vector<2xi64>, strides = dense<{stride}> : vector<2xi64>}} "
            f"ins({value}, {window} : {type_of(shape)}, {type_of([kernel, kernel])}) "
            f"outs({init} : {type_of(result)}) -> {type_of(result)}"), result

    def batch_norm(self, value, shape):
        dims = ["d0", "d1", "d2", "d3"]
        channels = [shape[1]]
        scale, shift = self.constant(*channels, value=1.5), self.constant(*channels, value=0.1)
        mean, variance = self.constant(*channels, value=0.2), self.constant(*channels, value=0.9)
        return self.generic(
            [(value, shape, dims)] + [(x, channels, ["d1"]) for x in (scale, shift, mean, variance)], shape,
            ["%e = arith.truncf %epsilon : f64 to f32", "%v = arith.addf %in_4, %e : f32", "%r = math.rsqrt %v : f32",
             "%s = arith.subf %in, %in_3 : f32", "%n = arith.mulf %s, %r : f32", "%m = arith.mulf %n, %in_1 : f32",
             "%a = arith.addf %m, %in_2 : f32", "linalg.yield %a : f32"])

    def collapse(self, value, shape, groups, result):
        return self.emit(f"tensor.collapse_shape {value} {groups} : {type_of(shape)} into {type_of(result)}")

    def expand(self, value, shape, groups, result, sizes):
        return self.emit(f"tensor.expand_shape {value} {groups} output_shape {sizes} : {type_of(shape)} into {type_of(result)}")

    def transpose(self, value, shape, order, batch="%dim"):
        result = [shape[i] for i in order]
        init = self.empty(result, batch)
        return self.emit(f"linalg.transpose ins({value} : {type_of(shape)}) outs({init} : {type_of(result)}) "
                         f"permutation = {order}"), result

    def linear(self, value, shape, columns):
        """Of rows, or of rows for each sample: then of the weight repeated."""
        inner = shape[-1]
        weight, other = self.transpose(self.constant(columns, inner, fan_in=inner), [columns, inner], [1, 0])
        result, name = shape[:-1] + [columns], "matmul"
        if len(shape) == 3:
            many = ["?"] + other
            init = self.empty(many)
            weight = self.emit(f"linalg.broadcast ins({weight} : {type_of(other)}) outs({init} : {type_of(many)}) dimensions = [0]")
            other, name = many, "batch_matmul"
        init = self.fill(result, "%zero")
        product = self.emit(f"linalg.{name} ins({value}, {weight} : {type_of(shape)}, {type_of(other)}) "
                            f"outs({init} : {type_of(result)}) -> {type_of(result)}")
        return self.combine(product, self.constant(columns), result, "addf", [columns]), result

    def reduce(self, value, shape, axis, op, start):
        result = [1 if i == axis else extent for i, extent in enumerate(shape)]
        dims = [f"d{i}" for i in range(len(shape))]
        batch = "%heads" if start.endswith("_h") else "%dim"
        init = self.fill(result, start.removesuffix("_h"), batch)
        return self.generic([(value, shape, dims)], result,
                            [f"%r = arith.{op} %in, %out : f32", "linalg.yield %r : f32"], init, axis), result

    def mean(self, value, shape, axis):
        total, result = self.reduce(value, shape, axis, "addf", "%zero")
        number = f"arith.constant {shape[axis]:e} : f32"
        count = self.emit(number)
        return self.map(total, result, f"%r = arith.divf %in, {count} : f32", "linalg.yield %r : f32"), result

    def layer_norm(self, value, shape):
        mean, one = self.mean(value, shape, 2)
        centred = self.combine(value, mean, shape, "subf", one)
        square = self.combine(centred, centred, shape, "mulf")
        variance, _ = self.mean(square, shape, 2)
        root = self.map(variance, one, "%e = arith.truncf %epsilon : f64 to f32", "%s = arith.addf %in, %e : f32",
                        "%r = math.rsqrt %s : f32", "linalg.yield %r : f32")
        normal = self.combine(centred, root, shape, "mulf", one)
        scaled = self.combine(normal, self.constant(shape[2], value=1.0), shape, "mulf", [shape[2]])
        return self.combine(scaled, self.constant(shape[2]), shape, "addf", [shape[2]])

    def write(self, value, shape):
        lines = "\n".join(self.lines)
        resources = ",\n".join(self.resources)
        print(f"""module attributes {{torch.debug_module_name = "Network"}} {{
  ml_program.global private mutable @global_seed(dense<0> : tensor<i64>) : tensor<i64>
  func.func @main(%images: {type_of(self.argument)}) -> {type_of(shape)} {{
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0.000000e+00 : f32
    %least = arith.constant 0xFF800000 : f32
    %epsilon = arith.constant 1.000000e-05 : f64
    %dim = tensor.dim %images, %c0 : {type_of(self.argument)}
{lines}
    return {value} : {type_of(shape)}
  }}
}}

{{-#
  dialect_resources: {{
    builtin: {{
{resources}
    }}
  }}
#-}}""")


def lenet(net, value, shape):
    for channels in (6, 16):
        value, shape = net.conv(value, shape, channels, 5)
        value = net.relu(value, shape)
        value, shape = net.pool(value, shape, 2, 2)
    flat = ["?", shape[1] * shape[2] * shape[3]]
    value, shape = net.collapse(value, shape, "[[0], [1, 2, 3]]", flat), flat
    value, shape = net.linear(value, shape, 120)
    value = net.relu(value, shape)
    return net.linear(value, shape, 10)


def resnet(net, value, shape):
    value, shape = net.conv(value, shape, 8, 3, stride=2, pad=1, bias=False)
    value = net.relu(net.batch_norm(value, shape), shape)
    padded, wide = net.pad(value, shape, 1, "%least")
    value, shape = net.pool(padded, wide, 3, 2)
    for channels, stride in ((8, 1), (16, 2)):
        inner, middle = net.conv(value, shape, channels, 3, stride, pad=1, bias=False)
        inner = net.relu(net.batch_norm(inner, middle), middle)
        inner, middle = net.conv(inner, middle, channels, 3, pad=1, bias=False)
        inner = net.batch_norm(inner, middle)
        if stride > 1:
            value, shape = net.conv(value, shape, channels, 1, stride, bias=False)
            value = net.batch_norm(value, shape)
        value = net.relu(net.combine(inner, value, shape, "addf"), shape)
    count = float(shape[2] * shape[3])
    value, shape = net.pool(value, shape, shape[2], 1, "sum")
    number = net.emit(f"arith.constant {count:e} : f32")
    value = net.map(value, shape, f"%r = arith.divf %in, {number} : f32", "linalg.yield %r : f32")
    flat = ["?", shape[1]]
    value = net.collapse(value, shape, "[[0], [1, 2, 3]]", flat)
    return net.linear(value, flat, 10)


def attention(net, value, shape, heads):
    tokens, width = shape[1:]
    size = width // heads
    split, order = ["?", tokens, heads, size], [0, 2, 1, 3]
    merged = ["?", tokens, size]

    def project():
        rows, _ = net.linear(value, shape, width)
        rows = net.expand(rows, shape, "[[0], [1], [2, 3]]", split, f"[%dim, {tokens}, {heads}, {size}]")
        rows, moved = net.transpose(rows, split, order)
        return net.collapse(rows, moved, "[[0, 1], [2], [3]]", merged)

    query, key, values = project(), project(), project()
    c = net.emit(f"arith.constant {heads} : index")
    net.lines.append(f"    %heads = arith.muli %dim, {c} : index")
    key, turned = net.transpose(key, merged, [0, 2, 1], "%heads")
    scores = ["?", tokens, tokens]
    init = net.fill(scores, "%zero", "%heads")
    product = net.emit(f"linalg.batch_matmul ins({query}, {key} : {type_of(merged)}, {type_of(turned)}) "
                       f"outs({init} : {type_of(scores)}) -> {type_of(scores)}")
    root = net.emit(f"arith.constant {size ** 0.5:e} : f32")
    product = net.map(product, scores, f"%r = arith.divf %in, {root} : f32", "linalg.yield %r : f32")
    greatest, one = net.reduce(product, scores, 2, "maximumf", "%least_h")
    shifted = net.combine(product, greatest, scores, "subf", one)
    powers = net.map(shifted, scores, "%r = math.exp %in : f32", "linalg.yield %r : f32")
    total, _ = net.reduce(powers, scores, 2, "addf", "%zero_h")
    shares = net.combine(powers, total, scores, "divf", one)
    init = net.fill(merged, "%zero", "%heads")
    mixed = net.emit(f"linalg.batch_matmul ins({shares}, {values} : {type_of(scores)}, {type_of(merged)}) "
                     f"outs({init} : {type_of(merged)}) -> {type_of(merged)}")
    mixed = net.expand(mixed, merged, "[[0, 1], [2], [3]]", [split[i] for i in order], f"[%dim, {heads}, {tokens}, {size}]")
    mixed, _ = net.transpose(mixed, [split[i] for i in order], order)
    mixed = net.collapse(mixed, split, "[[0], [1], [2, 3]]", shape)
    return net.linear(mixed, shape, width)[0]


def transformer(net, value, shape):
    width = 16
    value, shape = net.conv(value, shape, width, 7, stride=7)
    tokens = shape[2] * shape[3]
    value = net.collapse(value, shape, "[[0], [1], [2, 3]]", ["?", width, tokens])
    value, shape = net.transpose(value, ["?", width, tokens], [0, 2, 1])
    value = net.combine(value, net.constant(1, tokens, width, fan_in=width), shape, "addf", [1, tokens, width])
    value = net.combine(value, attention(net, net.layer_norm(value, shape), shape, 2), shape, "addf")
    inner, wide = net.linear(net.layer_norm(value, shape), shape, 2 * width)
    inner = net.map(inner, wide, "%a = arith.divf %in, %root2 : f32", "%b = math.erf %a : f32",
                    "%c = arith.addf %b, %one : f32", "%d = arith.mulf %c, %half : f32",
                    "%r = arith.mulf %in, %d : f32", "linalg.yield %r : f32")
    inner, _ = net.linear(inner, wide, width)
    value = net.combine(value, inner, shape, "addf")
    value, shape = net.mean(net.layer_norm(value, shape), shape, 1)
    value = net.collapse(value, shape, "[[0], [1, 2]]", ["?", width])
    return net.linear(value, ["?", width], 10)


network = Network(["?", 1, 28, 28])
network.lines += ["    %one = arith.constant 1.000000e+00 : f32", "    %half = arith.constant 5.000000e-01 : f32",
                  "    %root2 = arith.constant 1.41421354 : f32"]
network.write(*{"lenet": lenet, "resnet": resnet, "transformer": transformer}[sys.argv[1]](
    network, "%images", network.argument))
