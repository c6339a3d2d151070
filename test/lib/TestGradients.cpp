//===- TestGradients.cpp - Gradients against differences -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestBuffer.h"
#include "TestPasses.h"
#include "cgmq/Execution/JitSession.h"
#include "cgmq/Transforms/Differentiate.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Pass/Pass.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::test;

namespace {

/// Something that a function is differentiated with respect to.
struct Variable {
  std::string name;
  MutableArrayRef<float> values;
  Buffer *gradient;
};

struct TestGradientsPass
    : PassWrapper<TestGradientsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestGradientsPass)

  TestGradientsPass() = default;
  TestGradientsPass(const TestGradientsPass &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "test-cgmq-gradients"; }
  StringRef getDescription() const override {
    return "compare the gradients of functions with central differences";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    JitSession::getDependentDialects(registry);
    registry.insert<CGMQDialect, linalg::LinalgDialect, tensor::TensorDialect,
                    tosa::TosaDialect>();
  }

  void runOnOperation() override {
    auto functions = llvm::to_vector(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp tested : functions)
      if ((function.empty() || tested.getName() == function) &&
          failed(check(tested)))
        return signalPassFailure();
  }

  LogicalResult check(func::FuncOp tested);

  Option<std::string> function{*this, "function",
                               llvm::cl::desc("function (default: all)")};
  Option<double> step{*this, "step", llvm::cl::init(1e-2),
                      llvm::cl::desc("step of the differences")};
  Option<double> tolerance{
      *this, "tolerance", llvm::cl::init(2e-3),
      llvm::cl::desc("greatest error, relative where a gradient exceeds one")};
  Option<double> low{*this, "low", llvm::cl::init(-1.0),
                     llvm::cl::desc("least value of inputs")};
  Option<double> high{*this, "high", llvm::cl::init(1.0),
                      llvm::cl::desc("greatest value of inputs")};
};

} // namespace

LogicalResult TestGradientsPass::check(func::FuncOp tested) {
  OwningOpRef<ModuleOp> module(getOperation().clone());
  auto primal = module->lookupSymbol<func::FuncOp>(tested.getName());
  FailureOr<func::FuncOp> product =
      buildVectorJacobianProduct(primal, DifferentiateWrt::All);
  if (failed(product))
    return failure();
  StringRef entryPoints[] = {primal.getName(), product->getName()};
  auto session = JitSession::compile(*module, entryPoints);
  if (failed(session))
    return failure();

  // Arguments, cotangents of the results, results and gradients.
  uint64_t seed = 0;
  std::vector<Buffer> arguments, results;
  for (auto [index, type] : llvm::enumerate(product->getArgumentTypes())) {
    Buffer &buffer = arguments.emplace_back(type);
    ++seed;
    if (!buffer.isFloat())
      buffer.fillBits(seed);
    else if (index < primal.getNumArguments())
      fillDistinct(buffer.floats(), low, high, seed);
    else // not symmetric, so that a single cotangent is not zero
      fillDistinct(buffer.floats(), -1.0, 1.5, seed);
  }
  for (Type type : product->getResultTypes())
    results.emplace_back(type);

  std::vector<Variable> variables;
  unsigned numArguments = primal.getNumArguments();
  unsigned gradient = primal.getNumResults();
  for (unsigned i = 0; i < numArguments; ++i)
    if (arguments[i].isFloat())
      variables.push_back({"argument " + std::to_string(i),
                           arguments[i].floats(), &results[gradient++]});
  for (; gradient < results.size(); ++gradient) {
    auto symbol = product->getResultAttrOfType<FlatSymbolRefAttr>(
        gradient, CGMQDialect::kGradientOfAttrName);
    auto values = (*session)->getGlobal<float>(symbol.getValue());
    fillDistinct(values, low, high, ++seed);
    variables.push_back({symbol.getValue().str(), values, &results[gradient]});
  }

  SmallVector<const void *> argumentPointers;
  for (Buffer &argument : arguments)
    argumentPointers.push_back(argument.data());
  SmallVector<void *> resultPointers;
  for (Buffer &result : results)
    resultPointers.push_back(result.data());
  if (failed((*session)->invoke(product->getName(), argumentPointers,
                                resultPointers)))
    return failure();

  // The scalar that is differenced: <results, cotangents>.
  auto evaluate = [&]() -> FailureOr<double> {
    if (failed((*session)->invoke(
            primal.getName(),
            ArrayRef(argumentPointers).take_front(numArguments),
            ArrayRef(resultPointers).take_front(primal.getNumResults()))))
      return failure();
    double sum = 0.0;
    unsigned cotangent = numArguments;
    for (unsigned i = 0; i < primal.getNumResults(); ++i)
      if (results[i].isFloat())
        for (auto [value, weight] : llvm::zip_equal(
                 results[i].floats(), arguments[cotangent++].floats()))
          sum += static_cast<double>(value) * weight;
    return sum;
  };

  for (Variable &variable : variables)
    for (auto [index, value] : llvm::enumerate(variable.values)) {
      float middle = value, upper = middle + step, lower = middle - step;
      value = upper;
      FailureOr<double> above = evaluate();
      value = lower;
      FailureOr<double> below = evaluate();
      value = middle;
      if (failed(above) || failed(below))
        return failure();
      double expected = (*above - *below) / (static_cast<double>(upper) -
                                             static_cast<double>(lower));
      double computed = variable.gradient->floats()[index];
      if (std::abs(expected - computed) <=
          tolerance * std::max(1.0, std::abs(expected)))
        continue;
      return tested.emitError()
             << "expects gradient " << expected << " by differences of "
             << variable.name << " at element " << index << ", but got "
             << computed;
    }
  tested.emitRemark() << "gradients agree";
  return success();
}

void cgmq::test::registerTestGradientsPass() {
  PassRegistration<TestGradientsPass>();
}
