# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: %python %s
"""Compiled functions on arrays."""

import gc
import threading
import unittest
import weakref

import cgmq
import numpy as np
from networks import BLOBNET, LENET5, initialize, load_blobnet

ADD = """
func.func @add(%a: tensor<?x3xf32>, %b: tensor<?x3xf32>) -> (tensor<?x3xf32>, tensor<?x3xf32>) {
  %sum = tosa.add %a, %b : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %difference = tosa.sub %a, %b : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %sum, %difference : tensor<?x3xf32>, tensor<?x3xf32>
}
"""


def draw(*shape):
    return np.random.default_rng(1).standard_normal(shape, dtype=np.float32)


class FunctionTest(unittest.TestCase):
    # Any number of samples gives what one at a time gives; to the bit, where
    # integers are summed.
    def test_any_batch(self):
        images = draw(70, 8, 8, 1)
        for module, tolerance in ((load_blobnet(), 1e-5), (initialize(BLOBNET), 0)):
            single = module.compile(batch=1)
            expected = np.concatenate([single(images[i:i + 1]) for i in range(70)])
            for batch in (1, 7, 32, 100):
                run = module.compile(batch=batch)
                for size in (0, 1, 6, 7, 8, 70):
                    result = run(images[:size])
                    self.assertEqual((result.dtype, result.shape), (np.float32, (size, 4)))
                    np.testing.assert_allclose(result, expected[:size], rtol=tolerance,
                                               atol=tolerance)

    def test_several(self):
        run = cgmq.Module.parse(ADD).compile(batch=4)
        a, b = draw(2, 9, 3)
        total, difference = run(a, b)
        np.testing.assert_array_equal(total, a + b)
        np.testing.assert_array_equal(difference, a - b)
        self.assertEqual(repr(run), "<cgmq.Function add(float32[?, 3], float32[?, 3]) -> "
                         "float32[?, 3], float32[?, 3]>")
        with self.assertRaisesRegex(TypeError, "add expects 2 arrays, but got 1"):
            run(a)
        with self.assertRaisesRegex(ValueError, "argument 1 of add: expects 9 samples, as the "
                                    "arguments before have, but got 8"):
            run(a, b[:8])

    # Views, other orders, bytes, doubles and a missing channel are all taken.
    def test_layouts(self):
        run = load_blobnet().compile()
        images = draw(20, 8, 8, 1)
        expected = run(images)
        for same in (np.asfortranarray(images), images.astype(np.float64), images[..., 0],
                     images.astype(">f4"), np.repeat(images, 2, axis=0)[::2], images.tolist()):
            np.testing.assert_array_equal(run(same), expected)
        odd = np.frombuffer(b"x" + images.tobytes(), np.float32, offset=1).reshape(images.shape)
        self.assertFalse(odd.flags.aligned)
        np.testing.assert_array_equal(run(odd), expected)
        pixels = np.random.default_rng(1).integers(0, 256, (20, 8, 8), dtype=np.uint8)
        np.testing.assert_array_equal(run(pixels), run(pixels / np.float32(255)))

    def test_mistakes(self):
        run = load_blobnet().compile()
        for wrong in (np.zeros((2, 8, 8, 2)), np.zeros((2, 8, 7, 1)), np.zeros(8), 1.0):
            with self.assertRaisesRegex(ValueError, r"argument 0 of blobnet: expects an array of "
                                        r"shape float32\[\?, 8, 8, 1\], but got"):
                run(wrong)
        for wrong in (np.zeros((2, 8, 8, 1), int), np.zeros((2, 8, 8, 1), complex),
                      np.full((2, 8, 8, 1), "x")):
            with self.assertRaisesRegex(TypeError, "expects an array of float32 or uint8, but got"):
                run(wrong)

    # A function of fixed shapes takes these alone.
    def test_static(self):
        run = cgmq.Module.parse(ADD.replace("?", "5")).compile()
        a, b = draw(2, 5, 3)
        np.testing.assert_array_equal(run(a, b)[0], a + b)
        with self.assertRaisesRegex(ValueError, r"expects an array of shape float32\[5, 3\]"):
            run(a[:4], b[:4])

    def test_compile_errors(self):
        module = cgmq.Module.parse(ADD + ADD.replace("@add", "@other"))
        with self.assertRaises(cgmq.Error) as caught:
            module.compile()
        self.assertIn("expects one function", caught.exception.message)
        self.assertEqual([note.message for note in caught.exception.notes],
                         ["function=add selects this one", "function=other selects this one"])
        with self.assertRaisesRegex(cgmq.Error, "'missing'"):
            module.compile("missing")
        with self.assertRaisesRegex(cgmq.Error, "to be at least 1, but got 0|at least 1"):
            module.compile("add", batch=0)
        row = cgmq.Module.parse(
            "func.func @f(%a: tensor<?x3xf32>) -> tensor<1x3xf32> {\n"
            "  %s = tosa.reduce_sum %a {axis = 0 : i32} : (tensor<?x3xf32>) -> tensor<1x3xf32>\n"
            "  return %s : tensor<1x3xf32>\n}")
        with self.assertRaisesRegex(cgmq.Error, "expects results with a row for each sample"):
            row.compile()

    # The program stays what it was when it was compiled, and outlives the module.
    def test_lifetime(self):
        module = load_blobnet()
        run = module.compile()
        images = draw(5, 8, 8, 1)
        expected = run(images)
        module.parameters["fc.bias"] = np.full((1, 4), 100)
        np.testing.assert_array_equal(run(images), expected)
        self.assertGreater(module.compile()(images).min(), 50)
        gone = weakref.ref(module)
        del module
        gc.collect()
        self.assertIsNone(gone())
        np.testing.assert_array_equal(run(images), expected)

    # Several threads of the host, and of Python, give the same numbers.
    def test_threads(self):
        integer = initialize(LENET5)
        images = np.random.default_rng(1).integers(0, 256, (100, 28, 28), dtype=np.uint8)
        expected = integer.compile(threads=1)(images)
        run = integer.compile(threads=2, batch=64)
        np.testing.assert_array_equal(run(images), expected)
        results = [None] * 4

        def work(number):
            results[number] = run(images)

        workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        for result in results:
            np.testing.assert_array_equal(result, expected)


unittest.main()
