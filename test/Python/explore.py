# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: matplotlib
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""Several bounds from one network, with pictures and a page."""

import os
import re
import subprocess
import sys
import unittest
import xml.etree.ElementTree
from html.parser import HTMLParser
from unittest import mock

import cgmq
import numpy as np
from networks import TRAINING, load_blobnet, make_blobs

DIRECTORY = sys.argv.pop()
IMAGES, LABELS = make_blobs(DIRECTORY)
FLOAT = cgmq.train(load_blobnet(), IMAGES, LABELS, **TRAINING)
TEST = (IMAGES[:100], LABELS[:100])
EXPLORATION = cgmq.explore(FLOAT, IMAGES, LABELS, ["1%", "4%"], test=TEST, uniform=[4], epochs=2,
                           batch=32, progress=False)


def path(name):
    return os.path.join(DIRECTORY, name)


def read(name, mode="r"):
    with open(path(name), mode) as file:
        return file.read()


class Page(HTMLParser):
    """The tags and the text of a page; fails where tags do not match."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))
        if tag not in ("meta", "path", "use", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag in self.open:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


class ExploreTest(unittest.TestCase):
    def test_points(self):
        self.assertEqual([point.label for point in EXPLORATION.points], ["1%", "4%"])
        for point, bound in zip(EXPLORATION.points, (1, 4)):
            self.assertLessEqual(point.rbop_percent, bound)
            self.assertEqual([epoch["epoch"] for epoch in point.epochs], [1, 2])
            evaluation = cgmq.evaluate(point.module, *TEST)
            self.assertEqual(point.accuracy_percent, evaluation.accuracy_percent)
        uniform, = EXPLORATION.uniform
        self.assertEqual({layer.bits for layer in uniform.cost.layers}, {(4, 4)})
        self.assertEqual(uniform.rbop_percent, 1.5625)
        self.assertEqual(EXPLORATION.measure, "accuracy")
        self.assertEqual(EXPLORATION.float_accuracy_percent,
                         cgmq.evaluate(FLOAT, *TEST).accuracy_percent)
        self.assertRegex(str(EXPLORATION), r"float +100 % +\d+\.\d\d %\n1% +0\.\d{4} %")

    def test_without_labels(self):
        exploration = cgmq.explore(FLOAT, IMAGES, budgets=["4%"], uniform=[], epochs=1, batch=32,
                                   progress=False)
        self.assertEqual((exploration.measure, exploration.float_accuracy_percent),
                         ("agreement", 100))
        self.assertGreater(exploration.points[0].accuracy_percent, 50)

    def test_pictures(self):
        for draw, what in ((cgmq.plot_widths, EXPLORATION.points[0].cost),
                           (cgmq.plot_accuracy, EXPLORATION),
                           (cgmq.plot_course, EXPLORATION.points[0].epochs)):
            draw(what, path("picture.png"))
            self.assertTrue(read("picture.png", "rb").startswith(b"\x89PNG"))
            draw(what, path("picture.svg"))
            first = read("picture.svg")
            xml.etree.ElementTree.fromstring(first)
            draw(what, path("picture.svg"))
            self.assertEqual(read("picture.svg"), first)
        with self.assertRaisesRegex(ValueError, "expects a name that ends in .png or .svg"):
            cgmq.plot_accuracy(EXPLORATION, path("picture.bmp"))
        figure = cgmq.plot_accuracy(EXPLORATION)
        lines = figure.axes[0].get_lines()
        self.assertEqual(list(lines[0].get_xdata()),
                         [point.rbop_percent for point in EXPLORATION.points])

    def test_report(self):
        point = EXPLORATION.points[1]
        cgmq.report(path("report.html"), point.module, accuracy_percent=point.accuracy_percent,
                    log=point.epochs, exploration=EXPLORATION,
                    settings={"budget": "<4%>", "epochs": 2})
        text = read("report.html")
        page = Page(text)
        self.assertEqual(page.open, [])
        self.assertEqual(sum(tag == "svg" for tag, _ in page.seen), 3)
        # It needs nothing else.
        for tag, attributes in page.seen:
            self.assertNotIn(tag, ("link", "script", "img"))
            self.assertTrue(attributes.get("xlink:href", "#").startswith("#"))
        words = "".join(page.text)
        for word in ("conv.weight", "1,296", "budget", "<4%>", "MLIR", cgmq.__version__,
                     f"{point.rbop_percent:.4f} %", f"{point.accuracy_percent:.2f} %"):
            self.assertIn(word, words)
        with self.assertRaises(OSError):
            cgmq.report(path("missing/report.html"), point.module)

    def run_command(self, *arguments):
        return subprocess.run([sys.executable, "-m", "cgmq", "explore", *arguments], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    # The command prints what the call gives, and leaves programs, pages and pictures.
    def test_command(self):
        FLOAT.save(path("float.mlir"))
        for name, array in (("test-images", TEST[0]), ("test-labels", TEST[1])):
            np.save(path(f"{name}.npy"), array)
        done = self.run_command(
            path("float.mlir"), f"--images={path('images.idx')}", f"--labels={path('labels.idx')}",
            f"--test-images={path('test-images.npy')}", f"--test-labels={path('test-labels.npy')}",
            "--budgets=4%", "--uniform=", "--epochs=2", "--batch=32", "-o", path("made/all"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = str(EXPLORATION).splitlines()
        self.assertEqual(done.stdout.splitlines(), [*lines[:2], lines[3]])
        self.assertEqual(sorted(os.listdir(path("made/all"))), [
            "4-course.svg", "4-widths.svg", "4.html", "4.mlirbc", "accuracy.svg"])
        program = cgmq.Module.load(path("made/all/4.mlirbc"))
        self.assertEqual(str(program), str(EXPLORATION.points[1].module))
        words = "".join(Page(read("made/all/4.html")).text)
        for word in ("epochs", path("float.mlir"), f"{EXPLORATION.points[1].rbop_percent:.4f} %"):
            self.assertIn(word, words)

    def test_command_errors(self):
        FLOAT.save(path("float.mlir"))
        images = f"--images={path('images.idx')}"
        for status, message, *arguments in (
                (1, "error: .*expects a budget of at least 0.3906 %", path("float.mlir"), images,
                 "--budgets=0.1%"),
                (1, "error: .*No such file", path("missing.mlir"), images),
                (1, "images.idx.*error: ", path("images.idx"), images),
                (2, "invalid choice: 'up'.* 'cost', 'gradient', 'magnitude', 'product'",
                 path("float.mlir"), images, "--direction=up"),
                (2, "--test-labels expects --test-images", path("float.mlir"), images,
                 f"--test-labels={path('labels.idx')}"),
                (2, "unrecognized arguments: --log=x", path("float.mlir"), images, "--log=x")):
            done = self.run_command(*arguments)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertEqual(done.stdout, "")
            self.assertTrue(re.search(message, done.stderr), done.stderr)
            self.assertNotIn("Traceback", done.stderr)

    # Without matplotlib the page has no pictures, and says so.
    def test_without_matplotlib(self):
        with mock.patch.dict(sys.modules, {"matplotlib": None, "matplotlib.figure": None}):
            with self.assertRaisesRegex(ImportError, "pictures are drawn by matplotlib"):
                cgmq.plot_accuracy(EXPLORATION)
            cgmq.report(path("plain.html"), EXPLORATION.points[0].module)
        self.assertNotIn("<svg", read("plain.html"))
        self.assertIn("matplotlib is not installed", read("plain.html"))


unittest.main()
