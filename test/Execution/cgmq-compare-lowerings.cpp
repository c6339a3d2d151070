//===- cgmq-compare-lowerings.cpp - Tiles against loops -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs each public function of a module twice, as register tiles and vectors
// and as plain loops, on small integers, for which f32 sums are exact, and on
// bytes of any value, and expects equal bits; with --tolerance it keeps the
// globals' own values and compares floats. With --repeat it prints what the
// tiles reach. With --against the loops are those of another module, whose
// functions have the same names and types, such as the one that it was made of.
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

#include <cmath>
#include <ctime>
#include <random>

using namespace mlir;
namespace cl = llvm::cl;

namespace {

/// One tensor in memory.
struct Tensor {
  explicit Tensor(Type type)
      : type(cast<ShapedType>(type)),
        data((this->type.getNumElements() *
              llvm::divideCeil(this->type.getElementTypeBitWidth(), 8)) /
                 8 +
             1) {}

  template <typename T> MutableArrayRef<T> getAs() {
    return {reinterpret_cast<T *>(data.data()),
            static_cast<size_t>(type.getNumElements())};
  }

  ShapedType type;
  std::vector<uint64_t> data;
};

/// Integers from `least` to 4.
template <typename T>
void fill(MutableArrayRef<T> elements, int least, std::mt19937 &random) {
  for (T &element : elements)
    element = static_cast<T>(least + int(random() % (5 - least)));
}

/// Bytes of any value, half of them the most extreme ones as signed and as
/// unsigned integers.
void fillBytes(MutableArrayRef<uint8_t> elements, std::mt19937 &random) {
  constexpr uint8_t kExtremes[] = {0x7f, 0x80, 0x81, 0xff};
  for (uint8_t &element : elements)
    element = random() % 2 ? kExtremes[random() % 4] : uint8_t(random());
}

LogicalResult fill(Tensor &tensor, int least, std::mt19937 &random) {
  Type element = tensor.type.getElementType();
  if (element.isF32())
    fill(tensor.getAs<float>(), least, random);
  else if (element.isF64())
    fill(tensor.getAs<double>(), least, random);
  else if (element.isInteger(1))
    llvm::fill(tensor.getAs<char>(), 1);
  else if (element.isInteger(8))
    fillBytes(tensor.getAs<uint8_t>(), random);
  else if (element.isInteger(16))
    fill(tensor.getAs<int16_t>(), least, random);
  else if (element.isInteger(32))
    fill(tensor.getAs<int32_t>(), least, random);
  else if (element.isInteger(64))
    fill(tensor.getAs<int64_t>(), least, random);
  else
    return failure();
  return success();
}

/// True if two tensors have equal bits, or differ by at most `tolerance` of the
/// greatest magnitude.
bool areClose(Tensor &a, Tensor &b, double tolerance) {
  if (tolerance == 0 || !a.type.getElementType().isF32())
    return a.data == b.data;
  double greatest = 0, difference = 0;
  for (auto [x, y] : llvm::zip_equal(a.getAs<float>(), b.getAs<float>())) {
    if (std::isnan(x) != std::isnan(y))
      return false;
    if (std::isnan(x))
      continue;
    greatest = std::max<double>(greatest, std::abs(y));
    difference = std::max<double>(difference, std::abs(x - y));
  }
  return difference <= tolerance * greatest;
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

/// Seconds from some point in time on.
double now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

struct Options {
  double tolerance;
  unsigned repeat;
  bool skipLoops;
  int64_t threads, vectorBits;
};

/// A module, compiled in one of the two ways.
class Runner {
public:
  static FailureOr<Runner> create(ModuleOp module, bool tile,
                                  ArrayRef<StringRef> entryPoints,
                                  const Options &options) {
    cgmq::JitOptions jitOptions;
    jitOptions.tileContractions = tile;
    jitOptions.threads = tile ? options.threads : 1;
    jitOptions.vectorBits = options.vectorBits;
    auto session = cgmq::JitSession::compile(module, entryPoints, jitOptions);
    if (failed(session))
      return failure();
    Runner runner{module, std::move(*session)};
    if (options.tolerance == 0 && failed(runner.fillGlobals()))
      return failure();
    return runner;
  }

  FailureOr<std::vector<Tensor>>
  run(func::FuncOp function, std::vector<Tensor> &arguments, unsigned repeat) {
    std::vector<const void *> argumentPointers;
    for (Tensor &argument : arguments)
      argumentPointers.push_back(argument.data.data());
    std::vector<Tensor> results(function.getResultTypes().begin(),
                                function.getResultTypes().end());
    std::vector<void *> resultPointers;
    for (Tensor &result : results)
      resultPointers.push_back(result.data.data());
    std::vector<double> seconds;
    for (unsigned index = 0; index < repeat + 1; ++index) {
      double begin = now();
      if (failed(session->invoke(function.getName(), argumentPointers,
                                 resultPointers)))
        return failure();
      seconds.push_back(now() - begin);
    }
    if (repeat) {
      std::sort(seconds.begin() + 1, seconds.end());
      double median = seconds[1 + repeat / 2];
      llvm::outs() << llvm::format(
          "%-32s %8.3f ms %8.1f GOP/s\n", function.getName().str().c_str(),
          median * 1e3, countOperations(function) / median * 1e-9);
      llvm::outs().flush();
    }
    return results;
  }

  std::vector<Tensor> getGlobals() {
    std::vector<Tensor> tensors;
    for (auto global : module.getOps<ml_program::GlobalOp>()) {
      auto data = session->getGlobal<float>(global.getSymName());
      if (!data.empty())
        llvm::copy(
            data, tensors.emplace_back(global.getType()).getAs<float>().data());
    }
    return tensors;
  }

  LogicalResult fillGlobals() {
    std::mt19937 random(2);
    for (auto global : module.getOps<ml_program::GlobalOp>()) {
      auto data = session->getGlobal<float>(global.getSymName());
      if (data.empty())
        continue;
      Tensor tensor(global.getType());
      if (failed(fill(tensor, -4, random)))
        return global.emitOpError()
               << "expects elements that the test can make";
      llvm::copy(tensor.getAs<float>(), data.data());
    }
    return success();
  }

  ModuleOp module;
  std::unique_ptr<cgmq::JitSession> session;
};

LogicalResult compare(Operation *op, std::vector<Tensor> tiles,
                      std::vector<Tensor> loops, double tolerance) {
  for (auto [index, pair] : llvm::enumerate(llvm::zip_equal(tiles, loops))) {
    auto &[tile, loop] = pair;
    if (!areClose(tile, loop, tolerance))
      return op->emitError()
             << "gives different values as tiles and as loops for tensor "
             << index << ", " << tile.type;
  }
  return success();
}

LogicalResult compareLowerings(ModuleOp module, ModuleOp other, StringRef only,
                               const Options &options) {
  SmallVector<func::FuncOp> functions;
  SmallVector<StringRef> names;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && (only.empty() || function.getName() == only)) {
      functions.push_back(function);
      names.push_back(function.getName());
    }
  double start = now();
  FailureOr<Runner> tiles =
      Runner::create(module, /*tile=*/true, names, options);
  if (failed(tiles))
    return failure();
  if (options.repeat)
    llvm::outs() << llvm::format("compiled in %.0f ms\n",
                                 (now() - start) * 1e3);
  FailureOr<Runner> loops = failure();
  if (!options.skipLoops) {
    loops = Runner::create(other, /*tile=*/false, names, options);
    if (failed(loops))
      return failure();
  }
  LogicalResult result = success();
  for (func::FuncOp function : functions) {
    auto peer = other.lookupSymbol<func::FuncOp>(function.getName());
    if (!peer || peer.getFunctionType() != function.getFunctionType())
      return function.emitOpError()
             << "expects a function of its name and type "
                "to compare it with";
    std::mt19937 random(1);
    std::vector<Tensor> arguments;
    for (Type type : function.getArgumentTypes())
      if (failed(fill(arguments.emplace_back(type),
                      options.tolerance == 0 || module != other ? -4 : 0,
                      random)))
        return function.emitOpError()
               << "expects element types that the test can make, but got "
               << type;
    auto tiled = tiles->run(function, arguments, options.repeat);
    if (failed(tiled))
      return failure();
    if (options.skipLoops)
      continue;
    auto looped = loops->run(peer, arguments, 0);
    if (failed(looped) ||
        failed(compare(function, *tiled, *looped, options.tolerance)))
      result = failure();
  }
  if (options.skipLoops || options.repeat || module != other)
    return result;
  if (failed(compare(module, tiles->getGlobals(), loops->getGlobals(),
                     options.tolerance)))
    return failure();
  return result;
}

} // namespace

