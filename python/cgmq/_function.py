# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiled functions on numpy arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from . import _cgmq
from ._arrays import as_argument


@dataclass(frozen=True)
class TensorType:
    """The type of an argument or a result.

    `shape` has None for what is dynamic (the batch). `dtype` is what numpy calls
    the elements, or what MLIR does where numpy does not know them.
    """

    shape: tuple[int | None, ...]
    dtype: str

    def __str__(self) -> str:
        extents = ", ".join("?" if extent is None else str(extent) for extent in self.shape)
        return f"{self.dtype}[{extents}]"


def make_type(value: tuple | str) -> TensorType | str:
    """From what the extension gives; text for what is no ranked tensor."""
    return value if isinstance(value, str) else TensorType(*value)


class Function:
    """A function of a module, compiled for the machine it runs on.

    Called with an array for each argument, it returns an array, or a tuple of
    several. Where its types leave the batch open, any number of samples may
    come; they are run in batches of the size it was compiled for. Arrays that
    are dense and of the right type are read where they are. Calls from several
    threads take turns; Python's lock is not held meanwhile.

    It keeps the parameters that the module had when it was compiled, and needs
    the module no longer.
    """

    def __init__(self, function: _cgmq.Function):
        self._function = function
        self.name: str = function.name
        self.arguments: tuple[TensorType, ...] = tuple(map(make_type, function.arguments))
        self.results: tuple[TensorType, ...] = tuple(map(make_type, function.results))

    def __repr__(self) -> str:
        arguments = ", ".join(map(str, self.arguments))
        results = ", ".join(map(str, self.results))
        return f"<cgmq.Function {self.name}({arguments}) -> {results}>"

    def __call__(self, *arrays: ArrayLike) -> np.ndarray | tuple[np.ndarray, ...]:
        """Runs it.

        Floats are taken as float32, bytes for a float32 argument as value / 255;
        a trailing extent of one may be missing. Raises TypeError for other types
        of elements or another number of arrays, ValueError for other shapes.
        """
        if len(arrays) != len(self.arguments):
            raise TypeError(f"{self.name} expects {len(self.arguments)} arrays, but got "
                            f"{len(arrays)}")
        taken = []
        samples = None
        for number, (array, kind) in enumerate(zip(arrays, self.arguments)):
            what = f"argument {number} of {self.name}"
            array = as_argument(array, what, kind.dtype)
            if array.ndim == len(kind.shape) - 1 and kind.shape[-1] == 1:
                array = array[..., np.newaxis]
            if array.ndim != len(kind.shape) or any(
                    wanted not in (None, extent)
                    for wanted, extent in zip(kind.shape, array.shape)):
                raise ValueError(f"{what}: expects an array of shape {kind}, but got "
                                 f"{list(array.shape)}")
            if None in kind.shape:
                if samples not in (None, array.shape[0]):
                    raise ValueError(f"{what}: expects {samples} samples, as the arguments "
                                     f"before have, but got {array.shape[0]}")
                samples = array.shape[0]
            taken.append(array)
        results = self._function.call(taken, samples or 0)
        return results[0] if len(results) == 1 else results
