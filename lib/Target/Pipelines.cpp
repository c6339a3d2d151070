//===- Pipelines.cpp - From integer programs to C --------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Target/Pipelines.h"

#include "cgmq/Conversion/Passes.h"
#include "cgmq/Execution/Passes.h"
#include "cgmq/Execution/TosaToLinalg.h"
#include "cgmq/Target/Passes.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Buffers of at most this many bytes are variables of C: the accumulators of
/// one element, which its registers hold.
static constexpr unsigned kMostLocalBytes = 256;

/// The most that an integer of C wants as alignment.
static constexpr int64_t kAlignment = 8;

static void addCleanup(OpPassManager &manager) {
  manager.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  manager.addNestedPass<func::FuncOp>(createCSEPass());
}

void cgmq::buildFixBorderPipeline(OpPassManager &manager, StringRef function,
                                  int64_t batch, Border border) {
  manager.addPass(createTabulateFloatsPass());
  LowerBorderPassOptions borderOptions;
  borderOptions.function = function.str();
  borderOptions.border = border;
  borderOptions.batch = batch;
  manager.addPass(createLowerBorderPass(borderOptions));
  manager.addPass(createInlinerPass());
  manager.addPass(createSymbolDCEPass());
}

/// Tensors to linalg without dimensions of one, in loops over the elements of
/// each layer.
static void addLayers(OpPassManager &manager) {
  addTosaToLinalg(manager);
  addCleanup(manager);
  manager.addNestedPass<func::FuncOp>(createFuseElementwisePass());
  manager.addNestedPass<func::FuncOp>(createLinalgGeneralizeNamedOpsPass());
  manager.addPass(createLinalgFoldUnitExtentDimsPass());
  addCleanup(manager);
  manager.addNestedPass<func::FuncOp>(createFuseLayersPass());
  addCleanup(manager);
}

/// Tensors to memrefs of static storage.
static void addBuffers(OpPassManager &manager) {
  manager.addPass(createGlobalsToConstantsPass());
  manager.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  bufferize.bufferAlignment = 0;
  manager.addPass(bufferization::createOneShotBufferizePass(bufferize));
  addCleanup(manager);
  bufferization::BufferResultsToOutParamsPassOptions results;
  results.hoistStaticAllocs = true;
  results.modifyPublicFunctions = true;
  manager.addPass(bufferization::createBufferResultsToOutParamsPass(results));
  addCleanup(manager);
}

/// Linalg on memrefs to loops, temporaries in an arena.
static void addLoops(OpPassManager &manager) {
  OpPassManager &function = manager.nest<func::FuncOp>();
  LowerStridedCopiesPassOptions copies;
  copies.contiguous = true;
  function.addPass(createLowerStridedCopiesPass(copies));
  function.addPass(createConvertLinalgToLoopsPass());
  function.addPass(createCanonicalizerPass());
  function.addPass(createCSEPass());
  bufferization::PromoteBuffersToStackPassOptions promote;
  promote.maxAllocSizeInBytes = kMostLocalBytes;
  function.addPass(bufferization::createPromoteBuffersToStackPass(promote));
  function.addPass(bufferization::createBufferLoopHoistingPass());
  PlanBuffersPassOptions plan;
  plan.alignment = kAlignment;
  function.addPass(createPlanBuffersPass(plan));
  function.addPass(memref::createFoldMemRefAliasOpsPass());
  function.addPass(memref::createExpandStridedMetadataPass());
  function.addPass(createLowerAffinePass());
  function.addPass(createCanonicalizerPass());
  function.addPass(createCSEPass());
  function.addPass(createLoopInvariantCodeMotionPass());
}

void cgmq::buildLowerToCPipeline(OpPassManager &manager,
                                 const LowerToCOptions &options) {
  buildFixBorderPipeline(manager, options.function, options.batch,
                         options.border);
  addLayers(manager);
  addBuffers(manager);
  addLoops(manager);
  manager.addPass(createPackConstantsPass());
  addCleanup(manager);
  manager.addNestedPass<func::FuncOp>(arith::createArithExpandOpsPass());
  manager.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  manager.addPass(createConvertArenaToEmitCPass());
  manager.addPass(createConvertToEmitC());
  manager.addPass(createReconcileUnrealizedCastsPass());
  manager.addPass(createConvertBorderToEmitCPass());
}

void cgmq::registerTargetPipelines() {
  PassPipelineRegistration<LowerToCOptions>(
      "cgmq-lower-to-c",
      "Lower an integer program to EmitC: a freestanding function on integers "
      "with static storage and packed constants",
      buildLowerToCPipeline);
}
