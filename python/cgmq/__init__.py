# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""cgmq: quantization under a budget of bit-operations, from Python.

A float network comes in as MLIR, an integer program that keeps a bound goes out:

    module = cgmq.Module.load("lenet5.mlir")
    module = cgmq.train(module, images, labels, epochs=3)
    integer = cgmq.quantize(module, images, labels, budget="0.9%")
    print(integer.cost())
    logits = integer.compile()(images)
    integer.save("lenet5.o")
"""

from . import _cgmq
from ._arrays import read_array
from ._cost import Bound, Cost, Layer
from ._diagnostics import CompilerWarning, Diagnostic, Error, Location
from ._explore import Exploration, Point, explore
from ._function import Function, TensorType
from ._module import FunctionInfo, Module, Parameters
from ._options import CalibrateOptions, OptimizeOptions, QuantizeOptions, TrainOptions
from ._plots import plot_accuracy, plot_course, plot_widths
from ._progress import Progress
from ._report import report
from ._training import Evaluation, calibrate, evaluate, optimize, quantize, train

__version__: str = _cgmq.version

__all__ = [
    "Bound", "CalibrateOptions", "CompilerWarning", "Cost", "Diagnostic", "Error", "Evaluation",
    "Exploration", "Function", "FunctionInfo", "Layer", "Location", "Module", "OptimizeOptions",
    "Parameters", "Point", "Progress", "QuantizeOptions", "TensorType", "TrainOptions",
    "calibrate", "evaluate", "explore", "optimize", "plot_accuracy", "plot_course",
    "plot_widths", "quantize", "read_array", "report", "train",
]
