# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pictures, by matplotlib."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ._cost import Cost
from ._explore import Exploration
from ._module import Path

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _make_figure(width: float, height: float) -> Figure:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("pictures are drawn by matplotlib, which is not installed "
                          "(python3-matplotlib)") from error
    return Figure(figsize=(width, height), layout="constrained")


def save_figure(figure: Figure, path: Any) -> None:
    """As PNG or SVG, by the name; the same picture is the same file."""
    import matplotlib
    name = os.fspath(path) if isinstance(path, (str, os.PathLike)) else "x.svg"
    kind = os.path.splitext(name)[1].lstrip(".")
    if kind not in ("png", "svg"):
        raise ValueError(f"'{name}': expects a name that ends in .png or .svg")
    metadata = {"Date": None} if kind == "svg" else None
    with matplotlib.rc_context({"svg.hashsalt": "cgmq"}):
        figure.savefig(path, format=kind, dpi=150, metadata=metadata)


def _finish(figure: Figure, path: Path | None) -> Figure:
    if path is not None:
        save_figure(figure, path)
    return figure


def plot_widths(cost: Cost, path: Path | None = None) -> Figure:
    """The widths of each layer's two factors; means, where units have their own.

    Returns the figure, and writes it as PNG or SVG if there is a path. Raises
    ImportError without matplotlib.
    """
    figure = _make_figure(max(4, 1 + 0.8 * len(cost.layers)), 3.2)
    axes = figure.subplots()
    positions = range(len(cost.layers))
    for side, name in enumerate(("activation", "weight")):
        bits = [layer.bits[side] for layer in cost.layers]
        bars = axes.bar([at + 0.4 * (side - 0.5) for at in positions], bits, 0.38, label=name)
        axes.bar_label(bars, [f"{width:.3g}" for width in bits], fontsize=8)
    axes.set_xticks(list(positions), [layer.name for layer in cost.layers], rotation=30,
                    ha="right")
    axes.set_ylabel("bits")
    axes.set_title(f"{cost.function}: RBOP {cost.rbop_percent:.4g} %")
    axes.legend()
    return _finish(figure, path)


def plot_accuracy(exploration: Exploration, path: Path | None = None) -> Figure:
    """Accuracy against RBOP, beside uniform widths and the float network.

    Returns and raises what `plot_widths` does.
    """
    figure = _make_figure(5.5, 3.8)
    axes = figure.subplots()
    for points, name, mark in ((exploration.points, "learned widths", "o-"),
                               (exploration.uniform, "uniform widths", "s--")):
        points = sorted(points, key=lambda point: point.rbop_percent)
        if points:
            axes.plot([point.rbop_percent for point in points],
                      [point.accuracy_percent for point in points], mark, label=name)
        for point in points:
            axes.annotate(point.label, (point.rbop_percent, point.accuracy_percent),
                          xytext=(4, 4), textcoords="offset points", fontsize=7)
    axes.axhline(exploration.float_accuracy_percent, color="gray", linestyle=":", label="float")
    axes.set_xscale("log")
    axes.set_xlabel("RBOP (%)")
    axes.set_ylabel(f"{exploration.measure} (%)")
    axes.legend()
    return _finish(figure, path)


def read_epochs(log: Path | Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """The epochs of a log, which may be a file."""
    if not isinstance(log, (str, os.PathLike)):
        return log
    with open(log) as file:
        return json.load(file)["epochs"]


def plot_course(log: Path | Sequence[dict[str, Any]], path: Path | None = None) -> Figure:
    """Loss, score and RBOP epoch by epoch, of a log (`log=` of `train`,
    `optimize` and `quantize`) or of `Point.epochs`.

    Returns and raises what `plot_widths` does; OSError where the log cannot be
    read.
    """
    epochs = read_epochs(log)
    keys = [("loss", "loss"), ("validation_accuracy_percent", "accuracy (%)"),
            ("validation_agreement_percent", "agreement (%)"),
            ("validation_squared_error", "squared error"), ("rbop_percent", "RBOP (%)")]
    keys = [(key, name) for key, name in keys if any(key in epoch for epoch in epochs)]
    figure = _make_figure(5.5, 1.6 * len(keys) + 0.6)
    rows = figure.subplots(len(keys), 1, sharex=True, squeeze=False)[:, 0]
    for axes, (key, name) in zip(rows, keys):
        shown = [epoch for epoch in epochs if key in epoch]
        axes.plot([epoch["epoch"] for epoch in shown], [epoch[key] for epoch in shown], "o-",
                  markersize=3)
        axes.set_ylabel(name)
        if key == "rbop_percent":
            axes.set_yscale("log")
        frozen = [epoch["epoch"] for epoch in epochs if epoch.get("frozen")]
        if frozen:
            axes.axvspan(frozen[0], epochs[-1]["epoch"], color="gray", alpha=0.15)
    rows[-1].set_xlabel("epoch (gray: widths frozen)")
    return _finish(figure, path)
