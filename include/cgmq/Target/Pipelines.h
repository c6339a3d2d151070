//===- Pipelines.h - From integer programs to C ----------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TARGET_PIPELINES_H
#define CGMQ_TARGET_PIPELINES_H

#include "cgmq/Conversion/Border.h"

#include "mlir/Pass/PassOptions.h"

#include <string>

namespace mlir {
class OpPassManager;

namespace cgmq {

/// Options of the pipeline `cgmq-lower-to-c`.
struct LowerToCOptions : PassPipelineOptions<LowerToCOptions> {
  Option<std::string> function{
      *this, "function",
      llvm::cl::desc("Function to lower; may be left out where there is only "
                     "one that no other calls")};
  Option<int64_t> batch{
      *this, "batch", llvm::cl::init(1),
      llvm::cl::desc("Samples that a call takes (default 1)")};
  Option<Border> border{
      *this, "border", llvm::cl::init(Border::Bytes),
      llvm::cl::desc("What arguments are (default bytes)"),
      llvm::cl::values(
          clEnumValN(Border::Bytes, "bytes", "bytes, from 0 to 255"),
          clEnumValN(Border::Codes, "codes", "codes of the first quantizer"))};
};

/// An integer program of any batch to a flat function of one batch.
void buildFixBorderPipeline(OpPassManager &manager, StringRef function,
                            int64_t batch, Border border);

/// An integer program to EmitC.
void buildLowerToCPipeline(OpPassManager &manager,
                           const LowerToCOptions &options);

/// Registers the pipeline `cgmq-lower-to-c`.
void registerTargetPipelines();

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_TARGET_PIPELINES_H
