//===- Training.cpp - Runs over data -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Training.h"

#include "Data.h"
#include "Diagnostics.h"
#include "Module.h"
#include "cgmq/Pipelines/Pipelines.h"
#include "cgmq/Training/Direction.h"
#include "cgmq/Training/Passes.h"
#include "cgmq/Training/TrainingObserver.h"

#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::python;
namespace py = pybind11;

namespace {
/// Tells a function of Python of each step, and ends the run at an exception of
/// its, or at a signal that Python turns into one (Ctrl-C).
class PythonObserver : public TrainingObserver {
public:
  /// `function` may be None.
  explicit PythonObserver(py::object function)
      : function(std::move(function)) {}

  void start(int64_t steps) override { numSteps = steps; }
  bool finishStep(const TrainingProgress &progress) override {
    return tell(progress, /*endsEpoch=*/false);
  }
  void finishEpoch(const TrainingProgress &progress) override {
    tell(progress, /*endsEpoch=*/true);
  }

  /// Throws what ended the run, if it was Python.
  void rethrow() {
    if (error)
      throw *error;
  }

private:
  bool tell(const TrainingProgress &progress, bool endsEpoch);

  py::object function;
  int64_t numSteps = 0;
  std::optional<py::error_already_set> error;
};
} // namespace

/// The progress as cgmq.Progress takes it.
static py::dict toPython(const TrainingProgress &progress, int64_t numSteps,
                         bool endsEpoch) {
  py::dict costs;
  for (const GateState::Cost &cost : progress.gates.costs)
    costs[py::str(cost.name.str())] =
        py::make_tuple(cost.percent, cost.limitPercent);
  py::dict result;
  result["step"] = progress.step;
  result["steps"] = numSteps;
  result["epoch"] = progress.epoch;
  result["ends_epoch"] = endsEpoch;
  result["loss"] = progress.loss;
  result["costs"] = costs;
  result["frozen"] = progress.gates.areFrozen;
  result["validation"] = py::none();
  result["measure"] = py::none();
  if (progress.score) {
    result["validation"] = progress.score->value;
    result["measure"] = progress.score->measure.str();
  }
  return result;
}

bool PythonObserver::tell(const TrainingProgress &progress, bool endsEpoch) {
  py::gil_scoped_acquire acquire;
  if (error)
    return false;
  try {
    if (PyErr_CheckSignals() != 0)
      throw py::error_already_set();
    if (!function.is_none())
      function(toPython(progress, numSteps, endsEpoch));
  } catch (py::error_already_set &raised) {
    error.emplace(std::move(raised));
  }
  return !error;
}

/// Adds the pass or pipeline of a name with its options. Fails, with an error,
/// where they are not what it takes.
static LogicalResult addPasses(OpPassManager &manager, StringRef name,
                               const std::string &options,
                               const RunEnvironment &environment,
                               std::string &error) {
  llvm::raw_string_ostream os(error);
  if (name == "cgmq-quantize-pipeline") {
    QuantizePipelineOptions parsed;
    if (failed(parsed.parseFromString(options, os)))
      return failure();
    buildQuantizePipeline(manager, parsed, environment);
    return success();
  }
  std::unique_ptr<Pass> pass =
      name == "cgmq-train"       ? createTrainPass({}, environment)
      : name == "cgmq-calibrate" ? createCalibratePass({}, environment)
                                 : createOptimizePass({}, environment);
  auto emitError = [&](const Twine &message) {
    os << message;
    return failure();
  };
  if (failed(pass->initializeOptions(options, emitError)))
    return failure();
  manager.addPass(std::move(pass));
  return success();
}

/// Runs a pass or pipeline over arrays, on a module that is its caller's own.
static void runOverData(Module &module, const std::string &name,
                        const std::string &options, const py::array &images,
                        const py::object &labels, const py::object &progress) {
  Dataset::Source samples{"images", copyArray(images)};
  std::optional<Dataset::Source> wanted;
  if (!labels.is_none())
    wanted = {"labels", copyArray(py::cast<py::array>(labels))};
  RunEnvironment environment;
  PythonObserver observer(progress);
  environment.observer = &observer;
  std::string error;
  try {
    module.change([&](ModuleOp op) -> LogicalResult {
      auto data = Dataset::create(std::move(samples), std::move(wanted),
                                  [&] { return emitError(op.getLoc()); });
      if (failed(data))
        return failure();
      environment.data = std::move(*data);
      PassManager manager(op.getContext(), ModuleOp::getOperationName());
      if (failed(addPasses(manager, name, options, environment, error)))
        return emitError(op.getLoc())
               << "expects options of " << name << ", but got '" << options
               << "': " << StringRef(error).trim();
      return manager.run(op);
    });
  } catch (py::error_already_set &) {
    observer.rethrow();
    throw;
  }
  observer.rethrow();
}

void cgmq::python::addTraining(py::module_ &extension) {
  extension.def("run_over_data", &runOverData);
  extension.def("get_directions", [] {
    py::list names;
    for (const std::string &name : getDirectionNames())
      names.append(name);
    return names;
  });
}
