# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: %python %s
"""What a module and a function hold goes with them."""

import gc
import unittest

import cgmq
import numpy as np
from networks import load_blobnet

# 4 MB of numbers.
BIG = """
ml_program.global private mutable @w(dense<0.0> : tensor<1024x1024xf32>) : tensor<1024x1024xf32>
func.func @f(%x: tensor<?x1024xf32>) -> tensor<?x1024xf32> {
  return %x : tensor<?x1024xf32>
}
"""


def resident_megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6


def grow(work, count):
    """What `count` rounds add, after some to get going, in megabytes."""
    for _ in range(5):
        work()
    gc.collect()
    before = resident_megabytes()
    for _ in range(count):
        work()
    gc.collect()
    return resident_megabytes() - before


class MemoryTest(unittest.TestCase):
    def test_modules(self):
        numbers = np.random.default_rng(1).standard_normal((1024, 1024))

        def work():
            module = cgmq.Module.parse(BIG)
            module.parameters["w"] = numbers
            module.clone().run("canonicalize")

        # Kept, they would be some 400 MB.
        self.assertLess(grow(work, 50), 60)

    def test_functions(self):
        images = np.zeros((3, 8, 8, 1), np.float32)

        def work():
            load_blobnet().compile(batch=64)(images)

        # A function has about 3 MB of code and buffers, and a context.
        self.assertLess(grow(work, 40), 60)

    def test_errors(self):
        def work():
            for text in ("foo", "func.func @f() { return %x }"):
                with self.assertRaises(cgmq.Error):
                    cgmq.Module.parse(text)

        self.assertLess(grow(work, 100), 20)


unittest.main()
