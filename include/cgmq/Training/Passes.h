//===- Passes.h - Training passes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_PASSES_H
#define CGMQ_TRAINING_PASSES_H

#include "cgmq/Transforms/Differentiate.h"

#include "mlir/Pass/Pass.h"

namespace mlir::cgmq {
struct RunEnvironment;

#define GEN_PASS_DECL
#include "cgmq/Training/Passes.h.inc"

/// The passes that run over data, with an environment.
std::unique_ptr<Pass> createTrainPass(const TrainPassOptions &options,
                                      const RunEnvironment &environment);
std::unique_ptr<Pass> createCalibratePass(const CalibratePassOptions &options,
                                          const RunEnvironment &environment);
std::unique_ptr<Pass> createOptimizePass(const OptimizePassOptions &options,
                                         const RunEnvironment &environment);

#define GEN_PASS_REGISTRATION
#include "cgmq/Training/Passes.h.inc"

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_PASSES_H
