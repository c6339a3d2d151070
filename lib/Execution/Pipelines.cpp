//===- Pipelines.cpp - From tensors to the LLVM dialect -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/TosaToLinalg/TosaToLinalg.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::cgmq;

/// tosa -> linalg, tensor, arith.
static void addTosaToLinalg(OpPassManager &manager) {
  OpPassManager &function = manager.nest<func::FuncOp>();
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
}

void cgmq::buildTensorsToBuffersPipeline(OpPassManager &manager,
                                         const LowerToCpuOptions &options) {
  manager.addPass(createInlinerPass());
  manager.addPass(createSymbolDCEPass());
  addTosaToLinalg(manager);
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  if (options.tileContractions)
    manager.nest<func::FuncOp>().addPass(createUnrollReductionsPass());
  manager.nest<func::FuncOp>().addPass(createFuseElementwisePass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  if (options.tileContractions)
    manager.nest<func::FuncOp>().addPass(createFuseReductionsPass());
  manager.addPass(createGlobalsToArgumentsPass());
  if (options.tileContractions) {
    LayOutContractionsPassOptions layout;
    layout.vectorBits = options.vectorBits;
    manager.nest<func::FuncOp>().addPass(createLayOutContractionsPass(layout));
    manager.addPass(createCanonicalizerPass());
    manager.addPass(createCSEPass());
  }

  manager.nest<func::FuncOp>().addPass(createLowerPadsPass());
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
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  OpPassManager &function = manager.nest<func::FuncOp>();
  function.addPass(bufferization::createBufferLoopHoistingPass());
  if (options.tileContractions) {
    LowerContractionsPassOptions lower;
    lower.vectorBits = options.vectorBits;
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
  manager.addPass(createConvertBufferizationToMemRefPass());
  OpPassManager &function = manager.nest<func::FuncOp>();
  function.addPass(createLowerStridedCopiesPass());
  function.addPass(createConvertLinalgToLoopsPass());
  manager.addPass(memref::createFoldMemRefAliasOpsPass());
  manager.addPass(memref::createExpandStridedMetadataPass());
  manager.addPass(createLowerAffinePass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(createLoopInvariantCodeMotionPass());
  if (options.threads > 1) {
    ConvertSCFToOpenMPPassOptions openmp;
    openmp.numThreads = options.threads;
    manager.addPass(createConvertSCFToOpenMPPass(openmp));
    // Without it the loops' bodies keep operations that do not translate.
    manager.addPass(createCanonicalizerPass());
  }
  manager.addPass(createSCFToControlFlowPass());
  manager.addPass(arith::createArithExpandOpsPass());
  manager.addPass(createConvertVectorToLLVMPass());
  manager.addPass(createConvertMathToLLVMPass());
  manager.addPass(createFinalizeMemRefToLLVMConversionPass());
  ConvertFuncToLLVMPassOptions convention;
  convention.useBarePtrCallConv = true;
  manager.addPass(createConvertFuncToLLVMPass(convention));
  manager.addPass(createConvertControlFlowToLLVMPass());
  manager.addPass(createArithToLLVMConversionPass());
  manager.addPass(createConvertIndexToLLVMPass());
  manager.addPass(createUBToLLVMConversionPass());
  // Converts functions too, which by now have their calling convention.
  if (options.threads > 1)
    manager.addPass(createConvertOpenMPToLLVMPass());
  manager.addPass(createReconcileUnrealizedCastsPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
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
