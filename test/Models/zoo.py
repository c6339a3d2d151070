#!/usr/bin/python3
# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a known network as a function on TOSA, its weights drawn by a rule.

Batch norms are left out: they fold into the convolutions before anything is
quantized, and cost nothing then.
"""

import argparse
import sys

from tosa_text import Function


def mlp(net, x, classes, width):
    """Two hidden layers."""
    x = net.relu(net.dense("fc1", net.flatten(x), width))
    x = net.relu(net.dense("fc2", x, width // 2))
    return net.dense("fc3", x, classes)


def vgg7(net, x, classes, width):
    """That of Bayesian Bits and LR-Net for CIFAR-10, at a width of 128."""
    for stage in range(3):
        for number in range(2):
            x = net.relu(net.conv(f"conv{2 * stage + number + 1}", x,
                                  width << stage, 3))
        x = net.max_pool(x)
    x = net.relu(net.dense("fc1", net.flatten(x), 8 * width))
    return net.dense("fc2", x, classes)


def basic_block(net, name, x, filters, stride):
    y = net.relu(net.conv(f"{name}.conv1", x, filters, 3, stride))
    y = net.conv(f"{name}.conv2", y, filters, 3)
    if stride != 1 or x.shape[3] != filters:
        x = net.conv(f"{name}.skip", x, filters, 1, stride)
    return net.relu(net.add(y, x))


def bottleneck(net, name, x, filters, stride):
    y = net.relu(net.conv(f"{name}.conv1", x, filters, 1))
    y = net.relu(net.conv(f"{name}.conv2", y, filters, 3, stride))
    y = net.conv(f"{name}.conv3", y, 4 * filters, 1)
    if stride != 1 or x.shape[3] != 4 * filters:
        x = net.conv(f"{name}.skip", x, 4 * filters, 1, stride)
    return net.relu(net.add(y, x))


def resnet(depths, large=False, block=basic_block):
    """Residual blocks in stages; `large` has a stem for images of 224 x 224."""
    def build(net, x, classes, width):
        if large:
            x = net.relu(net.conv("stem", x, width, 7, 2))
            x = net.max_pool(x)
        else:
            x = net.relu(net.conv("stem", x, width, 3))
        for stage, depth in enumerate(depths):
            for number in range(depth):
                stride = 2 if stage and not number else 1
                x = block(net, f"stage{stage + 1}.{number + 1}", x,
                          width << stage, stride)
        return net.dense("fc", net.global_average(x), classes)
    return build


def mobilenet_v2(stages, last, stem_stride):
    """`stages`: (expansion, channels, blocks, stride) at a width of 32."""
    def build(net, x, classes, width):
        def scale(channels):
            return max(8, channels * width // 32)
        x = net.relu(net.conv("stem", x, scale(32), 3, stem_stride), 6.0)
        for stage, (expansion, channels, blocks, stride) in enumerate(stages):
            for number in range(blocks):
                name = f"stage{stage + 1}.{number + 1}"
                step = stride if number == 0 else 1
                y = x
                if expansion != 1:
                    y = net.relu(net.conv(f"{name}.expand", y,
                                          expansion * x.shape[3], 1), 6.0)
                y = net.relu(net.depthwise(f"{name}.depthwise", y, 3, step),
                             6.0)
                y = net.conv(f"{name}.project", y, scale(channels), 1)
                x = net.add(x, y) if x.shape == y.shape else y
        x = net.relu(net.conv("last", x, max(scale(last), 16), 1), 6.0)
        return net.dense("fc", net.global_average(x), classes)
    return build


def keyword_spotter(net, x, classes, width):
    """Depthwise separable convolutions on a spectrogram (DS-CNN)."""
    x = net.relu(net.conv("stem", x, width, (10, 4), 2))
    for number in range(4):
        x = net.relu(net.depthwise(f"depth{number + 1}", x, 3))
        x = net.relu(net.conv(f"point{number + 1}", x, width, 1))
    return net.dense("fc", net.global_average(x), classes)


def attention(net, name, x, heads):
    _, tokens, width = x.shape
    size = width // heads

    def project(part):
        y = net.dense(f"{name}.{part}", x, width)
        y = net.transpose(net.reshape(y, (None, tokens, heads, size)),
                          (0, 2, 1, 3))
        return net.reshape(y, (None, tokens, size))
    query, key, value = map(project, ("query", "key", "value"))
    scores = net.matmul(net.scale(query, size ** -0.5),
                        net.transpose(key, (0, 2, 1)))
    mixed = net.matmul(net.softmax(scores), value)
    mixed = net.transpose(net.reshape(mixed, (None, heads, tokens, size)),
                          (0, 2, 1, 3))
    return net.dense(f"{name}.out",
                     net.reshape(mixed, (None, tokens, width)), width)


def encoder(net, x, depth, heads):
    """Blocks of a transformer, norms first."""
    width = x.shape[2]
    for number in range(depth):
        name = f"block{number + 1}"
        x = net.add(x, attention(net, f"{name}.attention",
                                 net.layer_norm(f"{name}.norm1", x), heads))
        y = net.dense(f"{name}.fc1", net.layer_norm(f"{name}.norm2", x),
                      4 * width)
        x = net.add(x, net.dense(f"{name}.fc2", net.gelu(y), width))
    return net.layer_norm("norm", x)


def vit(patch, depth, heads):
    """A vision transformer whose tokens are averaged at the end."""
    def build(net, x, classes, width):
        x = net.conv("patches", x, width, patch, patch, pad=0)
        tokens = x.shape[1] * x.shape[2]
        x = net.reshape(x, (None, tokens, width))
        x = net.add(x, net.parameter("positions", (1, tokens, width)))
        x = net.transpose(encoder(net, x, depth, heads), (0, 2, 1))
        x = net.scale(net.reduce("sum", x), 1.0 / tokens)
        return net.dense("fc", net.reshape(x, (None, width)), classes)
    return build


def decoder(depth, heads, hidden):
    """The products of a decoder of language, by token: no weights are drawn
    before training, so billions of them take no room. Its attention is that of
    an encoder over the tokens, its feed-forward part gated as in Llama."""
    def build(net, x, classes, width):
        for number in range(depth):
            name = f"block{number + 1}"
            x = net.add(x, attention(net, f"{name}.attention",
                                     net.layer_norm(f"{name}.norm1", x), heads))
            y = net.layer_norm(f"{name}.norm2", x)
            gate = net.dense(f"{name}.gate", y, hidden)
            gate = net.mul(gate, net.unary("sigmoid", gate))
            y = net.mul(gate, net.dense(f"{name}.up", y, hidden))
            x = net.add(x, net.dense(f"{name}.down", y, width))
        return net.dense("head", net.layer_norm("norm", x), classes)
    return build


SMALL_STAGES = [(1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 2, 2), (6, 64, 2, 2)]
LARGE_STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
# What builds it, the input without the batch, classes, and width.
NETWORKS = {
    "mlp": (mlp, (28, 28, 1), 10, 256),
    "vgg7": (vgg7, (32, 32, 3), 10, 128),
    "resnet8": (resnet([1, 1, 1]), (32, 32, 3), 10, 16),
    "resnet20": (resnet([3, 3, 3]), (32, 32, 3), 10, 16),
    "resnet18": (resnet([2, 2, 2, 2], True), (224, 224, 3), 1000, 64),
    "resnet50": (resnet([3, 4, 6, 3], True, bottleneck), (224, 224, 3), 1000,
                 64),
    "mobilenetv2": (mobilenet_v2(LARGE_STAGES, 1280, 2), (224, 224, 3), 1000,
                    32),
    "mobilenetv2-small": (mobilenet_v2(SMALL_STAGES, 256, 1), (32, 32, 3), 10,
                          16),
    "keyword-spotter": (keyword_spotter, (49, 10, 1), 12, 64),
    "vit": (vit(4, 4, 4), (32, 32, 3), 10, 64),
    "decoder-7b": (decoder(32, 32, 11008), (1, 4096), 32000, 4096),
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("network", choices=NETWORKS)
    parser.add_argument("--input", help="extents of a sample, such as 28x28x1")
    parser.add_argument("--classes", type=int)
    parser.add_argument("--width", type=int,
                        help="channels of the first layers, and others with it")
    options = parser.parse_args()
    build, shape, classes, width = NETWORKS[options.network]
    if options.input:
        shape = tuple(map(int, options.input.split("x")))
    net = Function(options.network.replace("-", "_"), shape)
    sys.stdout.write(net.write(build(net, net.argument,
                                     options.classes or classes,
                                     options.width or width)))


if __name__ == "__main__":
    main()
