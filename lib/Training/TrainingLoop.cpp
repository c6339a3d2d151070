//===- TrainingLoop.cpp - Epochs over a data set -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/TrainingLoop.h"

#include "cgmq/Support/AtomicFile.h"
#include "cgmq/Support/Random.h"
#include "cgmq/Training/Checkpoint.h"

#include "mlir/IR/Remarks.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/xxhash.h"

#include <cmath>

using namespace mlir;
using namespace mlir::cgmq;

/// Says how much memory the step takes, beside what it has to keep.
static void reportMemory(func::FuncOp function, const TrainingSession &session,
                         TrainingObserver &observer) {
  const StepMemory &needed = session.getNeededMemory();
  auto megabytes = [](int64_t bytes) {
    return llvm::formatv("{0:F1} MB", bytes / 1e6).str();
  };
  observer.note("memory: " + megabytes(session.getTemporaryBytes()) +
                " of temporaries, " + megabytes(session.getParameterBytes()) +
                " of parameters and moments (at least " +
                megabytes(needed.getTotal()) + ", " +
                megabytes(needed.activations) + " of it activations)");
  remark::analysis(function.getLoc(), remark::RemarkOpts::name("Memory")
                                          .category("cgmq-train")
                                          .function(function.getSymName()))
      << remark::metric("TemporaryBytes", session.getTemporaryBytes())
      << remark::metric("ParameterBytes", session.getParameterBytes())
      << remark::metric("NeededActivationBytes", needed.activations)
      << remark::metric("NeededParameterBytes", needed.parameters)
      << remark::metric("NeededGradientBytes", needed.gradients)
      << remark::metric("NeededMomentBytes", needed.moments);
}

/// A number that tells apart what a run starts from: network, data, options.
static std::string getIdentity(func::FuncOp function, const Dataset &data,
                               const TrainingOptions &options,
                               StringRef identity) {
  std::string text;
  llvm::raw_string_ostream os(text);
  function->getParentOp()->print(os);
  os << '\0' << identity << '\0' << static_cast<int>(options.loss) << ' '
     << llvm::formatv("{0:E17} {1} {2:E17} {3} {4} {5} {6} ", options.epochs,
                      options.batch, options.learningRate, options.validation,
                      options.limit, options.seed, options.patience)
     << data.getHash();
  return llvm::utohexstr(llvm::xxh3_64bits(text), /*LowerCase=*/true);
}

namespace {
/// One run, step by step.
class TrainingRun {
public:
  TrainingRun(func::FuncOp function, TrainingSession &session,
              const Dataset &data, const TrainingOptions &options,
              GateController &gates, TrainingObserver &observer)
      : function(function), session(session), data(data), options(options),
        gates(gates), observer(observer) {}
  LogicalResult run(StringRef identityOfCaller);

private:
  LogicalResult plan();
  LogicalResult resume();
  LogicalResult trainStep(int64_t step);
  LogicalResult finishEpoch(int64_t epoch);
  TrainingProgress getProgress() const;
  LogicalResult stop();
  LogicalResult writeLog();
  LogicalResult save();

  func::FuncOp function;
  TrainingSession &session;
  const Dataset &data;
  const TrainingOptions &options;
  GateController &gates;
  TrainingObserver &observer;
  std::string identity;

  Split split;
  int64_t stepsPerEpoch = 0, numSteps = 0;
  TrainingState state;
  /// The order of the samples in the epoch under way.
  std::vector<int64_t> order;
  int64_t orderedEpoch = -1;
};
} // namespace

LogicalResult TrainingRun::plan() {
  int64_t size = data.size();
  if (options.limit > 0)
    size = std::min(size, options.limit);
  split = splitValidation(size, std::min(options.validation, size / 5),
                          splitmix64(options.seed, 0));
  stepsPerEpoch = static_cast<int64_t>(split.training.size()) / options.batch;
  if (stepsPerEpoch == 0)
    return function.emitOpError("expects at least one batch of ")
           << options.batch << " samples to train on, but got "
           << split.training.size();
  double exactSteps = std::round(options.epochs * stepsPerEpoch);
  if (exactSteps > 1e12)
    return function.emitOpError("expects fewer than 10^12 steps, but got ")
           << options.epochs << " epochs of " << stepsPerEpoch << " steps";
  numSteps = std::max<int64_t>(1, static_cast<int64_t>(exactSteps));
  return success();
}

LogicalResult TrainingRun::resume() {
  if (options.resume.empty())
    return success();
  std::string error;
  if (failed(readCheckpoint(options.resume, identity, state, session, gates,
                            error)))
    return function.emitOpError() << error;
  return success();
}

LogicalResult TrainingRun::save() {
  std::string error;
  if (failed(writeCheckpoint(options.checkpoint, identity, state, session,
                             gates, error)))
    return function.emitOpError() << error;
  return success();
}

