//===- Verification.h - Checks that types and operations share -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_DIALECT_CGMQ_IR_VERIFICATION_H
#define CGMQ_DIALECT_CGMQ_IR_VERIFICATION_H

#include "mlir/IR/Diagnostics.h"

namespace mlir::cgmq {

/// Fails unless `widths` is a non-empty, strictly ascending list of widths that
/// a gate can select.
LogicalResult verifyWidths(ArrayRef<int64_t> widths,
                           llvm::function_ref<InFlightDiagnostic()> emitError);

} // namespace mlir::cgmq

#endif // CGMQ_DIALECT_CGMQ_IR_VERIFICATION_H
