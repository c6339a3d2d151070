//===- cgmq-run.cpp - Runs a function over a data set -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/InitAll.h"
#include "cgmq/Support/AtomicFile.h"
#include "cgmq/Support/Progress.h"
#include "cgmq/Training/ArrayFile.h"
#include "cgmq/Training/Dataset.h"
#include "cgmq/Training/Evaluator.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SourceMgr.h"

#include <chrono>
#include <cstring>
#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;
namespace cl = llvm::cl;

namespace {
/// The times of the runs of a batch, in seconds.
struct Latency {
  double sum = 0, best = 0;
  int64_t count = 0;

  void add(double seconds) {
    best = count++ == 0 ? seconds : std::min(best, seconds);
    sum += seconds;
  }
  double getMean() const { return sum / count; }
};

/// What came of one function over the data.
struct Outcome {
  Logits logits;
  SmallVector<int32_t> predictions;
  Latency latency;
};

struct Difference {
  int64_t predictions = 0, logits = 0, numLogits = 0;
};
} // namespace

static FailureOr<Outcome> runOverData(Evaluator &evaluator, const Dataset &data,
                                      ArrayRef<int64_t> indices,
                                      StringRef label) {
  // The first run of a program pays for its pages; it is not measured.
  if (failed(evaluator.predict(data, indices.take_front())))
    return failure();
  Latency latency;
  int64_t numBatches = llvm::divideCeil(indices.size(), evaluator.getBatch());
  Progress progress(label, numBatches);
  FailureOr<Logits> logits = evaluator.evaluate(
      data, indices,
      [&](int64_t batch, function_ref<LogicalResult()> run) -> LogicalResult {
        auto start = std::chrono::steady_clock::now();
        LogicalResult result = run();
        auto end = std::chrono::steady_clock::now();
        latency.add(std::chrono::duration<double>(end - start).count());
        progress.update(batch + 1);
        return result;
      });
  if (failed(logits))
    return failure();
  SmallVector<int32_t> predictions = logits->getPredictions();
  return Outcome{std::move(*logits), std::move(predictions), latency};
}

/// Compares bit for bit; fails where the logits are of different types.
static FailureOr<Difference> compare(const Outcome &lhs, const Outcome &rhs,
                                     Location loc) {
  Difference result;
  for (auto [left, right] : llvm::zip_equal(lhs.predictions, rhs.predictions))
    result.predictions += left != right;
  auto count = [&](const auto &left) -> LogicalResult {
    auto *right = std::get_if<std::decay_t<decltype(left)>>(&rhs.logits.values);
    if (!right || right->size() != left.size())
      return emitError(loc)
             << "expects both functions to give logits of one type, but they "
                "differ";
    result.numLogits = left.size();
    for (auto [a, b] : llvm::zip_equal(left, *right))
      result.logits += std::memcmp(&a, &b, sizeof(a)) != 0;
    return success();
  };
  if (failed(std::visit(count, lhs.logits.values)))
    return failure();
  return result;
}

