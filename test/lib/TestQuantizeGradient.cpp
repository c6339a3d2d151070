//===- TestQuantizeGradient.cpp - The rule of cgmq.quantize -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The gradient of rounding is straight-through, so that differences do not
// tell it; it is compared with the formula of the operation's documentation.
//
//===----------------------------------------------------------------------===//

#include "TestBuffer.h"
#include "TestPasses.h"
#include "cgmq/Conversion/Passes.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Execution/JitSession.h"
#include "cgmq/Transforms/Differentiate.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::test;

namespace {

struct TestQuantizeGradientPass
    : PassWrapper<TestQuantizeGradientPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestQuantizeGradientPass)

  StringRef getArgument() const override {
    return "test-cgmq-quantize-gradient";
  }
  StringRef getDescription() const override {
    return "compare the gradient of functions (input, range, gate) -> "
           "dequantized, and what they give, with the rule of cgmq.quantize";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    JitSession::getDependentDialects(registry);
    registry.insert<CGMQDialect, linalg::LinalgDialect, tensor::TensorDialect,
                    tosa::TosaDialect>();
  }

  void runOnOperation() override {
    auto functions = llvm::to_vector(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp tested : functions)
      if (failed(check(tested)))
        return signalPassFailure();
  }

  LogicalResult check(func::FuncOp tested);
};

/// The unit of a gate of shape `gate` that an element of `input` has.
size_t getUnit(size_t element, ArrayRef<int64_t> input,
               ArrayRef<int64_t> gate) {
  size_t unit = 0, stride = 1;
  for (size_t dim = gate.size(); dim-- > 0;) {
    if (gate[dim] != 1)
      unit += stride * (element % input[dim]);
    stride *= gate[dim];
    element /= input[dim];
  }
  return unit;
}

/// The value of x at `width` in a tensor whose finest width is `finest`: its
/// own code, counted in steps of the finest grid.
float getValue(float x, float beta, int64_t width, int64_t finest,
               bool isSigned) {
  if (width == kPrunedWidth)
    return 0.0f;
  if (width == kFloatWidth) {
    float positive = std::max(beta, 0.0f);
    return std::min(std::max(x, isSigned ? -positive : 0.0f), positive);
  }
  Grid grid(beta, width, isSigned);
  if (finest == kFloatWidth)
    return grid.dequantize(grid.quantize(x));
  int64_t ratio = ((int64_t(1) << finest) - 1) / ((int64_t(1) << width) - 1);
  return Grid(beta, finest, isSigned).dequantize(ratio * grid.quantize(x));
}

/// The formula of CGMQOps.td, by numbers.
struct Expected {
  Expected(float x, float beta, float gate, float dq, GatedType type) {
    bool isSigned = type.isSigned();
    float alpha = isSigned ? -beta : 0.0f;
    int64_t width = getWidth(gate, type.getWidths());
    if (width == kPrunedWidth)
      return;
    float xq = std::min(std::max(x, alpha), beta);
    if (width != kFloatWidth) {
      Grid grid(beta, width, isSigned);
      xq = grid.step * static_cast<float>(grid.quantize(x));
    }
    if (alpha <= x && x <= beta) {
      input = dq;
      range = beta > 0.0f ? double(dq) * (double(xq) - x) / beta : 0.0;
    } else if (x > beta) {
      range = dq;
    } else if (isSigned) {
      range = -dq;
    }
  }
  double input = 0.0, range = 0.0;
};

} // namespace

LogicalResult TestQuantizeGradientPass::check(func::FuncOp tested) {
  GatedType type;
  tested.walk([&](QuantizeOp op) { type = op.getGatedType(); });
  OwningOpRef<ModuleOp> module(getOperation().clone());
  FailureOr<func::FuncOp> product = buildVectorJacobianProduct(
      module->lookupSymbol<func::FuncOp>(tested.getName()),
      DifferentiateWrt::Arguments);
  if (failed(product))
    return failure();
  PassManager passes(module->getContext());
  passes.addPass(createLowerQuantizersPass());
  if (failed(passes.run(*module)))
    return failure();
  auto session = JitSession::compile(*module, product->getName());
  if (failed(session))
    return failure();

  auto inputType = cast<RankedTensorType>(tested.getArgumentTypes()[0]);
  auto gateType = cast<RankedTensorType>(tested.getArgumentTypes()[2]);

  // input, range, gate, dq -> xq, d input, d range, d gate
  std::vector<Buffer> arguments, results;
  SmallVector<const void *> argumentPointers;
  SmallVector<void *> resultPointers;
  for (Type argument : product->getArgumentTypes())
    arguments.emplace_back(argument);
  for (Type result : product->getResultTypes())
    results.emplace_back(result);
  for (Buffer &argument : arguments)
    argumentPointers.push_back(argument.data());
  for (Buffer &result : results)
    resultPointers.push_back(result.data());
  MutableArrayRef<float> input = arguments[0].floats();
  MutableArrayRef<float> gates = arguments[2].floats();
  MutableArrayRef<float> cotangents = arguments[3].floats();

  // Each width, positive ranges, and ranges without an inside.
  float lowest = getLowestGate(type.getWidths());
  int numGates = static_cast<int>(kInitialGate - lowest);
  for (float range : {0.625f, 1.0f, 0.0f, -0.5f})
    for (int shift = 0; shift < numGates; ++shift) {
      fillDistinct(input, -1.5, 1.5, shift);
      fillDistinct(cotangents, -1.0, 1.0, shift + 5);
      input[0] = range;
      arguments[1].floats()[0] = range;
      for (auto [i, gate] : llvm::enumerate(gates))
        gate = lowest + (i + shift) % numGates;
      if (failed((*session)->invoke(product->getName(), argumentPointers,
                                    resultPointers)))
        return failure();

      int64_t finest = getWidth(*llvm::max_element(gates), type.getWidths());
      double rangeGradient = 0.0;
      for (auto [i, x] : llvm::enumerate(input)) {
        float gate =
            gates[getUnit(i, inputType.getShape(), gateType.getShape())];
        int64_t width = getWidth(gate, type.getWidths());
        float value = getValue(x, range, width, finest, type.isSigned());
        if (results[0].floats()[i] != value)
          return tested.emitError()
                 << "expects " << value << " for x = " << x
                 << ", range = " << range << ", gate = " << gate << ", but got "
                 << results[0].floats()[i];
        Expected expected(x, range, gate, cotangents[i], type);
        rangeGradient += expected.range;
        if (results[1].floats()[i] != expected.input)
          return tested.emitError()
                 << "expects input gradient " << expected.input
                 << " for x = " << x << ", range = " << range
                 << ", gate = " << gate << ", but got "
                 << results[1].floats()[i];
      }
      float computed = results[2].floats()[0];
      if (!(std::abs(computed - rangeGradient) <= 1e-4))
        return tested.emitError()
               << "expects range gradient " << rangeGradient
               << " for range = " << range << ", but got " << computed;
      if (llvm::any_of(results[3].floats(), [](float d) { return d != 0.0f; }))
        return tested.emitError() << "expects no gradient of the gate";
    }
  tested.emitRemark() << "gradients agree";
  return success();
}

void cgmq::test::registerTestQuantizeGradientPass() {
  PassRegistration<TestQuantizeGradientPass>();
}
