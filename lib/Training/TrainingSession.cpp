//===- TrainingSession.cpp - A compiled training step and its state ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/TrainingSession.h"

#include "cgmq/Conversion/Passes.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Training/Adam.h"
#include "cgmq/Training/Passes.h"
#include "cgmq/Transforms/ParameterValues.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace mlir::cgmq;

/// What a score measures, as the log names it.
static constexpr StringLiteral kAccuracy = "accuracy_percent",
                               kAgreement = "agreement_percent",
                               kSquaredError = "squared_error";

/// A module of its own with the function and the globals of its module.
static OwningOpRef<ModuleOp> isolate(func::FuncOp function) {
  OwningOpRef<ModuleOp> inner = ModuleOp::create(function.getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(inner->getBody());
  for (auto global :
       function->getParentOfType<ModuleOp>().getOps<ml_program::GlobalOp>())
    builder.clone(*global);
  builder.clone(*function);
  return inner;
}

/// The globals that a function loads, in the order of the first loads.
static std::vector<std::string> getLoadedSymbols(func::FuncOp function) {
  llvm::SetVector<StringRef> symbols;
  for (auto load : function.getOps<ml_program::GlobalLoadOp>())
    symbols.insert(load.getGlobal().getLeafReference().getValue());
  return std::vector<std::string>(symbols.begin(), symbols.end());
}

void TrainingSession::getDependentDialects(DialectRegistry &registry) {
  JitSession::getDependentDialects(registry);
  registry.insert<CGMQDialect, arith::ArithDialect, linalg::LinalgDialect,
                  math::MathDialect, ml_program::MLProgramDialect,
                  tensor::TensorDialect, tosa::TosaDialect>();
}

FailureOr<std::unique_ptr<TrainingSession>>
TrainingSession::create(func::FuncOp function,
                        const TrainingSessionOptions &options) {
  std::unique_ptr<TrainingSession> session(new TrainingSession());
  std::string name = function.getName().str();
  session->batch = options.batch;
  session->forwardName = name;
  session->stepName = name + "_step";
  session->loss = options.loss;
  session->parameters = getLoadedSymbols(function);

  OwningOpRef<ModuleOp> inner = isolate(function);
  PassManager pipeline(function.getContext());
  SmallVector<StringRef> entryPoints = {session->forwardName,
                                        session->stepName};
  SetBatchPassOptions batchOptions;
  batchOptions.function = name;
  batchOptions.batch = options.batch;
  pipeline.addPass(createSetBatchPass(batchOptions));
  pipeline.addPass(createInitializeParametersPass());
  BuildLossPassOptions lossOptions;
  lossOptions.function = name;
  lossOptions.loss = options.loss;
  pipeline.addPass(createBuildLossPass(lossOptions));
  BuildTrainingStepPassOptions stepOptions;
  stepOptions.function = name;
  stepOptions.direction = options.direction;
  pipeline.addPass(createBuildTrainingStepPass(stepOptions));
  pipeline.addPass(createCSEPass());
  LowerQuantizersPassOptions quantizers;
  quantizers.contractBytes = JitSession::usesVnni(options.jit);
  pipeline.addPass(createLowerQuantizersPass(quantizers));
  pipeline.addPass(createCanonicalizerPass());
  pipeline.addPass(createCSEPass());
  if (failed(pipeline.run(*inner)))
    return failure();

  auto forward = inner->lookupSymbol<func::FuncOp>(name);
  auto step = inner->lookupSymbol<func::FuncOp>(session->stepName);
  auto getNumElements = [](Type type) {
    return cast<RankedTensorType>(type).getNumElements();
  };
  session->images.resize(getNumElements(forward.getArgumentTypes()[0]));
  session->results.resize(getNumElements(forward.getResultTypes()[0]));
  session->targets.resize(session->results.size());
  session->labels.resize(options.batch);
  session->state = getLoadedSymbols(step);
  session->neededMemory = StepMemory::compute(step);

  FailureOr<std::unique_ptr<JitSession>> jit =
      JitSession::compile(*inner, entryPoints, options.jit);
  if (failed(jit))
    return failure();
  session->jit = std::move(*jit);
  // What nothing depends on is not part of the compiled code.
  auto isUnused = [&](StringRef symbol) {
    return session->getParameter(symbol).empty();
  };
  llvm::erase_if(session->parameters, isUnused);
  llvm::erase_if(session->state, isUnused);
  return session;
}

FailureOr<float> TrainingSession::step(const Dataset &data,
                                       ArrayRef<int64_t> indices,
                                       const StepControl &control) {
  data.gather(indices, images.data(), getLabelsBuffer(data));
  if (loss != Loss::CrossEntropy)
    data.gatherTargets(indices, targets.data());
  const void *target = loss == Loss::CrossEntropy
                           ? static_cast<const void *>(labels.data())
                           : targets.data();
  float learningRate = control.learningRate, gateRate = control.gateRate;
  uint8_t violated = control.violated;
  double number = static_cast<double>(control.number);
  float corrections[] = {
      static_cast<float>(adam::getMomentCorrection(adam::kBeta1, number)),
      static_cast<float>(adam::getMomentCorrection(adam::kBeta2, number))};
  float loss = 0.0f;
  if (failed(jit->invoke(stepName,
                         {images.data(), target, &learningRate, corrections,
                          &gateRate, &violated},
                         {&loss})))
    return failure();
  return loss;
}

FailureOr<TrainingSession::Score>
TrainingSession::evaluate(const Dataset &data, ArrayRef<int64_t> indices) {
  size_t width = results.size() / batch;
  StringRef measure = data.hasLabels()                 ? kAccuracy
                      : loss == Loss::MeanSquaredError ? kSquaredError
                                                       : kAgreement;
  auto getGreatest = [&](ArrayRef<float> row) {
    return std::max_element(row.begin(), row.end()) - row.begin();
  };
  auto scoreSample = [&](size_t sample) -> double {
    auto result = ArrayRef(results).slice(sample * width, width);
    if (data.hasLabels())
      return getGreatest(result) == labels[sample] ? 100.0 : 0.0;
    auto target = ArrayRef(targets).slice(sample * width, width);
    if (measure == kAgreement)
      return getGreatest(result) == getGreatest(target) ? 100.0 : 0.0;
    double squares = 0.0;
    for (auto [value, wanted] : llvm::zip_equal(result, target))
      squares += (value - wanted) * (value - wanted);
    return squares / static_cast<double>(width);
  };
  double sum = 0.0, sumOfSquares = 0.0;
  auto size = static_cast<double>(indices.size());
  while (!indices.empty()) {
    ArrayRef<int64_t> part = indices.take_front(batch);
    indices = indices.drop_front(part.size());
    data.gather(part, images.data(), getLabelsBuffer(data));
    if (!data.hasLabels())
      data.gatherTargets(part, targets.data());
    if (failed(jit->invoke(forwardName, {images.data()}, {results.data()})))
      return failure();
    for (size_t sample = 0; sample < part.size(); ++sample) {
      double score = scoreSample(sample);
      sum += score;
      sumOfSquares += score * score;
    }
  }
  double mean = sum / size;
  double variance = std::max(0.0, sumOfSquares / size - mean * mean);
  return Score{measure, mean, std::sqrt(variance / size)};
}

bool TrainingSession::Score::isBetterThan(const Score &other) const {
  return measure == kSquaredError ? value < other.value : value > other.value;
}

bool TrainingSession::Score::isAsGoodAs(const Score &other) const {
  double worse =
      measure == kSquaredError ? value - other.value : other.value - value;
  return worse <= error;
}

std::string TrainingSession::Score::describe() const {
  if (measure == kSquaredError)
    return llvm::formatv("squared error {0:F6}", value);
  return llvm::formatv("{0} {1:F2} %",
                       measure == kAccuracy ? "accuracy" : "agreement", value);
}

TrainingSession::Snapshot TrainingSession::save() {
  Snapshot snapshot;
  for (const std::string &symbol : parameters) {
    ArrayRef<float> values = getParameter(symbol);
    snapshot.emplace_back(values.begin(), values.end());
  }
  return snapshot;
}

void TrainingSession::restore(const Snapshot &snapshot) {
  for (auto [symbol, values] : llvm::zip_equal(parameters, snapshot))
    llvm::copy(values, getParameter(symbol).begin());
}

void TrainingSession::writeBack(ModuleOp module) {
  for (const std::string &symbol : parameters) {
    auto global = module.lookupSymbol<ml_program::GlobalOp>(symbol);
    if (global.getIsMutable())
      setFloatValues(global, getParameter(symbol));
  }
}
