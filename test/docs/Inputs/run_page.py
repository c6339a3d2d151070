# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the code of a page, as someone does who follows it.

usage: run_page.py PAGE DIRECTORY --source=TREE --build=BUILD

DIRECTORY is made to look like a checkout after the build and tools/fetch-mnist,
but for MNIST, which is shortened to 3,200 and 1,000 samples: commands run as
they stand, in moments. What becomes of a block is said by its language:

  sh      run; variables last from block to block
  python  run; all blocks are one program
  mlir    parsed and verified
  c       compiled, after the headers that the page has made
  json    parsed
  text    compared with what the sh block before it prints: its lines in their
          order, where numbers may be others. If one is an error, that block has
          to fail.
  none    shown only: formulas, diagrams, what long runs print

Others are refused. Behind the language may stand

  file=NAME  the block is written to NAME as well, before anything runs
  of=NAME    the block is a quotation, in any language, of a file of the tree or
             one that the page makes: its lines stand there, in their order,
             where `...` is anything and names of SSA values may be others
  like=NAME  the same of what training made, where numbers may be others

A sh block that no test can run as it stands (it installs, builds, or takes
hours) follows a comment that says why, and what is run instead, if anything:

  <!-- test: trains for minutes
  cgmq-opt ... -o build/quickstart/float.mlir -->

