//===- TrainingObserver.h - Who watches a run -----------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_TRAININGOBSERVER_H
#define CGMQ_TRAINING_TRAININGOBSERVER_H

#include "cgmq/Training/Dataset.h"
#include "cgmq/Training/TrainingSession.h"

#include <memory>
#include <optional>

namespace mlir::cgmq {

/// What the gates of a run say of themselves.
struct GateState {
  /// One of the bounded costs, by the name that people know it by, in percent
  /// of the full one.
  struct Cost {
    StringRef name;
    double percent, limitPercent;
  };
  SmallVector<Cost, 1> costs;
  bool areFrozen = false;
};

/// Where a run stands.
struct TrainingProgress {
  /// Steps done.
  int64_t step;
  /// The epoch that the last step belongs to, from one on.
  int64_t epoch;
  /// The mean loss of its steps so far.
  double loss;
  GateState gates;
  /// How well the network does on the samples held out; at the end of an epoch,
  /// where there are some.
  std::optional<TrainingSession::Score> score;
};

/// Is told of the course of a run, and may end it.
class TrainingObserver {
public:
  virtual ~TrainingObserver() = default;
  /// Called before the first step, with the number of steps of the whole run.
  virtual void start(int64_t numSteps) {}
  /// Called after each step. Where it says false, the run ends the epoch if
  /// that was its last step, writes its checkpoint, if it has one, and fails.
  virtual bool finishStep(const TrainingProgress &progress) = 0;
  /// Called at the end of each epoch, after the call for its last step.
  virtual void finishEpoch(const TrainingProgress &progress) = 0;
  /// A word on the run as a whole.
  virtual void note(const Twine &text) {}
};

/// Shows the course of a run on standard error, after `label`.
std::unique_ptr<TrainingObserver> createProgressObserver(StringRef label);

/// What a pass that runs over data takes from the program that made it, in
/// place of files and of standard error.
struct RunEnvironment {
  /// Taken where it is given; there must be no option that names a file then.
  std::optional<Dataset> data;
  /// Outlives the pass.
  TrainingObserver *observer = nullptr;
};

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_TRAININGOBSERVER_H
