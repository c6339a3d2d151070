//===- cgmq-benchmark-kernels.cpp - A step's contractions on demand ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes the contractions of networks one by one, builds the gradients that the
// training step holds, and compiles each, with the changes of layout that the
// lowering makes, as a function of its own. A line `run NAME N` of the input
// runs one N times; the answer has the seconds.
//
//===----------------------------------------------------------------------===//

#include "CommandLoop.h"

#include "cgmq/Execution/JitSession.h"
#include "cgmq/InitAll.h"
#include "cgmq/Support/Random.h"
#include "cgmq/Transforms/Differentiate.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/ParameterValues.h"
#include "cgmq/Transforms/SetBatch.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace mlir::cgmq;
namespace cl = llvm::cl;

namespace {

constexpr StringLiteral kFunction = "kernel";
constexpr size_t kAlignment = 64;

/// A function that runs alone, with its buffers.
class Kernel {
public:
  static FailureOr<Kernel> compile(func::FuncOp function,
                                   const JitOptions &options) {
    auto jit = JitSession::compile(function->getParentOfType<ModuleOp>(),
                                   function.getName(), options);
    if (failed(jit))
      return failure();
    Kernel kernel(std::move(*jit), function.getName());
    uint64_t counter = 0;
    for (Type type : function.getArgumentTypes())
      for (float &element : kernel.allocate(type, kernel.arguments))
        element = static_cast<float>(uniform01(/*seed=*/1, counter++));
    for (Type type : function.getResultTypes())
      (void)kernel.allocate(type, kernel.results);
    return kernel;
  }

  LogicalResult run() { return jit->invoke(name, arguments, results); }

private:
  Kernel(std::unique_ptr<JitSession> jit, StringRef name)
      : jit(std::move(jit)), name(name) {}

  /// A buffer at a cache line, as the buffers within a step are.
  template <typename Pointer>
  MutableArrayRef<float> allocate(Type type, std::vector<Pointer> &pointers) {
    size_t size = cast<ShapedType>(type).getNumElements();
    auto &buffer = buffers.emplace_back(size + kAlignment / sizeof(float));
    auto *data = reinterpret_cast<float *>(
        llvm::alignAddr(buffer.data(), llvm::Align(kAlignment)));
    pointers.push_back(data);
    return {data, size};
  }

  std::unique_ptr<JitSession> jit;
  std::string name;
  std::vector<std::vector<float>> buffers;
  std::vector<const void *> arguments;
  std::vector<void *> results;
};

/// A contraction of a network: its op, how many of its operands are tensors of
/// the network, its work, and its shape in words that its peer understands.
struct Contraction {
  Operation *op;
  unsigned numOperands;
  double operations;
  std::string shape;

  static std::optional<Contraction> match(Operation &op) {
    auto getShape = [](Value value) {
      return cast<ShapedType>(value.getType()).getShape();
    };
    return llvm::TypeSwitch<Operation *, std::optional<Contraction>>(&op)
        .Case([&](tosa::Conv2DOp conv) {
          ArrayRef<int64_t> x = getShape(conv.getInput()),
                            w = getShape(conv.getWeight()),
                            y = getShape(conv.getOutput());
          double operations = 2.0 * ShapedType::getNumElements(y) *
                              ShapedType::getNumElements(w.drop_front());
          std::string shape = llvm::formatv(
              "convolution,{0},{1},{2},{3},{4},{5},{6},{7},{8},"
              "{9},{10},{11}",
              x[0], x[1], x[2], x[3], w[0], w[1], w[2], conv.getStride()[0],
              conv.getPad()[0], conv.getPad()[2], y[1], y[2]);
          return Contraction{conv, 3, operations, shape};
        })
        .Case([&](tosa::MatMulOp matmul) {
          ArrayRef<int64_t> a = getShape(matmul.getA()),
                            b = getShape(matmul.getB());
          double operations = 2.0 * a[0] * a[1] * a[2] * b[2];
          std::string shape = llvm::formatv("inner-product,{0},{1},{2}",
                                            a[0] * a[1], a[2], b[2]);
          return Contraction{matmul, 2, operations, shape};
        })
        .Default([](Operation *) { return std::nullopt; });
  }

  /// The name of the layer, by its weight.
  std::string getName() const {
    StringRef name = getLoadedGlobal(op->getOperand(1)).getSymName();
    name.consume_back(".weight");
    return name.str();
  }
};

} // namespace

