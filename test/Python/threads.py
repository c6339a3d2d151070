# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""Many modules in many threads, and many threads on one module."""

import sys
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

import cgmq
import numpy as np
from networks import load_blobnet, make_blobs

IMAGES, LABELS = make_blobs(sys.argv.pop())


def quantize(seed):
    module = cgmq.train(load_blobnet(), IMAGES, LABELS, epochs=2, batch=32, learning_rate=0.01,
                        seed=seed, threads=1, progress=False)
    module = cgmq.quantize(module, IMAGES, LABELS, "4%", epochs=2, batch=32, seed=seed,
                           threads=1, progress=False)
    return str(module), cgmq.evaluate(module, IMAGES, LABELS).logits


class ThreadsTest(unittest.TestCase):
    def test_many_modules(self):
        seeds = [1, 2, 3, 1, 2, 3]
        with ThreadPoolExecutor(6) as pool:
            results = list(pool.map(quantize, seeds))
        for seed, (text, logits) in zip(seeds, results):
            expected_text, expected_logits = quantize(seed) if seed == 1 else results[seed - 1]
            self.assertEqual(text, expected_text)
            np.testing.assert_array_equal(logits, expected_logits)

    # Python goes on while the compiler works, and reads take turns with changes.
    def test_one_module(self):
        module = load_blobnet().run("cgmq-initialize-parameters")
        ticks = []
        done = threading.Event()

        def look():
            while not done.is_set():
                ticks.append((len(module.functions), len(module.parameters),
                              module.parameters["fc.bias"].shape, str(module)[:6]))

        lookers = [threading.Thread(target=look) for _ in range(2)]
        for looker in lookers:
            looker.start()
        for _ in range(30):
            module.run("canonicalize,cse")
            module.parameters["fc.bias"] = np.zeros((1, 4))
            with self.assertRaises(cgmq.Error):
                module.run("cgmq-freeze,cgmq-lower-to-integer")
        done.set()
        for looker in lookers:
            looker.join()
        self.assertEqual(set(ticks), {(1, 4, (1, 4), "module")})

    # A callback may use other modules, and the one that the run began with.
    def test_callback(self):
        module = load_blobnet()
        seen = []

        def look(progress):
            if progress.ends_epoch:
                seen.append(module.cost().rbop_percent)

        cgmq.train(module, IMAGES, LABELS, epochs=2, batch=32, progress=look)
        self.assertEqual(seen, [100, 100])


unittest.main()
