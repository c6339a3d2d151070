# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays as the compiler takes them: dense, of the types it knows."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import ArrayLike

from . import _cgmq

_INTEGERS = "iu"


def _dense(array: np.ndarray) -> np.ndarray:
    return np.require(array, requirements=["C", "A"]).astype(
        array.dtype.newbyteorder("="), copy=False)


def read_array(path: str | os.PathLike) -> np.ndarray:
    """An array from an IDX file, as MNIST comes in, or an .npy file, either
    plain or compressed by gzip.

    Raises OSError where there is no such file, Error for what is neither.
    """
    with open(path, "rb"):
        return _cgmq.read_array(os.fspath(path))


def as_images(images: ArrayLike) -> np.ndarray:
    """Samples along a leading dimension: uint8 (value / 255), float32, float64.

    Half-precision floats become float32. Raises TypeError for other types.
    """
    array = np.asarray(images)
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    if array.dtype.kind not in "uf" or array.dtype.itemsize not in {"u": [1], "f": [4, 8]}[array.dtype.kind]:
        raise TypeError("images: expects an array of uint8 or of floats, but got "
                        f"{array.dtype}")
    return _dense(array)


def as_labels(labels: ArrayLike) -> np.ndarray:
    """Classes (any integers) or targets (floats), a row for each sample.

    Raises TypeError for other types, and ValueError for classes beyond 64 bits.
    """
    array = np.asarray(labels)
    if array.dtype.kind in _INTEGERS:
        if array.dtype == np.uint8 or array.dtype in (np.int32, np.int64):
            return _dense(array)
        if array.dtype == np.uint64 and array.size and array.max() > np.iinfo(np.int64).max:
            raise ValueError(f"labels: expects classes, but got {array.max()}")
        return _dense(array.astype(np.int64))
    if array.dtype in (np.float16, np.float32, np.float64):
        return _dense(array.astype(np.float32) if array.dtype == np.float16 else array)
    raise TypeError("labels: expects an array of integers (classes) or of floats "
                    f"(targets), but got {array.dtype}")


def as_argument(array: ArrayLike, name: str, dtype: str) -> np.ndarray:
    """An argument of a compiled function, dense and of `dtype`.

    Floats become float32 where that is wanted, and so do bytes, as value / 255.
    Raises TypeError for other types.
    """
    array = np.asarray(array)
    if dtype == "float32" and array.dtype == np.uint8:
        array = array.astype(np.float32) / np.float32(255)
    elif dtype == "float32" and array.dtype.kind == "f":
        array = array.astype(np.float32, copy=False)
    if array.dtype.newbyteorder("=") != np.dtype(dtype):
        also = " or uint8" if dtype == "float32" else ""
        raise TypeError(f"{name}: expects an array of {dtype}{also}, but got {array.dtype}")
    return _dense(array)
