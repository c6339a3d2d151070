//===- TrainingLoop.cpp - Epochs over a data set -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/TrainingLoop.h"

#include "cgmq/Support/Progress.h"
#include "cgmq/Support/Random.h"

#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

/// Checks the options that need no data.
static LogicalResult verifyOptions(func::FuncOp function,
                                   const TrainingOptions &options) {
  auto expects = [&](bool holds, StringRef rule,
                     const auto &value) -> LogicalResult {
    if (holds)
      return success();
    return function.emitOpError("cannot be trained: expects option ")
           << rule << ", but got " << value;
  };
  if (options.images.empty() || options.labels.empty())
    return function.emitOpError("cannot be trained: expects options 'images' "
                                "and 'labels' to name files");
  if (failed(expects(std::isfinite(options.epochs) && options.epochs > 0,
                     "'epochs' to be finite and greater than zero",
                     options.epochs)) ||
      failed(expects(options.batch > 0, "'batch' to be greater than zero",
                     options.batch)) ||
      failed(expects(std::isfinite(options.learningRate) &&
                         options.learningRate > 0,
                     "'learning-rate' to be finite and greater than zero",
                     options.learningRate)) ||
      failed(expects(options.validation >= 0, "'validation' not to be negative",
                     options.validation)) ||
      failed(expects(options.limit >= 0, "'limit' not to be negative",
                     options.limit)))
    return failure();
  return success();
}

FailureOr<Dataset> cgmq::loadTrainingData(func::FuncOp function,
                                          const TrainingOptions &options) {
  if (failed(verifyOptions(function, options)))
    return failure();
  auto emitError = [&] { return function.emitOpError(); };
  auto getType = [](TypeRange types) {
    return types.size() == 1 ? dyn_cast<RankedTensorType>(types[0]) : nullptr;
  };
  RankedTensorType argument = getType(function.getArgumentTypes());
  RankedTensorType logits = getType(function.getResultTypes());
  if (!argument || !logits || logits.getRank() != 2 || logits.isDynamicDim(1) ||
      !logits.getElementType().isF32() || !argument.getElementType().isF32())
    return emitError() << "expects one f32 tensor of samples and one "
                          "tensor<?xCxf32> of logits to be trained, but got "
                       << function.getFunctionType();
  FailureOr<Dataset> data =
      Dataset::load(options.images, options.labels, emitError);
  if (failed(data) ||
      failed(data->verifyFor(argument, logits.getDimSize(1), emitError)))
    return failure();
  return data;
}

/// Says how much memory the step takes, beside what it has to keep.
static void reportMemory(func::FuncOp function, const TrainingSession &session,
                         Progress &progress) {
  const StepMemory &needed = session.getNeededMemory();
  auto megabytes = [](int64_t bytes) {
    return llvm::formatv("{0:F1} MB", bytes / 1e6).str();
  };
  progress.note("memory: " + megabytes(session.getTemporaryBytes()) +
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

LogicalResult cgmq::runTraining(func::FuncOp function, TrainingSession &session,
                                const Dataset &data,
                                const TrainingOptions &options,
                                GateController &gates, StringRef label) {
  int64_t size = data.size();
  if (options.limit > 0)
    size = std::min(size, options.limit);
  Split split = splitValidation(size, std::min(options.validation, size / 5),
                                splitmix64(options.seed, 0));
  int64_t stepsPerEpoch =
      static_cast<int64_t>(split.training.size()) / options.batch;
  if (stepsPerEpoch == 0)
    return function.emitOpError("expects at least one batch of ")
           << options.batch << " samples to train on, but got "
           << split.training.size();
  double exactSteps = std::round(options.epochs * stepsPerEpoch);
  if (exactSteps > 1e12)
    return function.emitOpError("expects fewer than 10^12 steps, but got ")
           << options.epochs << " epochs of " << stepsPerEpoch << " steps";
  int64_t numSteps = std::max<int64_t>(1, static_cast<int64_t>(exactSteps));

  gates.start(numSteps);
  Progress progress(label, numSteps);
  reportMemory(function, session, progress);
  std::vector<int64_t> order;
  double lossSum = 0.0;
  int64_t lossCount = 0, bestCorrect = -1;
  TrainingSession::Snapshot best;
  for (int64_t step = 0; step < numSteps; ++step) {
    int64_t epoch = step / stepsPerEpoch, at = step % stepsPerEpoch;
    if (at == 0)
      order = shuffle(split.training, splitmix64(options.seed, epoch + 1));
    StepControl control;
    control.number = step + 1;
    double done = static_cast<double>(step) / static_cast<double>(numSteps);
    control.learningRate =
        options.learningRate * 0.5 * (1.0 + std::cos(M_PI * done));
    gates.control(step, control);
    FailureOr<float> loss = session.step(
        data, ArrayRef(order).slice(at * options.batch, options.batch),
        control);
    if (failed(loss))
      return failure();
    if (!std::isfinite(*loss))
      return function.emitOpError("cannot be trained: the loss of step ")
             << step + 1 << " is " << *loss;
    if (failed(gates.finishStep(step)))
      return failure();
    lossSum += *loss;
    ++lossCount;
    progress.update(step + 1,
                    llvm::formatv("epoch {0}, loss {1:F4}{2}", epoch + 1,
                                  lossSum / lossCount, gates.describe()));

    if (at + 1 != stepsPerEpoch && step + 1 != numSteps)
      continue;
    std::string accuracy;
    double percent = 0.0;
    if (!split.validation.empty()) {
      FailureOr<int64_t> correct = session.countCorrect(data, split.validation);
      if (failed(correct))
        return failure();
      percent = 100.0 * *correct / split.validation.size();
      accuracy = llvm::formatv(", validation accuracy {0:F2} %", percent);
      if (gates.isKeepable() && *correct > bestCorrect) {
        bestCorrect = *correct;
        best = session.save();
      }
    }
    progress.note(llvm::formatv("epoch {0}: loss {1:F4}{2}{3}", epoch + 1,
                                lossSum / lossCount, accuracy,
                                gates.describe()));
    remark::analysis(function.getLoc(), remark::RemarkOpts::name("Epoch")
                                            .category("cgmq-train")
                                            .function(function.getSymName()))
        << remark::metric("Epoch", epoch + 1)
        << remark::metric("Loss", lossSum / lossCount)
        << remark::metric("ValidationAccuracyPercent", percent)
        << remark::metric("Keepable", gates.isKeepable());
    lossSum = 0.0;
    lossCount = 0;
  }
  if (!best.empty())
    session.restore(best);
  return success();
}
