# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Data and tools of benchmarks that train on real images."""

import os
import subprocess
import sys

from turns import ROOT


def get_data(name):
    """Images and labels of the parts `train` and `test` of `mnist` or `fashion`."""
    if name == "mnist":
        folder, suffix = os.path.join(ROOT, "build", "data", "mnist"), ""
        if not os.path.isdir(folder):
            run([os.path.join(ROOT, "tools", "fetch-mnist"), folder])
    else:
        folder, suffix = "/usr/share/datasets/fashion-mnist", ".gz"
        if not os.path.isdir(folder):
            sys.exit("expects Fashion-MNIST: benchmark/install-dependencies")
    return {part: [os.path.join(folder, f"{prefix}-{kind}-ubyte{suffix}")
                   for kind in ("images-idx3", "labels-idx1")]
            for part, prefix in (("train", "train"), ("test", "t10k"))}


def run(command, **options):
    """What a command prints; exits with what it says if it fails."""
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, **options)
    if result.returncode:
        sys.exit(f"{' '.join(command)}\n{result.stderr[-2000:]}")
    return result
