# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The course of a run, told and drawn."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    `phase` is "train" or "optimize". Of `steps` steps `step` are done; the last
    one belongs to `epoch` (from one on), whose mean loss so far is `loss`.
    `costs` has, for each bound, the cost at present and its limit, in percent;
    `frozen` tells that widths change no more. At the end of an epoch there is
    another call, with `ends_epoch`, and in `validation` how well the network
    does on the samples held out, where there are some: what `measure` names.
    """

    phase: str
    step: int
    steps: int
    epoch: int
    ends_epoch: bool
    loss: float
    costs: dict[str, tuple[float, float]]
    frozen: bool
    validation: float | None
    measure: str | None

    @property
    def rbop_percent(self) -> float | None:
        """The relative bit-operations at present; None where nothing bounds
        them."""
        return self.costs["RBOP"][0] if "RBOP" in self.costs else None

    def describe(self) -> str:
        """A line of text."""
        parts = [f"epoch {self.epoch}", f"loss {self.loss:.4f}"]
        if self.validation is not None:
            name = self.measure.replace("_percent", "")
            unit = " %" if name != self.measure else ""
            parts.append(f"validation {name.replace('_', ' ')} {self.validation:.4g}{unit}")
        parts += [f"{name} {percent:.4f} % of {limit:.4f} %"
                  for name, (percent, limit) in self.costs.items()]
        return ", ".join(parts + ["widths frozen"] * self.frozen)


Callback = Callable[[Progress], object]


class _Bar:
    """Draws a bar; what is shown at most ten times a second."""

    WIDTH = 24

    def __init__(self) -> None:
        self._start = self._shown = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.ends_epoch:
            self.note(f"{progress.phase}: {progress.describe()}")
        elif now - self._shown >= 0.1 or progress.step == progress.steps:
            self._shown = now
            self.draw(self.get_line(progress, now - self._start))

    def get_line(self, progress: Progress, elapsed: float) -> str:
        done = progress.step / progress.steps
        full = int(done * self.WIDTH)
        left = elapsed * (1 - done) / done
        return (f"{progress.phase} [{'=' * full}{' ' * (self.WIDTH - full)}] "
                f"{100 * done:3.0f} % {left:.0f} s left, {progress.describe()}")

    def draw(self, line: str) -> None:
        raise NotImplementedError

    def note(self, line: str) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class _TerminalBar(_Bar):
    """One line that moves, below a line for each epoch."""

    def draw(self, line: str) -> None:
        columns = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f"\r{line[:columns]}\033[K")
        sys.stderr.flush()

    def note(self, line: str) -> None:
        sys.stderr.write(f"\r{line}\033[K\n")

    def close(self) -> None:
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()


class _NotebookBar(_Bar):
    """The same in the output of a notebook's cell."""

    def __init__(self) -> None:
        super().__init__()
        from IPython.display import display
        self._lines: list[str] = []
        self._line = ""
        self._handle = display(self._get_output(), display_id=True)

    def _get_output(self) -> dict[str, str]:
        return {"text/plain": "\n".join([*self._lines, self._line])}

    def _update(self) -> None:
        self._handle.update(self._get_output(), raw=True)

    def draw(self, line: str) -> None:
        self._line = line
        self._update()

    def note(self, line: str) -> None:
        self._lines.append(line)
        self._update()

    def close(self) -> None:
        self.draw("")


def _make_bar() -> _Bar | None:
    """What suits the place that Python runs in; None where nobody looks."""
    shell = sys.modules.get("IPython")
    shell = shell.get_ipython() if shell else None
    if shell is not None and shell.__class__.__name__ == "ZMQInteractiveShell":
        return _NotebookBar()
    return _TerminalBar() if sys.stderr.isatty() else None


class Reporter:
    """Hands the progress of a phase to a callback or to a bar."""

    def __init__(self, phase: str, progress: Callback | bool | None):
        self._phase = phase
        self._bar = _make_bar() if progress is None or progress is True else None
        self._callback = progress if callable(progress) else self._bar

    @property
    def function(self) -> Callable[[dict], None] | None:
        """What the extension calls."""
        return self._tell if self._callback else None

    def _tell(self, values: dict) -> None:
        self._callback(Progress(phase=self._phase, **values))

    def __enter__(self) -> Reporter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.close()
