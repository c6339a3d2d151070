//===- Pipelines.h - Names for the passes in order -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_PIPELINES_PIPELINES_H
#define CGMQ_PIPELINES_PIPELINES_H

#include "cgmq/Training/TrainingObserver.h"
#include "cgmq/Transforms/Differentiate.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/Pass/PassOptions.h"

#include <string>

namespace mlir {
class OpPassManager;
namespace cgmq {

/// What a network is at the end of `cgmq-quantize-pipeline`.
enum class QuantizedForm { Integer, Frozen };

/// Options of `cgmq-quantize-pipeline`; each has the meaning and the default
/// that it has in the pass that takes it.
struct QuantizePipelineOptions
    : public PassPipelineOptions<QuantizePipelineOptions> {
  Option<std::string> function{
      *this, "function",
      llvm::cl::desc("Function to quantize; may be left out where the module "
                     "has one")};
  Option<std::string> budget{
      *this, "budget",
      llvm::cl::desc("Bound on the cost: 0.9% of the cost at 32 bits, or a "
                     "number in the model's unit; several as "
                     "bop:0.9%,memory:20%")};
  Option<std::string> costModel{
      *this, "cost-model",
      llvm::cl::desc("What a budget without a model bounds: bop (default), "
                     "memory, or table:FILE")};
  Option<std::string> images{
      *this, "images", llvm::cl::desc("Samples: IDX (plain or gzip) or .npy")};
  Option<std::string> labels{
      *this, "labels",
      llvm::cl::desc("Class of each sample: IDX (plain or gzip) or .npy; with "
                     "loss=mse its target: .npy of floats; not needed with "
                     "loss=distill")};
  Option<Granularity> granularity{
      *this, "granularity",
      llvm::cl::desc("What one gate decides the width of"),
      llvm::cl::values(
          clEnumValN(Granularity::Layer, "layer", "a whole tensor"),
          clEnumValN(Granularity::Channel, "channel",
                     "an output channel of a weight, a channel of an "
                     "activation"),
          clEnumValN(Granularity::Element, "element", "a single element")),
      llvm::cl::init(Granularity::Layer)};
  ListOption<int64_t> widths{
      *this, "widths",
      llvm::cl::desc(
          "Allowed widths in bits, ascending, out of 2, 4, 8, 16 and "
          "32, and 0 to prune channels or elements (default: all but "
          "0)"),
      llvm::cl::list_init<int64_t>({2, 4, 8, 16, 32})};
  Option<InputWidth> input{
      *this, "input", llvm::cl::desc("Width of the network's input"),
      llvm::cl::values(
          clEnumValN(InputWidth::Gated, "gated", "learned, like all others"),
          clEnumValN(InputWidth::Fixed8, "8", "fixed at 8 bits")),
      llvm::cl::init(InputWidth::Gated)};
  Option<ElementFunctionForm> functions{
      *this, "functions",
      llvm::cl::desc("What functions of elements become, such as a GELU"),
      llvm::cl::values(clEnumValN(ElementFunctionForm::Tables, "tables",
                                  "lookups by a code of 8 bits"),
                       clEnumValN(ElementFunctionForm::Floats, "floats",
                                  "floats, of whatever they are functions of")),
      llvm::cl::init(ElementFunctionForm::Tables)};
  Option<std::string> direction{
      *this, "direction",
      llvm::cl::desc("How gates move, as in cgmq-optimize (default cost)"),
      llvm::cl::init("cost")};
  Option<Loss> loss{*this, "loss", llvm::cl::desc("What training makes small"),
                    getLossValues(/*withDistillation=*/true),
                    llvm::cl::init(Loss::CrossEntropy)};
  Option<double> epochs{*this, "epochs",
                        llvm::cl::desc("Passes over the data under constraint"),
                        llvm::cl::init(4.0)};
  Option<double> learningRate{
      *this, "learning-rate",
      llvm::cl::desc(
          "Adam's rate at the start, falling to zero along a cosine"),
      llvm::cl::init(0.003)};
  Option<int64_t> batch{*this, "batch", llvm::cl::desc("Samples in a step"),
                        llvm::cl::init(128)};
  Option<int64_t> validation{
      *this, "validation",
      llvm::cl::desc("Samples held out to choose the epoch by (at most a fifth "
                     "of the data)"),
      llvm::cl::init(5000)};
  Option<int64_t> limit{
      *this, "limit",
      llvm::cl::desc("Use the first so many samples only; 0 means all"),
      llvm::cl::init(0)};
  Option<uint64_t> seed{*this, "seed",
                        llvm::cl::desc("Seed of order and split"),
                        llvm::cl::init(1)};
  Option<int64_t> patience{
      *this, "patience",
      llvm::cl::desc("End after so many epochs without a better score on the "
                     "validation samples; 0 means never"),
      llvm::cl::init(0)};
  Option<std::string> log{
      *this, "log",
      llvm::cl::desc("File for the course of the run, as JSON (default none)")};
  Option<std::string> checkpoint{
      *this, "checkpoint",
      llvm::cl::desc("File for the state of the run, written anew after each "
                     "epoch (default none)")};
  Option<int64_t> checkpointSteps{
      *this, "checkpoint-steps",
      llvm::cl::desc("Write it after so many steps instead (default 0: after "
                     "each epoch)"),
      llvm::cl::init(0)};
  Option<std::string> resume{
      *this, "resume",
      llvm::cl::desc(
          "Checkpoint of the same run to go on from (default none)")};
  Option<int64_t> threads{
      *this, "threads",
      llvm::cl::desc("Threads to run on; results do not depend on it (default: "
                     "one for each core that the process may use)"),
      llvm::cl::init(0)};
  Option<std::string> cache{
      *this, "cache",
      llvm::cl::desc("Directory that keeps compiled code (default none)")};
  Option<QuantizedForm> form{
      *this, "form", llvm::cl::desc("What the network becomes"),
      llvm::cl::values(
          clEnumValN(QuantizedForm::Integer, "integer", "an integer program"),
          clEnumValN(QuantizedForm::Frozen, "frozen",
                     "what that is lowered from, and TOSA, QDQ and ONNX are: "
                     "!quant.uniform types between float operations")),
      llvm::cl::init(QuantizedForm::Integer)};
};

/// Float network -> integer program within the budget: fold-batch-norm,
/// decompose-transpose-conv, insert-gates, calibrate, optimize, freeze,
/// verify-budget, lower-to-integer, tabulate-floats, remove-pruned-channels.
void buildQuantizePipeline(OpPassManager &pipeline,
                           const QuantizePipelineOptions &options,
                           const RunEnvironment &environment = {});

/// Registers `cgmq-quantize-pipeline`.
void registerQuantizePipeline();

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_PIPELINES_PIPELINES_H
