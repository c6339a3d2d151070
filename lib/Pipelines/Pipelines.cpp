//===- Pipelines.cpp - Names for the passes in order -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Pipelines/Pipelines.h"

#include "cgmq/Conversion/Passes.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Training/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace mlir::cgmq;

void cgmq::buildQuantizePipeline(OpPassManager &pipeline,
                                 const QuantizePipelineOptions &options,
                                 const RunEnvironment &environment) {
  // A batch norm is folded where its channels still lie side by side.
  FoldBatchNormPassOptions folding;
  folding.function = options.function;
  pipeline.addPass(createFoldBatchNormPass(folding));
  DecomposeTransposeConvPassOptions decomposition;
  decomposition.function = options.function;
  pipeline.addPass(createDecomposeTransposeConvPass(decomposition));

  InsertGatesPassOptions gates;
  gates.function = options.function;
  gates.budget = options.budget;
  gates.granularity = options.granularity;
  gates.costModel = options.costModel;
  gates.input = options.input;
  gates.functions = options.functions;
  gates.widths = llvm::to_vector(options.widths);
  pipeline.addPass(createInsertGatesPass(gates));

  CalibratePassOptions calibration;
  calibration.function = options.function;
  calibration.images = options.images;
  calibration.seed = options.seed;
  calibration.threads = options.threads;
  calibration.cache = options.cache;
  pipeline.addPass(createCalibratePass(calibration, environment));

  OptimizePassOptions optimization;
  optimization.function = options.function;
  optimization.images = options.images;
  optimization.labels = options.labels;
  optimization.loss = options.loss;
  optimization.epochs = options.epochs;
  optimization.learningRate = options.learningRate;
  optimization.batch = options.batch;
  optimization.validation = options.validation;
  optimization.limit = options.limit;
  optimization.seed = options.seed;
  optimization.patience = options.patience;
  optimization.log = options.log;
  optimization.checkpoint = options.checkpoint;
  optimization.checkpointSteps = options.checkpointSteps;
  optimization.resume = options.resume;
  optimization.direction = options.direction;
  optimization.threads = options.threads;
  optimization.cache = options.cache;
  pipeline.addPass(createOptimizePass(optimization, environment));

  pipeline.addPass(createFreezePass());
  pipeline.addPass(createVerifyBudgetPass());
  if (options.form == QuantizedForm::Frozen)
    return;
  pipeline.addPass(createLowerToIntegerPass());
  pipeline.addPass(createTabulateFloatsPass());
  if (llvm::is_contained(options.widths, kPrunedWidth))
    pipeline.addPass(createRemovePrunedChannelsPass());
}

void cgmq::registerQuantizePipeline() {
  PassPipelineRegistration<QuantizePipelineOptions>(
      "cgmq-quantize-pipeline",
      "From a float network to an integer program that keeps a budget of "
      "bit-operations",
      [](OpPassManager &pipeline, const QuantizePipelineOptions &options) {
        buildQuantizePipeline(pipeline, options);
      });
}
