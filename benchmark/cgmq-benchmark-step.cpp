//===- cgmq-benchmark-step.cpp - Training steps on demand -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles the training step of a network, float or gated, and then runs as
// many steps as each line `run N` of its input asks for. It answers with their
// seconds and the last loss. Gates start at draws between 4 and 8 bits, as in
// the middle of a run.
//
//===----------------------------------------------------------------------===//

#include "CommandLoop.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/InitAll.h"
#include "cgmq/Support/Random.h"
#include "cgmq/Training/TrainingSession.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;
namespace cl = llvm::cl;

/// Rates of a step: Adam's, and a gates' rate that leaves widths as they are
/// for some thousand steps.
static constexpr double kLearningRate = 1e-3, kGateRate = 1e-6;

/// Gives each gate of the network a draw between the bounds of 2 and 8 bits.
static void drawGates(func::FuncOp function, TrainingSession &session) {
  llvm::SmallDenseSet<StringRef> seen;
  uint64_t counter = 0;
  for (auto quantize : function.getOps<QuantizeOp>())
    if (ml_program::GlobalOp gate = getLoadedGlobal(quantize.getGate()))
      if (seen.insert(gate.getSymName()).second)
        for (float &value : session.getParameter(gate.getSymName()))
          value = kGateBounds[0] + 0.05 +
                  uniform01(/*seed=*/1, counter++) *
                      (kGateBounds[2] - kGateBounds[0] - 0.05);
}

/// Writes each mutable global that the network loads to `directory`, as raw
/// f32, and returns their shapes.
static FailureOr<llvm::json::Object> saveParameters(func::FuncOp function,
                                                    TrainingSession &session,
                                                    StringRef directory) {
  llvm::json::Object shapes;
  for (auto load : function.getOps<ml_program::GlobalLoadOp>()) {
    StringRef symbol = load.getGlobal().getLeafReference();
    ArrayRef<float> values = session.getParameter(symbol);
    llvm::json::Array shape;
    for (int64_t extent : cast<ShapedType>(load.getType()).getShape())
      shape.push_back(extent);
    if (!shapes.try_emplace(symbol.str(), std::move(shape)).second ||
        directory.empty())
      continue;
    SmallString<128> path(directory);
    llvm::sys::path::append(path, symbol + ".f32");
    std::error_code error;
    llvm::raw_fd_ostream os(path, error);
    if (error)
      return load.emitError()
             << "cannot write '" << path << "': " << error.message();
    os.write(reinterpret_cast<const char *>(values.data()),
             values.size() * sizeof(float));
  }
  return shapes;
}

static LogicalResult run(int argc, char **argv) {
  cl::OptionCategory category("cgmq-benchmark-step options");
  // LLVM's library has a hidden option of this name.
  if (cl::Option *option = cl::getRegisteredOptions().lookup("threads"))
    option->removeArgument();
  cl::opt<std::string> modelPath(cl::Positional, cl::desc("<module>"),
                                 cl::Required, cl::cat(category));
  cl::opt<std::string> imagesPath("images", cl::Required, cl::cat(category),
                                  cl::desc("Samples: IDX or .npy"));
  cl::opt<std::string> labelsPath("labels", cl::Required, cl::cat(category),
                                  cl::desc("Class of each sample"));
  cl::opt<int64_t> batch("batch", cl::init(128), cl::cat(category),
                         cl::desc("Samples in a step (default 128)"));
  cl::opt<int64_t> threads("threads", cl::init(1), cl::cat(category),
                           cl::desc("Threads of a step (default 1)"));
  cl::opt<std::string> parametersPath(
      "parameters", cl::cat(category),
      cl::desc("Directory for the initial parameters, a file of raw f32 each"));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv,
                              "cgmq-benchmark-step: runs training steps on "
                              "demand\n");

  DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  cgmq::registerAllDialects(registry);
  TrainingSession::getDependentDialects(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  llvm::SourceMgr sourceMgr;
  SourceMgrDiagnosticHandler handler(sourceMgr, &context);

  auto module = parseSourceFile<ModuleOp>(modelPath, ParserConfig(&context));
  if (!module)
    return failure();
  FailureOr<func::FuncOp> function = getModelFunction(*module, "");
  if (failed(function))
    return failure();
  auto emitHere = [&] { return emitError(function->getLoc()); };
  auto argument = dyn_cast<RankedTensorType>(function->getArgumentTypes()[0]);
  auto logits = dyn_cast<RankedTensorType>(function->getResultTypes()[0]);
  FailureOr<Dataset> data = Dataset::load(imagesPath, labelsPath, emitHere);
  if (failed(data) ||
      failed(data->verifyFor(argument, logits.getDimSize(1), emitHere)))
    return failure();
  int64_t numBatches = data->size() / batch;
  if (batch < 1 || numBatches < 1)
    return emitHere() << "expects at least one batch of " << batch.getValue()
                      << " samples, but got " << data->size();

  TrainingSessionOptions options;
  options.batch = batch;
  options.direction = "magnitude";
  options.jit.threads = threads;
  auto session = TrainingSession::create(*function, options);
  if (failed(session))
    return failure();
  drawGates(*function, **session);
  auto shapes = saveParameters(*function, **session, parametersPath);
  if (failed(shapes))
    return failure();

  StepControl control;
  control.learningRate = kLearningRate;
  control.gateRate = kGateRate;
  control.violated = true;
  control.number = 0;
  std::vector<int64_t> indices(batch);
  auto answer = [&](StringRef line) -> std::string {
    int64_t count;
    if (!line.consume_front("run ") || line.getAsInteger(10, count)) {
      emitHere() << "expects 'run N', but got '" << line << "'";
      return {};
    }
    FailureOr<float> loss = 0.0f;
    double seconds = measureSeconds([&] {
      for (int64_t i = 0; i < count && succeeded(loss); ++i) {
        std::iota(indices.begin(), indices.end(),
                  control.number++ % numBatches * batch);
        loss = (*session)->step(*data, indices, control);
      }
    });
    if (failed(loss))
      return {};
    return llvm::formatv("{0}", llvm::json::Value(llvm::json::Object{
                                    {"seconds", seconds}, {"loss", *loss}}));
  };
  std::string greeting = llvm::formatv(
      "{0}", llvm::json::Value(llvm::json::Object{
                 {"function", function->getName().str()},
                 {"parameters", llvm::json::Value(std::move(*shapes))}}));
  return success(serveCommands(greeting, answer));
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  return run(argc, argv).failed();
}
