//===- TrainingData.cpp - Samples and targets of a run -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Evaluator.h"
#include "cgmq/Training/TrainingLoop.h"
#include "cgmq/Transforms/BypassQuantizers.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

/// Checks the options that need no data.
static LogicalResult verifyOptions(func::FuncOp function,
                                   const TrainingOptions &options,
                                   bool hasData) {
  auto expects = [&](bool holds, StringRef rule,
                     const auto &value) -> LogicalResult {
    if (holds)
      return success();
    return function.emitOpError("cannot be trained: expects option ")
           << rule << ", but got " << value;
  };
  if (hasData && !(options.images.empty() && options.labels.empty()))
    return function.emitOpError("cannot be trained: expects no option 'images' "
                                "or 'labels' beside the data it is given");
  if (!hasData && options.images.empty())
    return function.emitOpError(
        "cannot be trained: expects option 'images' to name a file");
  if (!hasData && options.labels.empty() && options.loss != Loss::Distillation)
    return function.emitOpError("cannot be trained: expects option 'labels' to "
                                "name a file");
  return success(
      succeeded(expects(std::isfinite(options.epochs) && options.epochs > 0,
                        "'epochs' to be finite and greater than zero",
                        options.epochs)) &&
      succeeded(expects(options.batch > 0, "'batch' to be greater than zero",
                        options.batch)) &&
      succeeded(expects(std::isfinite(options.learningRate) &&
                            options.learningRate > 0,
                        "'learning-rate' to be finite and greater than zero",
                        options.learningRate)) &&
      succeeded(expects(options.validation >= 0,
                        "'validation' not to be negative",
                        options.validation)) &&
      succeeded(expects(options.limit >= 0, "'limit' not to be negative",
                        options.limit)) &&
      succeeded(expects(options.patience >= 0, "'patience' not to be negative",
                        options.patience)) &&
      succeeded(expects(options.checkpointSteps >= 0,
                        "'checkpoint-steps' not to be negative",
                        options.checkpointSteps)));
}

/// What `function` gives for all samples where its quantizers do nothing.
static LogicalResult addTeacher(func::FuncOp function, Dataset &data,
                                int64_t batch, const JitOptions &jit) {
  OwningOpRef<ModuleOp> module = function->getParentOfType<ModuleOp>().clone();
  auto teacher = module->lookupSymbol<func::FuncOp>(function.getSymName());
  bypassQuantizers(teacher);
  FailureOr<Evaluator> evaluator =
      Evaluator::create(*module, teacher.getSymName(), batch, jit);
  if (failed(evaluator))
    return failure();
  std::vector<int64_t> all(data.size());
  std::iota(all.begin(), all.end(), 0);
  FailureOr<Logits> logits = evaluator->evaluate(data, all);
  if (failed(logits))
    return failure();
  data.setTargets(std::move(std::get<std::vector<float>>(logits->values)),
                  {evaluator->getNumClasses()});
  return success();
}

FailureOr<Dataset> cgmq::loadTrainingData(func::FuncOp function,
                                          const TrainingOptions &options,
                                          const RunEnvironment &environment,
                                          const JitOptions &jit) {
  if (failed(verifyOptions(function, options, environment.data.has_value())))
    return failure();
  auto emitError = [&] { return function.emitOpError(); };
  auto getType = [](TypeRange types) {
    auto type = types.size() == 1 ? dyn_cast<RankedTensorType>(types[0])
                                  : RankedTensorType();
    return type && type.getElementType().isF32() ? type : RankedTensorType();
  };
  RankedTensorType argument = getType(function.getArgumentTypes());
  RankedTensorType result = getType(function.getResultTypes());
  bool isClassifier =
      result && result.getRank() == 2 && !result.isDynamicDim(1);
  bool wantsLogits = options.loss != Loss::MeanSquaredError;
  if (!argument || !result || result.getRank() == 0 ||
      (wantsLogits && !isClassifier))
    return emitError() << "expects one f32 tensor of samples and one "
                       << (wantsLogits ? "tensor<?xCxf32> of logits"
                                       : "f32 tensor of results")
                       << " to be trained, but got "
                       << function.getFunctionType();
  FailureOr<Dataset> data =
      environment.data
          ? FailureOr<Dataset>(*environment.data)
          : Dataset::load(options.images, options.labels, emitError);
  if (failed(data) ||
      failed(data->verifyFor(argument, isClassifier ? result.getDimSize(1) : 0,
                             emitError)))
    return failure();

  if (options.loss == Loss::CrossEntropy && !data->hasLabels())
    return emitError() << "expects a class for each sample in '"
                       << data->getLabelsName() << "', but got "
                       << (data->hasTargets() ? "floats" : "none");
  if (options.loss == Loss::MeanSquaredError &&
      data->getTargetShape() != result.getShape().drop_front())
    return emitError() << "expects an f32 or f64 array of shape ["
                       << result.getShape().drop_front()
                       << "] for each sample in '" << data->getLabelsName()
                       << "', but got "
                       << (data->hasTargets() ? "another shape" : "classes");
  if (options.loss == Loss::Distillation &&
      failed(addTeacher(function, *data, options.batch, jit)))
    return failure();
  return data;
}
