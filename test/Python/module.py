# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""Modules in and out, and what they tell of themselves."""

import copy
import os
import pickle
import sys
import unittest

import cgmq
import numpy as np
from networks import BLOBNET, load_blobnet

DIRECTORY = sys.argv.pop()


class ModuleTest(unittest.TestCase):
    def test_text_and_bytecode(self):
        module = load_blobnet()
        text = str(module)
        self.assertIn("func.func @blobnet(", text)
        for name in ("copy.mlir", "copy.mlirbc"):
            path = os.path.join(DIRECTORY, name)
            module.save(path)
            self.assertEqual(str(cgmq.Module.load(path)), text)
        with open(path, "rb") as file:
            data = file.read()
        self.assertTrue(data.startswith(b"ML\xefR"))
        self.assertEqual(str(cgmq.Module.parse(data)), text)

    def test_copies(self):
        module = load_blobnet()
        for copied in (module.clone(), copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
            copied.parameters["fc.bias"] = np.ones((1, 4))
            self.assertNotEqual(str(copied), str(module))

    def test_parse_errors(self):
        with self.assertRaises(cgmq.Error) as caught:
            cgmq.Module.parse("func.func @f() {\n  foo\n}", "some.mlir")
        error = caught.exception
        self.assertEqual((error.location.file, error.location.line, error.location.column),
                         ("some.mlir", 2, 3))
        self.assertIn("custom op 'foo' is unknown", error.message)
        self.assertTrue(str(error).startswith("some.mlir:2:3: error: custom op 'foo'"))
        with self.assertRaises(cgmq.Error):
            cgmq.Module.parse(b"ML\xefR broken")
        with self.assertRaises(FileNotFoundError):
            cgmq.Module.load(os.path.join(DIRECTORY, "missing.mlir"))

    # An error carries its notes, each with its place.
    def test_notes(self):
        with self.assertRaises(cgmq.Error) as caught:
            cgmq.Module.parse("func.func @f() { return }\nfunc.func @f() { return }", "f.mlir")
        error = caught.exception
        self.assertEqual(error.message, "redefinition of symbol named 'f'")
        self.assertEqual(error.location.line, 2)
        self.assertEqual([note.location.line for note in error.notes], [1])
        self.assertEqual(str(error), "f.mlir:2:1: error: redefinition of symbol named 'f'\n"
                         "f.mlir:1:1: note: see existing symbol definition here")

    def test_save_errors(self):
        module = load_blobnet()
        with self.assertRaisesRegex(ValueError, "expects a name that ends in one of .mlir"):
            module.save(os.path.join(DIRECTORY, "x.txt"))
        with self.assertRaisesRegex(ValueError, "format: expects one of mlir, bytecode"):
            module.save(os.path.join(DIRECTORY, "x.txt"), format="text")
        with self.assertRaisesRegex(OSError, "cannot write '.*missing/x.mlir'"):
            module.save(os.path.join(DIRECTORY, "missing", "x.mlir"))
        # Floats are no integer program; nothing is written.
        path = os.path.join(DIRECTORY, "float.c")
        with self.assertRaises(cgmq.Error):
            module.save(path)
        self.assertFalse(os.path.exists(path))
        self.assertIn("func.func @blobnet(", str(module))

    def test_pipelines(self):
        gates = "cgmq-insert-gates{budget=9% widths=4,8}"
        for pipeline in (f"{gates},cgmq-freeze", f"builtin.module({gates},cgmq-freeze)",
                         f"{gates},func.func(canonicalize),cgmq-freeze"):
            self.assertIn("!quant.uniform", str(load_blobnet().run(pipeline)), pipeline)

    # A pipeline that fails leaves the module as it was.
    def test_pipeline_errors(self):
        module = load_blobnet()
        text = str(module)
        for pipeline, message in (
                ("cgmq-no-such-pass", "'cgmq-no-such-pass' does not refer to a registered pass"),
                ("cgmq-freeze{", "expects a pipeline of passes"),
                ("builtin.module(cgmq-freeze", "expects a pipeline of passes"),
                ("cgmq-insert-gates{colour=red}", "no such option colour"),
                ("cgmq-insert-gates{budget=0.9%},cgmq-train", "expects option 'images'"),
                ("cgmq-insert-gates{budget=much}", "expects budget as a percentage")):
            with self.assertRaisesRegex(cgmq.Error, message):
                module.run(pipeline)
            self.assertEqual(str(module), text)
        with self.assertRaises(cgmq.Error) as caught:
            module.run("cgmq-insert-gates{budget=much}")
        self.assertEqual((caught.exception.location.file, caught.exception.location.line),
                         (BLOBNET, 10))

    def test_functions(self):
        module = cgmq.Module.parse(
            "func.func @f(%x: tensor<?x3xf32>, %s: index) -> tensor<2xi8> {\n"
            "  %c = arith.constant dense<1> : tensor<2xi8>\n  return %c : tensor<2xi8>\n}\n"
            "func.func private @g() { return }\nfunc.func private @declared()")
        self.assertEqual(list(module.functions), ["f", "g"])
        function = module.functions["f"]
        self.assertTrue(function.is_public)
        self.assertFalse(module.functions["g"].is_public)
        self.assertEqual(function.arguments,
                         (cgmq.TensorType((None, 3), "float32"), "index"))
        self.assertEqual(str(function), "f(float32[?, 3], index) -> int8[2]")
        self.assertEqual(repr(load_blobnet()),
                         "<cgmq.Module blobnet(float32[?, 8, 8, 1]) -> float32[?, 4]>")

    def test_parameters(self):
        module = load_blobnet()
        parameters = module.parameters
        self.assertEqual(list(parameters), ["conv.weight", "conv.bias", "fc.weight", "fc.bias"])
        self.assertEqual(parameters.types["fc.weight"], cgmq.TensorType((1, 36, 4), "float32"))
        # The rule that says what a weight starts with has numbers too.
        self.assertGreater(np.abs(parameters["conv.weight"]).max(), 0.1)
        values = np.arange(144, dtype=np.float64).reshape(1, 36, 4)
        for array in (values, np.asfortranarray(values.astype(np.float32)), values.astype(int)):
            parameters["fc.weight"] = array
            np.testing.assert_array_equal(parameters["fc.weight"], values.astype(np.float32))
        parameters["conv.bias"] = [1, 2, 3, 4]
        self.assertIn("dense<[1.000000e+00, 2.000000e+00", str(module))
        # What is given out is a copy.
        parameters["conv.bias"][0] = 7
        self.assertEqual(parameters["conv.bias"][0], 1)

    def test_parameter_errors(self):
        parameters = load_blobnet().parameters
        with self.assertRaises(KeyError):
            parameters["missing"]
        with self.assertRaises(KeyError):
            parameters["missing"] = np.zeros(1)
        with self.assertRaisesRegex(ValueError, r"fc.bias: expects an array of shape \[1, 4\]"):
            parameters["fc.bias"] = np.zeros(4)
        with self.assertRaisesRegex(TypeError, "expects an array of numbers, but got <U1"):
            parameters["fc.bias"] = np.array([["a", "b", "c", "d"]])
        with self.assertRaises(TypeError):
            del parameters["fc.bias"]

    def test_cost(self):
        module = load_blobnet().run("cgmq-insert-gates{budget=2%}")
        cost = module.cost()
        # 36 * 9 * 4 + 36 * 4 multiply-accumulates, all at 32 bits.
        self.assertEqual([layer.macs for layer in cost.layers], [1296, 144])
        self.assertEqual(cost.bops, 1440 * 32 * 32)
        self.assertEqual(cost.rbop_percent, 100)
        self.assertEqual([layer.name for layer in cost.layers], ["conv.weight", "fc.weight"])
        self.assertEqual(cost.layers[0].bits, (32, 32))
        self.assertEqual(cost.parameters["fc.weight"], 144 * 32)
        bound, = cost.bounds
        self.assertEqual((bound.model, bound.is_kept), ("bop", False))
        self.assertAlmostEqual(bound.limit_percent, 2)
        self.assertIn("RBOP 100% of at most 2%", str(cost))
        with self.assertRaisesRegex(cgmq.Error, "missing"):
            module.cost("missing")

    # The codes of an integer program are parameters that can be read.
    def test_units(self):
        module = load_blobnet().run("cgmq-initialize-parameters,"
                                    "cgmq-insert-gates{budget=2% granularity=channel}")
        self.assertEqual(module.cost().layers[0].units[1], {32: 4})
        integer = load_blobnet().run(
            "cgmq-initialize-parameters,cgmq-insert-gates{budget=100% widths=8},cgmq-freeze,"
            "cgmq-lower-to-integer")
        kinds = {kind.dtype for kind in integer.parameters.types.values()}
        self.assertTrue(kinds & {"int8", "int16", "int32"}, kinds)
        for name, kind in integer.parameters.types.items():
            self.assertEqual(integer.parameters[name].shape, kind.shape)
        name = next(name for name, kind in integer.parameters.types.items()
                    if kind.dtype.startswith("int"))
        with self.assertRaisesRegex(TypeError, "expects a parameter of float32 to set"):
            integer.parameters[name] = integer.parameters[name]


unittest.main()
