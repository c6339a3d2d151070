# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Follows docs/install.md, where its prefix is another, and docs/editors.md.

usage: pages.py INSTALL EDITORS PREFIX

Runs in an empty directory: writes the project of the page, with a program of one
call, configures it by the page's command, builds and runs it; has stock mlir-opt
do the page's command on a model.
"""

import json
import os
import re
import subprocess
import sys

install, editors, prefix = sys.argv[1:]
PROGRAM = """
#include "cgmq/InitAll.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
int main() {
  mlir::DialectRegistry registry;
  mlir::cgmq::registerAllDialects(registry);
  mlir::MLIRContext context(registry);
  return context.getOrLoadDialect("cgmq") == nullptr;
}
"""
MODEL = """
ml_program.global private mutable @w(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}
"""


def read(name):
    with open(name) as file:
        return file.read()


def find_block(text, language, word):
    """The one block of that language that has the word."""
    block, = (body for body in re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
              if word in body)
    return block


def run(command):
    return subprocess.run(command.replace("/opt/cgmq", prefix), shell=True, check=True,
                          stdout=subprocess.PIPE, text=True).stdout


page = read(install)
table, = re.findall(r"^\| under the prefix .*?\n\n", page, re.M | re.S)
listed = re.findall(r"^\| `([^`]+)` \|", table, re.M)
for path in listed:
    assert os.path.exists(os.path.join(prefix, path)), path
tools = re.search(r"^\| `bin` \| (.*) \|$", page, re.M)[1]
assert sorted(re.findall("`(.*?)`", tools)) == sorted(os.listdir(f"{prefix}/bin")), tools

for name, text in (("mine.cpp", PROGRAM), ("model.mlir", MODEL),
                   ("CMakeLists.txt", find_block(page, "none", "find_package"))):
    with open(name, "w") as file:
        file.write(text)
run(find_block(page, "sh", "-G Ninja"))
run("ninja -C build && build/mine")
assert "cgmq.quantize" in run(find_block(page, "sh", "--load-pass-plugin"))

page = read(editors)
server = json.loads(find_block(page, "json", "mlir."))["mlir.server_path"]
command = re.search(r"cmd = { '(.*?)' }", find_block(page, "none", "vim.lsp"))[1]
assert os.path.basename(server) == command and command in os.listdir(f"{prefix}/bin"), server
print(f"{len(listed)} places")
