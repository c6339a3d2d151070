//===- BudgetOption.h - Budgets as a pass option -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The text of the options `budget` and `cost-model`:
//
//   budgets = budget { `,` budget }
//   budget  = [ model `:` ] number [ `%` ]
//   model   = `bop` | `memory` | `table:` file
//
// A budget without a model is one of that of `cost-model`, `bop` by default. A
// number without `%` is in the unit of its model. The name of a file in a list
// of budgets has no commas.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_BUDGETOPTION_H
#define CGMQ_TRANSFORMS_BUDGETOPTION_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

namespace mlir::cgmq {

/// Reads the options `budget` and `cost-model`. What makes a budget valid is
/// the attribute's business; its errors are emitted by `emitError` too.
FailureOr<SmallVector<BudgetAttr>>
parseBudgets(MLIRContext *context, StringRef text, StringRef costModel,
             llvm::function_ref<InFlightDiagnostic()> emitError);

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_BUDGETOPTION_H
