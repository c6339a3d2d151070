# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What runs over data can be told: one table, and how passes take it.

Options have the meaning and the default of the passes' options of the same
names (docs/reference); what is left out, or None, is left to the pass.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypedDict, get_args, get_origin, get_type_hints

import numpy as np

from . import _cgmq
from ._module import Path, check_choice

Granularity = Literal["layer", "channel", "element"]
Loss = Literal["cross-entropy", "mse", "distill"]
Input = Literal["gated", "8", 8]
Functions = Literal["tables", "floats"]
Form = Literal["integer", "frozen"]
# A word out of those that the function gives, now: libraries can add theirs.
Direction = Annotated[str, _cgmq.get_directions]


class RunOptions(TypedDict, total=False):
    """Of all runs over data."""

    function: str
    seed: int
    threads: int
    cache: Path


class CalibrateOptions(RunOptions, total=False):
    """Of `calibrate`."""

    samples: int


class TrainOptions(RunOptions, total=False):
    """Of `train`."""

    epochs: float
    learning_rate: float
    loss: Loss
    batch: int
    validation: int
    limit: int
    patience: int
    log: Path
    checkpoint: Path
    checkpoint_steps: int
    resume: Path


class OptimizeOptions(TrainOptions, total=False):
    """Of `optimize`: those of `train`, and how gates move."""

    cost_model: str
    direction: Direction


class QuantizeOptions(OptimizeOptions, total=False):
    """Of `quantize`: those of `optimize`, what gets gates, and what is left."""

    granularity: Granularity
    widths: Sequence[int]
    input: Input
    functions: Functions
    form: Form


def get_kinds(table: type) -> dict[str, Any]:
    """The options of a table with their types."""
    return get_type_hints(table, include_extras=True)


def get_choices(kind: Any) -> tuple[str, ...]:
    """The words that an option takes; none where it takes others than words."""
    if get_origin(kind) is Annotated:
        return tuple(kind.__metadata__[0]())
    if get_origin(kind) is Literal:
        return tuple(dict.fromkeys(map(str, get_args(kind))))
    return ()


def _quote(name: str, value: str) -> str:
    """A value as the text of a pipeline takes it."""
    if not any(character in value for character in " \t\n'\"{}"):
        return value
    for quote in "'\"":
        if quote not in value:
            return f"{quote}{value}{quote}"
    raise ValueError(f"{name}: expects a text without one of the two quotes, but got {value!r}")


def _format_value(name: str, value: object, kind: Any) -> str:
    if choices := get_choices(kind):
        return check_choice(name, str(value), Literal[choices])
    if kind in (int, float):
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
            raise TypeError(f"{name}: expects a number, but got {value!r}")
        if kind(value) != value:
            raise TypeError(f"{name}: expects a whole number, but got {value!r}")
        return repr(kind(value))
    if get_origin(kind) is Sequence:
        return ",".join(str(int(entry)) for entry in value)
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _format_option(name: str, value: object, kind: Any) -> str:
    return f"{name.replace('_', '-')}={_quote(name, _format_value(name, value, kind))}"


def format_options(table: type, options: Mapping[str, object],
                   budget: str | int | None = None) -> str:
    """Options, and a budget, as the text that a pass takes.

    Raises TypeError for one that is not in the table, TypeError or ValueError for
    a value that is none of its.
    """
    if isinstance(budget, float):
        raise TypeError("budget: expects a text, as '0.9%', or a whole number of "
                        f"bit-operations, but got {budget!r}")
    kinds = get_kinds(table)
    for name in options:
        if name not in kinds:
            raise TypeError(f"expects options {', '.join(kinds)}, but got {name!r}")
    kinds["budget"] = str
    return " ".join(_format_option(name, value, kinds[name])
                    for name, value in {"budget": budget, **options}.items()
                    if value is not None)
