# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %cgmq_obj_root/lib/libCGMQTestDirection.so %t
"""From floats to integers on arrays: the same bits as the tools give."""

import ctypes
import os
import subprocess
import sys
import unittest

import cgmq
import numpy as np
from networks import BLOBNET, QUANTIZATION, TRAINING, load_blobnet, make_blobs

DIRECTORY = sys.argv.pop()
LIBRARY = sys.argv.pop()
IMAGES, LABELS = make_blobs(DIRECTORY)
FLOAT = cgmq.train(load_blobnet(), IMAGES, LABELS, **TRAINING)
INTEGER = cgmq.quantize(FLOAT, IMAGES, LABELS, "4%", **QUANTIZATION)


def path(name):
    return os.path.join(DIRECTORY, name)


class TrainingTest(unittest.TestCase):
    def test_same_as_tools(self):
        data = f"images={path('images.idx')} labels={path('labels.idx')} batch=32"
        subprocess.run(["cgmq-opt", BLOBNET, "-o", path("tool.mlir"),
                        f"--cgmq-train={data} epochs=5 learning-rate=0.01",
                        f"--cgmq-quantize-pipeline={data} epochs=8 budget=4%"],
                       check=True, stderr=subprocess.DEVNULL)
        self.assertEqual(str(INTEGER), str(cgmq.Module.load(path("tool.mlir"))))
        for module, name in ((FLOAT, "float"), (INTEGER, "integer")):
            module.save(path(f"{name}.mlirbc"))
            subprocess.run(["cgmq-run", path(f"{name}.mlirbc"), f"--images={path('images.idx')}",
                            f"--logits={path(name)}.npy"], check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            logits = np.load(path(f"{name}.npy"))
            np.testing.assert_array_equal(module.compile()(IMAGES), logits)
            evaluation = cgmq.evaluate(module, IMAGES, LABELS, batch=50)
            np.testing.assert_array_equal(evaluation.logits, logits)
            self.assertGreater(evaluation.accuracy_percent, 95)

    def test_integer_program(self):
        cost = INTEGER.cost()
        self.assertLessEqual(cost.rbop_percent, 4)
        self.assertTrue(all(bound.is_kept for bound in cost.bounds))
        self.assertEqual(cgmq.evaluate(INTEGER, IMAGES).logits.shape, (640, 4))
        self.assertIsNone(cgmq.evaluate(INTEGER, IMAGES).accuracy_percent)

    # What comes in stays as it is; floats are the bytes they stand for.
    def test_inputs(self):
        text = str(FLOAT)
        floats = (IMAGES / np.float32(255))[..., np.newaxis]
        again = cgmq.quantize(FLOAT, floats, LABELS.astype(np.int16), "4%", **QUANTIZATION)
        self.assertEqual(str(FLOAT), text)
        self.assertEqual(str(again), str(INTEGER))

    # Stage by stage it is the same, and any stage can be run.
    def test_stages(self):
        gated = FLOAT.clone().run("cgmq-insert-gates{budget=4%}")
        gated = cgmq.calibrate(gated, IMAGES)
        gated = cgmq.optimize(gated, IMAGES, LABELS, **QUANTIZATION)
        simulated = cgmq.evaluate(gated, IMAGES, LABELS)
        integer = gated.clone().run("cgmq-freeze,cgmq-verify-budget,cgmq-lower-to-integer")
        self.assertEqual(str(integer), str(INTEGER))
        np.testing.assert_array_equal(simulated.predictions,
                                      cgmq.evaluate(integer, IMAGES).predictions)
        frozen = gated.clone().run("cgmq-freeze")
        np.testing.assert_array_equal(frozen.compile()(IMAGES), simulated.logits)

    # It can end before the integers, where other formats begin.
    def test_frozen(self):
        frozen = cgmq.quantize(FLOAT, IMAGES, LABELS, "4%", form="frozen", functions="floats",
                               **QUANTIZATION)
        self.assertEqual(str(frozen.clone().run("cgmq-lower-to-integer")), str(INTEGER))
        frozen.save(path("frozen.onnx"))
        with self.assertRaisesRegex(ValueError, "form: expects one of integer, frozen, but got"):
            cgmq.quantize(FLOAT, IMAGES, LABELS, form="float", **QUANTIZATION)

    def test_distillation(self):
        integer = cgmq.quantize(FLOAT, IMAGES, budget="bop:4%,memory:30%", granularity="channel",
                                widths=[4, 8], input=8, direction="gradient", **QUANTIZATION)
        self.assertEqual([bound.model for bound in integer.cost().bounds], ["bop", "memory"])
        self.assertTrue(all(bound.is_kept for bound in integer.cost().bounds))
        self.assertGreater(cgmq.evaluate(integer, IMAGES, LABELS).accuracy_percent, 90)

    def test_targets(self):
        targets = np.eye(4)[LABELS]
        module = cgmq.train(load_blobnet(), IMAGES, targets, **TRAINING)
        self.assertGreater(cgmq.evaluate(module, IMAGES, LABELS).accuracy_percent, 90)

    def test_read_array(self):
        self.assertEqual((IMAGES.shape, IMAGES.dtype), ((640, 8, 8), np.uint8))
        with open(path("images.idx"), "rb") as file:
            self.assertEqual(file.read()[16:], IMAGES.tobytes())
        targets = cgmq.read_array(path("one-hot.npy"))
        np.testing.assert_array_equal(targets, np.eye(4, dtype=np.float32)[LABELS])
        with self.assertRaises(FileNotFoundError):
            cgmq.read_array(path("missing.npy"))
        with self.assertRaisesRegex(cgmq.Error, "training.py' expects"):
            cgmq.read_array(__file__)

    def test_choices(self):
        for direction in ("cost", "gradient", "magnitude", "product"):
            options = dict(QUANTIZATION, epochs=0.3, limit=200, seed=3, validation=20, patience=1)
            module = cgmq.quantize(FLOAT, IMAGES, LABELS, 200000, direction=direction, **options)
            self.assertLessEqual(module.cost().bops, 200000)

    # What a library registers is there by its name, and is what runs.
    def test_registered_direction(self):
        options = dict(QUANTIZATION, epochs=0.3, limit=200)
        with self.assertRaisesRegex(ValueError, "direction: expects one of cost, gradient, "
                                    "magnitude, product, but got 'test-even'"):
            cgmq.quantize(FLOAT, IMAGES, LABELS, direction="test-even", **options)
        ctypes.CDLL(LIBRARY).cgmqRegisterTestDirection()
        module = cgmq.quantize(FLOAT, IMAGES, LABELS, "4%", direction="test-even", **options)
        self.assertLessEqual(module.cost().rbop_percent, 4)
        with self.assertRaisesRegex(ValueError, "product, test-even, but got 'odd'"):
            cgmq.quantize(FLOAT, IMAGES, LABELS, direction="odd", **options)

    def test_errors(self):
        def expect(kind, message, function, *arguments, **options):
            with self.assertRaisesRegex(kind, message) as caught:
                function(*arguments, progress=False, **options)
            return caught.exception

        error = expect(cgmq.Error, r"expects a budget of at least 0.3906 %", cgmq.quantize, FLOAT,
                       IMAGES, LABELS, "0.1%")
        self.assertEqual(error.location.file, BLOBNET)
        expect(cgmq.Error, "'labels' expects 640 labels, one for each sample of 'images', but got 5",
               cgmq.train, FLOAT, IMAGES, LABELS[:5])
        expect(cgmq.Error, r"but 'images' has samples of shape \[5, 8\]", cgmq.train, FLOAT,
               IMAGES[:, :5], LABELS)
        expect(cgmq.Error, r"expects labels in \[0, 4\), but 'labels' has 9", cgmq.train, FLOAT,
               IMAGES, LABELS.astype(int) + 9 * (LABELS == 0))
        expect(cgmq.Error, "'images' expects finite f32 values, but got nan", cgmq.quantize, FLOAT,
               np.full((640, 8, 8), np.nan))
        expect(cgmq.Error, "expects at least one batch of 128 samples", cgmq.train, FLOAT,
               IMAGES[:3], LABELS[:3])
        expect(cgmq.Error, "none empty", cgmq.train, FLOAT, IMAGES[:0], LABELS[:0])
        expect(cgmq.Error, "'epochs' to be finite and greater than zero", cgmq.train, FLOAT, IMAGES,
               LABELS, epochs=-1)
        expect(cgmq.Error, "expects gates", cgmq.optimize, FLOAT, IMAGES, LABELS)
        expect(cgmq.Error, "expects a class for each sample in 'labels', but got none",
               cgmq.quantize, FLOAT, IMAGES, loss="cross-entropy")
        expect(TypeError, "images: expects an array of uint8 or of floats, but got int64",
               cgmq.train, FLOAT, IMAGES.astype(np.int64), LABELS)
        expect(TypeError, "labels: expects an array of integers", cgmq.train, FLOAT, IMAGES,
               LABELS == 1)
        expect(TypeError, "epochs: expects a number, but got 'many'", cgmq.train, FLOAT, IMAGES,
               LABELS, epochs="many")
        expect(TypeError, "batch: expects a whole number, but got 1.5", cgmq.train, FLOAT, IMAGES,
               LABELS, batch=1.5)
        expect(TypeError, "budget: expects a text", cgmq.quantize, FLOAT, IMAGES, LABELS, 0.9)
        expect(TypeError, "expects options function, .*, direction, .*, but got 'epoch'",
               cgmq.quantize, FLOAT, IMAGES, LABELS, epoch=3)
        expect(TypeError, "but got 'direction'", cgmq.train, FLOAT, IMAGES, LABELS,
               direction="cost")
        expect(ValueError, "direction: expects one of cost, gradient, magnitude, product.*, but got "
               "'up'", cgmq.quantize, FLOAT, IMAGES, LABELS, direction="up")
        expect(ValueError, "granularity: expects one of layer, channel, element", cgmq.quantize,
               FLOAT, IMAGES, LABELS, granularity="pixel")
        with self.assertRaisesRegex(ValueError, r"labels: expects classes in \[0, 4\)"):
            cgmq.evaluate(FLOAT, IMAGES, LABELS.astype(int) - 1)
        with self.assertRaisesRegex(ValueError, "labels: expects 640 classes"):
            cgmq.evaluate(FLOAT, IMAGES, LABELS[:3])

    # An activation that is zero all over the sample is worth a warning.
    def test_warning(self):
        gated = FLOAT.clone()
        gated.parameters["conv.bias"] = np.full(4, -1000)
        gated.run("cgmq-insert-gates{budget=4%}")
        with self.assertWarnsRegex(cgmq.CompilerWarning, "sees nothing but zeros") as caught:
            cgmq.calibrate(gated, IMAGES)
        self.assertEqual(caught.filename, __file__)


unittest.main()
