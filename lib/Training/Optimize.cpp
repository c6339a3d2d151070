//===- Optimize.cpp - Learn widths under a budget -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Passes.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Training/BudgetController.h"
#include "cgmq/Training/Direction.h"
#include "cgmq/Training/Evaluator.h"
#include "cgmq/Transforms/BudgetOption.h"
#include "cgmq/Transforms/ModelFunction.h"

#include "llvm/Support/FormatVariadic.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_OPTIMIZEPASS
#include "cgmq/Training/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Refuses a budget that no widths can keep, with the least that some can. No
/// width costs less than a narrower one by any model, so that all bounds are
/// reached together if each of them is.
static LogicalResult verifyReachable(func::FuncOp function,
                                     const CostAnalysis &cost,
                                     const CostBounds &bounds) {
  for (const CostBound &bound : bounds.get()) {
    CostModelAttr model = bound.getModel();
    double least = cost.getMinCost(model);
    if (least <= bound.limit)
      continue;
    return function.emitOpError("expects a budget of at least ")
           << llvm::formatv("{0:F4} % ({1} {2})", bound.getPercent(least),
                            formatCost(least), model.describe())
                  .str()
           << ", the cost with every free gate at its least width, but got "
           << bound.budget;
  }
  return success();
}

namespace {
struct OptimizePass : cgmq::impl::OptimizePassBase<OptimizePass> {
  using Base::Base;
  OptimizePass(const OptimizePassOptions &options,
               const RunEnvironment &environment)
      : Base(options), environment(environment) {}

  void getDependentDialects(DialectRegistry &registry) const override {
    TrainingSession::getDependentDialects(registry);
    Evaluator::getDependentDialects(registry);
  }

  LogicalResult initialize(MLIRContext *context) override {
    directionRule = createDirectionRule(direction, context);
    return success(directionRule != nullptr);
  }

  void runOnOperation() override {
    if (failed(optimize()))
      signalPassFailure();
  }

  LogicalResult optimize() {
    FailureOr<func::FuncOp> model = getModelFunction(getOperation(), function);
    if (failed(model))
      return failure();
    if (model->getOps<QuantizeOp>().empty())
      return model->emitOpError("expects gates, as cgmq-insert-gates leaves "
                                "them, but got none");
    FailureOr<SmallVector<BudgetAttr>> budgets = findBudgets(*model);
    FailureOr<CostAnalysis> cost = CostAnalysis::create(*model);
    if (failed(budgets) || failed(cost))
      return failure();
    FailureOr<CostBounds> bounds = CostBounds::create(*cost, *budgets);
    if (failed(bounds) || failed(verifyReachable(*model, *cost, *bounds)))
      return failure();

    TrainingOptions options{images, labels,         loss,       epochs,
                            batch,  learningRate,   validation, limit,
                            seed,   patience,       log,        checkpoint,
                            resume, checkpointSteps};
    JitOptions jit;
    jit.threads = threads;
    jit.cache = cache;
    FailureOr<Dataset> data =
        loadTrainingData(*model, options, environment, jit);
    if (failed(data))
      return failure();
    TrainingSessionOptions sessionOptions;
    sessionOptions.batch = batch;
    sessionOptions.loss = loss;
    sessionOptions.jit = jit;
    sessionOptions.direction = direction;
    auto session = TrainingSession::create(*model, sessionOptions);
    if (failed(session))
      return failure();
    auto controller = BudgetController::create(*model, **session,
                                               *directionRule, *cost, *bounds);
    std::unique_ptr<TrainingObserver> progress =
        createProgressObserver("optimize");
    if (failed(controller) ||
        failed(runTraining(*model, **session, *data, options, **controller,
                           environment.observer ? *environment.observer
                                                : *progress,
                           getIdentity(getBudgetsAttr(*budgets)))))
      return failure();
    (*session)->writeBack(getOperation());
    (*model)->setAttr(CGMQDialect::kBudgetAttrName, getBudgetsAttr(*budgets));
    return success();
  }

  /// What tells runs of this pass apart, beside what all runs have.
  std::string getIdentity(Attribute budgets) {
    std::string text;
    llvm::raw_string_ostream(text) << budgets << ' ' << direction;
    return text;
  }

  /// The budgets of the option, or the function's own.
  FailureOr<SmallVector<BudgetAttr>> findBudgets(func::FuncOp model) {
    if (!budget.empty() || !costModel.empty())
      return parseBudgets(&getContext(), budget, costModel,
                          [&] { return model.emitOpError(); });
    SmallVector<BudgetAttr> own = getBudgets(model);
    if (!own.empty())
      return own;
    return model.emitOpError("expects a budget: option 'budget' or attribute '")
           << CGMQDialect::kBudgetAttrName << "'";
  }

  RunEnvironment environment;
  std::shared_ptr<const DirectionRule> directionRule;
};
} // namespace

std::unique_ptr<Pass>
cgmq::createOptimizePass(const OptimizePassOptions &options,
                         const RunEnvironment &environment) {
  return std::make_unique<OptimizePass>(options, environment);
}
