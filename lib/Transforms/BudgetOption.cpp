//===- BudgetOption.cpp - A budget as a pass option -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/BudgetOption.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<BudgetAttr>
cgmq::parseBudget(MLIRContext *context, StringRef text,
                  llvm::function_ref<InFlightDiagnostic()> emitError) {
  StringRef number = text;
  BudgetUnit unit =
      number.consume_back("%") ? BudgetUnit::Percent : BudgetUnit::Bop;
  double bound = 0.0;
  if (number.getAsDouble(bound))
    return emitError() << "expects budget as a percentage (0.9%) or a number "
                          "of bit-operations (38912000), but got '"
                       << text << "'";
  auto boundAttr = FloatAttr::get(Float64Type::get(context), bound);
  BudgetAttr budget =
      BudgetAttr::getChecked(emitError, context, boundAttr, unit);
  if (!budget)
    return failure();
  return budget;
}
