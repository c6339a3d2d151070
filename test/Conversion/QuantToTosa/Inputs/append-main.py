# append-main.py - A program that counts the logits that differ
#
# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# append-main.py FUNCTION IMAGES LOGITS.npy [TOLERANCE] < module.mlir
#
# Appends `main`, which calls FUNCTION on the first images of an IDX file (plain)
# and returns how many results are not those of LOGITS.npy, as cgmq-run writes
# them: bit for bit, or, with a tolerance, further from it than that. Its
# operations are upstream's.

import re
import struct
import sys


def hexadecimal(numbers):
    return '"0x' + struct.pack(f"<{len(numbers)}f", *numbers).hex().upper() + '"'


function, images, logits = sys.argv[1:4]
tolerance = float(sys.argv[4]) if len(sys.argv) > 4 else 0.0
with open(logits, "rb") as file:
    data = file.read()
length = 10 + struct.unpack("<H", data[8:10])[0]
header = data[10:length].decode()
assert "'<f4'" in header, header
extents = [int(x) for x in re.search(r"\(([\d, ]*)\)", header)[1].split(",")]
expected = [x for x, in struct.iter_unpack("<f", data[length:])]

module = sys.stdin.read()
signature = re.search(rf"func\.func @{function}\(%\w+: (tensor<[^>]*>)\) -> (tensor<[^>]*>)", module)
argument, result = signature[1], signature[2]
batch, *sample, _ = argument[7:].split("x")
extents[0] = min(extents[0], int(batch))
size = 1
for extent in sample:
    size *= int(extent)
with open(images, "rb") as file:
    file.seek(16)
    pixels = [byte / 255 for byte in file.read(extents[0] * size)]
count = extents[0] * extents[1]

main = f"""
  func.func @main() -> i32 {{
    %images = arith.constant dense<{hexadecimal(pixels)}> : {argument}
    %expected = arith.constant dense<{hexadecimal(expected[:count])}> : {result}
    %logits = call @{function}(%images) : ({argument}) -> {result}
    %zero = arith.constant dense<0> : tensor<i32>
    %count = linalg.generic {{
        indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ()>],
        iterator_types = ["reduction", "reduction"]}}
        ins(%logits, %expected : {result}, {result}) outs(%zero : tensor<i32>) {{
    ^bb0(%a: f32, %b: f32, %sum: i32):
      %tolerance = arith.constant {tolerance:e} : f32
      %difference = arith.subf %a, %b : f32
      %size = math.absf %difference : f32
      %isNear = arith.cmpf ole, %size, %tolerance : f32
      %isFar = arith.constant 1 : i32
      %isNone = arith.constant 0 : i32
      %one = arith.select %isNear, %isNone, %isFar : i32
      %next = arith.addi %sum, %one : i32
      linalg.yield %next : i32
    }} -> tensor<i32>
    %number = tensor.extract %count[] : tensor<i32>
    return %number : i32
  }}
"""
end = module.rindex("}")
sys.stdout.write(module[:end] + main + module[end:])