int main(int argc, char **argv) {
  // LLVM's library has a hidden option of this name.
  if (cl::Option *option = cl::getRegisteredOptions().lookup("threads"))
    option->removeArgument();
  cl::opt<std::string> input(cl::Positional, cl::desc("<module>"),
                             cl::init("-"));
  cl::opt<std::string> only("function", cl::desc("Run this function only"));
  cl::opt<unsigned> repeat("repeat", cl::desc("Runs to take the median of"),
                           cl::init(0));
  cl::opt<double> tolerance(
      "tolerance",
      cl::desc("Greatest difference, relative to the greatest "
               "magnitude of a tensor (default 0: equal bits)"),
      cl::init(0));
  cl::opt<std::string> against(
      "against", cl::desc("Module to take the loops of (default: the same)"));
  cl::opt<bool> skipLoops("skip-loops", cl::desc("Run the tiles only"));
  cl::opt<int64_t> threads("threads", cl::desc("Threads of the tiles"),
                           cl::init(1));
  cl::opt<int64_t> vectorBits(
      "vector-bits", cl::desc("Width of vectors (default 0: the machine's)"),
      cl::init(0));
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
  OwningOpRef<ModuleOp> other;
  if (!against.empty()) {
    other = parseSourceFile<ModuleOp>(against, ParserConfig(&context));
    if (!other)
      return 1;
  }
  return failed(
      compareLowerings(*module, other ? *other : *module, only,
                       {tolerance, repeat, skipLoops, threads, vectorBits}));
}
