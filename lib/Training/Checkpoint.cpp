//===- Checkpoint.cpp - A run in a file -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Checkpoint.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Support/AtomicFile.h"
#include "cgmq/Training/TrainingLoop.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::cgmq;

static constexpr StringLiteral kKeptName = "kept";

namespace {
/// A context of its own, so that the numbers go when the file is written or
/// read.
struct CheckpointContext {
  CheckpointContext() : context(MLIRContext::Threading::DISABLED) {
    context.loadDialect<CGMQDialect, ml_program::MLProgramDialect>();
  }
  MLIRContext context;
};
} // namespace

static void createGlobal(OpBuilder &builder, StringRef symbol,
                         ArrayRef<float> values) {
  auto type = RankedTensorType::get({static_cast<int64_t>(values.size())},
                                    builder.getF32Type());
  auto global = ml_program::GlobalOp::create(
      builder, builder.getUnknownLoc(), symbol, type, /*is_mutable=*/true,
      /*value=*/{}, builder.getStringAttr("private"));
  setFloatValues(global, values);
}

LogicalResult cgmq::writeCheckpoint(StringRef path, StringRef identity,
                                    const TrainingState &state,
                                    TrainingSession &session,
                                    const GateController &gates,
                                    std::string &error) {
  CheckpointContext owner;
  OpBuilder builder(&owner.context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder.getUnknownLoc());
  builder.setInsertionPointToEnd(module->getBody());
  for (const std::string &symbol : session.getStateSymbols())
    createGlobal(builder, symbol, session.getParameter(symbol));
  auto kept = ModuleOp::create(builder, builder.getUnknownLoc(), kKeptName);
  builder.setInsertionPointToEnd(kept.getBody());
  for (auto [symbol, values] :
       llvm::zip(session.getParameterSymbols(), state.kept))
    createGlobal(builder, symbol, values);

  std::string epochs =
      llvm::formatv("{0}", llvm::json::Value(llvm::json::Array(state.epochs)));
  NamedAttrList attributes;
  attributes.set("best_epoch", builder.getI64IntegerAttr(state.bestEpoch));
  attributes.set("best_score", builder.getF64FloatAttr(state.bestScore.value));
  attributes.set("epochs", builder.getStringAttr(epochs));
  attributes.set("gates", gates.saveState(builder));
  attributes.set("identity", builder.getStringAttr(identity));
  attributes.set("kept_epoch", builder.getI64IntegerAttr(state.keptEpoch));
  attributes.set("loss_count", builder.getI64IntegerAttr(state.lossCount));
  attributes.set("loss_sum", builder.getF64FloatAttr(state.lossSum));
  attributes.set("step", builder.getI64IntegerAttr(state.step));
  (*module)->setAttr(CGMQDialect::kCheckpointAttrName,
                     attributes.getDictionary(&owner.context));
  return writeFileAtomically(
      path, [&](raw_ostream &os) { (void)writeBytecodeToFile(*module, os); },
      error);
}

/// The numbers of the globals of a module; failure if one is missing or has
/// another size than wanted.
static FailureOr<TrainingSession::Snapshot>
readGlobals(ModuleOp module, ArrayRef<std::string> symbols,
            TrainingSession &session) {
  TrainingSession::Snapshot result;
  for (const std::string &symbol : symbols) {
    auto global = module.lookupSymbol<ml_program::GlobalOp>(symbol);
    if (!global)
      return failure();
    FailureOr<SmallVector<float>> values = getFloatValues(global);
    if (failed(values) || values->size() != session.getParameter(symbol).size())
      return failure();
    result.emplace_back(values->begin(), values->end());
  }
  return result;
}

LogicalResult cgmq::readCheckpoint(StringRef path, StringRef identity,
                                   TrainingState &state,
                                   TrainingSession &session,
                                   GateController &gates, std::string &error) {
  auto fail = [&](const Twine &why) {
    error = ("cannot resume from '" + path + "': " + why).str();
    return failure();
  };
  CheckpointContext owner;
  std::string parserError;
  ScopedDiagnosticHandler handler(&owner.context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      parserError = diagnostic.str();
    return success();
  });
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(path, ParserConfig(&owner.context));
  if (!module)
    return fail("it is not a checkpoint: " + parserError);
  auto attributes = (*module)->getAttrOfType<DictionaryAttr>(
      CGMQDialect::kCheckpointAttrName);
  if (!attributes)
    return fail("it is not a checkpoint");
  auto bestEpoch = attributes.getAs<IntegerAttr>("best_epoch");
  auto bestScore = attributes.getAs<FloatAttr>("best_score");
  auto epochs = attributes.getAs<StringAttr>("epochs");
  auto gatesState = attributes.getAs<DictionaryAttr>("gates");
  auto savedIdentity = attributes.getAs<StringAttr>("identity");
  auto keptEpoch = attributes.getAs<IntegerAttr>("kept_epoch");
  auto lossCount = attributes.getAs<IntegerAttr>("loss_count");
  auto lossSum = attributes.getAs<FloatAttr>("loss_sum");
  auto step = attributes.getAs<IntegerAttr>("step");
  if (!bestEpoch || !bestScore || !epochs || !gatesState || !savedIdentity ||
      !keptEpoch || !lossCount || !lossSum || !step)
    return fail("it is not a checkpoint of this version");
  if (savedIdentity.getValue() != identity)
    return fail("it is of another run: network, data or options differ");
  auto kept = module->lookupSymbol<ModuleOp>(kKeptName);
  FailureOr<TrainingSession::Snapshot> all =
      readGlobals(*module, session.getStateSymbols(), session);
  FailureOr<TrainingSession::Snapshot> keptParameters =
      TrainingSession::Snapshot();
  if (kept && keptEpoch.getInt() > 0)
    keptParameters = readGlobals(kept, session.getParameterSymbols(), session);
  llvm::Expected<llvm::json::Value> log = llvm::json::parse(epochs.getValue());
  if (!log)
    return fail(llvm::toString(log.takeError()));
  if (failed(all) || failed(keptParameters) || !log->getAsArray())
    return fail("it does not fit the network");

  for (auto [symbol, values] : llvm::zip_equal(session.getStateSymbols(), *all))
    llvm::copy(values, session.getParameter(symbol).begin());
  if (failed(gates.restoreState(gatesState)))
    return fail("it does not fit the gates of the network");
  state.step = step.getInt();
  state.lossSum = lossSum.getValueAsDouble();
  state.lossCount = lossCount.getInt();
  state.bestEpoch = bestEpoch.getInt();
  state.bestScore.value = bestScore.getValueAsDouble();
  state.keptEpoch = keptEpoch.getInt();
  state.kept = std::move(*keptParameters);
  state.epochs = std::move(*log->getAsArray());
  return success();
}
