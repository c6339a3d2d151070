//===- Calibrate.cpp - Ranges from data -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Passes.h"

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Execution/JitSession.h"
#include "cgmq/Training/Dataset.h"
#include "cgmq/Training/RangeSearch.h"
#include "cgmq/Training/TrainingObserver.h"
#include "cgmq/Transforms/BypassQuantizers.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/ParameterValues.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/SetVector.h"

#include <numeric>

namespace mlir::cgmq {
#define GEN_PASS_DEF_CALIBRATEPASS
#include "cgmq/Training/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Samples in one run of the probe, at most.
static constexpr int64_t kMaxBatch = 128;
/// Values that pass quantizers of one range, on which it is searched, at most.
static constexpr int64_t kMaxDrawn = 32768;
/// The range of what is zero all over the sample: any code but zero then costs
/// next to nothing, and the step is still a normal number at 16 bits.
static constexpr float kTinyRange = 0x1.0p-20f;

//===----------------------------------------------------------------------===//
// The probe
//===----------------------------------------------------------------------===//

/// Turns the gated function of `module` into one that returns the inputs of the
/// given quantizers (by their position in the body), each value once, and has
/// no quantizers. Gives the number of the result for each of the quantizers.
static SmallVector<size_t> buildProbe(func::FuncOp probe,
                                      ArrayRef<int64_t> positions) {
  Block &body = probe.getBody().front();
  SmallVector<QuantizeOp> quantizers(body.getOps<QuantizeOp>());
  auto inputs = llvm::map_to_vector(positions, [&](int64_t position) -> Value {
    return quantizers[position].getInput();
  });
  body.getTerminator()->setOperands(inputs);
  bypassQuantizers(probe);
  // What was quantized already is the same value without that.
  llvm::SetVector<Value> results;
  SmallVector<size_t> numbers;
  for (Value input : body.getTerminator()->getOperands()) {
    results.insert(input);
    numbers.push_back(llvm::find(results, input) - results.begin());
  }
  body.getTerminator()->setOperands(results.getArrayRef());
  probe.setFunctionType(
      FunctionType::get(probe.getContext(), probe.getArgumentTypes(),
                        body.getTerminator()->getOperandTypes()));
  probe.removeArgAttrsAttr();
  probe.removeResAttrsAttr();
  return numbers;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
/// The quantizers of one range, and what they see: those of an operation that
/// joins activations share one.
struct Observation {
  SmallVector<QuantizeOp, 1> quantizers;
  ValueSample sample;

  /// Values of each quantizer on which ranges are searched, at most.
  int64_t getNumDrawn() const {
    return kMaxDrawn / static_cast<int64_t>(quantizers.size());
  }
};

struct Calibrate : public cgmq::impl::CalibratePassBase<Calibrate> {
  using CalibratePassBase::CalibratePassBase;
  Calibrate(const CalibratePassOptions &options,
            const RunEnvironment &environment)
      : CalibratePassBase(options), environment(environment) {}

  void getDependentDialects(DialectRegistry &registry) const override {
    JitSession::getDependentDialects(registry);
  }

  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

private:
  LogicalResult run();
  LogicalResult observeParameters();
  LogicalResult observeActivations(const Dataset &data);
  LogicalResult setRange(Observation &observation,
                         SymbolTableCollection &symbolTables);
  void setRanges(QuantizeOp quantize, ArrayRef<float> ranges,
                 ArrayRef<float> errors);

  RunEnvironment environment;
  func::FuncOp model;
  /// In the order of the body.
  std::vector<Observation> observations;
};
} // namespace

static LogicalResult emitNotFinite(QuantizeOp quantize, StringRef remedy) {
  InFlightDiagnostic diag =
      quantize.emitOpError()
      << "expects finite values to calibrate on, but got NaN or infinity";
  diag.attachNote() << remedy;
  return diag;
}

LogicalResult Calibrate::observeParameters() {
  for (Observation &observation : observations)
    for (QuantizeOp quantize : observation.quantizers) {
      ml_program::GlobalOp parameter = getLoadedGlobal(quantize.getInput());
      if (!parameter)
        continue;
      FailureOr<SmallVector<float>> values = getFloatValues(parameter);
      if (failed(values))
        return failure();
      if (!observation.sample.add(*values, observation.getNumDrawn()))
        return emitNotFinite(quantize, "the parameter's value holds it");
    }
  return success();
}

LogicalResult Calibrate::observeActivations(const Dataset &data) {
  // As many samples as asked for but for a rest, in equal batches.
  int64_t numSamples = std::min(int64_t(samples), data.size());
  int64_t numBatches = llvm::divideCeil(numSamples, kMaxBatch);
  int64_t batch = numSamples / numBatches;
  std::vector<int64_t> order(data.size());
  std::iota(order.begin(), order.end(), 0);
  order = shuffle(std::move(order), seed);

  OwningOpRef<ModuleOp> module = getOperation().clone();
  auto probe = module->lookupSymbol<func::FuncOp>(model.getSymName());
  for (auto other : llvm::make_early_inc_range(module->getOps<func::FuncOp>()))
    if (other != probe)
      other.erase();
  DenseMap<Operation *, Observation *> observationOf;
  for (Observation &observation : observations)
    for (QuantizeOp quantize : observation.quantizers)
      observationOf[quantize] = &observation;
  SmallVector<int64_t> positions;
  SmallVector<QuantizeOp> observed;
  for (auto [position, quantize] :
       llvm::enumerate(model.getBody().front().getOps<QuantizeOp>()))
    if (!getLoadedGlobal(quantize.getInput())) {
      positions.push_back(position);
      observed.push_back(quantize);
    }
  SmallVector<size_t> numbers = buildProbe(probe, positions);

  PassManager manager(&getContext(), ModuleOp::getOperationName());
  SetBatchPassOptions batchOptions;
  batchOptions.function = probe.getSymName().str();
  batchOptions.batch = batch;
  manager.addPass(createSetBatchPass(batchOptions));
  manager.addPass(createInitializeParametersPass());
  if (failed(manager.run(*module)))
    return failure();
  JitOptions jit;
  jit.threads = threads;
  jit.cache = cache;
  FailureOr<std::unique_ptr<JitSession>> session =
      JitSession::compile(*module, probe.getSymName(), jit);
  if (failed(session))
    return failure();

  std::vector<float> images(batch * data.getSampleSize());
  std::vector<std::vector<float>> values;
  for (Type type : probe.getResultTypes())
    values.emplace_back(cast<RankedTensorType>(type).getNumElements());
  auto results = llvm::map_to_vector(
      values, [](std::vector<float> &value) -> void * { return value.data(); });
  for (int64_t i = 0; i < numBatches; ++i) {
    data.gather(ArrayRef(order).slice(i * batch, batch), images.data(),
                /*labels=*/nullptr);
    const void *argument = images.data();
    if (failed((*session)->invoke(probe.getSymName(), argument, results)))
      return failure();
    for (auto [quantize, number] : llvm::zip_equal(observed, numbers)) {
      Observation &observation = *observationOf[quantize];
      if (!observation.sample.add(values[number],
                                  observation.getNumDrawn() / numBatches))
        return emitNotFinite(quantize, "the network or its data are broken");
    }
  }
  return success();
}

void Calibrate::setRanges(QuantizeOp quantize, ArrayRef<float> ranges,
                          ArrayRef<float> errors) {
  quantize->setDiscardableAttr(CGMQDialect::kRangesAttrName,
                               DenseF32ArrayAttr::get(&getContext(), ranges));
  quantize->setDiscardableAttr(CGMQDialect::kErrorsAttrName,
                               DenseF32ArrayAttr::get(&getContext(), errors));
}

LogicalResult Calibrate::setRange(Observation &observation,
                                  SymbolTableCollection &symbolTables) {
  const ValueSample &sample = observation.sample;
  QuantizeOp quantize = observation.quantizers.front();
  GatedType type = quantize.getGatedType();
  ml_program::GlobalOp range = getLoadedGlobal(quantize.getRange());
  if (!range) {
    InFlightDiagnostic diag =
        quantize.emitOpError()
        << "expects a range loaded from a global to calibrate";
    diag.attachNote() << "cgmq-insert-gates makes one";
    return diag;
  }
  for (QuantizeOp other : observation.quantizers)
    if (other.getGatedType() != type) {
      InFlightDiagnostic diag =
          other.emitOpError()
          << "expects the type of the other quantizers of '"
          << range.getSymName() << "', but got " << other.getGatedType();
      diag.attachNote(quantize.getLoc()) << "another one is here";
      return diag;
    }
  FailureOr<GateValue> gate = readGate(quantize, symbolTables);
  if (failed(gate))
    return failure();
  if (!type.isSigned() && sample.getMinimum() < 0.0f) {
    InFlightDiagnostic diag = quantize.emitOpError()
                              << "expects values that are not negative for "
                                 "unsigned codes, but got "
                              << sample.getMinimum();
    diag.attachNote(quantize.getInput().getLoc())
        << "where this is an argument with '"
        << CGMQDialect::kNonnegativeAttrName
        << "', take the attribute away and insert gates again";
    return diag;
  }
  SmallVector<float> ranges, errors;
  if (sample.getMaxMagnitude() > 0.0f) {
    for (int64_t width : type.getWidths()) {
      // What is pruned is all lost, and leaves the range to what is not.
      bool isPruned = width == kPrunedWidth;
      ValueSample::Fit fit = sample.findRange(
          isPruned ? getKeptWidths(type.getWidths()).front() : width,
          type.isSigned());
      ranges.push_back(fit.range);
      errors.push_back(isPruned ? sample.getMeanSquare() : fit.error);
    }
  } else if (getLoadedGlobal(quantize.getInput())) {
    return success();
  } else {
    InFlightDiagnostic diag = quantize.emitWarning()
                              << "sees nothing but zeros; its range is set to "
                              << kTinyRange;
    diag.attachNote() << "is the activation dead, or the sample too small?";
    ranges.assign(type.getWidths().size(), kTinyRange);
    errors.assign(type.getWidths().size(), 0.0f);
  }
  setFloatValues(range, getMeanRange(ranges, type.getWidths(), gate->widths));
  for (QuantizeOp other : observation.quantizers)
    setRanges(other, ranges, errors);
  return success();
}

LogicalResult Calibrate::run() {
  observations.clear();
  FailureOr<func::FuncOp> found = getModelFunction(getOperation(), function);
  if (failed(found))
    return failure();
  model = *found;
  auto emitHere = [&] { return emitError(model.getLoc()); };
  if (samples < 1)
    return emitHere() << "expects option 'samples' of at least 1, but got "
                      << int64_t(samples);
  if (environment.data && !images.empty())
    return emitHere() << "expects no option 'images' beside the data it is "
                         "given";
  if (!environment.data && images.empty())
    return emitHere() << "expects option 'images' to name a file of samples, "
                         "but got none";
  DenseMap<Operation *, size_t> numbers;
  for (auto [position, quantize] :
       llvm::enumerate(model.getBody().front().getOps<QuantizeOp>())) {
    Operation *owner = quantize;
    if (ml_program::GlobalOp range = getLoadedGlobal(quantize.getRange()))
      owner = range;
    auto [number, isNew] = numbers.try_emplace(owner, observations.size());
    if (isNew)
      observations.push_back({{}, ValueSample(seed + position)});
    observations[number->second].quantizers.push_back(quantize);
  }
  if (observations.empty()) {
    InFlightDiagnostic diag = emitHere()
                              << "expects a gated function to calibrate, but "
                                 "got one without quantizers";
    diag.attachNote() << "run cgmq-insert-gates first";
    return diag;
  }
  auto argument = model.getNumArguments() == 1
                      ? dyn_cast<RankedTensorType>(model.getArgumentTypes()[0])
                      : RankedTensorType();
  if (!argument)
    return emitHere() << "expects one argument that is a ranked tensor, but "
                         "got "
                      << model.getFunctionType();
  FailureOr<Dataset> data =
      environment.data ? FailureOr<Dataset>(*environment.data)
                       : Dataset::load(images, /*labelsPath=*/"", emitHere);
  if (failed(data) || failed(data->verifySamples(argument, emitHere)))
    return failure();
  if (failed(observeParameters()) || failed(observeActivations(*data)))
    return failure();
  SymbolTableCollection symbolTables;
  for (Observation &observation : observations)
    if (failed(setRange(observation, symbolTables)))
      return failure();
  return success();
}

std::unique_ptr<Pass>
cgmq::createCalibratePass(const CalibratePassOptions &options,
                          const RunEnvironment &environment) {
  return std::make_unique<Calibrate>(options, environment);
}
