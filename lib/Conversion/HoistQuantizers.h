//===- HoistQuantizers.h - Quantizers before what moves codes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_HOISTQUANTIZERS_H
#define CGMQ_LIB_CONVERSION_HOISTQUANTIZERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::cgmq {

/// Moves quantizers up to the arguments that they quantize, as far as nothing
/// else reads what is between: `Q(slice(x))` becomes `slice(Q(x))`, which is
/// the same. Then arguments come in as codes.
void hoistQuantizersToArguments(func::FuncOp function);

/// Moves quantizers above the max-poolings before them as well: `Q(pool(x))`
/// becomes `pool(Q(x))`, which is the same, since a quantizer never falls. Then
/// codes are pooled, not accumulators.
void hoistQuantizersAbovePools(func::FuncOp function);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_HOISTQUANTIZERS_H
