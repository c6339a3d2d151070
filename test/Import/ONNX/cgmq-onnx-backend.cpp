//===- cgmq-onnx-backend.cpp - Imported models against references -*- C++
//-*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs ONNX's backend tests: each is a directory of a model, inputs and the
// outputs that they give. A model is imported, compiled and run in this
// process. One that is refused as it is, for it takes as inputs what a network
// has as weights or as shapes, is tried again with all inputs but the first as
// initializers.
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/JitSession.h"
#include "cgmq/Import/ONNX.h"
#include "cgmq/InitAll.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include "onnx/onnx_pb.h"

#include <cmath>
#include <map>

using namespace mlir;
namespace cl = llvm::cl;

namespace {
/// A tensor in memory.
struct Tensor {
  RankedTensorType type;
  std::string data;
};

enum class Outcome { Passed, PassedWithWeights, Refused, Failed };

struct Result {
  Outcome outcome;
  std::string reason;
};
} // namespace

/// Bytes of an element as the compiled code has them.
static size_t getElementSize(Type type) {
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

static Type getElementType(int32_t code, MLIRContext *context) {
  Builder b(context);
  switch (code) {
  case onnx::TensorProto::FLOAT:
    return b.getF32Type();
  case onnx::TensorProto::DOUBLE:
    return b.getF64Type();
  case onnx::TensorProto::FLOAT16:
    return b.getF16Type();
  case onnx::TensorProto::BFLOAT16:
    return b.getBF16Type();
  case onnx::TensorProto::INT8:
    return b.getI8Type();
  case onnx::TensorProto::INT16:
    return b.getI16Type();
  case onnx::TensorProto::INT32:
    return b.getI32Type();
  case onnx::TensorProto::INT64:
    return b.getI64Type();
  case onnx::TensorProto::BOOL:
    return b.getI1Type();
  default:
    return Type();
  }
}

/// The test data has all numbers as raw bytes, or in the field of their type.
static std::optional<Tensor> toTensor(const onnx::TensorProto &proto,
                                      MLIRContext *context) {
  Type element = getElementType(proto.data_type(), context);
  if (!element)
    return std::nullopt;
  Tensor result{RankedTensorType::get(SmallVector<int64_t>(proto.dims().begin(),
                                                           proto.dims().end()),
                                      element),
                proto.raw_data()};
  auto append = [&](const auto &field) {
    for (auto value : field)
      result.data.append(reinterpret_cast<const char *>(&value),
                         getElementSize(element));
  };
  append(proto.float_data());
  append(proto.double_data());
  append(proto.int32_data());
  append(proto.int64_data());
  if (result.data.size() !=
      result.type.getNumElements() * getElementSize(element))
    return std::nullopt;
  return result;
}

template <typename Proto> static bool read(StringRef path, Proto &proto) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  return buffer &&
         proto.ParseFromArray((*buffer)->getBufferStart(),
                              static_cast<int>((*buffer)->getBufferSize()));
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

template <typename T>
static bool areClose(const Tensor &actual, const Tensor &expected) {
  auto get = [](const Tensor &tensor, int64_t i) {
    T value;
    std::memcpy(&value, tensor.data.data() + i * sizeof(T), sizeof(T));
    return static_cast<double>(value);
  };
  for (int64_t i : llvm::seq(actual.type.getNumElements())) {
    double a = get(actual, i), b = get(expected, i);
    if (std::isnan(a) != std::isnan(b) ||
        std::abs(a - b) > std::max(1e-5, 1e-4 * std::abs(b)))
      return false;
  }
  return true;
}

static bool areClose(const Tensor &actual, const Tensor &expected) {
  if (actual.type != expected.type)
    return false;
  if (actual.type.getElementType().isF32())
    return areClose<float>(actual, expected);
  if (actual.type.getElementType().isF64())
    return areClose<double>(actual, expected);
  return actual.data == expected.data;
}

//===----------------------------------------------------------------------===//
// A case
//===----------------------------------------------------------------------===//

/// One set of inputs and outputs of a case.
static std::string getDataSet(StringRef directory, StringRef name) {
  SmallString<128> path(directory);
  llvm::sys::path::append(path, "test_data_set_0", name);
  return path.str().str();
}

static std::vector<onnx::TensorProto> readTensors(StringRef directory,
                                                  StringRef kind) {
  std::vector<onnx::TensorProto> result;
  onnx::TensorProto proto;
  while (read(
      getDataSet(directory, (kind + "_" + Twine(result.size()) + ".pb").str()),
      proto))
    result.push_back(proto);
  return result;
}

/// Imports, compiles, runs and compares. What is said to be wrong is in the
/// reason.
static Result run(onnx::ModelProto model, StringRef directory, bool hasWeights,
                  MLIRContext &context) {
  std::string messages;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diag) {
    if (diag.getSeverity() == DiagnosticSeverity::Error && messages.empty())
      messages = diag.str();
    return success();
  });
  std::vector<onnx::TensorProto> inputs = readTensors(directory, "input");
  std::vector<onnx::TensorProto> outputs = readTensors(directory, "output");
  onnx::GraphProto *graph = model.mutable_graph();
  if (hasWeights) {
    // Initializers that are inputs, as older files have them.
    for (int i = 1; i < graph->input_size() && i < int(inputs.size()); ++i) {
      *graph->add_initializer() = inputs[i];
      graph->mutable_initializer()->rbegin()->set_name(graph->input(i).name());
    }
  }
  OwningOpRef<ModuleOp> module =
      cgmq::importOnnx(model, directory, {}, &context);
  if (!module)
    return {Outcome::Refused, messages};

  auto function = *module->getOps<func::FuncOp>().begin();
  if (function.getNumResults() != outputs.size())
    return {Outcome::Refused, "expects tensors as outputs"};
  std::vector<Tensor> arguments, expected, results;
  std::vector<const void *> argumentPointers;
  std::vector<void *> resultPointers;
  for (const onnx::TensorProto &input : inputs) {
    std::optional<Tensor> tensor = toTensor(input, &context);
    if (arguments.size() == function.getNumArguments())
      break;
    if (!tensor)
      return {Outcome::Failed, "expects inputs that the test can read"};
    // Shapes that a file leaves open are those of the data.
    function.getArgument(arguments.size()).setType(tensor->type);
    arguments.push_back(std::move(*tensor));
  }
  if (arguments.size() != function.getNumArguments())
    return {Outcome::Failed, "expects an input for each argument"};
  for (const onnx::TensorProto &output : outputs) {
    std::optional<Tensor> tensor = toTensor(output, &context);
    if (!tensor)
      return {Outcome::Failed, "expects outputs that the test can read"};
    results.push_back({tensor->type, std::string(tensor->data.size(), '\0')});
    expected.push_back(std::move(*tensor));
  }
  for (auto [type, tensor] :
       llvm::zip_equal(function.getResultTypes(), expected))
    if (type != tensor.type)
      return {Outcome::Failed, "gives a result of another type"};
  for (Tensor &argument : arguments)
    argumentPointers.push_back(argument.data.data());
  for (Tensor &result : results)
    resultPointers.push_back(result.data.data());

  cgmq::JitOptions options;
  options.threads = 1;
  auto session =
      cgmq::JitSession::compile(*module, {function.getName()}, options);
  if (failed(session) ||
      failed((*session)->invoke(function.getName(), argumentPointers,
                                resultPointers)))
    return {Outcome::Failed, "does not run: " + messages};
  for (auto [i, pair] : llvm::enumerate(llvm::zip_equal(results, expected)))
    if (!areClose(std::get<0>(pair), std::get<1>(pair)))
      return {Outcome::Failed, "output " + std::to_string(i) + " differs"};
  return {hasWeights ? Outcome::PassedWithWeights : Outcome::Passed, ""};
}

