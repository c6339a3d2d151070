# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the tests of the package work on."""

import os
import subprocess
import sys

import cgmq

TESTS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BLOBNET = os.path.join(TESTS, "Models", "blobnet.mlir")
LENET5 = os.path.join(TESTS, "Models", "lenet5.mlir")
# Enough for blobnet to learn the blobs.
TRAINING = dict(epochs=5, batch=32, learning_rate=0.01, threads=1, progress=False)
QUANTIZATION = dict(epochs=8, batch=32, threads=1, progress=False)


def make_blobs(directory, size=8):
    """Images [640, size, size] of bytes in four classes, and their labels."""
    script = os.path.join(TESTS, "Training", "Inputs", "blobs.py")
    subprocess.run([sys.executable, script, directory, str(size)], check=True)
    return tuple(cgmq.read_array(os.path.join(directory, f"{name}.idx"))
                 for name in ("images", "labels"))


def load_blobnet():
    return cgmq.Module.load(BLOBNET)


def initialize(path):
    """A network with its first numbers, quantized without training."""
    return cgmq.Module.load(path).run(
        "cgmq-initialize-parameters,cgmq-insert-gates{budget=100% widths=8},cgmq-freeze,"
        "cgmq-lower-to-integer")
