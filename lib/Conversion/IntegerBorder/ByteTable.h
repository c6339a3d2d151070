//===- ByteTable.h - The codes of bytes ------------------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_INTEGERBORDER_BYTETABLE_H
#define CGMQ_LIB_CONVERSION_INTEGERBORDER_BYTETABLE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::cgmq {

inline constexpr int64_t kNumBytes = 256;

/// The codes that an elementwise quantizer gives for each byte, as the float
/// that it stands for, and each width in `widths`, its second input; without
/// one, `widths` is empty. Row after row, a width each. Fails, with an error
/// at an operation, where its arithmetic cannot be evaluated.
FailureOr<SmallVector<int64_t>> computeByteTable(linalg::GenericOp quantizer,
                                                 ArrayRef<int64_t> widths);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_INTEGERBORDER_BYTETABLE_H
