# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Commands of the package: python3 -m cgmq explore."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_origin

from ._arrays import read_array
from ._diagnostics import Error
from ._explore import explore
from ._module import Module
from ._options import QuantizeOptions, get_choices, get_kinds
from ._plots import plot_accuracy, plot_course, plot_widths
from ._report import report

# An exploration makes these itself: one log for each point, and no checkpoints.
_OWN = ("log", "checkpoint", "checkpoint_steps", "resume")


def _split(text: str) -> list[str]:
    return text.split(",")


def _split_widths(text: str) -> list[int]:
    return [int(width) for width in _split(text)] if text else []


def _add_option(parser: argparse._ArgumentGroup, name: str, kind: Any) -> None:
    choices = get_choices(kind)
    if get_origin(kind) is Sequence:
        kind = _split_widths
    elif choices or kind not in (int, float):
        kind = str
    parser.add_argument(f"--{name.replace('_', '-')}", type=kind, choices=choices or None)


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m cgmq", description=__doc__)
    command = parser.add_subparsers(dest="command", required=True).add_parser(
        "explore", help="several bounds from one float network",
        description="Quantizes a float network under each of several bounds, and at each of "
        "several widths everywhere, and prints what they cost and how well they do.")
    command.add_argument("model", help="float network in MLIR, text or bytecode")
    command.add_argument("--images", required=True,
                         help="samples to learn from: IDX or .npy, plain or gzip")
    command.add_argument("--labels", help="their classes; without them it learns to give what "
                         "the float network gives")
    command.add_argument("--test-images", help="samples to tell accuracies by (default: those "
                         "that it learns from)")
    command.add_argument("--test-labels", help="their classes")
    command.add_argument("--budgets", type=_split, default=["0.9%", "2%", "5%"],
                         help="bounds, as 0.4%%,0.9%% (default 0.9%%,2%%,5%%)")
    command.add_argument("--uniform", type=_split_widths, default=[2, 4, 8],
                         help="widths everywhere, to compare with; may be empty (default 2,4,8)")
    command.add_argument("-o", "--output", type=Path, metavar="DIRECTORY",
                         help="for the programs, pictures of them and a page on each; it is "
                         "made if it is not there")
    options = command.add_argument_group(
        "options of cgmq-quantize-pipeline, with its defaults")
    for name, kind in get_kinds(QuantizeOptions).items():
        if name not in _OWN:
            _add_option(options, name, kind)
    return parser


def _write(directory: Path, exploration: Any, settings: dict[str, Any]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    try:
        plot_accuracy(exploration, directory / "accuracy.svg")
        has_pictures = True
    except ImportError as error:
        print(f"warning: {error}", file=sys.stderr)
        has_pictures = False
    for point in (*exploration.points, *exploration.uniform):
        name = point.label.replace("%", "").replace(" ", "-")
        point.module.save(directory / f"{name}.mlirbc")
        report(directory / f"{name}.html", point.module, log=point.epochs,
               accuracy_percent=point.accuracy_percent, exploration=exploration,
               settings=settings)
        if has_pictures:
            plot_widths(point.cost, directory / f"{name}-widths.svg")
            plot_course(point.epochs, directory / f"{name}-course.svg")


def _explore(arguments: argparse.Namespace) -> None:
    given = {name: value for name, value in vars(arguments).items() if value is not None}
    options = {name: given[name] for name in get_kinds(QuantizeOptions) if name in given}
    images, labels, test_images, test_labels = (
        read_array(given[name]) if name in given else None
        for name in ("images", "labels", "test_images", "test_labels"))
    test = (test_images, test_labels) if test_images is not None else None
    exploration = explore(Module.load(arguments.model), images, labels, arguments.budgets,
                          test=test, uniform=arguments.uniform, **options)
    print(exploration)
    if arguments.output is not None:
        _write(arguments.output, exploration, {"model": arguments.model, **options})


def main() -> None:
    parser = _make_parser()
    arguments = parser.parse_args()
    if arguments.test_labels is not None and arguments.test_images is None:
        parser.error("--test-labels expects --test-images, which they are of")
    try:
        _explore(arguments)
    except Error as error:
        sys.exit(str(error))
    except (OSError, TypeError, ValueError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
