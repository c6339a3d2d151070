# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A run as one page."""

from __future__ import annotations

import html
import io
import os
import platform
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _cgmq
from ._cost import Cost
from ._explore import Exploration
from ._module import Module, Path
from ._plots import plot_accuracy, plot_course, plot_widths, save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE = """
body { font: 15px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222 }
table { border-collapse: collapse; margin: 1em 0 }
th, td { border-bottom: 1px solid #ccc; padding: 0.25em 0.8em; text-align: right }
th:first-child, td:first-child { text-align: left }
svg { max-width: 100%; height: auto }
"""


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    def row(tag: str, cells: Iterable[object]) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"

    return "\n".join(["<table>", row("th", head), *(row("td", cells) for cells in rows), "</table>"])


def _picture(figure: Figure) -> str:
    text = io.StringIO()
    save_figure(figure, text)
    svg = text.getvalue()
    return svg[svg.index("<svg"):]


def _layers(cost: Cost) -> str:
    rows = [(layer.name, f"{layer.macs:,}", f"{layer.bits[0]:.4g} x {layer.bits[1]:.4g}",
             f"{layer.bops:,.0f}", f"{100 * layer.share:.2f} %") for layer in cost.layers]
    return _table(("layer", "MACs", "bits", "BOPs", "share"), rows)


def _bounds(cost: Cost) -> str:
    rows = [(bound.model, f"{bound.cost:,.0f}", f"{bound.percent:.4f} %",
             f"{bound.limit_percent:.4f} %", "yes" if bound.is_kept else "no")
            for bound in cost.bounds]
    return _table(("bound", "cost", "relative", "at most", "kept"), rows) if rows else ""


def _exploration(exploration: Exploration) -> str:
    points = (*exploration.points, *exploration.uniform)
    rows = [("float", "100 %", f"{exploration.float_accuracy_percent:.2f} %")]
    rows += [(point.label, f"{point.rbop_percent:.4f} %", f"{point.accuracy_percent:.2f} %")
             for point in points]
    return _table(("", "RBOP", exploration.measure), rows)


def report(path: Path, module: Module, *, accuracy_percent: float | None = None,
           log: Path | Sequence[Mapping[str, Any]] | None = None,
           exploration: Exploration | None = None,
           settings: Mapping[str, object] | None = None,
           function: str | None = None, title: str | None = None) -> None:
    """Writes a page on a quantized module: one HTML file that needs no other,
    whole or not at all.

    It has the table of layers and the bounds, what is given of accuracy, the
    course of training (a log, or `Point.epochs`), an exploration and settings,
    and the versions of what made it; with pictures where matplotlib is there.

    Raises Error for a module without a known cost, OSError where a file cannot
    be read or written.
    """
    cost = module.cost(function)
    title = title or f"{cost.function} at {cost.rbop_percent:.4g} % of its bit-operations"
    parts = [f"<h1>{html.escape(title)}</h1>"]
    if accuracy_percent is not None:
        parts.append(f"<p>Accuracy: {accuracy_percent:.2f} %</p>")
    sections: list[tuple[str, str, Any]] = [
        ("Layers", _bounds(cost) + _layers(cost), lambda: plot_widths(cost))]
    if exploration is not None:
        sections.append(("Bounds", _exploration(exploration), lambda: plot_accuracy(exploration)))
    if log is not None:
        sections.append(("Training", "", lambda: plot_course(log)))
    try:
        import matplotlib
        drawn_by = matplotlib.__version__
    except ImportError:
        drawn_by = None
    for name, text, draw in sections:
        parts.append(f"<h2>{name}</h2>\n{text}")
        parts.append(_picture(draw()) if drawn_by else
                     "<p>No picture: matplotlib is not installed.</p>")
    if settings:
        parts.append("<h2>Settings</h2>\n" + _table(("setting", "value"), settings.items()))
    versions = {"cgmq": _cgmq.version, "MLIR": _cgmq.mlir_version,
                "Python": platform.python_version(), "numpy": np.__version__,
                **({"matplotlib": drawn_by} if drawn_by else {})}
    parts.append("<h2>Versions</h2>\n" + _table(("", "version"), versions.items()))
    page = (f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
            + "\n".join(parts) + "\n</body>\n</html>\n")
    _write_whole(os.fspath(path), page)


def _write_whole(path: str, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path) or ".", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
