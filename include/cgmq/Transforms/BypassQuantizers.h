//===- BypassQuantizers.h - The float network under the gates -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_BYPASSQUANTIZERS_H
#define CGMQ_TRANSFORMS_BYPASSQUANTIZERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::cgmq {

/// Replaces each dequantize of a gated function by what was quantized, and each
/// align by its bias, so that quantizers have no effect any more, and erases
/// what nothing uses afterwards.
void bypassQuantizers(func::FuncOp function);

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_BYPASSQUANTIZERS_H
