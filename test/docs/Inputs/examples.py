# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the examples of reference pages.

usage: examples.py PAGE...
The first mlir block below a heading has to be a module that cgmq-opt takes,
and that the pass of the heading takes, where the heading names one. Ops,
attributes, types and passes must have one; a sh block does for what needs data.
"""

import os
import re
import subprocess
import sys

SECTION = re.compile(r"^#{1,3} ([^\n]*)\n(.*?)(?=^#{1,3} |\Z)", re.M | re.S)
BLOCK = re.compile(r"^ *```(mlir|sh)\n(.*?)^ *```", re.M | re.S)
PASS = re.compile(r"`-([a-z0-9-]+)`$")
NEEDS_EXAMPLE = re.compile(r"`(-|cgmq\.)|\w+(Attr|Type)$")


def defect(heading, body):
    """What is wrong with the examples of a section, None if nothing is."""
    examples = {}
    for kind, text in BLOCK.findall(body):
        examples.setdefault(kind, text)
    if "mlir" not in examples:
        missing = NEEDS_EXAMPLE.match(heading) and not examples
        return "expects an example" if missing else None
    if "..." in examples["mlir"]:
        return "expects a first example that is complete, but got '...'"
    command = ["cgmq-opt", "-", "-o", os.devnull]
    if match := PASS.match(heading):
        command.append("--" + match[1])
    run = subprocess.run(command, input=examples["mlir"], text=True, stderr=subprocess.PIPE)
    return run.stderr or "cgmq-opt failed" if run.returncode else None


def main(pages):
    count = defects = 0
    for page in pages:
        with open(page) as file:
            sections = SECTION.findall(file.read())
        for heading, body in sections:
            count += "```mlir" in body
            if text := defect(heading, body):
                defects += 1
                print(f"{os.path.basename(page)}: {heading}: {text}", file=sys.stderr)
    print(f"{count} examples, {defects} defects")
    return 1 if defects or not count else 0


sys.exit(main(sys.argv[1:]))
