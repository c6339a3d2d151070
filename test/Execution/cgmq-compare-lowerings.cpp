//===- cgmq-compare-lowerings.cpp - Tiles against loops -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs each public function of a module twice, with contractions as register
// tiles and as plain loops, on small integers, for which f32 sums are exact,
// and expects equal bits. With --repeat it prints what the tiles reach.
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/JitSession.h"
#include "cgmq/InitAll.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"

#include <ctime>
#include <random>

using namespace mlir;
namespace cl = llvm::cl;

namespace {

using Buffer = std::vector<uint64_t>;

size_t sizeInBytes(Type type) {
  auto shaped = cast<ShapedType>(type);
  return shaped.getNumElements() *
         llvm::divideCeil(shaped.getElementTypeBitWidth(), 8);
}

Buffer allocate(Type type) { return Buffer(sizeInBytes(type) / 8 + 1); }

template <typename T> void fill(void *data, size_t size, std::mt19937 &random) {
  for (size_t index = 0; index < size; ++index)
    static_cast<T *>(data)[index] = static_cast<T>(int(random() % 9) - 4);
}

/// Integers from -4 to 4.
LogicalResult fill(void *data, Type type, std::mt19937 &random) {
  auto shaped = cast<ShapedType>(type);
  size_t size = shaped.getNumElements();
  Type element = shaped.getElementType();
  if (element.isF32())
    fill<float>(data, size, random);
  else if (element.isF64())
    fill<double>(data, size, random);
  else if (element.isInteger(1))
    std::fill_n(static_cast<char *>(data), size, 1);
  else if (element.isInteger(8))
    fill<int8_t>(data, size, random);
  else if (element.isInteger(16))
    fill<int16_t>(data, size, random);
  else if (element.isInteger(32))
    fill<int32_t>(data, size, random);
  else if (element.isInteger(64))
    fill<int64_t>(data, size, random);
  else
    return failure();
  return success();
}

/// Operations (a multiplication and an addition each) of the linalg ops that
/// multiply.
double countOperations(func::FuncOp function) {
  double count = 0;
  function.walk([&](linalg::LinalgOp op) {
    if (op.getNumDpsInputs() != 2 || op.getNumReductionLoops() == 0)
      return;
    double product = 2;
    for (int64_t range : op.getStaticLoopRanges())
      product *= range;
    count += product;
  });
  return count;
}

/// Seconds of the processor.
double now() { return double(std::clock()) / CLOCKS_PER_SEC; }

struct Run {
  std::vector<Buffer> results;
  std::vector<Buffer> globals;
};

LogicalResult fillGlobals(cgmq::JitSession &session, ModuleOp module) {
  std::mt19937 random(2);
  for (auto global : module.getOps<ml_program::GlobalOp>()) {
    auto data = session.getGlobal<float>(global.getSymName());
    if (!data.empty() && failed(fill(data.data(), global.getType(), random)))
      return global.emitOpError() << "expects elements that the test can make";
  }
  return success();
}

} // namespace

int main(int argc, char **argv) {
  cl::opt<std::string> input(cl::Positional, cl::desc("<module>"),
                             cl::init("-"));
  cl::opt<std::string> only("function", cl::desc("Run this function only"));
  cl::opt<unsigned> repeat("repeat", cl::desc("Runs to take the median of"),
                           cl::init(0));
  cl::opt<bool> skipLoops("skip-loops", cl::desc("Run the tiles only"));
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "cgmq: tiles against loops\n");

  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllExtensions(registry);
  cgmq::registerAllDialects(registry);
  MLIRContext context(registry);
  auto module = parseSourceFile<ModuleOp>(input, ParserConfig(&context));
  if (!module)
    return 1;

  bool equal = true;
  for (auto function : module->getOps<func::FuncOp>()) {
    if (!function.isPublic() || (!only.empty() && function.getName() != only))
      continue;
    std::mt19937 random(1);
    std::vector<Buffer> arguments;
    for (Type type : function.getArgumentTypes()) {
      arguments.push_back(allocate(type));
      if (failed(fill(arguments.back().data(), type, random))) {
        function.emitOpError() << "expects element types that the test can "
                                  "make, but got "
                               << type;
        return 1;
      }
    }
    std::vector<const void *> argumentPointers;
    for (Buffer &argument : arguments)
      argumentPointers.push_back(argument.data());

    std::vector<Run> runs;
    for (bool tile : {true, false}) {
      if (!tile && skipLoops)
        continue;
      cgmq::JitOptions options;
      options.tileContractions = tile;
      auto start = now();
      auto session =
          cgmq::JitSession::compile(*module, {function.getName()}, options);
      auto compiled = now();
      if (failed(session) || failed(fillGlobals(**session, *module)))
        return 1;
      Run &run = runs.emplace_back();
      std::vector<void *> resultPointers;
      for (Type type : function.getResultTypes())
        run.results.push_back(allocate(type));
      for (Buffer &result : run.results)
        resultPointers.push_back(result.data());
      if (failed((*session)->invoke(function.getName(), argumentPointers,
                                    resultPointers)))
        return 1;
      for (auto global : module->getOps<ml_program::GlobalOp>()) {
        auto data = (*session)->getGlobal<uint32_t>(global.getSymName());
        run.globals.emplace_back(data.begin(), data.end());
      }
      if (!repeat || !tile)
        continue;
      std::vector<double> seconds;
      for (unsigned index = 0; index < repeat; ++index) {
        auto begin = now();
        if (failed((*session)->invoke(function.getName(), argumentPointers,
                                      resultPointers)))
          return 1;
        seconds.push_back(now() - begin);
      }
      llvm::sort(seconds);
      double median = seconds[seconds.size() / 2];
      llvm::outs() << llvm::format(
          "%-24s %8.3f ms %8.1f GOP/s (compiled in %.0f ms)\n",
          function.getName().str().c_str(), median * 1e3,
          countOperations(function) / median * 1e-9, (compiled - start) * 1e3);
      llvm::outs().flush();
    }
    if (runs.size() == 2 && (runs[0].results != runs[1].results ||
                             runs[0].globals != runs[1].globals)) {
      equal = false;
      function.emitError() << "gives different results as tiles and as loops";
    }
    if (!repeat)
      llvm::outs() << function.getName()
                   << (runs.size() == 2 ? ": compared\n" : ": ran\n");
  }
  return equal ? 0 : 1;
}
