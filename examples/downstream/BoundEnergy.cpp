//===- BoundEnergy.cpp - A pass that sets a bound -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NPU.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace npu {
#define GEN_PASS_DEF_BOUNDENERGYPASS
#include "NPUPasses.h.inc"
} // namespace npu

using namespace mlir;
using namespace npu;

namespace {
struct BoundEnergyPass : npu::impl::BoundEnergyPassBase<BoundEnergyPass> {
  using Base::Base;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && failed(bound(function)))
        return signalPassFailure();
  }

  LogicalResult bound(func::FuncOp function) {
    auto emitError = [&] { return function.emitOpError(); };
    StringRef name = cgmq::CGMQDialect::kBudgetAttrName;
    if (Attribute budget = function->getAttr(name))
      return emitError() << "expects no budget yet, but got " << budget;
    auto model = EnergyAttr::get(&getContext(), multiply, read);
    auto budget = cgmq::BudgetAttr::getChecked(
        emitError, &getContext(),
        FloatAttr::get(Float64Type::get(&getContext()), percent),
        cgmq::BudgetUnit::Percent, cgmq::CostModelAttr(model));
    if (!budget)
      return failure();
    function->setAttr(name, budget);
    return success();
  }
};
} // namespace
