//===- Progress.cpp - Progress of long work on standard error -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Support/Progress.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>

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

/// By the pace since the first update; nothing where there was none yet.
std::string Progress::getTimeLeft(int64_t done) const {
  if (done <= firstDone || done >= total)
    return {};
  auto elapsed = std::chrono::steady_clock::now() - firstTime;
  double seconds = std::chrono::duration<double>(elapsed).count() *
                   static_cast<double>(total - done) /
                   static_cast<double>(done - firstDone);
  int64_t whole = std::llround(seconds);
  if (whole < 60)
    return llvm::formatv(", {0} s left", whole);
  if (whole < 3600)
    return llvm::formatv(", {0} min left", whole / 60);
  return llvm::formatv(", {0} h {1} min left", whole / 3600, whole % 3600 / 60);
}

void Progress::update(int64_t done, const Twine &detail) {
  if (firstDone < 0) {
    firstDone = done;
    firstTime = std::chrono::steady_clock::now();
  }
  int64_t percent = done * 100 / total;
  if (!isTerminal && percent / 10 <= tenths)
    return;
  tenths = percent / 10;
  clear();
  os << label << ' ' << percent << "% (" << done << " of " << total
     << getTimeLeft(done) << ')';
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
