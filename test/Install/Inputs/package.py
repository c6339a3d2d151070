# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a network of 8 x 8 images by the package that Python finds."""

import os
import sys

import cgmq
import numpy as np

print(os.path.dirname(cgmq.__file__))
logits = cgmq.Module.load(sys.argv[1]).compile(threads=2)(np.zeros((3, 8, 8, 1), np.float32))
print(logits.shape, logits.dtype)