static LogicalResult run(int argc, char **argv) {
  cl::OptionCategory category("cgmq-run options");
  // LLVM's library has a hidden option of this name.
  if (cl::Option *option = cl::getRegisteredOptions().lookup("threads"))
    option->removeArgument();
  cl::opt<std::string> modelPath(cl::Positional, cl::desc("<module>"),
                                 cl::Required, cl::cat(category));
  cl::opt<std::string> functionName(
      "function", cl::cat(category),
      cl::desc("Function to run; may be left out where there is only one"));
  cl::opt<std::string> imagesPath(
      "images", cl::Required, cl::cat(category),
      cl::desc("Samples: IDX or .npy, plain or gzip"));
  cl::opt<std::string> labelsPath(
      "labels", cl::cat(category),
      cl::desc("Labels of the samples; without them no accuracy is given"));
  cl::opt<int64_t> batch("batch", cl::init(128), cl::cat(category),
                         cl::desc("Samples in a batch (default 128)"));
  cl::opt<int64_t> threads(
      "threads", cl::init(0), cl::cat(category),
      cl::desc("Threads to run on (default: one for each core that the process "
               "may use)"));
  cl::opt<int64_t> limit("limit", cl::cat(category),
                         cl::desc("Take the first N samples (default: all)"));
  cl::opt<std::string> comparePath(
      "compare", cl::cat(category),
      cl::desc("Module to compare with: counts the predictions and the logits "
               "that differ"));
  cl::opt<std::string> compareFunctionName(
      "compare-function", cl::cat(category),
      cl::desc("Function of that module (default: as --function)"));
  cl::opt<std::string> jsonPath("json", cl::cat(category),
                                cl::desc("File for the figures, as JSON"));
  cl::opt<std::string> cachePath(
      "cache", cl::cat(category),
      cl::desc("Directory that keeps compiled code, so that the next run of "
               "the same function need not compile"));
  cl::opt<std::string> predictionsPath(
      "predictions", cl::cat(category),
      cl::desc("File for the predicted classes, as .npy of i32"));
  cl::opt<std::string> logitsPath(
      "logits", cl::cat(category),
      cl::desc("File for the logits, as .npy with a row for each sample"));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "cgmq-run: compiles a function of a module and runs it over a data "
      "set\n");

  DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  cgmq::registerAllDialects(registry);
  Evaluator::getDependentDialects(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  context.printOpOnDiagnostic(false);
  llvm::SourceMgr sourceMgr;
  SourceMgrDiagnosticHandler handler(sourceMgr, &context);
  Location loc = UnknownLoc::get(&context);
  auto fail = [&] { return emitError(loc); };

  if (batch < 1)
    return fail() << "expects --batch to be at least 1, but got "
                  << batch.getValue();
  if (limit.getNumOccurrences() && limit < 1)
    return fail() << "expects --limit to be at least 1, but got "
                  << limit.getValue();

  FailureOr<Dataset> data = Dataset::load(imagesPath, labelsPath, fail);
  if (failed(data))
    return failure();
  std::vector<int64_t> indices(limit.getNumOccurrences()
                                   ? std::min<int64_t>(limit, data->size())
                                   : data->size());
  std::iota(indices.begin(), indices.end(), 0);

  auto evaluate = [&](StringRef path, StringRef name) -> FailureOr<Outcome> {
    OwningOpRef<ModuleOp> module =
        parseSourceFile<ModuleOp>(path, ParserConfig(&context));
    if (!module)
      return failure();
    JitOptions jit;
    jit.threads = threads;
    jit.cache = cachePath;
    FailureOr<Evaluator> evaluator =
        Evaluator::create(*module, name, batch, jit);
    if (failed(evaluator) ||
        failed(data->verifyFor(evaluator->getArgumentType(),
                               evaluator->getNumClasses(), fail)))
      return failure();
    return runOverData(*evaluator, *data, indices, path);
  };

  FailureOr<Outcome> outcome = evaluate(modelPath, functionName);
  if (failed(outcome))
    return failure();
  FailureOr<Difference> difference = failure();
  if (!comparePath.empty()) {
    FailureOr<Outcome> other = evaluate(comparePath, compareFunctionName.empty()
                                                         ? functionName
                                                         : compareFunctionName);
    if (failed(other))
      return failure();
    difference = compare(*outcome, *other, loc);
    if (failed(difference))
      return failure();
  }

  // All is computed; now it is said.
  const Latency &latency = outcome->latency;
  int64_t numSamples = indices.size(), numCorrect = 0;
  llvm::json::Object json{
      {"samples", numSamples},
      {"batch", batch.getValue()},
      {"latency", llvm::json::Object{{"batch_mean_s", latency.getMean()},
                                     {"batch_best_s", latency.best}}}};
  raw_ostream &os = llvm::outs();
  if (data->hasLabels()) {
    for (int64_t index : indices)
      numCorrect += outcome->predictions[index] == data->getLabels()[index];
    double accuracy = static_cast<double>(numCorrect) / numSamples;
    json["correct"] = numCorrect;
    json["accuracy"] = accuracy;
    os << "accuracy: " << llvm::format("%.2f", 100 * accuracy) << " % ("
       << numCorrect << " of " << numSamples << ")\n";
  }
  os << llvm::format("latency: %.3f ms mean, %.3f ms best for a batch of ",
                     1e3 * latency.getMean(), 1e3 * latency.best)
     << batch
     << llvm::format("; %.2f us mean, %.2f us best for a sample\n",
                     1e6 * latency.getMean() / batch,
                     1e6 * latency.best / batch);
  if (succeeded(difference)) {
    os << "difference: " << difference->predictions << " of " << numSamples
       << " predictions, " << difference->logits << " of "
       << difference->numLogits << " logits\n";
    json["difference"] =
        llvm::json::Object{{"predictions", difference->predictions},
                           {"logits", difference->logits},
                           {"of_logits", difference->numLogits}};
  }

  auto write = [&](StringRef path,
                   function_ref<void(raw_ostream &)> content) -> LogicalResult {
    std::string error;
    if (!path.empty() && failed(writeFileAtomically(path, content, error)))
      return fail() << error;
    return success();
  };
  if (failed(write(jsonPath, [&](raw_ostream &os) {
        os << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(json)));
      })))
    return failure();
  auto writeLogits = [&](raw_ostream &os) {
    std::visit(
        [&](const auto &values) {
          writeNpy(os, ArrayRef(values), outcome->logits.numClasses);
        },
        outcome->logits.values);
  };
  if (failed(write(logitsPath, writeLogits)))
    return failure();
  return write(predictionsPath,
               [&](raw_ostream &os) { writeNpy(os, outcome->predictions); });
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  return run(argc, argv).failed();
}