/// A module with one function that does nothing but `contraction`.
static OwningOpRef<ModuleOp> buildForward(const Contraction &contraction) {
  Operation *op = contraction.op;
  OwningOpRef<ModuleOp> module = ModuleOp::create(op->getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  auto tensors = op->getOperands().take_front(contraction.numOperands);
  auto function = func::FuncOp::create(
      builder, op->getLoc(), kFunction,
      builder.getFunctionType(TypeRange(ValueRange(tensors)),
                              op->getResultTypes()));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  IRMapping mapping;
  mapping.map(tensors, body->getArguments());
  for (Value constant : op->getOperands().drop_front(contraction.numOperands))
    if (!mapping.contains(constant))
      builder.clone(*constant.getDefiningOp(), mapping);
  Operation *clone = builder.clone(*op, mapping);
  func::ReturnOp::create(builder, op->getLoc(), clone->getResults());
  return module;
}

/// The function of `module` that gives nothing but the gradient of operand
/// `index`.
static FailureOr<func::FuncOp> buildGradient(ModuleOp module, unsigned index) {
  auto forward = module.lookupSymbol<func::FuncOp>(kFunction);
  auto product =
      buildVectorJacobianProduct(forward, DifferentiateWrt::Arguments);
  if (failed(product))
    return failure();
  Operation *terminator = product->getBody().front().getTerminator();
  // The results of the function itself come first.
  Value gradient = terminator->getOperand(forward.getNumResults() + index);
  terminator->setOperands(gradient);
  product->removeResAttrsAttr();
  product->setFunctionType(FunctionType::get(
      module.getContext(), product->getArgumentTypes(), gradient.getType()));
  return product;
}

static LogicalResult run(int argc, char **argv) {
  cl::OptionCategory category("cgmq-benchmark-kernels options");
  // LLVM's library has a hidden option of this name.
  if (cl::Option *option = cl::getRegisteredOptions().lookup("threads"))
    option->removeArgument();
  cl::list<std::string> modelPaths(cl::Positional, cl::desc("<module>..."),
                                   cl::OneOrMore, cl::cat(category));
  cl::opt<int64_t> batch("batch", cl::init(128), cl::cat(category),
                         cl::desc("Samples in a step (default 128)"));
  cl::opt<int64_t> threads("threads", cl::init(1), cl::cat(category),
                           cl::desc("Threads of a kernel (default 1)"));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv,
                              "cgmq-benchmark-kernels: runs the contractions "
                              "of networks on demand\n");

  DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  cgmq::registerAllDialects(registry);
  JitSession::getDependentDialects(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  llvm::SourceMgr sourceMgr;
  SourceMgrDiagnosticHandler handler(sourceMgr, &context);

  JitOptions options;
  options.threads = threads;
  llvm::StringMap<Kernel> kernels;
  llvm::json::Array list;
  static constexpr StringLiteral kDirections[] = {"forward", "input-gradient",
                                                  "weight-gradient"};
  for (const std::string &path : modelPaths) {
    auto module = parseSourceFile<ModuleOp>(path, ParserConfig(&context));
    if (!module)
      return failure();
    FailureOr<func::FuncOp> function = getModelFunction(*module, "");
    if (failed(function) || failed(setBatch(*function, batch)))
      return failure();
    for (Operation &op : function->getBody().front()) {
      std::optional<Contraction> contraction = Contraction::match(op);
      if (!contraction)
        continue;
      for (auto [index, direction] : llvm::enumerate(kDirections)) {
        auto kernelModule = buildForward(*contraction);
        FailureOr<func::FuncOp> kernelFunction =
            kernelModule->lookupSymbol<func::FuncOp>(kFunction);
        if (index > 0)
          kernelFunction = buildGradient(*kernelModule, index - 1);
        if (failed(kernelFunction))
          return failure();
        FailureOr<Kernel> kernel = Kernel::compile(*kernelFunction, options);
        if (failed(kernel))
          return failure();
        std::string name = llvm::formatv("{0}.{1}.{2}", function->getName(),
                                         contraction->getName(), direction);
        kernels.try_emplace(name, std::move(*kernel));
        list.push_back(llvm::json::Object{
            {"name", name},
            {"operations", contraction->operations},
            {"peer", (direction + "," + contraction->shape).str()}});
      }
    }
  }

  auto emitHere = [&] { return emitError(UnknownLoc::get(&context)); };
  auto answer = [&](StringRef line) -> std::string {
    SmallVector<StringRef> words;
    line.split(words, ' ');
    int64_t count;
    if (words.size() != 3 || words[0] != "run" || !kernels.contains(words[1]) ||
        words[2].getAsInteger(10, count)) {
      emitHere() << "expects 'run NAME N', but got '" << line << "'";
      return {};
    }
    Kernel &kernel = kernels.find(words[1])->second;
    LogicalResult result = success();
    double seconds = measureSeconds([&] {
      for (int64_t i = 0; i < count && succeeded(result); ++i)
        result = kernel.run();
    });
    if (failed(result))
      return {};
    return llvm::formatv(
        "{0}", llvm::json::Value(llvm::json::Object{{"seconds", seconds}}));
  };
  std::string greeting = llvm::formatv(
      "{0}",
      llvm::json::Value(llvm::json::Object{{"kernels", std::move(list)}}));
  return success(serveCommands(greeting, answer));
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  return run(argc, argv).failed();
}
