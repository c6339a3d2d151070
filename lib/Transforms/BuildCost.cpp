//===- BuildCost.cpp - The cost as a program of the gates -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Transforms/ModelFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_BUILDCOSTPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Builds the body of the cost function at `builder` and returns its result.
static Value buildCost(OpBuilder &builder, Location loc,
                       const CostAnalysis &analysis) {
  auto scalar = RankedTensorType::get({}, builder.getF64Type());
  // A gate may bound more than one factor; the widths it can select are those
  // of the quantizer, so both make the key.
  DenseMap<std::pair<Operation *, Attribute>, Value> widths;
  auto getWidth = [&](const Factor &factor) {
    QuantizeOp quantize = factor.quantize;
    auto allowed =
        builder.getDenseI64ArrayAttr(quantize.getGatedType().getWidths());
    Value &width = widths[{factor.gate, allowed}];
    if (!width) {
      Value gate = ml_program::GlobalLoadOp::create(
          builder, loc, quantize.getGate().getType(),
          FlatSymbolRefAttr::get(factor.gate));
      width = BitWidthOp::create(builder, loc, scalar, gate, allowed);
    }
    return width;
  };
  auto constant = [&](double value) -> Value {
    return arith::ConstantOp::create(builder, loc,
                                     DenseElementsAttr::get(scalar, value));
  };

  Value total;
  for (const Contraction &contraction : analysis.getContractions()) {
    double coefficient = static_cast<double>(contraction.macs);
    SmallVector<Value, 2> gated;
    for (const Factor &factor : {contraction.lhs, contraction.rhs}) {
      if (factor.gate)
        gated.push_back(getWidth(factor));
      else
        coefficient *= factor.width;
    }
    Value cost = constant(coefficient);
    for (Value width : gated)
      cost = arith::MulFOp::create(builder, loc, cost, width);
    total = total ? arith::AddFOp::create(builder, loc, total, cost) : cost;
  }
  return total;
}

namespace {
struct BuildCost : cgmq::impl::BuildCostPassBase<BuildCost> {
  using BuildCostPassBase::BuildCostPassBase;

  void runOnOperation() override {
    FailureOr<func::FuncOp> model = getModelFunction(getOperation(), function);
    if (failed(model))
      return signalPassFailure();
    std::string name = (model->getSymName() + "_cost").str();
    if (Operation *other = getOperation().lookupSymbol(name)) {
      emitError(other->getLoc()) << "expects the name '" << name
                                 << "' to be free for the cost function";
      return signalPassFailure();
    }
    FailureOr<CostAnalysis> analysis = CostAnalysis::create(*model);
    if (failed(analysis))
      return signalPassFailure();
    Location loc = model->getLoc();
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    builder.setInsertionPointAfter(*model);
    auto scalar = RankedTensorType::get({}, builder.getF64Type());
    auto cost = func::FuncOp::create(builder, loc, name,
                                     builder.getFunctionType({}, scalar));
    builder.setInsertionPointToStart(cost.addEntryBlock());
    Value total = buildCost(builder, loc, *analysis);
    func::ReturnOp::create(builder, loc, total);
  }
};
} // namespace
