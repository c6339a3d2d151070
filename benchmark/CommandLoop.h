//===- CommandLoop.h - A program that runs on demand -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Peers are compared by turns: each is a process of its own that has prepared
// everything, says so by a line of JSON, and then waits. A line on its standard
// input asks for some runs; the answer is a line of JSON with their seconds.
//
//===----------------------------------------------------------------------===//

#ifndef BENCHMARK_COMMANDLOOP_H
#define BENCHMARK_COMMANDLOOP_H

#include <chrono>
#include <iostream>
#include <sstream>
#include <string>

/// Answers the lines of standard input, up to its end, by what `answer` makes
/// of them. False as soon as it makes nothing (an empty string).
template <typename Answer>
bool serveCommands(const std::string &greeting, Answer answer) {
  std::cout << greeting << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::string text = answer(line);
    if (text.empty())
      return false;
    std::cout << text << std::endl;
  }
  return true;
}

/// Seconds that `run` takes.
template <typename Run> double measureSeconds(Run run) {
  auto start = std::chrono::steady_clock::now();
  run();
  auto end = std::chrono::steady_clock::now();
  return std::chrono::duration<double>(end - start).count();
}

/// Answers `run N` by the seconds that `run` takes N times.
template <typename Run> bool serveRuns(const std::string &greeting, Run run) {
  return serveCommands(greeting, [&](const std::string &line) -> std::string {
    std::istringstream words(line);
    std::string command;
    long count = 0;
    if (!(words >> command >> count) || command != "run") {
      std::cerr << "expects 'run N', but got '" << line << "'\n";
      return {};
    }
    double seconds = measureSeconds([&] {
      for (long i = 0; i < count; ++i)
        run();
    });
    std::ostringstream result;
    result << "{\"seconds\": " << seconds << "}";
    return result.str();
  });
}

#endif // BENCHMARK_COMMANDLOOP_H
