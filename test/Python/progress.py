# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""What is told, and drawn, of a run."""

import contextlib
import io
import json
import os
import pty
import subprocess
import sys
import types
import unittest
from unittest import mock

import cgmq
from networks import QUANTIZATION, TRAINING, load_blobnet, make_blobs

DIRECTORY = sys.argv.pop()
IMAGES, LABELS = make_blobs(DIRECTORY)

CHILD = f"""
import cgmq
from networks import load_blobnet, make_blobs
images, labels = make_blobs({DIRECTORY!r})
cgmq.train(load_blobnet(), images, labels, epochs=2, batch=32)
"""


class ProgressTest(unittest.TestCase):
    def test_callback(self):
        seen = []
        log = os.path.join(DIRECTORY, "log.json")
        options = dict(QUANTIZATION, progress=seen.append, log=log)
        module = cgmq.quantize(load_blobnet(), IMAGES, LABELS, "4%", **options)
        steps = [progress for progress in seen if not progress.ends_epoch]
        epochs = [progress for progress in seen if progress.ends_epoch]
        # 640 images, of which 128 are held out, in batches of 32, 8 epochs.
        self.assertEqual([progress.step for progress in steps], list(range(1, 129)))
        self.assertTrue(all(progress.steps == 128 for progress in seen))
        self.assertEqual([progress.epoch for progress in epochs], list(range(1, 9)))
        self.assertTrue(all(progress.phase == "optimize" for progress in seen))
        self.assertEqual(steps[0].rbop_percent, 100)
        self.assertEqual(steps[-1].costs["RBOP"][1], 4)
        self.assertAlmostEqual(steps[-1].rbop_percent, module.cost().rbop_percent)
        self.assertEqual((steps[0].frozen, steps[-1].frozen), (False, True))
        self.assertEqual(steps[-1].validation, None)
        with open(log) as file:
            written = json.load(file)["epochs"]
        self.assertEqual([progress.loss for progress in epochs], [e["loss"] for e in written])
        self.assertEqual([progress.validation for progress in epochs],
                         [e["validation_accuracy_percent"] for e in written])
        self.assertEqual(epochs[0].measure, "accuracy_percent")
        self.assertRegex(epochs[-1].describe(), r"^epoch 8, loss \d\.\d{4}, validation accuracy "
                         r"\S+ %, RBOP \d\.\d{4} % of 4\.0000 %, widths frozen$")

    def test_nothing_where_nobody_looks(self):
        child = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True,
                               check=True)
        self.assertEqual((child.stdout, child.stderr), ("", ""))

    # On a terminal, a line that moves and one for each epoch.
    def test_terminal(self):
        try:
            master, slave = pty.openpty()
        except OSError:
            self.skipTest("there are no pseudo-terminals here")
        environment = dict(os.environ, COLUMNS="120")
        with subprocess.Popen([sys.executable, "-c", CHILD], stderr=slave, env=environment) as child:
            os.close(slave)
            text = b""
            with contextlib.suppress(OSError):
                while data := os.read(master, 4096):
                    text += data
        os.close(master)
        self.assertEqual(child.returncode, 0)
        text = text.decode()
        self.assertRegex(text, r"\rtrain: epoch 1, loss \d\.\d{4}, validation accuracy \S+ %")
        self.assertRegex(text, r"\rtrain \[=+ *\] +\d+ % \d+ s left, epoch 2, loss")
        self.assertTrue(text.endswith("\r\033[K"))

    # In a notebook, an output that is updated.
    def test_notebook(self):
        outputs = []
        handle = types.SimpleNamespace(update=lambda data, raw: outputs.append(data["text/plain"]))
        shell = type("ZMQInteractiveShell", (), {})()
        package = types.ModuleType("IPython")
        package.get_ipython = lambda: shell
        package.display = types.ModuleType("IPython.display")
        package.display.display = lambda data, display_id: handle
        modules = {"IPython": package, "IPython.display": package.display}
        with mock.patch.dict(sys.modules, modules):
            cgmq.train(load_blobnet(), IMAGES, LABELS, **dict(TRAINING, progress=None))
        self.assertIn("train [", "".join(outputs))
        lines = outputs[-1].splitlines()
        self.assertEqual(len(lines), 5)
        self.assertTrue(lines[4].startswith("train: epoch 5, loss"))

    def test_silence(self):
        with contextlib.redirect_stderr(io.StringIO()) as text:
            text.isatty = lambda: True
            cgmq.train(load_blobnet(), IMAGES, LABELS, **TRAINING)
        self.assertEqual(text.getvalue(), "")


unittest.main()
