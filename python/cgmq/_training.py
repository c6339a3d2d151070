# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Training, calibration, quantization and evaluation on arrays.

Options have the meaning and the default of the passes' options of the same
names (docs/reference); what is None is left to the pass.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from . import _cgmq
from ._arrays import as_images, as_labels
from ._module import Module, Path, check_choice
from ._progress import Callback, Reporter

Granularity = Literal["layer", "channel", "element"]
Direction = Literal["cost", "gradient", "magnitude", "product"]
Loss = Literal["cross-entropy", "mse", "distill"]
Input = Literal["gated", "8"]

_CHOICES = {"granularity": Granularity, "direction": Direction, "loss": Loss, "input": Input}
_NUMBERS = {"epochs": float, "learning_rate": float, "batch": int, "validation": int,
            "limit": int, "seed": int, "patience": int, "checkpoint_steps": int,
            "threads": int, "samples": int}


def _quote(name: str, value: str) -> str:
    """A value as the text of a pipeline takes it."""
    if not any(character in value for character in " \t\n'\"{}"):
        return value
    for quote in "'\"":
        if quote not in value:
            return f"{quote}{value}{quote}"
    raise ValueError(f"{name}: expects a text without one of the two quotes, but got {value!r}")


def _format_option(name: str, value: object) -> str:
    if name in _CHOICES:
        value = check_choice(name, str(value), _CHOICES[name])
    elif name in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
            raise TypeError(f"{name}: expects a number, but got {value!r}")
        kind = _NUMBERS[name]
        if kind(value) != value:
            raise TypeError(f"{name}: expects a whole number, but got {value!r}")
        value = repr(kind(value))
    elif name == "widths":
        value = ",".join(str(int(width)) for width in value)
    elif name == "budget" and isinstance(value, float):
        raise TypeError("budget: expects a text, as '0.9%', or a whole number of "
                        f"bit-operations, but got {value!r}")
    else:
        value = os.fspath(value) if isinstance(value, os.PathLike) else str(value)
    return f"{name.replace('_', '-')}={_quote(name, value)}"


def _run(module: Module, passes: str, images: ArrayLike, labels: ArrayLike | None,
         phase: str, progress: Callback | bool | None, options: dict) -> Module:
    """A copy of the module that has gone through passes over data."""
    text = " ".join(_format_option(name, value) for name, value in options.items()
                    if value is not None)
    images = as_images(images)
    labels = as_labels(labels) if labels is not None else None
    result = module.clone()
    with Reporter(phase, progress) as reporter:
        _cgmq.run_over_data(result._module, passes, text, images, labels, reporter.function)
    return result


def _choose_loss(labels: ArrayLike | None, loss: str | None) -> str:
    """What training makes small, by what there is to train on."""
    if loss is not None:
        return loss
    if labels is None:
        return "distill"
    return "mse" if np.asarray(labels).dtype.kind == "f" else "cross-entropy"


def train(module: Module, images: ArrayLike, labels: ArrayLike, *,
          function: str | None = None, epochs: float | None = None,
          learning_rate: float | None = None, loss: Loss | None = None,
          batch: int | None = None, validation: int | None = None,
          limit: int | None = None, seed: int | None = None,
          patience: int | None = None, log: Path | None = None,
          checkpoint: Path | None = None, checkpoint_steps: int | None = None,
          resume: Path | None = None, threads: int | None = None,
          cache: Path | None = None,
          progress: Callback | bool | None = None) -> Module:
    """Trains the parameters of a float network (`cgmq-train`); a new module.

    `images` are samples along a leading dimension, [N, H, W, C] or as the
    function takes them (a last extent of one may be missing): floats, or uint8
    that stand for value / 255. `labels` are N classes, or floats that the
    function should give (`loss` is "mse" then).

    `progress` is called with a `Progress` after each step; an exception of its,
    or Ctrl-C, ends the run, and leaves a checkpoint if one was asked for, from
    which `resume` goes on. By default a bar is drawn on a terminal or in a
    notebook; False draws none.

    Raises Error where the data do not fit or the network cannot be trained.
    """
    options = dict(function=function, epochs=epochs, learning_rate=learning_rate,
                   loss=_choose_loss(labels, loss), batch=batch, validation=validation,
                   limit=limit, seed=seed, patience=patience, log=log,
                   checkpoint=checkpoint, checkpoint_steps=checkpoint_steps,
                   resume=resume, threads=threads, cache=cache)
    return _run(module, "cgmq-train", images, labels, "train", progress, options)


def calibrate(module: Module, images: ArrayLike, *, function: str | None = None,
              samples: int | None = None, seed: int | None = None,
              threads: int | None = None, cache: Path | None = None) -> Module:
    """Sets the ranges of a gated network from data (`cgmq-calibrate`); a new
    module. For `images` see `train`."""
    options = dict(function=function, samples=samples, seed=seed, threads=threads,
                   cache=cache)
    return _run(module, "cgmq-calibrate", images, None, "calibrate", False, options)


