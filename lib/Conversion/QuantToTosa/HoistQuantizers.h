//===- HoistQuantizers.h - Quantizers before poolings -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTTOTOSA_HOISTQUANTIZERS_H
#define CGMQ_LIB_CONVERSION_QUANTTOTOSA_HOISTQUANTIZERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::cgmq {

/// Moves quantizers above the max-poolings before them, as far as nothing else
/// reads what is between: `Q(pool(x))` becomes `pool(Q(x))`, which is the same,
/// since a quantizer never falls. Then codes are pooled, not accumulators.
void hoistQuantizers(func::FuncOp function);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOTOSA_HOISTQUANTIZERS_H
