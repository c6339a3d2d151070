# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what is exported, under ONNX Runtime, with what cgmq computes.

usage: test_onnxruntime.py LIBRARY DIRECTORY
"""

import os
import sys
import unittest

import cgmq
import numpy as np
from run_onnxruntime import Session

DIRECTORY, LIBRARY = sys.argv.pop(), sys.argv.pop()
T = "tensor<?x4x6x3xf32>"

# What stands behind the quantizer in a function: its lines, and the type of %y.
CASES = {
    **{name: (f"%y = tosa.{name} %d : ({T}) -> {T}", T)
       for name in ("abs", "ceil", "cos", "erf", "exp", "floor", "sigmoid", "sin", "tanh",
                    "identity")},
    **{name: (f"%p = tosa.exp %d : ({T}) -> {T}\n%y = tosa.{name} %p : ({T}) -> {T}", T)
       for name in ("log", "reciprocal", "rsqrt")},
    **{name: (f"%y = tosa.{name} %d, %one : ({T}, tensor<1x1x1x3xf32>) -> {T}", T)
       for name in ("add", "sub", "maximum", "minimum")},
    "mul": ("%s = \"tosa.const\"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>\n"
            f"%y = tosa.mul %d, %one, %s : ({T}, tensor<1x1x1x3xf32>, tensor<1xi8>) -> {T}", T),
    "negate": (f"%y = tosa.negate %d, %zero, %zero : ({T}, tensor<1xf32>, tensor<1xf32>) -> {T}",
               T),
    "select": ("%c = tosa.greater %d, %one : "
               f"({T}, tensor<1x1x1x3xf32>) -> tensor<?x4x6x3xi1>\n"
               f"%y = tosa.select %c, %d, %one : (tensor<?x4x6x3xi1>, {T}, "
               f"tensor<1x1x1x3xf32>) -> {T}", T),
    "clamp": (f"%y = tosa.clamp %d {{min_val = -0.3 : f32, max_val = 0.4 : f32}} : ({T}) -> {T}",
              T),
    "max_pool2d": ("%y = tosa.max_pool2d %d {kernel = array<i64: 2, 3>, pad = array<i64: 0, 1, "
                   f"1, 2>, stride = array<i64: 1, 3>}} : ({T}) -> tensor<?x4x3x3xf32>",
                   "tensor<?x4x3x3xf32>"),
    "avg_pool2d": ("%y = tosa.avg_pool2d %d, %zero, %zero {kernel = array<i64: 2, 3>, pad = "
                   "array<i64: 0, 1, 1, 2>, stride = array<i64: 1, 3>, acc_type = f32} : "
                   f"({T}, tensor<1xf32>, tensor<1xf32>) -> tensor<?x4x3x3xf32>",
                   "tensor<?x4x3x3xf32>"),
    # Channels first from the pooling on: the reshape and the sum want them last.
    "reshape": ("%p = tosa.max_pool2d %d {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, "
                f"0>, stride = array<i64: 2, 2>}} : ({T}) -> tensor<?x2x3x3xf32>\n"
                "%a = tosa.add %p, %one : (tensor<?x2x3x3xf32>, tensor<1x1x1x3xf32>) -> "
                "tensor<?x2x3x3xf32>\n"
                "%s = tosa.const_shape {values = dense<[-1, 18]> : tensor<2xindex>} : () -> "
                "!tosa.shape<2>\n"
                "%y = tosa.reshape %a, %s : (tensor<?x2x3x3xf32>, !tosa.shape<2>) -> "
                "tensor<?x18xf32>", "tensor<?x18xf32>"),
    "concat": ("%p = tosa.max_pool2d %d {kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, "
               f"0>, stride = array<i64: 1, 1>}} : ({T}) -> {T}\n"
               f"%y = tosa.concat %p, %d {{axis = 2 : i32}} : ({T}, {T}) -> tensor<?x4x12x3xf32>",
               "tensor<?x4x12x3xf32>"),
    "transpose": (f"%y = tosa.transpose %d {{perms = array<i32: 0, 2, 3, 1>}} : ({T}) -> "
                  "tensor<?x6x3x4xf32>", "tensor<?x6x3x4xf32>"),
    "pad": ("%s = tosa.const_shape {values = dense<[0, 0, 1, 2, 3, 0, 0, 1]> : tensor<8xindex>} "
            ": () -> !tosa.shape<8>\n%v = \"tosa.const\"() <{values = dense<0.5> : tensor<1xf32>}> "
            ": () -> tensor<1xf32>\n"
            f"%y = tosa.pad %d, %s, %v : ({T}, !tosa.shape<8>, tensor<1xf32>) -> "
            "tensor<?x7x9x4xf32>", "tensor<?x7x9x4xf32>"),
    "slice": ("%s = tosa.const_shape {values = dense<[0, 1, 2, 0]> : tensor<4xindex>} : () -> "
              "!tosa.shape<4>\n"
              "%z = tosa.const_shape {values = dense<[-1, 3, 2, 3]> : tensor<4xindex>} : () -> "
              "!tosa.shape<4>\n"
              f"%y = tosa.slice %d, %s, %z : ({T}, !tosa.shape<4>, !tosa.shape<4>) -> "
              "tensor<?x3x2x3xf32>", "tensor<?x3x2x3xf32>"),
    "tile": ("%s = tosa.const_shape {values = dense<[1, 2, 1, 3]> : tensor<4xindex>} : () -> "
             f"!tosa.shape<4>\n%y = tosa.tile %d, %s : ({T}, !tosa.shape<4>) -> "
             "tensor<?x8x6x9xf32>", "tensor<?x8x6x9xf32>"),
    **{name: (f"%y = tosa.{name} %d {{axis = 2 : i32}} : ({T}) -> tensor<?x4x1x3xf32>",
              "tensor<?x4x1x3xf32>")
       for name in ("reduce_sum", "reduce_max", "reduce_min", "reduce_product")},
}


def make_function(lines, result):
    return f"""!q = !quant.uniform<i8<-127:127>:f32, 0.01>
