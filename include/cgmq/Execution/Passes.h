//===- Passes.h - Execution passes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_PASSES_H
#define CGMQ_EXECUTION_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassOptions.h"

namespace mlir {
class OpPassManager;

namespace cgmq {

#define GEN_PASS_DECL
#include "cgmq/Execution/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "cgmq/Execution/Passes.h.inc"

/// Options of the pipeline `cgmq-lower-to-cpu`.
struct LowerToCpuOptions : PassPipelineOptions<LowerToCpuOptions> {
  Option<bool> tileContractions{
      *this, "tile-contractions",
      llvm::cl::desc("Lower contractions to register tiles (default true); "
                     "otherwise to plain loops"),
      llvm::cl::init(true)};
  Option<int64_t> vectorBits{
      *this, "vector-bits",
      llvm::cl::desc("Width of the machine's vectors in bits (default 512)"),
      llvm::cl::init(512)};
  Option<bool> vnni{
      *this, "vnni",
      llvm::cl::desc("The machine multiplies bytes by VNNI (default false)"),
      llvm::cl::init(false)};
  Option<int64_t> threads{
      *this, "threads",
      llvm::cl::desc("Number of threads to run loops on (default 1); more than "
                     "one need the OpenMP runtime"),
      llvm::cl::init(1)};
};

/// First half of `cgmq-lower-to-cpu`: tensors to memrefs. Afterwards each
/// function takes its inputs, the globals it uses, its results and the arena of
/// its temporaries as memref arguments, and has no results.
void buildTensorsToBuffersPipeline(OpPassManager &manager,
                                   const LowerToCpuOptions &options);

/// Second half of `cgmq-lower-to-cpu`: memrefs to the LLVM dialect. Each memref
/// argument is passed as one pointer.
void buildBuffersToLLVMPipeline(OpPassManager &manager,
                                const LowerToCpuOptions &options);

/// Registers the pipeline `cgmq-lower-to-cpu`.
void registerExecutionPipelines();

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_EXECUTION_PASSES_H
