//===- Evaluator.h - A compiled function over a data set -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_EVALUATOR_H
#define CGMQ_TRAINING_EVALUATOR_H

#include "cgmq/Training/CompiledFunction.h"

#include "mlir/IR/BuiltinOps.h"

#include <variant>
#include <vector>

namespace mlir {
class DialectRegistry;

namespace cgmq {
class Dataset;

/// What a classifier gives for each sample: its logits, row after row.
struct Logits {
  int64_t numClasses;
  std::variant<std::vector<float>, std::vector<int32_t>> values;

  /// The position of the greatest logit of each row, the first of equals.
  SmallVector<int32_t> getPredictions() const;
};

/// One function of a module, compiled for one batch: a classifier that takes
/// tensor<batch x sample x f32> and gives tensor<batch x classes> of f32 or
/// i32. The module may be at any stage: float, gated, frozen or integer.
class Evaluator {
public:
  /// Called for each batch with its number; has to call `run`, once.
  using Around =
      function_ref<LogicalResult(int64_t, function_ref<LogicalResult()> run)>;

  /// Adds what create() loads into its context. A pass that creates an
  /// evaluator calls this from getDependentDialects.
  static void getDependentDialects(DialectRegistry &registry);

  /// Compiles a copy of the function, as the parameters' values are now.
  /// Diagnostics at module or operation locations.
  static FailureOr<Evaluator> create(ModuleOp module, StringRef function,
                                     int64_t batch,
                                     const JitOptions &options = {});

  int64_t getBatch() const { return getArgumentType().getDimSize(0); }
  RankedTensorType getArgumentType() const {
    return function.getArgumentTypes().front();
  }
  int64_t getNumClasses() const { return getResultType().getDimSize(1); }

  /// Runs the function over samples of `data`, which suits `getArgumentType`
  /// (see Dataset::verifyFor). The last batch is filled up with its last
  /// sample. `around`, if there is one, can measure.
  FailureOr<Logits> evaluate(const Dataset &data, ArrayRef<int64_t> indices,
                             Around around = nullptr);

  FailureOr<SmallVector<int32_t>> predict(const Dataset &data,
                                          ArrayRef<int64_t> indices);

private:
  explicit Evaluator(CompiledFunction function)
      : function(std::move(function)) {}
  RankedTensorType getResultType() const {
    return function.getResultTypes().front();
  }

  CompiledFunction function;
};

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_TRAINING_EVALUATOR_H
