# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the compiler has to say: errors as exceptions, warnings as warnings."""

from __future__ import annotations

import os
import sys
import warnings
from dataclasses import dataclass

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


@dataclass(frozen=True)
class Location:
    """Where in a program something is.

    `text` is the whole location as MLIR prints it. `file`, `line` and `column`
    (from one on) are the place in a file that it holds; None where it has none.
    """

    text: str
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        if self.file is None:
            return self.text
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Diagnostic:
    """An error or a warning with its notes, or a note."""

    severity: str
    message: str
    location: Location | None = None
    notes: tuple[Diagnostic, ...] = ()

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        text = f"{place}{self.severity}: {self.message}"
        return "\n".join([text, *map(str, self.notes)])


class Error(Exception):
    """An error of the compiler.

    `message`, `location` and `notes` are those of the first error; there may be
    more of them in `diagnostics`, with the warnings that came before.
    """

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()):
        super().__init__(message, diagnostics)
        self.diagnostics = diagnostics
        first = next((d for d in diagnostics if d.severity == "error"), None)
        self.message = first.message if first else message
        self.location = first.location if first else None
        self.notes = first.notes if first else ()

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics)) or self.message


class CompilerWarning(UserWarning):
    """A warning of the compiler."""


def _make_diagnostic(record: tuple) -> Diagnostic:
    severity, message, text, file, line, column, notes = record
    location = None
    if file:
        location = Location(text, file, line, column)
    elif text:
        location = Location(text)
    return Diagnostic(severity, message, location, tuple(map(_make_diagnostic, notes)))


def make_error(records: list[tuple]) -> Error:
    """The exception for what was said until something failed."""
    diagnostics = tuple(map(_make_diagnostic, records))
    return Error("the compiler failed without a word", diagnostics)


def warn(records: list[tuple]) -> None:
    """Issues the warnings, at the line that called the package."""
    depth = 1
    frame = sys._getframe(1)
    while frame and os.path.dirname(os.path.abspath(frame.f_code.co_filename)) == _PACKAGE:
        frame, depth = frame.f_back, depth + 1
    for diagnostic in map(_make_diagnostic, records):
        if diagnostic.severity == "warning":
            text = str(diagnostic).replace("warning: ", "", 1)
            warnings.warn(text, CompilerWarning, stacklevel=depth + 1)
