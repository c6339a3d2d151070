//===- Evaluator.cpp - A compiled function over a data set -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Evaluator.h"

#include "cgmq/Training/Dataset.h"
#include "cgmq/Transforms/ModelFunction.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::cgmq;

SmallVector<int32_t> Logits::getPredictions() const {
  return std::visit(
      [&](const auto &vector) {
        SmallVector<int32_t> result;
        for (auto row = vector.begin(); row != vector.end(); row += numClasses)
          result.push_back(std::max_element(row, row + numClasses) - row);
        return result;
      },
      values);
}

void Evaluator::getDependentDialects(DialectRegistry &registry) {
  CompiledFunction::getDependentDialects(registry);
}

/// The type of a value of a classifier; null, after an error, where it is none
/// that data can be run through.
static RankedTensorType
getClassifierType(func::FuncOp function, TypeRange types, StringRef what,
                  function_ref<bool(RankedTensorType)> suits,
                  StringRef expected) {
  auto type = types.size() == 1 ? dyn_cast<RankedTensorType>(types.front())
                                : RankedTensorType();
  if (type && suits(type))
    return type;
  function.emitOpError() << "expects one " << what << ", " << expected
                         << ", but got " << function.getFunctionType();
  return {};
}

FailureOr<Evaluator> Evaluator::create(ModuleOp module, StringRef name,
                                       int64_t batch,
                                       const JitOptions &options) {
  FailureOr<func::FuncOp> function = getModelFunction(module, name);
  if (failed(function))
    return failure();
  auto isSample = [](RankedTensorType type) {
    return type.getRank() >= 2 && type.getElementType().isF32();
  };
  auto isLogits = [](RankedTensorType type) {
    return type.getRank() == 2 && !type.isDynamicDim(1) &&
           (type.getElementType().isF32() ||
            type.getElementType().isSignlessInteger(32));
  };
  if (!getClassifierType(*function, function->getArgumentTypes(), "argument",
                         isSample, "a batch of f32 samples") ||
      !getClassifierType(*function, function->getResultTypes(), "result",
                         isLogits, "a row of f32 or i32 for each sample"))
    return failure();
  FailureOr<CompiledFunction> compiled =
      CompiledFunction::create(module, function->getSymName(), batch, options);
  if (failed(compiled))
    return failure();
  Evaluator result(std::move(*compiled));
  if (result.getResultType().getDimSize(0) != batch)
    return function->emitOpError()
           << "expects one row of logits for each sample, but got "
           << result.getResultType() << " for " << result.getArgumentType();
  return result;
}

FailureOr<Logits> Evaluator::evaluate(const Dataset &data,
                                      ArrayRef<int64_t> indices,
                                      Around around) {
  int64_t batch = getBatch(), numClasses = getNumClasses();
  std::vector<float> samples(getArgumentType().getNumElements());
  // The elements of both types of logits are four bytes wide.
  std::vector<int32_t> bits(batch * numClasses);
  Logits logits = {numClasses, {}};
  bool isFloat = getResultType().getElementType().isF32();
  if (!isFloat)
    logits.values = std::vector<int32_t>();

  for (int64_t start = 0, size = indices.size(); start < size; start += batch) {
    SmallVector<int64_t> chosen(
        indices.slice(start, std::min(batch, size - start)));
    int64_t numChosen = chosen.size();
    chosen.resize(batch, chosen.back());
    data.gather(chosen, samples.data(), nullptr);
    auto run = [&]() -> LogicalResult {
      return function.run({samples.data()}, {bits.data()});
    };
    if (failed(around ? around(start / batch, run) : run()))
      return failure();
    auto append = [&](auto &values) {
      auto *first = reinterpret_cast<
          typename std::decay_t<decltype(values)>::value_type *>(bits.data());
      values.insert(values.end(), first, first + numChosen * numClasses);
    };
    std::visit(append, logits.values);
  }
  return logits;
}

FailureOr<SmallVector<int32_t>> Evaluator::predict(const Dataset &data,
                                                   ArrayRef<int64_t> indices) {
  FailureOr<Logits> logits = evaluate(data, indices);
  if (failed(logits))
    return failure();
  return logits->getPredictions();
}
