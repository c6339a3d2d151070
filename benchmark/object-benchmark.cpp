//===- object-benchmark.cpp - A compiled integer program on demand ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: object-benchmark LIBRARY FUNCTION INPUT-BYTES OUTPUT-BYTES
//
// Runs the plain function of an object file of `cgmq-translate`, linked as a
// shared library, on bytes that are drawn. A line `run N` runs it N times; the
// answer has the seconds.
//
//===----------------------------------------------------------------------===//

#include "CommandLoop.h"

#include <dlfcn.h>

#include <cstdlib>
#include <vector>

int main(int argc, char **argv) {
  if (argc != 5) {
    std::cerr << "usage: object-benchmark LIBRARY FUNCTION INPUT-BYTES "
                 "OUTPUT-BYTES\n";
    return 2;
  }
  void *library = dlopen(argv[1], RTLD_NOW);
  if (!library) {
    std::cerr << dlerror() << '\n';
    return 1;
  }
  using Function = int (*)(const void *, void *);
  auto function = reinterpret_cast<Function>(dlsym(library, argv[2]));
  if (!function) {
    std::cerr << dlerror() << '\n';
    return 1;
  }
  std::vector<unsigned char> in(std::atol(argv[3])), out(std::atol(argv[4]));
  for (unsigned char &byte : in)
    byte = static_cast<unsigned char>(std::rand());
  return !serveRuns("{}", [&] { function(in.data(), out.data()); });
}
