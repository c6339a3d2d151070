# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Training, calibration, quantization and evaluation on arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from . import _cgmq
from ._arrays import as_images, as_labels
from ._module import Module, Path
from ._options import (CalibrateOptions, OptimizeOptions, QuantizeOptions, TrainOptions,
                       format_options)
from ._progress import Callback, Reporter

if TYPE_CHECKING:
    from typing import Unpack


def _run(module: Module, passes: str, images: ArrayLike, labels: ArrayLike | None,
         phase: str, progress: Callback | bool | None, text: str) -> Module:
    """A copy of the module that has gone through passes over data."""
    images = as_images(images)
    labels = as_labels(labels) if labels is not None else None
    result = module.clone()
    with Reporter(phase, progress) as reporter:
        _cgmq.run_over_data(result._module, passes, text, images, labels, reporter.function)
    return result


def _add_loss(options: Mapping[str, object], labels: ArrayLike | None) -> dict[str, object]:
    """The options, and what training makes small, by what there is to train on."""
    if options.get("loss") is not None:
        return dict(options)
    if labels is None:
        loss = "distill"
    else:
        loss = "mse" if np.asarray(labels).dtype.kind == "f" else "cross-entropy"
    return {**options, "loss": loss}


def train(module: Module, images: ArrayLike, labels: ArrayLike, *,
          progress: Callback | bool | None = None, **options: Unpack[TrainOptions]) -> Module:
    """Trains the parameters of a float network (`cgmq-train`); a new module.

    `images` are samples along a leading dimension, [N, H, W, C] or as the
    function takes them (a last extent of one may be missing): floats, or uint8
    that stand for value / 255. `labels` are N classes, or floats that the
    function should give (`loss` is "mse" then). The options are those of
    `TrainOptions`.

    `progress` is called with a `Progress` after each step; an exception of its,
    or Ctrl-C, ends the run, and leaves a checkpoint if one was asked for, from
    which `resume` goes on. By default a bar is drawn on a terminal or in a
    notebook; False draws none.

    Raises Error where the data do not fit or the network cannot be trained,
    TypeError or ValueError for options that are none.
    """
    text = format_options(TrainOptions, _add_loss(options, labels))
    return _run(module, "cgmq-train", images, labels, "train", progress, text)


def calibrate(module: Module, images: ArrayLike,
              **options: Unpack[CalibrateOptions]) -> Module:
    """Sets the ranges of a gated network from data (`cgmq-calibrate`); a new
    module. For `images` see `train`; the options are those of
    `CalibrateOptions`."""
    text = format_options(CalibrateOptions, options)
    return _run(module, "cgmq-calibrate", images, None, "calibrate", False, text)


def optimize(module: Module, images: ArrayLike, labels: ArrayLike | None = None,
             budget: str | int | None = None, *, progress: Callback | bool | None = None,
             **options: Unpack[OptimizeOptions]) -> Module:
    """Learns weights, ranges and widths of a gated network under its bound
    (`cgmq-optimize`); a new module, gated still. The options are those of
    `OptimizeOptions`; see `quantize`."""
    text = format_options(OptimizeOptions, _add_loss(options, labels), budget)
    return _run(module, "cgmq-optimize", images, labels, "optimize", progress, text)


def quantize(module: Module, images: ArrayLike, labels: ArrayLike | None = None,
             budget: str | int = "0.9%", *, progress: Callback | bool | None = None,
             **options: Unpack[QuantizeOptions]) -> Module:
    """From a trained float network to an integer program that keeps a bound
    (`cgmq-quantize-pipeline`); a new module.

    `budget` is a share of the bit-operations at 32 bits ("0.9%"), their number,
    or several bounds ("bop:0.9%,memory:12%"). Without labels it learns to give
    what the float network gives. The options are those of `QuantizeOptions`; for
    `images`, `labels`, `progress` and Ctrl-C see `train`. With `form="frozen"` it
    ends before it becomes integers: as what `cgmq-lower-to-integer`,
    `cgmq-lower-to-tosa`, `cgmq-lower-to-qdq` and `save("x.onnx")` take.

    Raises Error for a bound that no widths can keep, with the least that some
    can, where the data do not fit, or where the network cannot be quantized,
    TypeError or ValueError for options that are none.
    """
    text = format_options(QuantizeOptions, _add_loss(options, labels), budget)
    return _run(module, "cgmq-quantize-pipeline", images, labels, "optimize", progress, text)


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
