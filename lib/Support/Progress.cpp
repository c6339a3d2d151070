//===- Progress.cpp - Progress of long work on standard error -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Support/Progress.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::cgmq;

Progress::Progress(StringRef label, int64_t total, llvm::raw_ostream &os)
    : label(label), total(std::max<int64_t>(total, 1)), os(os),
      isTerminal(os.is_displayed()) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (isLineOpen)
    os << "\r\033[K";
  isLineOpen = false;
}

void Progress::update(int64_t done, const Twine &detail) {
  int64_t percent = done * 100 / total;
  if (!isTerminal && percent / 10 <= tenths)
    return;
  tenths = percent / 10;
  clear();
  os << label << ' ' << percent << "% (" << done << " of " << total << ')';
  if (!detail.isTriviallyEmpty())
    os << ' ' << detail;
  if (isTerminal)
    isLineOpen = true;
  else
    os << '\n';
  os.flush();
}

void Progress::note(const Twine &text) {
  clear();
  os << label << ' ' << text << '\n';
  os.flush();
}
