//===- TrainingLoop.h - Epochs over a data set -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_TRAININGLOOP_H
#define CGMQ_TRAINING_TRAININGLOOP_H

#include "cgmq/Training/TrainingObserver.h"
#include "cgmq/Training/TrainingSession.h"

#include "llvm/Support/JSON.h"

namespace mlir::cgmq {

/// What a run is asked to do; the options of `cgmq-train` and `cgmq-optimize`.
struct TrainingOptions {
  std::string images, labels;
  Loss loss;
  double epochs;
  int64_t batch;
  double learningRate;
  int64_t validation;
  int64_t limit;
  uint64_t seed;
  /// Epochs without a better score after which a run ends; zero for never.
  int64_t patience;
  /// Files; empty for none.
  std::string log, checkpoint, resume;
  /// Steps between checkpoints; zero for one at the end of each epoch.
  int64_t checkpointSteps;
};

/// What stands beside a run and steers the gates; the base class steers none.
class GateController {
public:
  virtual ~GateController() = default;
  /// Called before the run, when the number of steps is known.
  virtual void start(int64_t numSteps) {}
  /// Sets the gates' part of the control of a step (counted from zero).
  virtual void control(int64_t step, StepControl &control) {}
  /// Called after each step.
  virtual LogicalResult finishStep(int64_t step) { return success(); }
  /// Whether the parameters may be kept as they are now.
  virtual bool isKeepable() const { return true; }
  /// What an observer is told.
  virtual GateState getState() const { return {}; }
  /// Adds what the log says of the gates at the end of an epoch.
  virtual void log(llvm::json::Object &epoch) const {}
  /// What has to be known, beside the numbers of the session, to go on from
  /// here. `restoreState` is called after `start`, with the session's numbers
  /// in place; it fails, and changes nothing, where `state` is none of its own.
  virtual DictionaryAttr saveState(Builder &builder) const {
    return builder.getDictionaryAttr({});
  }
  virtual LogicalResult restoreState(DictionaryAttr state) { return success(); }
};

/// Takes the data of the environment, or loads those that `options` name, and
/// checks that they fit `function`. For a distillation the targets are what the
/// function gives with its quantizers bypassed, computed with `jit`.
FailureOr<Dataset> loadTrainingData(func::FuncOp function,
                                    const TrainingOptions &options,
                                    const RunEnvironment &environment,
                                    const JitOptions &jit);

/// Runs the epochs, watched by `observer`. At the end the session holds the
/// parameters of the epoch with the best score on the validation samples among
/// those that `gates` lets keep (the last one if nothing was held out).
/// `identity` tells runs apart that cannot resume each other, beside what
/// `options` say.
LogicalResult runTraining(func::FuncOp function, TrainingSession &session,
                          const Dataset &data, const TrainingOptions &options,
                          GateController &gates, TrainingObserver &observer,
                          StringRef identity = {});

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_TRAININGLOOP_H
