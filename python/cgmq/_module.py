# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules: programs in MLIR at any stage, from floats to integers."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from . import _cgmq
from ._cost import Cost, make_cost
from ._function import Function, TensorType, make_type

Path = str | os.PathLike
Format = Literal["mlir", "bytecode", "c", "header", "object", "onnx"]
Border = Literal["bytes", "codes", "floats"]
Layout = Literal["nchw", "nhwc"]
Quantizers = Literal["nodes", "arithmetic"]

_FORMATS: dict[str, Format] = {
    ".mlir": "mlir", ".mlirbc": "bytecode", ".c": "c", ".h": "header", ".o": "object",
    ".onnx": "onnx"}


@dataclass(frozen=True)
class FunctionInfo:
    """The name and the types of a function. Others than the compiler can call
    it if it is public."""

    name: str
    is_public: bool
    arguments: tuple[TensorType | str, ...]
    results: tuple[TensorType | str, ...]

    def __str__(self) -> str:
        arguments = ", ".join(map(str, self.arguments))
        return f"{self.name}({arguments}) -> {', '.join(map(str, self.results))}"


def check_choice(name: str, value: str, choices: object) -> str:
    """Raises ValueError for what a Literal does not hold."""
    if value not in get_args(choices):
        raise ValueError(f"{name}: expects one of {', '.join(get_args(choices))}, "
                         f"but got {value!r}")
    return value


class Parameters(MutableMapping):
    """The numbers of a module by their name: weights, biases, ranges and gates
    as float32, the codes of integer programs as integers.

    Arrays are copies. Floats can be set, from an array of the same shape; names
    can neither be added nor taken away.
    """

    def __init__(self, module: _cgmq.Module):
        self._module = module

    @property
    def types(self) -> dict[str, TensorType]:
        """Shape and elements of each."""
        return {name: make_type(value) for name, value in self._module.parameters()}

    def __getitem__(self, name: str) -> np.ndarray:
        """Raises KeyError for a name that is none, Error where it has no value."""
        return self._module.parameter(name)

    def __setitem__(self, name: str, values: ArrayLike) -> None:
        """Raises KeyError, TypeError or ValueError for another name, type or
        shape."""
        kind = self.types.get(name)
        if kind is None:
            raise KeyError(name)
        if kind.dtype != "float32":
            raise TypeError(f"{name}: expects a parameter of float32 to set, but it is one "
                            f"of {kind.dtype}")
        array = np.asarray(values)
        if array.dtype.kind not in "fiu":
            raise TypeError(f"{name}: expects an array of numbers, but got {array.dtype}")
        if array.shape != kind.shape:
            raise ValueError(f"{name}: expects an array of shape {list(kind.shape)}, but got "
                             f"{list(array.shape)}")
        self._module.set_parameter(name, np.ascontiguousarray(array, np.float32))

    def __delitem__(self, name: str) -> None:
        raise TypeError("parameters belong to the program; none can be taken away")

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __len__(self) -> int:
        return len(self._module.parameters())

    def __repr__(self) -> str:
        entries = (f"{name}: {kind}" for name, kind in self.types.items())
        return f"<cgmq.Parameters {', '.join(entries)}>"