def optimize(module: Module, images: ArrayLike, labels: ArrayLike | None = None,
             budget: str | int | None = None, *, function: str | None = None,
             cost_model: str | None = None, direction: Direction | None = None,
             epochs: float | None = None, learning_rate: float | None = None,
             loss: Loss | None = None, batch: int | None = None,
             validation: int | None = None, limit: int | None = None,
             seed: int | None = None, patience: int | None = None,
             log: Path | None = None, checkpoint: Path | None = None,
             checkpoint_steps: int | None = None, resume: Path | None = None,
             threads: int | None = None, cache: Path | None = None,
             progress: Callback | bool | None = None) -> Module:
    """Learns weights, ranges and widths of a gated network under its bound
    (`cgmq-optimize`); a new module, gated still. See `quantize`."""
    options = dict(function=function, budget=budget, cost_model=cost_model,
                   direction=direction, epochs=epochs, learning_rate=learning_rate,
                   loss=_choose_loss(labels, loss), batch=batch, validation=validation,
                   limit=limit, seed=seed, patience=patience, log=log,
                   checkpoint=checkpoint, checkpoint_steps=checkpoint_steps,
                   resume=resume, threads=threads, cache=cache)
    return _run(module, "cgmq-optimize", images, labels, "optimize", progress, options)


def quantize(module: Module, images: ArrayLike, labels: ArrayLike | None = None,
             budget: str | int = "0.9%", *, function: str | None = None,
             cost_model: str | None = None, granularity: Granularity | None = None,
             widths: Sequence[int] | None = None, input: Input | int | None = None,
             direction: Direction | None = None, epochs: float | None = None,
             learning_rate: float | None = None, loss: Loss | None = None,
             batch: int | None = None, validation: int | None = None,
             limit: int | None = None, seed: int | None = None,
             patience: int | None = None, log: Path | None = None,
             checkpoint: Path | None = None, checkpoint_steps: int | None = None,
             resume: Path | None = None, threads: int | None = None,
             cache: Path | None = None,
             progress: Callback | bool | None = None) -> Module:
    """From a trained float network to an integer program that keeps a bound
    (`cgmq-quantize-pipeline`); a new module.

    `budget` is a share of the bit-operations at 32 bits ("0.9%"), their number,
    or several bounds ("bop:0.9%,memory:12%"). Without labels it learns to give
    what the float network gives. For `images`, `labels`, `progress` and Ctrl-C
    see `train`.

    Raises Error for a bound that no widths can keep, with the least that some
    can, where the data do not fit, or where the network cannot be quantized.
    """
    options = dict(function=function, budget=budget, cost_model=cost_model,
                   granularity=granularity, widths=widths, input=input,
                   direction=direction, epochs=epochs, learning_rate=learning_rate,
                   loss=_choose_loss(labels, loss), batch=batch, validation=validation,
                   limit=limit, seed=seed, patience=patience, log=log,
                   checkpoint=checkpoint, checkpoint_steps=checkpoint_steps,
                   resume=resume, threads=threads, cache=cache)
    return _run(module, "cgmq-quantize-pipeline", images, labels, "optimize", progress,
                options)


@dataclass(frozen=True)
class Evaluation:
    """What a classifier makes of data: its logits [N, classes], their greatest
    as predictions [N], and, where there are labels, how many are right."""

    logits: np.ndarray
    predictions: np.ndarray
    correct: int | None

    @property
    def accuracy_percent(self) -> float | None:
        """None without labels."""
        if self.correct is None:
            return None
        return 100 * self.correct / len(self.predictions)


def evaluate(module: Module, images: ArrayLike, labels: ArrayLike | None = None, *,
             function: str | None = None, batch: int = 128, threads: int = 0,
             cache: Path | None = None) -> Evaluation:
    """Runs a classifier, at any stage, over data. For `images` see `train`;
    `labels` are N classes.

    Raises TypeError or ValueError where they do not fit, Error where the
    function cannot be compiled.
    """
    run = module.compile(function, batch=batch, threads=threads, cache=cache)
    if len(run.arguments) != 1 or len(run.results) != 1 or len(run.results[0].shape) != 2:
        raise ValueError(f"{run!r}: expects a classifier, which takes samples and gives a "
                         "row of logits for each")
    images = as_images(images)
    if len(images) == 0:
        raise ValueError("images: expects samples, but got none")
    logits = run(images)
    predictions = logits.argmax(axis=1)
    if labels is None:
        return Evaluation(logits, predictions, None)
    labels = as_labels(labels)
    if labels.dtype.kind == "f" or labels.shape != (len(images),):
        raise ValueError(f"labels: expects {len(images)} classes, one for each sample, but "
                         f"got {labels.dtype} of shape {list(labels.shape)}")
    wrong = (labels < 0) | (labels >= logits.shape[1])
    if wrong.any():
        at = int(wrong.argmax())
        raise ValueError(f"labels: expects classes in [0, {logits.shape[1]}), but got "
                         f"{labels[at]} at sample {at}")
    return Evaluation(logits, predictions, int((predictions == labels).sum()))
