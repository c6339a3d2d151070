//===- Progress.h - Progress of long work on standard error -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_SUPPORT_PROGRESS_H
#define CGMQ_SUPPORT_PROGRESS_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <string>

namespace mlir::cgmq {

/// Shows how far `total` steps of work have come: one line that moves on a
/// terminal, a plain line for each tenth of the work otherwise. What is shown
/// depends on the steps alone, never on a clock.
class Progress {
public:
  Progress(StringRef label, int64_t total,
           llvm::raw_ostream &os = llvm::errs());
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  /// `done` of the steps are done; `detail` follows on the same line.
  void update(int64_t done, const Twine &detail = {});

  /// A line that stays.
  void note(const Twine &text);

private:
  void clear();
  std::string getTimeLeft(int64_t done) const;

  std::string label;
  int64_t total;
  int64_t tenths = 0;
  llvm::raw_ostream &os;
  bool isTerminal;
  bool isLineOpen = false;
  /// The first update: how much was done, and when.
  int64_t firstDone = -1;
  std::chrono::steady_clock::time_point firstTime;
};

} // namespace mlir::cgmq

#endif // CGMQ_SUPPORT_PROGRESS_H
