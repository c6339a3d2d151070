# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the Python of a page.

usage: python_blocks.py PAGE
The python blocks are run in order, as one program, in the current directory.
"""

import os
import re
import sys

BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)

# On one core, so that threads do not wait for each other where others work too.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
with open(sys.argv[1]) as file:
    page = file.read()
variables = {"__name__": "__main__"}
blocks = list(BLOCK.finditer(page))
for block in blocks:
    # Errors then have the lines of the page.
    lines = page[:block.start(1)].count("\n")
    exec(compile("\n" * lines + block[1], sys.argv[1], "exec"), variables)
print(f"{len(blocks)} blocks")
sys.exit(not blocks)
