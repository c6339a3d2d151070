# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""Integer programs as C and as object code, called from Python."""

import ctypes
import os
import subprocess
import sys
import unittest

import cgmq
import numpy as np
from networks import BLOBNET, initialize

DIRECTORY = sys.argv.pop()
INTEGER = initialize(BLOBNET)
PIXELS = np.random.default_rng(1).integers(0, 256, (30, 8, 8), dtype=np.uint8)


def path(name):
    return os.path.join(DIRECTORY, name)


def call(library, kind, samples, batch=1):
    """The results of the function `blobnet` of a library."""
    function = ctypes.CDLL(library).blobnet
    results = np.zeros((len(samples), 4), kind)
    for i in range(0, len(samples), batch):
        function(ctypes.c_void_p(samples[i:].ctypes.data), ctypes.c_void_p(results[i:].ctypes.data))
    return results


class SaveTest(unittest.TestCase):
    def build(self, name, **options):
        INTEGER.save(path(name), **options)
        library = path(name + ".so")
        subprocess.run(["cc", "-shared", "-fPIC", path(name), "-o", library], check=True)
        return library

    def get_step(self):
        INTEGER.save(path("blobnet.h"))
        with open(path("blobnet.h")) as file:
            line, = (line for line in file if "_OUT_STEP " in line)
        return np.float32(line.split()[2].rstrip("f"))

    def test_c_and_object(self):
        expected = INTEGER.compile()(PIXELS)
        for name in ("blobnet.c", "blobnet.o"):
            codes = call(self.build(name), np.int32, PIXELS)
            np.testing.assert_array_equal(codes.astype(np.float32) * self.get_step(), expected)

    def test_options(self):
        expected = INTEGER.compile()(PIXELS)
        library = self.build("native.o", border="floats", batch=3, target_cpu="native",
                             function="blobnet")
        floats = PIXELS / np.float32(255)
        np.testing.assert_array_equal(call(library, np.float32, floats, batch=3), expected)

    # What cannot be written is said, and the module is as it was.
    def test_errors(self):
        text = str(INTEGER)
        for options, message in ((dict(border="floats"), "expects a border of bytes or codes"),
                                 (dict(function="missing"), "'missing'"),
                                 (dict(batch=0), "at least 1, but got 0")):
            with self.assertRaisesRegex(cgmq.Error, message):
                INTEGER.save(path("no.c"), **options)
        with self.assertRaisesRegex(cgmq.Error, "no-such-machine"):
            INTEGER.save(path("no.o"), target_triple="no-such-machine")
        with self.assertRaisesRegex(ValueError, "border: expects one of bytes, codes, floats"):
            INTEGER.save(path("no.o"), border="pixels")
        self.assertFalse([name for name in os.listdir(DIRECTORY) if name.startswith("no.")])
        self.assertEqual(str(INTEGER), text)


unittest.main()
