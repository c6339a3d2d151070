# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""Ctrl-C ends a run cleanly, and what it has done is not lost."""

import os
import signal
import subprocess
import sys
import unittest

import cgmq
import numpy as np
from networks import load_blobnet, make_blobs

DIRECTORY = sys.argv.pop()
IMAGES, LABELS = make_blobs(DIRECTORY)
CHECKPOINT = os.path.join(DIRECTORY, "run.mlirbc")
OPTIONS = dict(epochs=40, batch=32, learning_rate=0.01, seed=5, threads=1)

# Stopped by SIGINT at step 123, in the middle of an epoch.
CHILD = f"""
import os, signal, cgmq
from networks import load_blobnet, make_blobs

# Whatever the tests are run by may ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)

def stop(progress):
    if progress.step == 123:
        os.kill(os.getpid(), signal.SIGINT)

images, labels = make_blobs({DIRECTORY!r})
try:
    cgmq.train(load_blobnet(), images, labels, checkpoint={CHECKPOINT!r}, progress=stop,
               **{OPTIONS!r})
except KeyboardInterrupt:
    print("stopped")
"""


class InterruptTest(unittest.TestCase):
    def test_checkpoint(self):
        child = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True)
        self.assertEqual((child.stdout, child.stderr), ("stopped\n", ""))
        steps = []
        resumed = cgmq.train(load_blobnet(), IMAGES, LABELS, resume=CHECKPOINT,
                             progress=lambda progress: steps.append(progress.step), **OPTIONS)
        self.assertIn(steps[0], (124, 125))
        self.assertEqual(steps[-1], 640)
        whole = cgmq.train(load_blobnet(), IMAGES, LABELS, progress=False, **OPTIONS)
        self.assertEqual(str(resumed), str(whole))

    # Without a handler the interpreter dies of it as it should.
    def test_uncaught(self):
        code = CHILD.replace("except KeyboardInterrupt", "except ZeroDivisionError")
        child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        self.assertEqual(child.returncode, -signal.SIGINT)
        self.assertTrue(child.stderr.rstrip().endswith("KeyboardInterrupt"))

    # A callback can end a run by an exception; the module it began with stays.
    def test_exception(self):
        module = load_blobnet()
        text = str(module)

        def stop(progress):
            raise ZeroDivisionError(progress.step)

        with self.assertRaises(ZeroDivisionError) as caught:
            cgmq.train(module, IMAGES, LABELS, progress=stop, **OPTIONS)
        self.assertEqual(caught.exception.args, (1,))
        self.assertEqual(str(module), text)

    def test_compiled_function(self):
        images = np.zeros((20_000_000, 1), np.float32)
        module = cgmq.Module.parse(
            "func.func @f(%x: tensor<?x1xf32>) -> tensor<?x1xf32> {\n"
            "  %y = tosa.tanh %x : (tensor<?x1xf32>) -> tensor<?x1xf32>\n"
            "  return %y : tensor<?x1xf32>\n}")
        run = module.compile(batch=1, threads=1)
        old = signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        try:
            with self.assertRaises(KeyboardInterrupt):
                run(images)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, old)


unittest.main()
