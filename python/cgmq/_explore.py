# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Several bounds from one float network."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from ._cost import Cost
from ._module import Module
from ._options import QuantizeOptions
from ._training import evaluate, quantize

if TYPE_CHECKING:
    from typing import Unpack


@dataclass(frozen=True)
class Point:
    """An integer program that came of a bound, or of one width everywhere.

    `epochs` is the course of its training, as the log has it.
    """

    label: str
    module: Module
    cost: Cost
    accuracy_percent: float
    epochs: tuple[dict[str, Any], ...]

    @property
    def rbop_percent(self) -> float:
        """What it costs."""
        return self.cost.rbop_percent


@dataclass(frozen=True)
class Exploration:
    """What several bounds, and beside them uniform widths, give.

    Accuracies are those of `measure`: "accuracy", or where there were no labels
    "agreement" with the predictions of the float network. As text it is a table.
    """

    measure: str
    float_accuracy_percent: float
    points: tuple[Point, ...]
    uniform: tuple[Point, ...]

    def __str__(self) -> str:
        rows = [("", "RBOP", self.measure),
                ("float", "100 %", f"{self.float_accuracy_percent:.2f} %")]
        rows += [(point.label, f"{point.rbop_percent:.4f} %", f"{point.accuracy_percent:.2f} %")
                 for point in (*self.points, *self.uniform)]
        return "\n".join(f"{label:16}{rbop:>12}{accuracy:>12}" for label, rbop, accuracy in rows)


def _quantize(label: str, module: Module, images: ArrayLike, labels: ArrayLike | None,
              budget: str | int, test: tuple[ArrayLike, ArrayLike], function: str | None,
              options: dict) -> Point:
    with tempfile.TemporaryDirectory() as directory:
        log = os.path.join(directory, "log.json")
        program = quantize(module, images, labels, budget, function=function, log=log, **options)
        with open(log) as file:
            epochs = tuple(json.load(file)["epochs"])
    accuracy = evaluate(program, *test, function=function).accuracy_percent
    return Point(label, program, program.cost(), accuracy, epochs)


def explore(module: Module, images: ArrayLike, labels: ArrayLike | None = None,
            budgets: Iterable[str | int] = ("0.9%", "2%", "5%"), *,
            test: tuple[ArrayLike, ArrayLike | None] | None = None,
            uniform: Sequence[int] = (2, 4, 8), function: str | None = None,
            **options: Unpack[QuantizeOptions]) -> Exploration:
    """Quantizes a float network under each of several bounds, and at each of
    several widths everywhere.

    `test` are images and labels to tell accuracies by; without them those that
    it learns from are taken. Without labels the predictions of the float network
    stand in for them. Other options are those of `quantize`, which also says
    what is raised.
    """
    test_images, test_labels = test if test is not None else (images, labels)
    reference = evaluate(module, test_images, test_labels, function=function)
    measure = "accuracy" if test_labels is not None else "agreement"
    if test_labels is None:
        test_labels = reference.predictions
    data = (test_images, test_labels)
    points = tuple(_quantize(str(budget), module, images, labels, budget, data, function, options)
                   for budget in budgets)
    pinned = tuple(
        _quantize(f"{width} bits", module, images, labels, "100%", data, function,
                  {**options, "widths": [width]}) for width in uniform)
    accuracy = reference.accuracy_percent if measure == "accuracy" else 100.0
    return Exploration(measure, accuracy, points, pinned)
