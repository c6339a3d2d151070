//===- BudgetOption.cpp - Budgets as a pass option -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/BudgetOption.h"

#include "cgmq/Transforms/CostTableFile.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using namespace mlir::cgmq;

static FailureOr<CostModelAttr>
parseModel(MLIRContext *context, StringRef text,
           llvm::function_ref<InFlightDiagnostic()> emitError) {
  if (text.empty() || text == "bop")
    return CostModelAttr(BopCostAttr::get(context));
  if (text == "memory")
    return CostModelAttr(MemoryCostAttr::get(context));
  if (text.consume_front("table:")) {
    FailureOr<CostTableAttr> table = readCostTable(context, text, emitError);
    if (failed(table))
      return failure();
    return CostModelAttr(*table);
  }
  return emitError() << "expects cost model bop, memory or table:FILE, but got "
                        "'"
                     << text << "'";
}

static FailureOr<BudgetAttr>
parseBudget(MLIRContext *context, StringRef text, StringRef costModel,
            llvm::function_ref<InFlightDiagnostic()> emitError) {
  StringRef modelText = costModel, number = text;
  if (text.contains(':')) // A file's name may hold more of them.
    std::tie(modelText, number) = text.rsplit(':');
  FailureOr<CostModelAttr> model = parseModel(context, modelText, emitError);
  if (failed(model))
    return failure();
  StringRef unit = model->getUnitName();
  if (number.consume_back("%"))
    unit = stringifyBudgetUnit(BudgetUnit::Percent);
  double bound = 0.0;
  if (number.getAsDouble(bound))
    return emitError() << "expects budget as a percentage (0.9%) or a number "
                          "of "
                       << model->describe() << " (38912000), but got '" << text
                       << "'";
  auto boundAttr = FloatAttr::get(Float64Type::get(context), bound);
  BudgetAttr budget = BudgetAttr::getChecked(
      emitError, context, boundAttr, *symbolizeBudgetUnit(unit), *model);
  if (!budget)
    return failure();
  return budget;
}

FailureOr<SmallVector<BudgetAttr>>
cgmq::parseBudgets(MLIRContext *context, StringRef text, StringRef costModel,
                   llvm::function_ref<InFlightDiagnostic()> emitError) {
  if (text.empty())
    return emitError() << "expects option 'budget' where 'cost-model' is given";
  SmallVector<BudgetAttr> budgets;
  for (StringRef part : llvm::split(text, ',')) {
    FailureOr<BudgetAttr> budget =
        parseBudget(context, part, costModel, emitError);
    if (failed(budget))
      return failure();
    StringRef model = budget->getModel().getModelName();
    if (llvm::any_of(budgets, [&](BudgetAttr other) {
          return other.getModel().getModelName() == model;
        }))
      return emitError() << "expects one budget for each cost model, but got "
                            "several for '"
                         << model << "'";
    budgets.push_back(*budget);
  }
  return budgets;
}