class Module:
    """A program in MLIR, at any stage.

    A module has a context of its own: what it holds is given back with it, and
    modules can be worked on in several threads at once. Work on one module takes
    turns. `str(module)` is its text, whole.
    """

    __slots__ = ("_module", "__weakref__")

    def __init__(self, module: _cgmq.Module):
        """For the package itself; see `parse` and `load`."""
        self._module = module

    @classmethod
    def parse(cls, text: str | bytes, name: str = "<string>") -> Module:
        """A module from its text or bytecode; errors call the source `name`.

        Raises Error, with the place, where it is none.
        """
        data = text.encode() if isinstance(text, str) else bytes(text)
        return cls(_cgmq.Module.parse(data, name))

    @classmethod
    def load(cls, path: Path) -> Module:
        """A module from a file of text or bytecode.

        Raises OSError where it cannot be read, Error where it is no module.
        """
        with open(path, "rb") as file:
            return cls.parse(file.read(), os.fspath(path))

    @classmethod
    def from_onnx(cls, source: Path | bytes, *, layout: Layout = "nchw",
                  nonnegative: bool = False, dims: Mapping[str, int] | None = None) -> Module:
        """A float network from an ONNX file or its bytes, as a function on TOSA.

        With `layout` "nhwc", arguments and results of four dimensions are
        channels last, as data sets are, in place of channels first as in the
        file; `nonnegative` says that arguments never are negative, as pixels in
        [0, 1], so that they get unsigned codes. `dims` gives extents of at least
        1 to dimensions that the file names and leaves open; one, the batch, may
        stay open. A path finds weights in files beside it, bytes those in the
        working directory.

        Raises OSError where the file cannot be read, Error, at the node, for what
        is no ONNX file or has no importer, ValueError or TypeError for options
        that make no sense.
        """
        check_choice("layout", layout, Layout)
        if isinstance(source, (bytes, bytearray, memoryview)):
            data, name = bytes(source), "<bytes>"
        else:
            name = os.fspath(source)
            with open(source, "rb") as file:
                data = file.read()
        extents = {}
        for dim, extent in (dims or {}).items():
            try:
                extents[dim] = operator.index(extent)
            except TypeError:
                raise TypeError(f"dims: expects a whole number for {dim!r}, but got "
                                f"{extent!r}") from None
            if not 1 <= extents[dim] < 2**63:
                raise ValueError(f"dims: expects an extent of at least 1 for {dim!r}, but got "
                                 f"{extent}")
        return cls(_cgmq.Module.import_onnx(data, name, {
            "layout": layout, "nonnegative": bool(nonnegative), "dims": extents}))

    def save(self, path: Path, *, format: Format | None = None,
             function: str | None = None, batch: int = 1, border: Border = "bytes",
             target_triple: str = "", target_cpu: str = "",
             target_features: str = "", quantizers: Quantizers = "nodes") -> None:
        """Writes the module to a file, whole or not at all.

        The format follows from the name if it is not given: `.mlir`, `.mlirbc`
        for bytecode and, of an integer program, `.c` for C11, `.h` for the
        header that declares it, and `.o` for object code; of a frozen network
        (`cgmq-freeze`), `.onnx` for ONNX with QuantizeLinear and
        DequantizeLinear (or, with `quantizers` "arithmetic", what cgmq rounds
        by). `function` may be left out where there is one that no other calls.
        The other options are for programs: `batch` samples a call,
        `border` for what arguments are, and the machine, as clang names it, that
        object code is for (the host by default; `target_cpu="native"` with all
        it has).

        Raises ValueError for a name that tells no format, OSError where the
        file cannot be written, Error for what cannot be written this way.
        """
        path = os.fspath(path)
        if format is None:
            format = _FORMATS.get(os.path.splitext(path)[1])
            if format is None:
                raise ValueError(f"'{path}': expects a name that ends in one of "
                                 f"{', '.join(_FORMATS)}, or a format")
        check_choice("format", format, Format)
        check_choice("border", border, Border)
        check_choice("quantizers", quantizers, Quantizers)
        self._module.write(path, format, {
            "function": function or "", "batch": batch, "border": border,
            "target_triple": target_triple, "target_cpu": target_cpu,
            "target_features": target_features, "quantizers": quantizers})

    def clone(self) -> Module:
        """A copy that shares nothing with the module."""
        return Module.parse(self._module.bytecode())

    def run(self, pipeline: str) -> Module:
        """Runs passes, as `cgmq-insert-gates{budget=0.9%},cgmq-freeze`, on the
        module, and returns it.

        All passes of MLIR and of cgmq are known. Raises Error, and leaves the
        module as it was, where there is no such pipeline or a pass fails.
        """
        self._module.run(pipeline)
        return self

    @property
    def functions(self) -> dict[str, FunctionInfo]:
        """The functions that have a body, by their names."""
        return {name: FunctionInfo(name, is_public, tuple(map(make_type, arguments)),
                                   tuple(map(make_type, results)))
                for name, is_public, arguments, results in self._module.functions()}

    @property
    def parameters(self) -> Parameters:
        """Weights, biases, ranges, gates and codes as arrays."""
        return Parameters(self._module)

    def cost(self, function: str | None = None) -> Cost:
        """What a function costs at present: layer by layer, and as RBOP.

        The function may be left out where the module has one with a bound, or
        one that no other calls. Raises Error where an operation has no known cost.
        """
        return make_cost(*self._module.cost(function or ""))

    def compile(self, function: str | None = None, *, batch: int = 128,
                threads: int = 0, cache: Path | None = None) -> Function:
        """Compiles a function, as the parameters are now, to be called.

        `batch` samples are run at once, on `threads` threads (0: one for each
        core). Results do not depend on the threads, and on the batch only in the
        last bits of floats, where the function computes with floats. `cache` is a directory that keeps
        compiled code. The function may be left out where the module has one, or
        one that no other calls. Raises Error where it cannot be compiled.
        """
        cache = os.fspath(cache) if cache is not None else ""
        return Function(_cgmq.Function.compile(self._module, function or "", batch,
                                               threads, cache))

    def __str__(self) -> str:
        return self._module.print()

    def __repr__(self) -> str:
        return f"<cgmq.Module {'; '.join(map(str, self.functions.values()))}>"

    def __copy__(self) -> Module:
        return self.clone()

    def __deepcopy__(self, memo: dict) -> Module:
        return self.clone()

    def __reduce__(self) -> tuple:
        return Module.parse, (self._module.bytecode(),)