LogicalResult TrainingRun::trainStep(int64_t step) {
  int64_t epoch = step / stepsPerEpoch, at = step % stepsPerEpoch;
  if (epoch != orderedEpoch) {
    order = shuffle(split.training, splitmix64(options.seed, epoch + 1));
    orderedEpoch = epoch;
  }
  StepControl control;
  control.number = step + 1;
  double done = static_cast<double>(step) / static_cast<double>(numSteps);
  control.learningRate =
      options.learningRate * 0.5 * (1.0 + std::cos(M_PI * done));
  gates.control(step, control);
  FailureOr<float> loss = session.step(
      data, ArrayRef(order).slice(at * options.batch, options.batch), control);
  if (failed(loss))
    return failure();
  if (!std::isfinite(*loss))
    return function.emitOpError("cannot be trained: the loss of step ")
           << step + 1 << " is " << *loss;
  if (failed(gates.finishStep(step)))
    return failure();
  state.lossSum += *loss;
  ++state.lossCount;
  state.step = step + 1;
  return success();
}

TrainingProgress TrainingRun::getProgress() const {
  return {state.step, (state.step - 1) / stepsPerEpoch + 1,
          state.lossSum / static_cast<double>(state.lossCount),
          gates.getState(), std::nullopt};
}

LogicalResult TrainingRun::finishEpoch(int64_t epoch) {
  TrainingProgress progress = getProgress();
  llvm::json::Object entry{
      {"epoch", epoch}, {"step", state.step}, {"loss", progress.loss}};
  auto remark =
      remark::analysis(function.getLoc(), remark::RemarkOpts::name("Epoch")
                                              .category("cgmq-train")
                                              .function(function.getSymName()));
  remark << remark::metric("Epoch", epoch)
         << remark::metric("Loss", progress.loss)
         << remark::metric("Keepable", gates.isKeepable());
  if (!split.validation.empty()) {
    FailureOr<TrainingSession::Score> score =
        session.evaluate(data, split.validation);
    if (failed(score))
      return failure();
    if (gates.isKeepable()) {
      if (state.bestEpoch == 0 || score->isBetterThan(state.bestScore)) {
        state.bestEpoch = epoch;
        state.bestScore = *score;
      }
      if (score->isAsGoodAs(state.bestScore)) {
        state.keptEpoch = epoch;
        state.kept = session.save();
      }
    }
    progress.score = *score;
    std::string key = ("validation_" + score->measure).str();
    std::string metric =
        llvm::convertToCamelFromSnakeCase(key, /*capitalizeFirst=*/true);
    remark << remark::metric(metric, score->value);
    entry[key] = score->value;
  }
  gates.log(entry);
  state.epochs.push_back(std::move(entry));
  observer.finishEpoch(progress);
  state.lossSum = 0.0;
  state.lossCount = 0;
  return writeLog();
}

LogicalResult TrainingRun::writeLog() {
  if (options.log.empty())
    return success();
  llvm::json::Object log{{"function", function.getSymName()},
                         {"steps", numSteps},
                         {"epochs", llvm::json::Array(state.epochs)},
                         {"kept_epoch", state.keptEpoch}};
  std::string error;
  if (failed(writeFileAtomically(
          options.log,
          [&](raw_ostream &os) {
            os << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(log)));
          },
          error)))
    return function.emitOpError() << error;
  return success();
}

/// Ends the run where an observer wants it to. What it has done by then is kept
/// in the checkpoint.
LogicalResult TrainingRun::stop() {
  bool hasCheckpoint = !options.checkpoint.empty();
  if (hasCheckpoint && failed(save()))
    return failure();
  InFlightDiagnostic diag = function.emitOpError("was stopped after step ")
                            << state.step << " of " << numSteps;
  if (hasCheckpoint)
    diag.attachNote() << "resume=" << options.checkpoint
                      << " goes on from there";
  return diag;
}

LogicalResult TrainingRun::run(StringRef identityOfCaller) {
  if (failed(plan()))
    return failure();
  gates.start(numSteps);
  bool hasCheckpoints = !options.checkpoint.empty();
  if (hasCheckpoints || !options.resume.empty())
    identity = getIdentity(function, data, options, identityOfCaller);
  if (failed(resume()))
    return failure();
  // Files that cannot be written are found out about before there is something
  // to lose.
  if (failed(writeLog()) || (hasCheckpoints && failed(save())))
    return failure();

  observer.start(numSteps);
  reportMemory(function, session, observer);
  for (int64_t step = state.step; step < numSteps; ++step) {
    if (failed(trainStep(step)))
      return failure();
    bool goesOn = observer.finishStep(getProgress());
    bool endsEpoch = (step + 1) % stepsPerEpoch == 0 || step + 1 == numSteps;
    int64_t epoch = step / stepsPerEpoch + 1;
    if (endsEpoch && failed(finishEpoch(epoch)))
      return failure();
    bool isDue = options.checkpointSteps
                     ? (step + 1) % options.checkpointSteps == 0
                     : endsEpoch;
    if (hasCheckpoints && isDue && failed(save()))
      return failure();
    if (!goesOn)
      return stop();
    if (endsEpoch && options.patience && state.bestEpoch &&
        epoch - state.bestEpoch >= options.patience)
      break;
  }
  if (!state.kept.empty())
    session.restore(state.kept);
  return success();
}

LogicalResult cgmq::runTraining(func::FuncOp function, TrainingSession &session,
                                const Dataset &data,
                                const TrainingOptions &options,
                                GateController &gates,
                                TrainingObserver &observer,
                                StringRef identity) {
  return TrainingRun(function, session, data, options, gates, observer)
      .run(identity);
}
