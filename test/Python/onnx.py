# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: rm -rf %t && mkdir %t
# RUN: %python %S/../Import/ONNX/Inputs/protobuf.py %t
# RUN: %python %S/../Import/ONNX/Inputs/lenet.py > %t/lenet.onnxtxt
# RUN: cgmq-translate --import-onnx --onnx-layout=nhwc --onnx-nonnegative %t/lenet.onnxtxt -o %t/lenet.mlir
# RUN: %python %s %t
"""Networks from ONNX, and frozen ones to it."""

import pathlib
import subprocess
import sys
import unittest

import cgmq
import numpy as np
from networks import load_blobnet

DIRECTORY = pathlib.Path(sys.argv.pop())
OPEN = (b'<ir_version: 8, opset_import: ["" : 13]>\n'
        b"net (float[N, 3, H, W] x) => (float[N, 3, H, W] y) { y = Relu (x) }")


class OnnxTest(unittest.TestCase):
    # What the command makes, from a path and from bytes.
    def test_import(self):
        path = DIRECTORY / "lenet.onnxtxt"
        expected = str(cgmq.Module.load(DIRECTORY / "lenet.mlir"))
        for source in (path, str(path), path.read_bytes(), memoryview(path.read_bytes())):
            module = cgmq.Module.from_onnx(source, layout="nhwc", nonnegative=True)
            self.assertEqual(str(module), expected)
        channels_first = cgmq.Module.from_onnx(path)
        self.assertEqual(channels_first.functions["lenet"].arguments[0].shape, (None, 1, 28, 28))
        self.assertNotIn("cgmq.nonnegative", str(channels_first))
        images = np.random.default_rng(1).random((3, 28, 28, 1), np.float32)
        np.testing.assert_allclose(channels_first.compile()(images.transpose(0, 3, 1, 2)),
                                   module.compile()(images), rtol=1e-5)

    # Weights are found beside the file.
    def test_external_data(self):
        for name in ("whole", "external"):
            module = cgmq.Module.from_onnx(DIRECTORY / f"{name}.onnx")
            np.testing.assert_array_equal(module.parameters["w"], [3, 4])

    def test_dims(self):
        module = cgmq.Module.from_onnx(OPEN, dims={"H": 4, "W": np.int64(5)})
        self.assertEqual(str(module.functions["net"]), "net(float32[?, 3, 4, 5]) -> "
                         "float32[?, 3, 4, 5]")
        with self.assertRaises(cgmq.Error) as caught:
            cgmq.Module.from_onnx(OPEN)
        self.assertIn("expects at most one open dimension", caught.exception.message)
        self.assertIn("--onnx-dim=H=EXTENT gives this one an extent", str(caught.exception))

    def test_errors(self):
        with self.assertRaises(FileNotFoundError):
            cgmq.Module.from_onnx(DIRECTORY / "missing.onnx")
        with self.assertRaises(cgmq.Error) as caught:
            cgmq.Module.from_onnx(DIRECTORY / "truncated.onnx")
        self.assertIn("expects an ONNX model, but got a file of", caught.exception.message)
        self.assertIn("truncated.onnx", caught.exception.location.text)
        self.assertIn("it may be truncated", caught.exception.notes[0].message)
        with self.assertRaisesRegex(cgmq.Error, "but got 'NonZero'"):
            cgmq.Module.from_onnx(b'<ir_version: 8, opset_import: ["" : 13]>\n'
                                  b"net (float[2, 3] x) => (int64[2, M] y) { y = NonZero (x) }")
        for options, error, message in (
                (dict(layout="nwhc"), ValueError, "layout: expects one of nchw, nhwc"),
                (dict(dims={"H": 0}), ValueError, "dims: expects an extent of at least 1 for 'H'"),
                (dict(dims={"H": 2.5}), TypeError, "dims: expects a whole number for 'H'")):
            with self.assertRaisesRegex(error, message):
                cgmq.Module.from_onnx(OPEN, **options)

    # What is frozen goes out as the command writes it; what is not, does not.
    def test_export(self):
        module = load_blobnet()
        path = DIRECTORY / "frozen.onnx"
        with self.assertRaisesRegex(cgmq.Error, "expects quantized tensors, but got none"):
            module.save(path)
        self.assertFalse(path.exists())
        module.run("cgmq-initialize-parameters,cgmq-insert-gates{budget=100% widths=4},"
                   "cgmq-freeze")
        module.save(path)
        module.save(DIRECTORY / "frozen.mlir")
        expected = DIRECTORY / "expected.onnx"
        subprocess.run(["cgmq-translate", "--export-onnx", DIRECTORY / "frozen.mlir", "-o",
                        expected], check=True)
        self.assertEqual(path.read_bytes(), expected.read_bytes())
        with self.assertRaisesRegex(cgmq.Error, "missing"):
            module.save(path, function="missing")


unittest.main()
