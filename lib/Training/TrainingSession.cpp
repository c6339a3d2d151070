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

using namespace mlir;
using namespace mlir::cgmq;

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
  for (auto load : function.getOps<ml_program::GlobalLoadOp>()) {
    std::string symbol = load.getGlobal().getLeafReference().str();
    if (!llvm::is_contained(session->parameters, symbol))
      session->parameters.push_back(symbol);
  }

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
  auto logitsType = cast<RankedTensorType>(forward.getResultTypes()[0]);
  auto imagesType = cast<RankedTensorType>(forward.getArgumentTypes()[0]);
  session->numClasses = logitsType.getShape().back();
  session->images.resize(imagesType.getNumElements());
  session->logits.resize(logitsType.getNumElements());
  session->labels.resize(options.batch);

  session->neededMemory =
      StepMemory::compute(inner->lookupSymbol<func::FuncOp>(session->stepName));

  FailureOr<std::unique_ptr<JitSession>> jit =
      JitSession::compile(*inner, entryPoints, options.jit);
  if (failed(jit))
    return failure();
  session->jit = std::move(*jit);
  return session;
}

FailureOr<float> TrainingSession::step(const Dataset &data,
                                       ArrayRef<int64_t> indices,
                                       const StepControl &control) {
  data.gather(indices, images.data(), labels.data());
  float learningRate = control.learningRate, gateRate = control.gateRate;
  uint8_t violated = control.violated;
  double number = static_cast<double>(control.number);
  float corrections[] = {
      static_cast<float>(adam::getMomentCorrection(adam::kBeta1, number)),
      static_cast<float>(adam::getMomentCorrection(adam::kBeta2, number))};
  float loss = 0.0f;
  if (failed(jit->invoke(stepName,
                         {images.data(), labels.data(), &learningRate,
                          corrections, &gateRate, &violated},
                         {&loss})))
    return failure();
  return loss;
}

FailureOr<int64_t> TrainingSession::countCorrect(const Dataset &data,
                                                 ArrayRef<int64_t> indices) {
  int64_t correct = 0;
  while (!indices.empty()) {
    ArrayRef<int64_t> part = indices.take_front(batch);
    indices = indices.drop_front(part.size());
    data.gather(part, images.data(), labels.data());
    if (failed(jit->invoke(forwardName, {images.data()}, {logits.data()})))
      return failure();
    for (size_t sample = 0; sample < part.size(); ++sample) {
      auto row = ArrayRef(logits).slice(sample * numClasses, numClasses);
      auto predicted = std::max_element(row.begin(), row.end()) - row.begin();
      correct += predicted == labels[sample];
    }
  }
  return correct;
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
