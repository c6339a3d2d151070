//===- TrainingSession.h - A compiled training step and its state ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_TRAININGSESSION_H
#define CGMQ_TRAINING_TRAININGSESSION_H

#include "cgmq/Execution/JitSession.h"
#include "cgmq/Training/Dataset.h"
#include "cgmq/Training/StepMemory.h"
#include "cgmq/Transforms/Differentiate.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <memory>
#include <string>
#include <vector>

namespace mlir::cgmq {

/// What the host decides of one step.
struct StepControl {
  /// Adam's rate, and the number of the step from one on.
  double learningRate;
  int64_t number;
  /// How far a gate moves whose direction is one, and which way.
  double gateRate = 0.0;
  bool violated = false;
};

struct TrainingSessionOptions {
  int64_t batch = 1;
  Loss loss = Loss::CrossEntropy;
  std::string direction = "gradient";
  JitOptions jit;
};

/// The training step and the forward function of a network, compiled for one
/// batch size, and the parameters they share. The module that the
/// network comes from is read at the start and written by `writeBack` alone.
class TrainingSession {
public:
  /// What a pass that creates a session has to load into its context.
  static void getDependentDialects(DialectRegistry &registry);

  /// Builds and compiles step (by `cgmq-build-loss` and
  /// `cgmq-build-training-step`) and forward.
  static FailureOr<std::unique_ptr<TrainingSession>>
  create(func::FuncOp function, const TrainingSessionOptions &options);

  /// Trains on one batch of samples and returns its loss.
  FailureOr<float> step(const Dataset &data, ArrayRef<int64_t> indices,
                        const StepControl &control);
  /// How well the network does on samples.
  struct Score {
    /// What `value` is: accuracy_percent against the labels; without labels
    /// agreement_percent with the greatest of the targets' logits or, where the
    /// loss is a squared error, that.
    StringRef measure;
    double value = 0.0;
    /// The standard error of `value`, which is a mean over samples.
    double error = 0.0;
    bool isBetterThan(const Score &other) const;
    /// Whether it is at most its standard error worse.
    bool isAsGoodAs(const Score &other) const;
    std::string describe() const;
  };
  FailureOr<Score> evaluate(const Dataset &data, ArrayRef<int64_t> indices);
  /// The numbers of a parameter: a view that reads and writes them.
  MutableArrayRef<float> getParameter(StringRef symbol) {
    return jit->getGlobal<float>(symbol);
  }

  /// The globals of the step: parameters, moments and whatever it keeps beside.
  ArrayRef<std::string> getStateSymbols() const { return state; }

  /// The globals of the network, in the order of a snapshot.
  ArrayRef<std::string> getParameterSymbols() const { return parameters; }
  /// The numbers of all parameters of the network.
  using Snapshot = std::vector<std::vector<float>>;
  Snapshot save();
  void restore(const Snapshot &snapshot);

  /// Gives the globals of the network their trained numbers.
  void writeBack(ModuleOp module);

  int64_t getBatch() const { return batch; }

  /// What the step has to keep, and what it does keep: temporaries, parameters
  /// and moments.
  const StepMemory &getNeededMemory() const { return neededMemory; }
  int64_t getTemporaryBytes() const { return jit->getTemporaryBytes(); }
  int64_t getParameterBytes() const { return jit->getGlobalBytes(); }

private:
  TrainingSession() = default;
  /// Where classes go; null where the data has none.
  int32_t *getLabelsBuffer(const Dataset &data) {
    return data.hasLabels() ? labels.data() : nullptr;
  }

  std::unique_ptr<JitSession> jit;
  std::string forwardName, stepName;
  int64_t batch = 0;
  StepMemory neededMemory;
  /// The mutable globals that the network loads.
  std::vector<std::string> parameters;
  /// The mutable globals that the step loads.
  std::vector<std::string> state;
  Loss loss = Loss::CrossEntropy;
  std::vector<float> images, results, targets;
  std::vector<int32_t> labels;
};

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_TRAININGSESSION_H
