//===- TrainingLoop.h - Epochs over a data set -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_TRAININGLOOP_H
#define CGMQ_TRAINING_TRAININGLOOP_H

#include "cgmq/Training/TrainingSession.h"

namespace mlir::cgmq {

/// What a run is asked to do; the options of `cgmq-train` and `cgmq-optimize`.
struct TrainingOptions {
  std::string images, labels;
  double epochs;
  int64_t batch;
  double learningRate;
  int64_t validation;
  int64_t limit;
  uint64_t seed;
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
  /// A few words on the state, for the progress.
  virtual std::string describe() const { return {}; }
};

/// Loads the data that `options` name and checks that they fit `function`.
FailureOr<Dataset> loadTrainingData(func::FuncOp function,
                                    const TrainingOptions &options);

/// Runs the epochs. At the end the session holds the parameters of the epoch
/// with the best validation accuracy among those that `gates` lets keep (the
/// last one if nothing was held out).
LogicalResult runTraining(func::FuncOp function, TrainingSession &session,
                          const Dataset &data, const TrainingOptions &options,
                          GateController &gates, StringRef label);

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_TRAININGLOOP_H
