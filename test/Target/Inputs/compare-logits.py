# compare-logits.py - Integers of a compiled program against floats of cgmq-run
#
# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# compare-logits.py LOGITS.npy HEADER < OUTPUT
#
# Each line of OUTPUT is a class, a colon and integers. In f32, each integer
# times the step of the header is the logit that cgmq-run has written, bit for
# bit, and the class is the position of the greatest.

import re
import struct
import sys


def f32(number):
    return struct.unpack("<f", struct.pack("<f", number))[0]


with open(sys.argv[1], "rb") as file:
    data = file.read()
length = struct.unpack("<H", data[8:10])[0]
assert b"'descr': '<f4'" in data[:length], data[:length]
logits = [x for x, in struct.iter_unpack("<f", data[10 + length:])]
with open(sys.argv[2]) as file:
    step = f32(float(re.search(r"_OUT_STEP (\S+)f", file.read())[1]))

count = differing = 0
for line in sys.stdin:
    label, row = line.split(":")
    row = [int(x) for x in row.split()]
    assert int(label) == row.index(max(row)), line
    for code in row:
        # A product of two f32 is exact in a double.
        differing += count >= len(logits) or f32(f32(code) * step) != logits[count]
        count += 1
differing += abs(len(logits) - count)
print(f"{count} logits, {differing} differ")