func.func @f(%x: {T}) -> {result} {{
  %zero = "tosa.const"() <{{values = dense<0.0> : tensor<1xf32>}}> : () -> tensor<1xf32>
  %one = "tosa.const"() <{{values = dense<[[[[0.25, 0.5, -0.125]]]]> : tensor<1x1x1x3xf32>}}> : () -> tensor<1x1x1x3xf32>
  %q = quant.qcast %x : {T} to tensor<?x4x6x3x!q>
  %d = quant.dcast %q : tensor<?x4x6x3x!q> to {T}
  {lines}
  return %y : {result}
}}"""


class OnnxRuntimeTest(unittest.TestCase):
    def run_model(self, module, inputs, shape, optimization, quantizers="nodes"):
        path = os.path.join(DIRECTORY, "model.onnx")
        module.save(path, quantizers=quantizers)
        return Session(LIBRARY, path, optimization).run(inputs, shape)

    def test_operations(self):
        inputs = np.random.default_rng(1).normal(0, 0.6, (3, 4, 6, 3)).astype(np.float32)
        for name, case in CASES.items():
            with self.subTest(name):
                module = cgmq.Module.parse(make_function(*case))
                expected = module.compile()(inputs)
                self.assertGreater(np.ptp(expected), 0.01)
                np.testing.assert_allclose(
                    self.run_model(module, inputs, expected.shape, "none"), expected,
                    rtol=2e-6, atol=2e-6)

    # Floats round their sums, so that logits differ in their last bits; a code
    # that is another one would show as a thousandth at least.
    def test_networks(self):
        images = cgmq.read_array(os.path.join(DIRECTORY, "images"))[..., np.newaxis]
        inputs = images.astype(np.float32) / np.float32(255)
        for name in ("lenet5", "network", "elements"):
            module = cgmq.Module.load(os.path.join(DIRECTORY, f"{name}.mlir"))
            expected = module.clone().run("cgmq-lower-to-integer").compile()(images)
            self.assertGreater(np.ptp(expected), 0.05)
            for how in (("none", "nodes"), ("all", "nodes"), ("all", "arithmetic")):
                logits = self.run_model(module, inputs, expected.shape, *how)
                np.testing.assert_allclose(logits, expected, rtol=0, atol=1e-5,
                                           err_msg=f"{name} {how}")

    def make_quantizer(self, grid):
        return cgmq.Module.parse(f"""!q = !quant.uniform<{grid}>
            func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {{
              %q = quant.qcast %x : tensor<?xf32> to tensor<?x!q>
              %d = quant.dcast %q : tensor<?x!q> to tensor<?xf32>
              return %d : tensor<?xf32>
            }}""")

    # Between two codes ours goes up, ONNX's to the even one; else they agree, at
    # the limits of narrow codes too. By our arithmetic they always do.
    def test_ties(self):
        module = self.make_quantizer("i4<-7:7>:f32, 0.5")
        inputs = np.arange(-64, 65, dtype=np.float32) / 8
        ours = module.compile()(inputs)
        theirs = self.run_model(module, inputs, inputs.shape, "none")
        self.assertEqual((ours.min(), ours.max()), (-3.5, 3.5))
        halves = np.floor(inputs / 0.5 + 0.5).clip(-7, 7) * 0.5
        even = np.round(inputs / 0.5).clip(-7, 7) * 0.5
        np.testing.assert_array_equal(ours, halves)
        np.testing.assert_array_equal(theirs, even)
        ties = inputs % 0.5 == 0.25
        np.testing.assert_array_equal(ours[~ties], theirs[~ties])
        self.assertTrue((ours != theirs).any())
        same = self.run_model(module, inputs, inputs.shape, "none", "arithmetic")
        np.testing.assert_array_equal(ours, same)

    # Codes of 16 bits, which QuantizeLinear of operator set 13 does not give.
    def test_wide(self):
        inputs = np.random.default_rng(1).normal(0, 20, 1000).astype(np.float32)
        for grid in ("u16:f32, 0.001", "i16<-32767:32767>:f32, 0.001"):
            module = self.make_quantizer(grid)
            ours = module.compile()(inputs)
            self.assertGreater(len(np.unique(ours)), 300)
            theirs = self.run_model(module, inputs, inputs.shape, "none", "arithmetic")
            np.testing.assert_array_equal(ours, theirs)


unittest.main()