How many of them a page has is the second number that is printed, for the test
to look at.
"""

import argparse
import glob
import json
import os
import re
import subprocess
import sys

FENCE = re.compile(
    r"^(?:<!-- test: (?P<instead>(?:(?!-->).)*)-->\n\n?)?"
    r"```(?P<language>[a-z+]*)(?: (?P<role>file|of|like)=(?P<name>\S+))?\n"
    r"(?P<text>.*?)^```$", re.M | re.S)
NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
SAMPLES = {"train": 3200, "t10k": 1000}


class Defect(Exception):
    pass


def shorten(source, target, count):
    """Copies the first samples of an IDX file of bytes."""
    with open(source, "rb") as file:
        data = file.read()
    rank = data[3]
    extents = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(rank)]
    size = 1
    for extent in extents[1:]:
        size *= extent
    start = 4 + 4 * rank
    with open(target, "wb") as file:
        file.write(data[:4] + count.to_bytes(4, "big") + data[8:start + count * size])


def make_checkout(source, build):
    """Makes the current directory look like a checkout that was built."""
    for name in os.listdir(source):
        if not name.startswith((".", "build")):
            os.symlink(os.path.join(source, name), name)
    os.makedirs("build/data/mnist")
    os.makedirs("build/quickstart")
    for name in ("bin", "lib", "python"):
        os.symlink(os.path.join(build, name), f"build/{name}")
    for part, count in SAMPLES.items():
        for kind in ("images-idx3", "labels-idx1"):
            name = f"data/mnist/{part}-{kind}-ubyte"
            shorten(os.path.join(build, name), f"build/{name}", count)


def run(command, text=None):
    """What a command prints; a defect if it fails."""
    done = subprocess.run(command, input=text, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        raise Defect(done.stdout or f"{command[0]} failed")
    return done.stdout


def run_shell(text, must_fail):
    # What is set in one block is there in the next one. Python is the one that runs
    # this, which the package is built for; the first of PATH may be another.
    script = (f"set -a\n[ ! -e .shell ] || . ./.shell\nset -e\n"
              f"python3() {{ '{sys.executable}' \"$@\"; }}\n{text}\n"
              "export -p | grep -v ' PWD=' > .shell\n")
    done = subprocess.run(["sh", "-c", script], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if (done.returncode != 0) != must_fail:
        raise Defect(done.stdout + f"exit status {done.returncode}")
    return done.stdout


def find_line(line, text, values, has_other_numbers):
    """Looks for a line, where `...` is anything, and gives what follows it.

    Words that begin with %, which are names of SSA values, are what `values` says
    they are, and are entered there where it does not.
    """
    pattern, groups = "", []
    for part in re.split(rf"(\.\.\.|%[\w.]+|{NUMBER})", " ".join(line.split())):
        if part == "...":
            pattern += r"[^\n]*?"
        elif part in groups:
            pattern += f"(?P=v{groups.index(part)})"
        elif part.startswith("%") and values is not None and part not in values:
            pattern += f"(?P<v{len(groups)}>%[\\w.]+)"
            groups.append(part)
        elif has_other_numbers and re.fullmatch(NUMBER, part):
            pattern += NUMBER
        else:
            pattern += re.escape(values.get(part, part) if values else part)
    match = re.search(pattern, text)
    if not match:
        raise Defect(f"expects a line like\n{line}\nin\n{text[:1500]}")
    if values is not None:
        values.update((part, match[f"v{i}"]) for i, part in enumerate(groups))
    return text[match.end():]


def compare(expected, text, is_mlir=False, has_other_numbers=True):
    """Looks for the lines of a block in a text, one after the other."""
    text = re.sub(r"[ \t]+", " ", text)
    values = {} if is_mlir else None
    for line in filter(str.strip, expected.splitlines()):
        text = find_line(line, text, values, has_other_numbers)


def quote(block):
    with open(block["name"]) as file:
        text = file.read().partition("{-#")[0]
    compare(block["text"], text, block["language"] == "mlir", block["role"] == "like")


def compile_c(text):
    headers = "".join(f'#include "{name}"\n' for name in sorted(glob.glob("*.h")))
    run(["cc", "-std=c11", "-Wall", "-Werror", "-fsyntax-only", "-I.", "-x", "c", "-"],
        f"#include <stdint.h>\n{headers}{text}")


def run_python(text, page, line, variables):
    # What the shell exports, Python sees as one who starts it there.
    path = run(["sh", "-c", '[ ! -e .shell ] || . ./.shell; echo "$PYTHONPATH"']).strip()
    sys.path[:0] = [part for part in path.split(":") if part and part not in sys.path]
    # Errors then have the lines of the page.
    exec(compile("\n" * line + text, page, "exec"), variables)


def run_block(page, block, following, line, state):
    language, text = block["language"], block["text"]
    if block["role"] in ("of", "like"):
        return  # Once all is made.
    if language == "sh":
        must_fail = bool(following and following["language"] == "text" and
                         re.search(r"\berror:", following["text"]))
        if block["instead"] is not None:
            text = block["instead"].partition("\n")[2]
        state["printed"] = run_shell(text, must_fail)
    elif language == "python":
        run_python(text, page, line, state["variables"])
    elif language == "mlir":
        run(["cgmq-opt", "-", "-o", os.devnull], text)
    elif language == "c":
        compile_c(text)
    elif language == "json":
        json.loads(text)
    elif language == "text" and not block["role"]:
        compare(text, state["printed"])
    elif language and language != "text":
        raise Defect(f"expects a language that can be run, but got '{language}'")


def main():
    parser = argparse.ArgumentParser()
    for name in ("page", "directory", "--source", "--build"):
        parser.add_argument(name)
    arguments = parser.parse_args()
    with open(arguments.page) as file:
        page = file.read()
    blocks = list(FENCE.finditer(page))
    os.makedirs(arguments.directory)
    os.chdir(arguments.directory)
    # On one core, so that threads do not wait for each other where others work.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    make_checkout(arguments.source, arguments.build)

    state = {"printed": "", "variables": {"__name__": "__main__"}}
    try:
        line = 0
        if len(re.findall(r"^\s*```", page, re.M)) != 2 * len(blocks):
            raise Defect("expects fences in pairs, at the start of lines")
        for block in blocks:
            if block["role"] == "file":
                with open(block["name"], "w") as file:
                    file.write(block["text"])
        for block, following in zip(blocks, blocks[1:] + [None]):
            line = page[:block.start("text")].count("\n")
            run_block(arguments.page, block, following, line, state)
        for block in blocks:
            line = page[:block.start("text")].count("\n")
            if block["role"] in ("of", "like"):
                quote(block)
    except Defect as defect:
        sys.exit(f"{arguments.page}:{line}: {defect}")
    code = [block for block in blocks if block["language"]]
    instead = [block for block in code if block["instead"] is not None]
    print(f"{os.path.basename(arguments.page)}: {len(code)} blocks, {len(instead)} replaced")


main()
