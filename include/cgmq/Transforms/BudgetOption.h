//===- BudgetOption.h - A budget as a pass option -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_BUDGETOPTION_H
#define CGMQ_TRANSFORMS_BUDGETOPTION_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

namespace mlir::cgmq {

/// Reads the text of an option `budget=`: `0.9%` of the cost at 32 bits, or
/// `38912000` bit-operations. What makes a budget valid is the attribute's
/// business; its errors are emitted by `emitError` too.
FailureOr<BudgetAttr>
parseBudget(MLIRContext *context, StringRef text,
            llvm::function_ref<InFlightDiagnostic()> emitError);

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_BUDGETOPTION_H
