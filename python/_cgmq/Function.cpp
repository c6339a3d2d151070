//===- Function.cpp - Compiled functions on arrays -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Function.h"

#include "Diagnostics.h"
#include "Module.h"
#include "cgmq/Transforms/ModelFunction.h"

#include <pybind11/stl.h>

#include <chrono>
#include <cstring>

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::python;
namespace py = pybind11;

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

/// The batch to compile for: that of the function, if its types tell one.
static int64_t findBatch(func::FuncOp function, int64_t batch) {
  int64_t own = batch;
  for (Type type : llvm::reverse(function.getArgumentTypes()))
    if (auto tensor = dyn_cast<RankedTensorType>(type);
        tensor && tensor.getRank() > 0) {
      if (tensor.isDynamicDim(0))
        return batch;
      own = tensor.getDimSize(0);
    }
  return own;
}

/// Checks that numpy knows the elements and that, where the arguments have a
/// batch, the results have it too.
static LogicalResult verifyTypes(func::FuncOp function,
                                 const CompiledFunction &compiled,
                                 int64_t batch) {
  auto isDynamic = [](Type type) {
    return cast<RankedTensorType>(type).isDynamicDim(0);
  };
  for (Type type : llvm::concat<const RankedTensorType>(
           compiled.getArgumentTypes(), compiled.getResultTypes()))
    if (getArrayElement(cast<RankedTensorType>(type).getElementType()).empty())
      return function.emitOpError()
             << "expects tensors that numpy knows, but got " << type;
  if (llvm::equal(function.getArgumentTypes(), compiled.getArgumentTypes()))
    return success();
  for (auto [type, fixed] :
       llvm::zip_equal(function.getResultTypes(), compiled.getResultTypes()))
    if (fixed.getRank() == 0 || !isDynamic(type) ||
        fixed.getDimSize(0) != batch)
      return function.emitOpError()
             << "expects results with a row for each sample, but got " << type;
  return success();
}

std::unique_ptr<Function> Function::compile(Module &module,
                                            const std::string &name,
                                            int64_t batch, int64_t threads,
                                            const std::string &cache) {
  std::unique_ptr<Function> result;
  std::shared_ptr<Context> context = module.getContext();
  context->run([&]() -> LogicalResult {
    FailureOr<func::FuncOp> function = getModelFunction(module.get(), name);
    if (failed(function))
      return failure();
    batch = findBatch(*function, batch);
    JitOptions options;
    options.threads = threads;
    options.cache = cache;
    FailureOr<CompiledFunction> compiled = CompiledFunction::create(
        module.get(), function->getSymName(), batch, options);
    if (failed(compiled) || failed(verifyTypes(*function, *compiled, batch)))
      return failure();
    result.reset(new Function(context, std::move(*compiled)));
    result->arguments = getInfos(function->getArgumentTypes());
    result->results = getInfos(function->getResultTypes());
    result->batch = batch;
    return success();
  });
  return result;
}

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

static bool isDynamic(const TensorInfo &info) {
  return !info.shape.empty() && ShapedType::isDynamic(info.shape.front());
}

/// How many bytes further the next sample is; none where there is no batch.
static size_t getStride(const TensorInfo &info, RankedTensorType type) {
  if (!isDynamic(info))
    return 0;
  return type.getNumElements() / type.getDimSize(0) *
         (type.getElementTypeBitWidth() / 8);
}

bool Function::isBatched() const { return llvm::any_of(arguments, isDynamic); }

/// Runs what is no whole batch on copies that its last sample fills up.
LogicalResult Function::runRest(ArrayRef<const char *> inputs,
                                ArrayRef<char *> outputs, int64_t numSamples) {
  std::vector<std::vector<char>> copies;
  SmallVector<const void *> from;
  SmallVector<void *> to;
  for (auto [info, type, input] :
       llvm::zip_equal(arguments, function.getArgumentTypes(), inputs)) {
    size_t stride = getStride(info, type);
    if (!stride) {
      from.push_back(input);
      continue;
    }
    std::vector<char> &copy = copies.emplace_back(batch * stride);
    for (int64_t sample = 0; sample < batch; ++sample)
      std::memcpy(copy.data() + sample * stride,
                  input + std::min(sample, numSamples - 1) * stride, stride);
    from.push_back(copy.data());
  }
  size_t firstResult = copies.size();
  for (auto [info, type] : llvm::zip_equal(results, function.getResultTypes()))
    to.push_back(copies.emplace_back(batch * getStride(info, type)).data());
  if (failed(function.run(from, to)))
    return failure();
  for (size_t i = 0; i < outputs.size(); ++i)
    std::memcpy(outputs[i], copies[firstResult + i].data(),
                numSamples *
                    getStride(results[i], function.getResultTypes()[i]));
  return success();
}

/// Runs `numSamples`, at most a batch.
LogicalResult Function::run(ArrayRef<const char *> inputs,
                            ArrayRef<char *> outputs, int64_t numSamples) {
  if (numSamples < batch)
    return runRest(inputs, outputs, numSamples);
  SmallVector<const void *> from(inputs.begin(), inputs.end());
  SmallVector<void *> to(outputs.begin(), outputs.end());
  return function.run(from, to);
}

/// Lets Python act on signals, now and then.
static void checkSignals(std::chrono::steady_clock::time_point &last) {
  auto now = std::chrono::steady_clock::now();
  if (now - last < std::chrono::milliseconds(100))
    return;
  last = now;
  py::gil_scoped_acquire acquire;
  if (PyErr_CheckSignals() != 0)
    throw py::error_already_set();
}

py::tuple Function::call(const std::vector<py::array> &arrays,
                         int64_t numSamples) {
  SmallVector<const char *> inputs;
  for (const py::array &array : arrays)
    inputs.push_back(static_cast<const char *>(array.data()));
  py::list list;
  SmallVector<char *> outputs;
  for (const TensorInfo &info : results) {
    std::vector<int64_t> shape = info.shape;
    if (isDynamic(info))
      shape.front() = numSamples;
    py::array array(py::dtype(info.element), shape);
    outputs.push_back(static_cast<char *>(array.mutable_data()));
    list.append(array);
  }
  {
    py::gil_scoped_release release;
    std::lock_guard<std::mutex> lock(mutex);
    int64_t count = isBatched() ? numSamples : batch;
    auto last = std::chrono::steady_clock::now();
    for (int64_t done = 0; done < count; done += batch) {
      // Nothing that a caller can do makes it fail: the arrays have the types.
      if (failed(run(inputs, outputs, std::min(batch, count - done))))
        llvm::report_fatal_error("a compiled function does not run");
      for (size_t i = 0; i < inputs.size(); ++i)
        inputs[i] +=
            batch * getStride(arguments[i], function.getArgumentTypes()[i]);
      for (size_t i = 0; i < outputs.size(); ++i)
        outputs[i] +=
            batch * getStride(results[i], function.getResultTypes()[i]);
      checkSignals(last);
    }
  }
  return py::tuple(list);
}

void cgmq::python::addFunction(py::module_ &extension) {
  py::class_<Function>(extension, "Function")
      .def_static("compile", &Function::compile)
      .def_property_readonly("name", &Function::getName)
      .def_property_readonly("arguments", &Function::getArgumentTypes)
      .def_property_readonly("results", &Function::getResultTypes)
      .def("call", &Function::call);
}
