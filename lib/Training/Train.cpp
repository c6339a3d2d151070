//===- Train.cpp - Train a float network -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Passes.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Training/TrainingLoop.h"
#include "cgmq/Transforms/ModelFunction.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_TRAINPASS
#include "cgmq/Training/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {
struct TrainPass : cgmq::impl::TrainPassBase<TrainPass> {
  using Base::Base;
  TrainPass(const TrainPassOptions &options, const RunEnvironment &environment)
      : Base(options), environment(environment) {}

  void getDependentDialects(DialectRegistry &registry) const override {
    TrainingSession::getDependentDialects(registry);
  }

  void runOnOperation() override {
    if (failed(train()))
      signalPassFailure();
  }

  LogicalResult train() {
    FailureOr<func::FuncOp> model = getModelFunction(getOperation(), function);
    if (failed(model))
      return failure();
    TrainingOptions options{images, labels,         loss,       epochs,
                            batch,  learningRate,   validation, limit,
                            seed,   patience,       log,        checkpoint,
                            resume, checkpointSteps};
    JitOptions jit;
    jit.threads = threads;
    jit.cache = cache;
    FailureOr<Dataset> data =
        loadTrainingData(*model, options, environment, jit);
    if (failed(data))
      return failure();
    TrainingSessionOptions sessionOptions;
    sessionOptions.batch = batch;
    sessionOptions.loss = loss;
    sessionOptions.jit = jit;
    auto session = TrainingSession::create(*model, sessionOptions);
    GateController noGates;
    std::unique_ptr<TrainingObserver> progress =
        createProgressObserver("train");
    if (failed(session) ||
        failed(runTraining(*model, **session, *data, options, noGates,
                           environment.observer ? *environment.observer
                                                : *progress)))
      return failure();
    (*session)->writeBack(getOperation());
    return success();
  }

  RunEnvironment environment;
};
} // namespace

std::unique_ptr<Pass> cgmq::createTrainPass(const TrainPassOptions &options,
                                            const RunEnvironment &environment) {
  return std::make_unique<TrainPass>(options, environment);
}
