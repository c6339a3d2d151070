//===- TrainingObserver.cpp - Who watches a run ---------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/TrainingObserver.h"

#include "cgmq/Support/Progress.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::cgmq;

static std::string describe(const GateState &gates) {
  std::string text;
  for (const GateState::Cost &cost : gates.costs)
    text += llvm::formatv(", {0} {1:F4} % (bound {2:F4} %)", cost.name,
                          cost.percent, cost.limitPercent);
  return text + (gates.areFrozen ? ", widths frozen" : "");
}

namespace {
class ProgressObserver : public TrainingObserver {
public:
  explicit ProgressObserver(StringRef label) : label(label) {}

  void start(int64_t numSteps) override { progress.emplace(label, numSteps); }

  bool finishStep(const TrainingProgress &at) override {
    progress->update(at.step,
                     llvm::formatv("epoch {0}, loss {1:F4}{2}", at.epoch,
                                   at.loss, describe(at.gates)));
    return true;
  }

  void finishEpoch(const TrainingProgress &at) override {
    std::string score =
        at.score ? ", validation " + at.score->describe() : std::string();
    progress->note(llvm::formatv("epoch {0}: loss {1:F4}{2}{3}", at.epoch,
                                 at.loss, score, describe(at.gates)));
  }

  void note(const Twine &text) override { progress->note(text); }

private:
  std::string label;
  std::optional<Progress> progress;
};
} // namespace

std::unique_ptr<TrainingObserver>
cgmq::createProgressObserver(StringRef label) {
  return std::make_unique<ProgressObserver>(label);
}
