//===- ProgressTest.cpp - Tests of Progress -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Support/Progress.h"

#include <gtest/gtest.h>

using namespace mlir::cgmq;

// Where no terminal shows it, progress is one plain line for each tenth.
TEST(Progress, PlainLines) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Progress progress("epoch 1 of 2", 30, os);
  for (int step = 1; step <= 30; ++step)
    progress.update(step, step == 30 ? "loss 0.5" : "");
  progress.note("done");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_NE(text.find("epoch 1 of 2 10% (3 of 30, 0 s left)\n"),
            std::string::npos);
  EXPECT_NE(text.find("epoch 1 of 2 100% (30 of 30) loss 0.5\n"),
            std::string::npos);
  EXPECT_NE(text.find("epoch 1 of 2 done\n"), std::string::npos);
}
