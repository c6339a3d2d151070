# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The training steps that cgmq compiles, written in PyTorch.

All do the same work: the loss, its gradient with respect to weights, biases,
ranges and what every quantizer gives, Adam for all but the gates, and the
direction `magnitude` for the gates.
"""

import functools

import torch
import torch.nn.functional as F

from torch_networks import NETWORKS, Parameters, forward

LEARNING_RATE, GATE_RATE = 1e-3, 1e-6
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
WIDTHS, BOUNDS = (2, 4, 8, 16, 32), (1.0, 2.0, 3.0, 4.0)
LOWEST_GATE, HIGHEST_GATE, LEAST_DIRECTION = 0.5, 5.5, 0.1


class Adam:
    """Adam over one buffer: a handful of operations, whatever the network."""

    def __init__(self, parameters):
        self.values, self.gradients = parameters.values, parameters.gradients
        self.first = torch.zeros_like(self.values)
        self.second = torch.zeros_like(self.values)
        self.root = torch.zeros_like(self.values)
        self.ranges = parameters.range_values
        self.number = 0

    def step(self):
        self.number += 1
        correction1 = 1 / (1 - BETA1 ** self.number)
        correction2 = 1 / (1 - BETA2 ** self.number)
        gradients = self.gradients
        half = self.ranges * 0.5
        self.first.lerp_(gradients, 1 - BETA1)
        self.second.mul_(BETA2).addcmul_(gradients, gradients, value=1 - BETA2)
        torch.mul(self.second, correction2, out=self.root)
        self.root.sqrt_().add_(EPSILON)
        self.values.addcdiv_(self.first, self.root,
                             value=-LEARNING_RATE * correction1)
        torch.maximum(self.ranges, half, out=self.ranges)


class FloatStep:
    def __init__(self, network, directory, channels_last):
        self.network, self.channels_last = network, channels_last
        self.parameters = Parameters(network, directory, channels_last)
        self.adam = Adam(self.parameters)

    def quantizers(self, position, name, x):
        leaves = self.parameters.leaves
        return x, leaves[f"{name}.weight"], leaves[f"{name}.bias"]

    def __call__(self, images, labels):
        self.parameters.gradients.zero_()
        logits = forward(self.network, self.quantizers, images,
                         self.channels_last)
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        self.adam.step()
        return loss


class Quantizer:
    """What one range and one gate govern; the gate is a scalar or has the shape
    of what it governs, without the batch."""

    def __init__(self, name, index):
        self.name, self.index = name, index
        self.is_activation = ".act" in name
        self.is_signed = not self.is_activation


class GateGroup:
    """Gates that are normalized together, in one buffer."""

    def __init__(self, quantizers, parameters):
        self.quantizers = quantizers
        gates = [parameters.load_gate(q.name) for q in quantizers]
        self.values = torch.cat([parameters.flatten(gate) for gate in gates])
        flats = self.values.split([gate.numel() for gate in gates])
        for quantizer, gate, flat in zip(quantizers, gates, flats):
            quantizer.flat_gate = flat
            quantizer.view = functools.partial(parameters.view,
                                               shape=gate.shape)
            quantizer.gate = quantizer.view(flat)
            quantizer.is_scalar = gate.dim() == 0

    def move(self, gradients, values):
        """Lowers gates, as where a budget is violated; the statistics are
        means of |dL/dx| and |x|, flat."""
        importance = gradients.add_(values).clamp_(min=1e-20)
        direction = importance.reciprocal_()
        direction.div_(direction.max()).clamp_(min=LEAST_DIRECTION)
        self.values.sub_(direction, alpha=GATE_RATE).clamp_(
            LOWEST_GATE, HIGHEST_GATE)


class GatedStep(FloatStep):
    """What both ways to quantize have in common."""

    def __init__(self, network, directory, channels_last):
        super().__init__(network, directory, channels_last)
        names = [name.removesuffix(".range") for name in self.parameters.ranges]
        self.by_name = {name: Quantizer(name, index)
                        for index, name in enumerate(names)}
        self.activations = [self.by_name[f"{network}.act{position}"]
                            for position in range(len(NETWORKS[network]))]
        self.groups = [
            GateGroup([q for q in self.by_name.values()
                       if q.is_activation == is_activation], self.parameters)
            for is_activation in (True, False)]

    def mean_abs(self, quantizer, tensor):
        """The mean of magnitudes over what each unit of a gate governs."""
        if quantizer.is_scalar:
            return torch.linalg.vector_norm(tensor, 1) / tensor.numel()
        if quantizer.is_activation:
            return torch.linalg.vector_norm(tensor, 1, dim=0, keepdim=True) \
                / len(tensor)
        return tensor.abs()

    def move_gates(self, statistics):
        """`statistics`: of each quantizer the means of |dL/dx| and of |x|."""
        for group in self.groups:
            pairs = [statistics[quantizer.index]
                     for quantizer in group.quantizers]
            gradients, values = (
                torch.cat([self.parameters.flatten(pair[i]) for pair in pairs])
                for i in range(2))
            group.move(gradients, values)


# One rounding at the selected width, by hand. PyTorch's own fused quantizers
# (fake_quantize_per_tensor_affine) are slower than the passes below.


class Round(torch.autograd.Function):
    """Quantizes with the present grid of a quantizer. Leaves the gradient of
    the range and the statistics with the step."""

    @staticmethod
    def forward(context, x, leaf, quantizer, step):
        grid = quantizer.grid
        if grid.step is None:
            rounded = x.clamp(grid.low, grid.high)
        else:
            rounded = x * grid.inverse
            rounded.round_().clamp_(grid.low, grid.high).mul_(grid.step)
            if grid.is_float is not None:
                rounded = torch.where(
                    grid.is_float,
                    x.clamp(-grid.beta if quantizer.is_signed else 0.0,
                            grid.beta), rounded)
        context.save_for_backward(x, rounded)
        context.quantizer, context.step = quantizer, step
        if quantizer.aligned_step is None:
            return rounded
        # A bias, on the grid of its accumulator.
        aligned = quantizer.aligned_step
        return (rounded / aligned).round_().mul_(aligned)

    @staticmethod
    def backward(context, gradient):
        x, rounded = context.saved_tensors
        quantizer, step = context.quantizer, context.step
        beta, flatten = quantizer.grid.beta, step.parameters.flatten
        # What is unsigned is never below zero; zero itself lies inside.
        low = -beta if quantizer.is_signed else -1.0
        inside = torch.ops.aten.hardtanh_backward(gradient, x, low, beta)
        through_step = torch.dot(flatten(inside), flatten(rounded - x))
        if quantizer.is_signed:
            through_clip = torch.dot(flatten(gradient - inside),
                                     flatten(x.sign()))
        else:
            through_clip = gradient.sum() - inside.sum()
        index = quantizer.index
        step.through_step[index] = through_step
        step.through_clip[index] = through_clip
        step.statistics[index] = (step.mean_abs(quantizer, gradient),
                                  step.mean_abs(quantizer, x))
        return inside, None, None, None


class Grid:
    """The grid that a gate selects: numbers, or a tensor for element gates.
    `step` is None where all is float, `is_float` None where nothing is."""

    def __init__(self, quantizer, beta):
        self.beta, is_signed = beta, quantizer.is_signed
        extent = 2 * beta if is_signed else beta
        codes = [2 ** (width - 1) - 1 if is_signed else 2 ** width - 1
                 for width in WIDTHS]
        steps = [extent / (2 ** width - 1) for width in WIDTHS]
        self.is_float = None
        if quantizer.is_scalar:
            gate = quantizer.gate.item()
            width = sum(gate > bound for bound in BOUNDS)
            self.finest = self.step = steps[width] if width < 4 else None
            self.inverse = 1 / self.step if self.step else None
            self.high = codes[width] if width < 4 else beta
            self.low = -self.high if is_signed else 0
            return
        width = torch.bucketize(quantizer.flat_gate, torch.tensor(BOUNDS))

        def select(values):
            return quantizer.view(
                torch.tensor(values, dtype=torch.float32)[width])

        self.step = select(steps)
        self.inverse = select([1 / step for step in steps])
        self.high = select(codes)
        self.low = -self.high if is_signed else torch.zeros(())
        widest = int(width.max())
        self.finest = steps[widest] if widest < 4 else None
        if widest == 4:
            self.is_float = quantizer.view(width == 4)


class DirectStep(GatedStep):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        count = len(self.by_name)
        self.through_step, self.through_clip = [None] * count, [None] * count
        self.statistics = [None] * count

    def prepare(self):
        """Looks at ranges and gates once for the whole step."""
        betas = self.parameters.range_values.tolist()
        for quantizer in self.by_name.values():
            quantizer.grid = Grid(quantizer, betas[quantizer.index])
            quantizer.aligned_step = None
        return betas

    def quantizers(self, position, name, x):
        leaves = self.parameters.leaves
        activation = self.activations[position]
        weight = self.by_name[f"{name}.weight"]
        bias = self.by_name[f"{name}.bias"]
        if None not in (activation.grid.finest, weight.grid.finest):
            bias.aligned_step = activation.grid.finest * weight.grid.finest

        def quantize(tensor, quantizer):
            return Round.apply(tensor, leaves[quantizer.name + ".range"],
                               quantizer, self)

        return (quantize(x, activation),
                quantize(leaves[weight.name], weight),
                quantize(leaves[bias.name], bias))

    def __call__(self, images, labels):
        self.parameters.gradients.zero_()
        betas = self.prepare()
        logits = forward(self.network, self.quantizers, images,
                         self.channels_last)
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        self.parameters.range_gradients.copy_(
            torch.stack(self.through_clip) +
            torch.stack(self.through_step) / torch.tensor(betas))
        self.move_gates(self.statistics)
        self.adam.step()
        return loss


# The five-level sum, by autograd.


class StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        return torch.round(x)

    @staticmethod
    def backward(context, gradient):
        return gradient


def quantize_residual(x, beta, gate, is_signed):
    """x2 + z4 * (e4 + z8 * (e8 + z16 * (e16 + z32 * e32)))."""
    nearly = 1 - 1e-7
    if is_signed:
        x = torch.minimum(torch.maximum(x, -beta * nearly), beta * nearly)
        step = 2 * beta / 3
    else:
        x = torch.minimum(x.clamp(min=0), beta * nearly)
        step = beta / 3
    total = step * StraightThrough.apply(x / step)
    levels = [total]
    for width in WIDTHS[1:]:
        step = step / (2 ** (width // 2) + 1)
        error = step * StraightThrough.apply((x - total) / step)
        total = total + error
        levels.append(error)
    result = levels[-1] * (gate > BOUNDS[-1])
    for level, bound in zip(levels[-2:0:-1], BOUNDS[-2::-1]):
        result = (level + result) * (gate > bound)
    return levels[0] + result


class ResidualStep(GatedStep):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        leaves = self.parameters.leaves
        self.ranges = [leaves[name] for name in self.parameters.ranges]
        self.optimizer = torch.optim.Adam(
            leaves.values(), lr=LEARNING_RATE, betas=(BETA1, BETA2),
            eps=EPSILON, foreach=True)

    def quantize(self, x, quantizer):
        beta = self.parameters.leaves[quantizer.name + ".range"]
        result = quantize_residual(x, beta, quantizer.gate,
                                   quantizer.is_signed)
        result.retain_grad()
        self.seen[quantizer.index] = (x, result)
        return result

    @torch.no_grad()
    def get_step(self, quantizer):
        """The finest step in use, zero at 32 bits."""
        beta = self.parameters.leaves[quantizer.name + ".range"]
        width = torch.bucketize(quantizer.gate.max(), torch.tensor(BOUNDS))
        steps = torch.tensor([2.0 ** width - 1 for width in WIDTHS[:4]] +
                             [torch.inf])
        return (2 if quantizer.is_signed else 1) * beta / steps[width]

    def quantizers(self, position, name, x):
        leaves = self.parameters.leaves
        activation = self.activations[position]
        weight = self.by_name[f"{name}.weight"]
        bias = self.by_name[f"{name}.bias"]
        quantized = self.quantize(leaves[bias.name], bias)
        step = self.get_step(activation) * self.get_step(weight)
        if step > 0:
            quantized = StraightThrough.apply(quantized / step) * step
        return (self.quantize(x, activation),
                self.quantize(leaves[weight.name], weight), quantized)

    def __call__(self, images, labels):
        self.optimizer.zero_grad(set_to_none=True)
        self.seen = [None] * len(self.by_name)
        logits = forward(self.network, self.quantizers, images,
                         self.channels_last)
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        with torch.no_grad():
            self.move_gates([
                (self.mean_abs(quantizer, result.grad),
                 self.mean_abs(quantizer, x))
                for quantizer, (x, result) in zip(self.by_name.values(),
                                                  self.seen)])
            half = torch._foreach_mul(self.ranges, 0.5)
            self.optimizer.step()
            for beta, least in zip(self.ranges, half):
                torch.maximum(beta, least, out=beta)
        return loss


VARIANTS = {"float": FloatStep, "direct": DirectStep, "residual": ResidualStep}
