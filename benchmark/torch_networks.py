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

    Files hold what cgmq has: channels last. Tensors of rank 4 are [f, c, h, w]
    to PyTorch and lie in the buffer as `channels_last` says; rows of the first
    linear layer follow. Ranges, those of activations first, end the buffer.
    """

    def __init__(self, network, directory, channels_last):
        with open(os.path.join(directory, "parameters.json")) as file:
            self.shapes = json.load(file)
        self.directory, self.channels_last = directory, channels_last
        self.layers = NETWORKS[network]
        self.ranges = sorted(
            (name for name in self.shapes if name.endswith(".range")),
            key=lambda name: (".act" not in name, name))
        names = [f"{layer.name}.{kind}" for layer in self.layers
                 for kind in ("weight", "bias")] + self.ranges
        loaded = [self.load(name, name) for name in names]
        self.values = torch.cat([self.flatten(value) for value in loaded])
        self.gradients = torch.zeros_like(self.values)
        sizes = [value.numel() for value in loaded]
        self.leaves = {}
        for name, value, flat, gradient in zip(
                names, loaded, self.values.split(sizes),
                self.gradients.split(sizes)):
            leaf = self.view(flat, value.shape).detach().requires_grad_()
            leaf.grad = self.view(gradient, value.shape)
            self.leaves[name] = leaf
        first_range = len(self.values) - len(self.ranges)
        self.range_values = self.values[first_range:]
        self.range_gradients = self.gradients[first_range:]

    def flatten(self, tensor):
        """The elements in the order of the buffer."""
        if self.channels_last and tensor.dim() == 4:
            tensor = tensor.permute(0, 2, 3, 1)
        return tensor.reshape(-1)

    def view(self, flat, shape):
        """A tensor of `shape` on what `flatten` gives."""
        if self.channels_last and len(shape) == 4:
            f, c, h, w = shape
            return flat.view(f, h, w, c).permute(0, 3, 1, 2)
        return flat.view(shape)

    def load(self, symbol, owner):
        """What cgmq has of `symbol`, in the shape that PyTorch has of `owner`,
        a parameter or an activation."""
        data = np.fromfile(os.path.join(self.directory, symbol + ".f32"),
                           np.float32)
        value = torch.from_numpy(data.reshape(self.shapes[symbol]))
        if value.dim() == 4:
            return value.permute(0, 3, 1, 2)
        if owner.endswith(".bias") and value.dim() > 0:
            return value.reshape(-1)
        if owner.endswith(".weight") and value.dim() > 0:
            return self.order_rows(owner, value.squeeze(0))
        return value

    def load_gate(self, owner):
        return self.load(owner + ".gate", owner)

    def order_rows(self, name, weight):
        """Rows that count channels last to rows that count them as they lie."""
        position = [f"{layer.name}.weight" for layer in self.layers].index(name)
        before = self.layers[position - 1]
        if self.channels_last or not before.is_convolution:
            return weight
        channels = self.shapes[f"{before.name}.weight"][0]
        return weight.view(-1, channels, weight.shape[1]).transpose(
            0, 1).reshape(weight.shape)


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
