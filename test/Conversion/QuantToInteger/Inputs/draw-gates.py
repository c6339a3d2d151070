# draw-gates.py - Ranges, gates and biases as training might leave them
#
# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# draw-gates.py SEED WIDTHS IMAGES < gated.mlir > drawn.mlir
#
# Gives each gate of a gated LeNet-5 one of the widths (2,4,8) and each range a
# value that suits the initial weights, and writes eight images of random
# pixels as IDX.

import random
import re
import struct
import sys

seed, widths, images = int(sys.argv[1]), sys.argv[2].split(","), sys.argv[3]
draw = random.Random(seed)
gates = {"2": 0.5, "4": 1.5, "8": 2.5, "16": 3.5}
ranges = {"conv1.weight": 0.49, "conv2.weight": 0.086, "fc1.weight": 0.0765,
          "fc2.weight": 0.108, "lenet5.act0": 1.0, "lenet5.act1": 2.5,
          "lenet5.act2": 2.5, "lenet5.act3": 2.5}


def value(match):
    name, kind = match.group(1), match.group(2)
    if kind == "gate":
        number = gates[draw.choice(widths)]
    else:
        number = ranges.get(name, 2.0 if ".act" in name else 0.2) * draw.uniform(0.7, 1.1)
    return f"@{name}.{kind}(dense<{number:.9e}>"


def bias(match):
    rule = f"#cgmq.he_uniform<fan_in = 600, seed = {draw.randrange(1000)}>"
    return f"@{match.group(1)}.bias({rule}) : {match.group(2)}"


text = sys.stdin.read()
text = re.sub(r"@([\w.]+)\.(range|gate)\(dense<[^>]*>", value, text)
text = re.sub(r"@(\w+)\.bias\(dense<[^>]*> : tensor<[^>]*>\) : (tensor<[^>]*>)",
              bias, text)
sys.stdout.write(text)
with open(images, "wb") as file:
    file.write(struct.pack(">IIII", 0x803, 8, 28, 28))
    file.write(bytes(draw.choice((0, draw.randrange(256), 255))
                     for _ in range(8 * 28 * 28)))
