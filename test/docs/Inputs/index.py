# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that no page is alone.

usage: index.py TREE
Each page of docs is in docs/README.md, each that is written by hand is named by a
test, and relative links of all pages lead somewhere.
"""

import glob
import os
import re
import sys

FOLDERS = ("*.md", "benchmark/*.md", "docs/**/*.md", "lib/**/*.md", "python/*.md")
LINK = re.compile(r"\]\(([^)#:\s]+)(#[^)\s]*)?\)|\]\((#[^)\s]*)\)")


def read(name):
    with open(name) as file:
        return file.read()


def anchors(page):
    """The anchors of the headings, as renderers of Markdown make them."""
    text = re.sub(r"^```.*?^```", "", read(page), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


os.chdir(sys.argv[1])
defects = []
pages = [page for pattern in FOLDERS for page in glob.glob(pattern, recursive=True)]
for page in pages:
    for file, anchor, own in LINK.findall(read(page)):
        target = os.path.normpath(os.path.join(os.path.dirname(page), file)) if file else page
        if not os.path.exists(target):
            defects.append(f"{page}: expects a file at {target}")
        elif (anchor or own) and (anchor or own) not in anchors(target):
            defects.append(f"{page}: expects a heading {anchor or own} in {target}")

index = read("docs/README.md")
tests = "".join(map(read, glob.glob("test/**/*.test", recursive=True)))
for page in glob.glob("docs/**/*.md", recursive=True):
    name = os.path.relpath(page, "docs")
    if name != "README.md" and f"]({name})" not in index:
        defects.append(f"docs/README.md: expects a link to {name}")
    if os.path.dirname(page) == "docs" and name != "README.md" and f"/docs/{name}" not in tests:
        defects.append(f"{page}: expects a test that runs it")
print("\n".join(defects) or f"{len(pages)} pages", file=sys.stderr if defects else sys.stdout)
sys.exit(bool(defects) or not pages)
