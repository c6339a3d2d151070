"""usage: compare-sizes.py SIZES SIZE-OUTPUT OBJECT

Checks the sizes that cgmq-translate tells against those of llvm-size: text,
data and bss. LeNet-5 has some 581,000 weights of at most 4 bits; their codes
may fit in fewer.
"""

import json
import os
import sys

with open(sys.argv[1]) as file:
    sizes = json.load(file)
with open(sys.argv[2]) as file:
    text, data, bss = map(int, file.read().splitlines()[1].split()[:3])
assert sizes["file_bytes"] == os.path.getsize(sys.argv[3])
assert sizes["code_bytes"] + sizes["constant_bytes"] == text + data, sizes
assert sizes["activation_bytes"] + sizes["unpacked_constant_bytes"] == bss
assert 580_000 / 4 < sizes["constant_bytes"] < 580_000 / 2 + 10_000, sizes
assert 580_000 < sizes["unpacked_constant_bytes"] < 580_000 + 20_000, sizes
