//===- cgmq-benchmark-functions.cpp - Functions on demand -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a module with functions of static tensors. A line `run NAME N` of
// the input runs one N times, on bytes that are drawn; the answer has the
// seconds.
//
//===----------------------------------------------------------------------===//

#include "CommandLoop.h"

#include "cgmq/Execution/JitSession.h"
#include "cgmq/InitAll.h"
#include "cgmq/Support/Random.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace mlir::cgmq;
namespace cl = llvm::cl;

namespace {

constexpr size_t kAlignment = 64;

/// A function with its buffers, each at a cache line.
class Function {
public:
  static FailureOr<Function> create(func::FuncOp function) {
    Function result;
    uint64_t counter = 0;
    for (Type type : function.getArgumentTypes()) {
      FailureOr<MutableArrayRef<char>> bytes = result.allocate(function, type);
      if (failed(bytes))
        return failure();
      // Small numbers, of floats too: their exponents stay as they are.
      if (getElementTypeOrSelf(type).isF32()) {
        auto *floats = reinterpret_cast<float *>(bytes->data());
        for (size_t i = 0; i < bytes->size() / sizeof(float); ++i)
          floats[i] = static_cast<float>(uniform01(/*seed=*/1, counter++));
      } else {
        for (char &byte : *bytes)
          byte = static_cast<char>(splitmix64(/*seed=*/1, counter++) % 4);
      }
      result.arguments.push_back(bytes->data());
    }
    for (Type type : function.getResultTypes()) {
      FailureOr<MutableArrayRef<char>> bytes = result.allocate(function, type);
      if (failed(bytes))
        return failure();
      result.results.push_back(bytes->data());
    }
    return result;
  }

  std::vector<const void *> arguments;
  std::vector<void *> results;

private:
  FailureOr<MutableArrayRef<char>> allocate(func::FuncOp function, Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape() ||
        !tensor.getElementType().isIntOrFloat()) {
      function.emitOpError()
          << "expects tensors of static shape to be run, but got " << type;
      return failure();
    }
    size_t size = tensor.getNumElements() *
                  llvm::divideCeil(tensor.getElementTypeBitWidth(), 8);
    auto &buffer = buffers.emplace_back(size + kAlignment);
    return MutableArrayRef<char>(reinterpret_cast<char *>(llvm::alignAddr(
                                     buffer.data(), llvm::Align(kAlignment))),
                                 size);
  }

  std::vector<std::vector<char>> buffers;
};

} // namespace

static LogicalResult run(int argc, char **argv) {
  cl::OptionCategory category("cgmq-benchmark-functions options");
  // LLVM's library has a hidden option of this name.
  if (cl::Option *option = cl::getRegisteredOptions().lookup("threads"))
    option->removeArgument();
  cl::opt<std::string> path(cl::Positional, cl::desc("<module>"), cl::Required,
                            cl::cat(category));
  cl::opt<int64_t> threads("threads", cl::init(1), cl::cat(category),
                           cl::desc("Threads of a function (default 1)"));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv,
                              "cgmq-benchmark-functions: runs the functions of "
                              "a module on demand\n");

  DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  cgmq::registerAllDialects(registry);
  JitSession::getDependentDialects(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  llvm::SourceMgr sourceMgr;
  SourceMgrDiagnosticHandler handler(sourceMgr, &context);
  auto module = parseSourceFile<ModuleOp>(path, ParserConfig(&context));
  if (!module)
    return failure();

  llvm::StringMap<Function> functions;
  SmallVector<StringRef> names;
  for (auto function : module->getOps<func::FuncOp>()) {
    FailureOr<Function> buffers = Function::create(function);
    if (failed(buffers))
      return failure();
    functions.try_emplace(function.getName(), std::move(*buffers));
    names.push_back(function.getName());
  }
  JitOptions options;
  options.threads = threads;
  auto jit = JitSession::compile(*module, names, options);
  if (failed(jit))
    return failure();

  auto emitHere = [&] { return emitError(UnknownLoc::get(&context)); };
  auto answer = [&](StringRef line) -> std::string {
    SmallVector<StringRef> words;
    line.split(words, ' ');
    int64_t count;
    if (words.size() != 3 || words[0] != "run" ||
        !functions.contains(words[1]) || words[2].getAsInteger(10, count)) {
      emitHere() << "expects 'run NAME N', but got '" << line << "'";
      return {};
    }
    Function &function = functions.find(words[1])->second;
    LogicalResult result = success();
    double seconds = measureSeconds([&] {
      for (int64_t i = 0; i < count && succeeded(result); ++i)
        result = (*jit)->invoke(words[1], function.arguments, function.results);
    });
    if (failed(result))
      return {};
    return llvm::formatv(
        "{0}", llvm::json::Value(llvm::json::Object{{"seconds", seconds}}));
  };
  std::string greeting = llvm::formatv(
      "{0}", llvm::json::Value(llvm::json::Object{
                 {"functions", static_cast<int64_t>(names.size())}}));
  return success(serveCommands(greeting, answer));
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  return run(argc, argv).failed();
}
