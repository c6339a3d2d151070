"""guarantee.py DIRECTORY SEED COUNT

Draws small networks, bounds and ways to optimize them, and checks of each that
the result keeps its bound at every stage, or that it is refused before training
with the least bound that can be kept, and that this one is kept. DIRECTORY holds
the data of blobs.py.
"""

import random
import re
import subprocess
import sys


def relu(lines, name, shape):
    lines.append(
        f"  %{name}r = tosa.clamp %{name} {{min_val = 0.0 : f32, max_val = "
        f"3.40282347e+38 : f32}} : ({shape}) -> {shape}")
    return f"{name}r"


class Network:
    """A convolution or none, some layers, and their multiply-accumulates."""

    def __init__(self, draw):
        self.globals, lines = [], []
        # Of each contraction; the first takes the input. Then those of the first
        # channels alone, which are not pruned: at all positions where units are
        # channels, and where they are elements at those that a window passes.
        self.macs, self.channel_macs, self.element_macs = [], [], []
        positions = 64
        value, features = "images", 64
        if draw.random() < 0.6:
            filters, kernel = draw.randint(1, 6), draw.choice([1, 3, 5])
            stride, pad = draw.choice([1, 1, 2]), draw.choice([0, 1])
            if (8 + 2 * pad - kernel) % stride:
                stride = 1
            size = (8 + 2 * pad - kernel) // stride + 1
            self.parameter("cw", [filters, kernel, kernel, 1])
            self.parameter("cb", [filters])
            result = f"tensor<?x{size}x{size}x{filters}xf32>"
            lines += [
                self.load("cw"), self.load("cb"),
                f"  %c = tosa.conv2d %images, %cw, %cb, %zero, %zero {{acc_type "
                f"= f32, dilation = array<i64: 1, 1>, pad = array<i64: {pad}, "
                f"{pad}, {pad}, {pad}>, stride = array<i64: {stride}, {stride}>}}"
                f" : (tensor<?x8x8x1xf32>, {self.types['cw']}, "
                f"{self.types['cb']}, tensor<1xf32>, tensor<1xf32>) -> {result}"]
            self.macs.append(size * size * filters * kernel * kernel)
            self.channel_macs.append(size * size * kernel * kernel)
            self.element_macs.append(size * size * kernel * kernel)
            positions = size * size
            value = relu(lines, "c", result)
            features = size * size * filters
            shape = result
        else:
            shape = "tensor<?x8x8x1xf32>"
        lines += [
            f"  %flat_shape = tosa.const_shape {{values = dense<[1, -1, "
            f"{features}]> : tensor<3xindex>}} : () -> !tosa.shape<3>",
            f"  %flat = tosa.reshape %{value}, %flat_shape : ({shape}, "
            f"!tosa.shape<3>) -> tensor<1x?x{features}xf32>"]
        value = "flat"
        widths = [draw.randint(1, 9) for _ in range(draw.randint(0, 2))] + [4]
        for number, width in enumerate(widths):
            weight, name = f"w{number}", f"y{number}"
            self.parameter(weight, [1, features, width])
            result = f"tensor<1x?x{width}xf32>"
            lines += [
                self.load(weight),
                f"  %{name} = tosa.matmul %{value}, %{weight}, %zero, %zero : "
                f"(tensor<1x?x{features}xf32>, {self.types[weight]}, "
                f"tensor<1xf32>, tensor<1xf32>) -> {result}"]
            self.macs.append(features * width)
            self.channel_macs.append(positions)
            self.element_macs.append(1)
            positions = 1
            value, features = name, width
            if number + 1 < len(widths):
                value = relu(lines, name, result)
        lines += [
            "  %row_shape = tosa.const_shape {values = dense<[-1, 4]> : "
            "tensor<2xindex>} : () -> !tosa.shape<2>",
            f"  %logits = tosa.reshape %{value}, %row_shape : "
            "(tensor<1x?x4xf32>, !tosa.shape<2>) -> tensor<?x4xf32>",
            "  return %logits : tensor<?x4xf32>"]
        self.text = "\n".join(
            self.globals +
            ["func.func @f(%images: tensor<?x8x8x1xf32> {cgmq.nonnegative}) -> "
             "tensor<?x4xf32> {",
             '  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> '
             ": () -> tensor<1xf32>"] + lines + ["}", ""])

    types = {}

    def parameter(self, name, shape):
        self.types[name] = f"tensor<{'x'.join(map(str, shape))}xf32>"
        fan_in = max(1, shape[-2] if len(shape) > 1 else 1)
        self.globals.append(
            f"ml_program.global private mutable @{name}(#cgmq.he_uniform<fan_in "
            f"= {fan_in}, seed = {len(self.globals)}>) : {self.types[name]}")

    def load(self, name):
        return (f"  %{name} = ml_program.global_load @{name} : "
                f"{self.types[name]}")


