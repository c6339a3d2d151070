//===- InitAll.cpp - Registers dialects, interfaces and passes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/InitAll.h"

#include "cgmq/Conversion/Passes.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Execution/Passes.h"
#include "cgmq/Interfaces/ExternalModels/BopCost.h"
#include "cgmq/Interfaces/ExternalModels/Differentiable.h"
#include "cgmq/Pipelines/Pipelines.h"
#include "cgmq/Target/Passes.h"
#include "cgmq/Target/Pipelines.h"
#include "cgmq/Training/Passes.h"
#include "cgmq/Transforms/Passes.h"

using namespace mlir;

void cgmq::registerAllDialects(DialectRegistry &registry) {
  registry.insert<CGMQDialect>();
  registerTosaBopCostModels(registry);
  registerLinalgBopCostModels(registry);
  registerFreeBopCostModels(registry);
  registerCGMQDifferentiableModels(registry);
  registerTosaDifferentiableModels(registry);
}

void cgmq::registerAllPasses() {
  registerTransformsPasses();
  registerTrainingPasses();
  registerConversionPasses();
  registerExecutionPasses();
  registerTargetPasses();
  registerExecutionPipelines();
  registerTargetPipelines();
  registerQuantizePipeline();
}
