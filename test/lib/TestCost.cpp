//===- TestCost.cpp - The cost as a program and as a number -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestPasses.h"
#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Conversion/Passes.h"
#include "cgmq/Execution/JitSession.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {
struct TestCostPass : PassWrapper<TestCostPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestCostPass)

  StringRef getArgument() const override { return "test-cgmq-cost"; }
  StringRef getDescription() const override {
    return "run the cost function of each function and compare what it gives "
           "with the analysis";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    JitSession::getDependentDialects(registry);
    registry.insert<CGMQDialect, linalg::LinalgDialect, tensor::TensorDialect,
                    tosa::TosaDialect>();
  }

  void runOnOperation() override {
    for (auto tested : getOperation().getOps<func::FuncOp>())
      if (failed(check(tested)))
        return signalPassFailure();
  }

  LogicalResult check(func::FuncOp tested) {
    FailureOr<CostAnalysis> analysis = CostAnalysis::create(tested);
    if (failed(analysis))
      return failure();
    OwningOpRef<ModuleOp> module(getOperation().clone());
    PassManager passes(module->getContext());
    BuildCostPassOptions options;
    options.function = tested.getName().str();
    passes.addPass(createBuildCostPass(options));
    if (failed(passes.run(*module)))
      return failure();
    std::string name = options.function + "_cost";
    for (auto function :
         llvm::make_early_inc_range(module->getOps<func::FuncOp>()))
      if (function.getName() != name)
        function.erase();
    PassManager lowering(module->getContext());
    lowering.addPass(createLowerQuantizersPass());
    if (failed(lowering.run(*module)))
      return failure();
    auto session = JitSession::compile(*module, StringRef(name));
    if (failed(session))
      return failure();
    double cost = 0.0;
    void *result = &cost;
    if (failed((*session)->invoke(name, {}, result)))
      return failure();
    if (cost != analysis->getBop())
      return tested.emitError()
             << "expects " << analysis->getBop() << ", but got " << cost;
    tested.emitRemark() << "costs " << formatCount(cost);
    return success();
  }
};
} // namespace

void cgmq::test::registerTestCostPass() { PassRegistration<TestCostPass>(); }