def run(*arguments):
    return subprocess.run(["cgmq-opt", *arguments], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def main():
    directory, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    draw = random.Random(seed)
    refused = 0
    for number in range(count):
        network = Network(draw)
        model = f"{directory}/model.mlir"
        with open(model, "w") as file:
            file.write(network.text)
        widths = draw.choice(["2,4,8,16,32", "2,4,8", "4,8", "2,8", "8", "2,16",
                              "0,2,4,8", "0,4", "0,16,32", "0,2,4,8,16,32"])
        prunes = widths.startswith("0,")
        granularity = draw.choice(["layer", "channel", "element"][prunes:])
        least = int(widths.split(",")[prunes])
        fixed_input = draw.random() < 0.3
        first = 8 if fixed_input else least
        # The cost with all widths at their least, and with all at 32 bits.
        macs = network.macs
        if prunes:
            macs = (network.channel_macs if granularity == "channel" else
                    network.element_macs)
        floor = least * (first * macs[0] + least * sum(macs[1:]))
        full = 1024 * sum(network.macs)
        # About the floor, well above it, just at it, just below it.
        bop = draw.choice([floor * draw.uniform(0.5, 2), draw.uniform(floor, full),
                           floor, floor - 1, floor + 1])
        bop = max(1, int(bop))
        gates = (f"budget={bop} widths={widths} granularity={granularity} "
                 f"input={8 if fixed_input else 'gated'}")
        data = (f"images={directory}/images.idx labels={directory}/labels.idx "
                f"seed={draw.randint(0, 99)} threads=1 batch=32")
        direction = draw.choice(["cost", "cost", "gradient", "magnitude",
                                 "product"])
        epochs = draw.choice([0.001, 0.07, 0.5, 1, 2])

        def optimize(budget):
            return run(
                model, "-o", f"{directory}/integer.mlir",
                "--cgmq-initialize-parameters",
                f"--cgmq-insert-gates={gates}",
                f"--cgmq-calibrate=images={directory}/images.idx samples=64",
                f"--cgmq-optimize={data} direction={direction} epochs={epochs} "
                f"budget={budget}", "--cgmq-verify-budget", "--cgmq-freeze",
                "--cgmq-verify-budget", "--cgmq-lower-to-integer",
                "--cgmq-verify-budget", "--cgmq-remove-pruned-channels",
                "--cgmq-verify-budget")

        what = f"case {number}: {gates} direction={direction} epochs={epochs}"
        result = optimize(bop)
        if bop >= floor:
            if result.returncode:
                sys.exit(f"{what}: failed\n{network.text}\n{result.stderr}")
            continue
        refused += 1
        told = re.search(r"expects a budget of at least .* \((\d+) bit-operations"
                         r"\)", result.stderr)
        if result.returncode == 0 or not told or int(told.group(1)) != floor:
            sys.exit(f"{what}: expects a refusal with {floor}, but got\n"
                     f"{network.text}\n{result.stderr}")
        result = optimize(floor)
        if result.returncode:
            sys.exit(f"{what}: the floor failed\n{network.text}\n{result.stderr}")
    print(f"{count} networks, {refused} bounds refused")


if __name__ == "__main__":
    main()
