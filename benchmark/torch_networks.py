# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The networks of test/Models in PyTorch, and their parameters from files."""

import json
import os
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F


@dataclass
class Layer:
    """A contraction, with what follows it."""
    name: str
    is_convolution: bool
    padding: int = 0
    relu: bool = True
    pool: bool = False


def convolution(name, padding=0, pool=False):
    return Layer(name, True, padding, pool=pool)


def linear(name, relu=True):
    return Layer(name, False, relu=relu)


NETWORKS = {
    "lenet5": [convolution("conv1", pool=True), convolution("conv2", pool=True),
               linear("fc1"), linear("fc2", relu=False)],
    "classic": [convolution("conv1", pool=True),
                convolution("conv2", pool=True), linear("fc1"), linear("fc2"),
                linear("fc3", relu=False)],
    "deep": [convolution(f"conv{i}", padding=1, pool=i % 2 == 0)
             for i in range(1, 7)] + [linear("fc", relu=False)],
}


class Parameters:
    """The parameters of a network as leaves that share one buffer, and their
    gradients as views of another, so that an optimizer can take all at once.

    Ranges stand at the end. Convolutional weights are views of shape [f, c, h,
    w]; with `channels_last` their storage is [f, h, w, c].
    """

    def __init__(self, network, directory, channels_last):
        with open(os.path.join(directory, "parameters.json")) as file:
            self.shapes = json.load(file)
        self.directory = directory
        layers = NETWORKS[network]
        self.ranges = sorted(
            (name for name in self.shapes if name.endswith(".range")),
            key=lambda name: (".act" not in name, name))
        names = [f"{layer.name}.{kind}" for layer in layers
                 for kind in ("weight", "bias")]
        pieces, views = [], []
        for name in names + self.ranges:
            value = torch.from_numpy(self.load(name))
            shape = value.shape
            if name.endswith(".weight") and len(shape) == 4:
                if channels_last:
                    views.append(lambda flat, s=shape:
                                 flat.view(s).permute(0, 3, 1, 2))
                else:
                    value = value.permute(0, 3, 1, 2)
                    views.append(lambda flat, s=value.shape: flat.view(s))
            elif name.endswith(".range"):
                views.append(lambda flat: flat.view(()))
            elif name.endswith(".bias"):
                views.append(lambda flat: flat)
            else:
                value = value.squeeze(0)
                if not channels_last:
                    value = self.order_rows(layers, name, value)
                views.append(lambda flat, s=value.shape: flat.view(s))
            pieces.append(value.reshape(-1))
        sizes = [len(piece) for piece in pieces]
        self.values = torch.cat(pieces)
        self.gradients = torch.zeros_like(self.values)
        self.leaves = {}
        for name, view, value, gradient in zip(
                names + self.ranges, views, self.values.split(sizes),
                self.gradients.split(sizes)):
            leaf = view(value).detach().requires_grad_()
            leaf.grad = view(gradient)
            self.leaves[name] = leaf
        self.range_values = self.values[len(self.values) - len(self.ranges):]
        self.range_gradients = self.gradients[
            len(self.values) - len(self.ranges):]

    def load(self, name):
        data = np.fromfile(os.path.join(self.directory, name + ".f32"),
                           np.float32)
        return data.reshape(self.shapes[name])

    def order_rows(self, layers, name, weight):
        """Rows that count channels last to rows that count them first."""
        before = None
        for layer in layers:
            if name == f"{layer.name}.weight" and before is not None:
                channels = self.shapes[f"{before.name}.weight"][0]
                pixels = len(weight) // channels
                return weight.view(pixels, channels, -1).permute(
                    1, 0, 2).reshape(len(weight), -1)
            before = layer if layer.is_convolution else None
        return weight


def forward(network, quantizers, x, channels_last):
    """The logits. `quantizers` gives the operands of each contraction."""
    for position, layer in enumerate(NETWORKS[network]):
        x, weight, bias = quantizers(position, layer.name, x)
        if layer.is_convolution:
            x = F.conv2d(x, weight, bias, padding=layer.padding)
        else:
            if x.dim() == 4:
                x = (x.permute(0, 2, 3, 1) if channels_last else x).flatten(1)
            x = torch.addmm(bias, x, weight)
        if layer.relu:
            x = F.relu(x)
        if layer.pool:
            x = F.max_pool2d(x, 2)
    return x
