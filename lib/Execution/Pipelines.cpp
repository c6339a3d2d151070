//===- Pipelines.cpp - From tensors to the LLVM dialect -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Passes.h"
#include "cgmq/Execution/TosaToLinalg.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/TosaToLinalg/TosaToLinalg.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::cgmq;

void cgmq::addTosaToLinalg(OpPassManager &manager) {
  OpPassManager &function = manager.nest<func::FuncOp>();
  function.addPass(createDecomposeTosaPass());
  function.addPass(createLowerTosaPass());
  TosaToLinalgNamedOptions named;
  named.preferConv2DKernelLayoutHWCF = true;
  function.addPass(tosa::createTosaToLinalgNamed(named));
  function.addPass(tosa::createTosaToLinalg());
  TosaToArithPassOptions arith;
  arith.includeApplyRescale = true;
  arith.use32Bit = false;
  function.addPass(createTosaToArithPass(arith));
  function.addPass(createTosaToTensorPass());
  function.addPass(createConvertElementwiseToLinalgPass());
  function.addPass(createExpandMathPass());
}

/// Canonicalization and CSE of each function on its own, and so in parallel.
static void addCleanup(OpPassManager &manager) {
  manager.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  manager.addNestedPass<func::FuncOp>(createCSEPass());
}

void cgmq::buildTensorsToBuffersPipeline(OpPassManager &manager,
                                         const LowerToCpuOptions &options) {
  manager.addPass(createInlinerPass());
  manager.addPass(createSymbolDCEPass());
  addTosaToLinalg(manager);
  addCleanup(manager);
  // What has VNNI has fused multiply-adds.
  if (options.tileContractions && options.vnni)
    manager.addNestedPass<func::FuncOp>(createRescaleInFloatsPass());
  manager.addNestedPass<func::FuncOp>(createNarrowRescalesPass());
  if (options.tileContractions) {
    if (options.vnni)
      manager.addNestedPass<func::FuncOp>(createShiftSignedFactorsPass());
    manager.addNestedPass<func::FuncOp>(createUnrollReductionsPass());
  }
  manager.addNestedPass<func::FuncOp>(createFuseElementwisePass());
  addCleanup(manager);
  if (options.tileContractions)
    manager.addNestedPass<func::FuncOp>(createFuseReductionsPass());
  manager.addPass(createGlobalsToArgumentsPass());
  if (options.tileContractions) {
    manager.addNestedPass<func::FuncOp>(createGatherSlicesPass());
    manager.addNestedPass<func::FuncOp>(createSplitReductionsPass());
    LayOutContractionsPassOptions layout;
    layout.vectorBits = options.vectorBits;
    layout.vnni = options.vnni;
    manager.addNestedPass<func::FuncOp>(createLayOutContractionsPass(layout));
    addCleanup(manager);
  }
  LowerPadsPassOptions pads;
  pads.vectorBits = options.vectorBits;
  pads.vnni = options.vnni;
  manager.addNestedPass<func::FuncOp>(createLowerPadsPass(pads));
  manager.addNestedPass<func::FuncOp>(createSeparateDestinationsPass());
  manager.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  manager.addPass(bufferization::createOneShotBufferizePass(bufferize));
  bufferization::BufferResultsToOutParamsPassOptions results;
  results.hoistStaticAllocs = true;
  results.modifyPublicFunctions = true;
  manager.addPass(bufferization::createBufferResultsToOutParamsPass(results));
  addCleanup(manager);
  manager.addNestedPass<func::FuncOp>(
      bufferization::createBufferLoopHoistingPass());
  OutlineKernelsPassOptions outline;
  outline.vectorBits = options.vectorBits;
  outline.vnni = options.vnni;
  manager.addPass(createOutlineKernelsPass(outline));
  OpPassManager &function = manager.nest<func::FuncOp>();
  if (options.tileContractions) {
    LowerContractionsPassOptions lower;
    lower.vectorBits = options.vectorBits;
    lower.vnni = options.vnni;
    lower.threads = options.threads;
    function.addPass(createLowerContractionsPass(lower));
    LowerTransposesPassOptions transposes;
    transposes.threads = options.threads;
    function.addPass(createLowerTransposesPass(transposes));
    LowerElementwisePassOptions elementwise;
    elementwise.vectorBits = options.vectorBits;
    elementwise.threads = options.threads;
    function.addPass(createLowerElementwisePass(elementwise));
  }
  function.addPass(createPlanBuffersPass());
}

void cgmq::buildBuffersToLLVMPipeline(OpPassManager &manager,
                                      const LowerToCpuOptions &options) {
  // Whatever the arena did not take.
  bufferization::buildBufferDeallocationPipeline(
      manager, bufferization::BufferDeallocationPipelineOptions());
  OpPassManager &function = manager.nest<func::FuncOp>();
  function.addPass(createConvertBufferizationToMemRefPass());
  function.addPass(createLowerStridedCopiesPass());
  function.addPass(createConvertLinalgToLoopsPass());
  function.addPass(memref::createFoldMemRefAliasOpsPass());
  function.addPass(memref::createExpandStridedMetadataPass());
  function.addPass(createLowerAffinePass());
  function.addPass(createCanonicalizerPass());
  function.addPass(createCSEPass());
  function.addPass(createLoopInvariantCodeMotionPass());
  if (options.threads > 1) {
    ConvertSCFToOpenMPPassOptions openmp;
    openmp.numThreads = options.threads;
    manager.addPass(createConvertSCFToOpenMPPass(openmp));
  }
  OpPassManager &loops = manager.nest<func::FuncOp>();
  // Parallel loops keep operations that do not translate without this.
  if (options.threads > 1)
    loops.addPass(createCanonicalizerPass());
  loops.addPass(createSCFToControlFlowPass());
  loops.addPass(arith::createArithExpandOpsPass());
  if (options.vnni)
    loops.addPass(createConvertDotsToVnniPass());
  loops.addPass(createConvertVectorToLLVMPass());
  loops.addPass(createConvertMathToLLVMPass());
  loops.addPass(createArithToLLVMConversionPass());
  loops.addPass(createConvertIndexToLLVMPass());
  loops.addPass(createUBToLLVMConversionPass());
  manager.addPass(createFinalizeMemRefToLLVMConversionPass());
  ConvertFuncToLLVMPassOptions convention;
  convention.useBarePtrCallConv = true;
  manager.addPass(createConvertFuncToLLVMPass(convention));
  manager.addPass(createConvertControlFlowToLLVMPass());
  // Converts functions too, which by now have their calling convention.
  if (options.threads > 1)
    manager.addPass(createConvertOpenMPToLLVMPass());
  OpPassManager &code = manager.nest<LLVM::LLVMFuncOp>();
  code.addPass(createReconcileUnrealizedCastsPass());
  code.addPass(createAnnotateBranchesPass());
  code.addPass(createCanonicalizerPass());
  code.addPass(createCSEPass());
}

void cgmq::registerExecutionPipelines() {
  PassPipelineRegistration<LowerToCpuOptions>(
      "cgmq-lower-to-cpu",
      "Lower tosa, linalg and ml_program globals to the LLVM dialect; inputs, "
      "globals, results and the arena of temporaries become pointer arguments",
      [](OpPassManager &manager, const LowerToCpuOptions &options) {
        buildTensorsToBuffersPipeline(manager, options);
        buildBuffersToLLVMPipeline(manager, options);
      });
}
