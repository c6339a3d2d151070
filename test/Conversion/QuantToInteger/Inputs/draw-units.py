# draw-units.py - Gates that differ within tensors
#
# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# draw-units.py SEED WEIGHT-WIDTHS ACTIVATION-WIDTHS < gated.mlir > drawn.mlir
#
# Gives each unit of each gate that is a tensor one of the widths. Gates of one
# unit are left to draw-gates.py.

import random
import re
import sys

draw = random.Random(int(sys.argv[1]))
weight_widths, activation_widths = sys.argv[2].split(","), sys.argv[3].split(",")
gates = {"0": -0.5, "2": 0.5, "4": 1.5, "8": 2.5, "16": 3.5}


def nest(shape, widths):
    if not shape:
        return str(gates[draw.choice(widths)])
    return "[" + ", ".join(nest(shape[1:], widths) for _ in range(shape[0])) + "]"


def units(match):
    name, shape = match.group(1), match.group(2)
    widths = activation_widths if ".act" in name else weight_widths
    extents = [int(extent) for extent in shape.split("x")[:-1]]
    values = f"dense<{nest(extents, widths)}> : tensor<{shape}>"
    return f"@{name}.gate({values}) : tensor<{shape}>"


sys.stdout.write(re.sub(
    r"@([\w.]+)\.gate\(dense<[^>]*> : tensor<[^>]*>\) : tensor<([\dx]+xf32)>",
    units, sys.stdin.read()))