static Result runCase(StringRef directory, const DialectRegistry &registry) {
  SmallString<128> path(directory);
  llvm::sys::path::append(path, "model.onnx");
  onnx::ModelProto model;
  if (!read(path, model))
    return {Outcome::Failed, "expects a model"};
  // Attributes stay in a context for good.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  context.printOpOnDiagnostic(false);
  Result asIs = run(model, directory, /*hasWeights=*/false, context);
  if (asIs.outcome != Outcome::Refused)
    return asIs;
  return run(model, directory, /*hasWeights=*/true, context);
}

//===----------------------------------------------------------------------===//
// All cases
//===----------------------------------------------------------------------===//

/// Lines of a file: `<case>: <reason>`, and comments from # on.
static bool readExceptions(StringRef path,
                           std::map<std::string, std::string> &exceptions) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return false;
  SmallVector<StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n');
  for (StringRef line : lines) {
    line = line.split('#').first.trim();
    auto [name, reason] = line.split(':');
    if (!line.empty())
      exceptions[name.str()] = reason.trim().str();
  }
  return true;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::OptionCategory category("cgmq-onnx-backend options");
  cl::opt<std::string> root(cl::Positional, cl::Required,
                            cl::desc("<directory of the cases>"),
                            cl::cat(category));
  cl::opt<std::string> exceptionsPath(
      "exceptions", cl::cat(category),
      cl::desc("Cases that are not to pass, with reasons"));
  cl::opt<std::string> only("only", cl::cat(category),
                            cl::desc("Cases whose names hold this"));
  cl::opt<unsigned> shards("shards", cl::init(1), cl::cat(category),
                           cl::desc("Take one case of so many"));
  cl::opt<unsigned> shard("shard", cl::init(0), cl::cat(category),
                          cl::desc("Which one"));
  cl::opt<bool> verbose("verbose", cl::cat(category),
                        cl::desc("Print each case"));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv);

  std::map<std::string, std::string> exceptions;
  if (!exceptionsPath.empty() && !readExceptions(exceptionsPath, exceptions)) {
    llvm::errs() << "cannot read '" << exceptionsPath << "'\n";
    return 1;
  }
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllExtensions(registry);
  cgmq::registerAllDialects(registry);
  cgmq::getOnnxImportDialects(registry);
  cgmq::JitSession::getDependentDialects(registry);

  std::vector<std::string> cases;
  std::error_code error;
  for (llvm::sys::fs::recursive_directory_iterator it(root, error), end;
       it != end && !error; it.increment(error))
    if (llvm::sys::path::filename(it->path()) == "model.onnx")
      cases.push_back(llvm::sys::path::parent_path(it->path()).str());
  llvm::sort(cases);

  unsigned passed = 0, withWeights = 0, listed = 0, wrong = 0, index = 0;
  for (StringRef directory : cases) {
    // A category and a name.
    StringRef name = directory.drop_front(root.size()).ltrim('/');
    if (!name.contains(only) || index++ % shards != shard)
      continue;
    Result result = runCase(directory, registry);
    bool isPassed = result.outcome == Outcome::Passed ||
                    result.outcome == Outcome::PassedWithWeights;
    auto exception = exceptions.find(name.str());
    bool isListed = exception != exceptions.end();
    passed += result.outcome == Outcome::Passed;
    withWeights += result.outcome == Outcome::PassedWithWeights;
    listed += !isPassed && isListed;
    if (isPassed == isListed) {
      ++wrong;
      llvm::outs() << name << ": "
                   << (isPassed ? "passes, but is listed" : result.reason)
                   << "\n";
    } else if (verbose) {
      llvm::outs() << name << ": " << (isPassed ? "passed" : "listed") << "\n";
    }
    llvm::outs().flush();
  }
  llvm::outs() << passed << " passed as they are, " << withWeights
               << " with inputs as weights, " << listed
               << " listed with a reason, " << wrong << " wrong\n";
  return wrong != 0 || passed == 0;
}
